//! A request as a line of a table.

use roundhouse_domain::RequestRecord;

const HEAD: [&str; 28] = [
    "id",
    "started_at",
    "duration_ms",
    "first_byte_ms",
    "access_key",
    "user_id",
    "group",
    "session",
    "tags",
    "operation",
    "model",
    "stream",
    "status",
    "outcome",
    "error",
    "provider",
    "provider_key",
    "upstream_model",
    "attempts",
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "estimated",
    "cost_usd",
    "cache_hit",
    "client_ip",
];

/// The names of the columns.
pub(super) fn head() -> Vec<u8> {
    let mut text = Vec::new();
    write(&HEAD.map(str::to_owned), &mut text);
    text
}

/// A request's line.
pub(super) fn line(record: &RequestRecord, text: &mut Vec<u8>) {
    let last = record.attempts.last();
    let shown = |shown: Option<String>| shown.unwrap_or_default();
    write(
        &[
            record.id.to_string(),
            record.started_at.to_string(),
            record.duration_ms.to_string(),
            shown(record.first_byte_ms.map(|millis| millis.to_string())),
            record.access_key.to_string(),
            shown(record.user_id.map(|id| id.to_string())),
            shown(record.group.as_deref().map(str::to_owned)),
            shown(record.session.as_deref().map(str::to_owned)),
            record.tags.join(","),
            record.operation.to_string(),
            record.model.to_string(),
            record.stream.to_string(),
            record.status.to_string(),
            record.outcome.as_str().to_owned(),
            shown(record.error.as_deref().map(str::to_owned)),
            shown(last.map(|attempt| attempt.provider.to_string())),
            shown(last.and_then(|attempt| attempt.key_hash).map(|key| key.to_string())),
            shown(last.map(|attempt| attempt.model.to_string())),
            record.attempts.len().to_string(),
            record.usage.input.to_string(),
            record.usage.output.to_string(),
            record.usage.cached.to_string(),
            record.usage.cache_write.to_string(),
            record.usage.reasoning.to_string(),
            record.estimated.to_string(),
            shown(record.cost.map(|cost| cost.to_string())),
            record.cache_hit.to_string(),
            shown(record.client_ip.map(|address| address.to_string())),
        ],
        text,
    );
}

fn write(cells: &[String], text: &mut Vec<u8>) {
    let mut writer = csv::WriterBuilder::new().from_writer(text);
    // Writing to memory cannot fail.
    let _ = writer.write_record(cells.iter().map(|cell| plain(cell).into_owned()));
    let _ = writer.flush();
}

/// A text that no spreadsheet takes for a formula (OWASP, "CSV Injection").
fn plain(cell: &str) -> std::borrow::Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}").into() } else { cell.into() }
}

#[cfg(test)]
mod tests {
    use roundhouse_domain::{RequestId, Timestamp};

    use super::*;

    #[test]
    fn what_callers_wrote_stays_text() {
        let record = RequestRecord {
            access_key: "=cmd|'/c calc'!A1".into(),
            model: "a,\"b\"\nc".into(),
            ..RequestRecord::new(RequestId(uuid::Uuid::nil()), Timestamp::default())
        };
        let mut text = head();
        line(&record, &mut text);
        let mut reader = csv::Reader::from_reader(text.as_slice());
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!((&row[4], &row[10]), ("'=cmd|'/c calc'!A1", "a,\"b\"\nc"));
        assert_eq!(row.len(), HEAD.len());
    }
}
