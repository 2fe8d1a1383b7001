//! A record as the rows that it is written as.

use std::fmt::Write as _;

use roundhouse_domain::{RequestRecord, TokenUsage};

use super::more;
use super::numbers::{self, Numbers};

/// Columns of `requests`, in the order in which [`Row::numbers`] gives them after the id.
pub(super) const COLUMNS: [&str; 24] = [
    "access_key_dim",
    "user_dim",
    "group_dim",
    "model_dim",
    "provider_dim",
    "provider_key_dim",
    "operation_dim",
    "status",
    "outcome",
    "client_ip_hash",
    "session_hash",
    "attempt_count",
    "flags",
    "started_at",
    "duration_ms",
    "first_byte_ms",
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "audio_input_tokens",
    "audio_output_tokens",
    "cost_nanousd",
];

/// A stream was asked for.
pub(super) const STREAM: i16 = 1;
/// The tokens are an estimate.
pub(super) const ESTIMATED: i16 = 2;
/// The response cache answered.
pub(super) const CACHE_HIT: i16 = 4;
/// `request_failures` has something to say.
pub(super) const FAILURES: i16 = 8;
/// `request_details` has something in `more`.
pub(super) const MORE: i16 = 16;

/// What went wrong: of an attempt, or of the request in the end.
pub(super) struct Failure<'a> {
    pub(super) position: i16,
    pub(super) provider: i32,
    pub(super) provider_key: i32,
    pub(super) status: i32,
    pub(super) verdict: &'a str,
    pub(super) error: &'a str,
}

/// The request's own failure stands behind those of its attempts.
pub(super) const OWN: i16 = i16::MAX;

/// Numbers of a record, after its id.
pub(super) fn integers(record: &RequestRecord, numbers: &Numbers) -> [Option<i64>; COLUMNS.len()] {
    let TokenUsage { input, output, cached, cache_write, reasoning, audio_input, audio_output } =
        record.usage;
    let mut flags = 0;
    for (is_set, flag) in [
        (record.stream, STREAM),
        (record.estimated, ESTIMATED),
        (record.cache_hit, CACHE_HIT),
        (failures(record, numbers).next().is_some(), FAILURES),
        (record.session.is_some() || !record.tags.is_empty() || !record.guardrails.is_empty(), MORE),
    ] {
        flags |= if is_set { flag } else { 0 };
    }
    [
        Some(numbers.access_key.into()),
        Some(numbers.user.into()),
        Some(numbers.group.into()),
        Some(numbers.model.into()),
        Some(numbers.last.0.into()),
        Some(numbers.last.1.into()),
        Some(numbers.operation.into()),
        Some(record.status.into()),
        Some(numbers::of_outcome(record.outcome).into()),
        Some(record.client_ip.map_or(0, |address| numbers::hash(&address.to_string())).into()),
        Some(numbers::hash(record.session.as_deref().unwrap_or_default()).into()),
        Some(i64::try_from(record.attempts.len()).unwrap_or(i64::MAX)),
        Some(flags.into()),
        Some(record.started_at.as_millis()),
        Some(millis(record.duration_ms)),
        record.first_byte_ms.map(millis),
        Some(count(input)),
        Some(count(output)),
        Some(count(cached)),
        Some(count(cache_write)),
        Some(count(reasoning)),
        Some(count(audio_input)),
        Some(count(audio_output)),
        record.cost.map(|cost| cost.0),
    ]
}

/// What went wrong in a request.
pub(super) fn failures<'a>(
    record: &'a RequestRecord,
    numbers: &'a Numbers,
) -> impl Iterator<Item = Failure<'a>> {
    let attempts = record.attempts.iter().zip(numbers.attempts()).zip(0_i16..);
    let attempts = attempts.filter(|((attempt, _), _)| attempt.verdict != "ok").map(
        |((attempt, (provider, provider_key)), position)| Failure {
            position,
            provider,
            provider_key,
            status: attempt.status.unwrap_or_default().into(),
            verdict: &attempt.verdict,
            error: attempt.error.as_deref().unwrap_or_default(),
        },
    );
    let own = record.error.as_deref().map(|error| Failure {
        position: OWN,
        provider: numbers.last.0,
        provider_key: numbers.last.1,
        status: 0,
        verdict: record.outcome.as_str(),
        error,
    });
    attempts.chain(own)
}

/// What is only ever shown of a record and rarely there.
pub(super) fn more(record: &RequestRecord) -> Option<String> {
    more::write(record)
}

/// Texts of `count` rows of `columns` placeholders each, as in `VALUES`.
pub(super) fn placeholders(rows: usize, columns: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(","));
    let mut text = String::with_capacity((row.len() + 1) * rows);
    for number in 0..rows {
        // Writing to a text cannot fail.
        let _ = write!(text, "{}{row}", if number == 0 { "" } else { "," });
    }
    text
}

fn count(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}

/// Milliseconds as a signed number of 32 bits: 24 days.
fn millis(millis: u32) -> i64 {
    i64::from(millis.min(i32::MAX.unsigned_abs()))
}
