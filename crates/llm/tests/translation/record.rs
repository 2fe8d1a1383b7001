//! Recorded exchanges of real providers.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use roundhouse_llm::dialect::Dialect;
use serde_json::Value;

/// One recorded exchange about generated content.
#[derive(Clone)]
pub struct Record {
    pub provider: String,
    pub line: usize,
    pub dialect: Dialect,
    pub request: Value,
    pub answer: Vec<u8>,
    pub is_stream: bool,
    pub is_aws: bool,
    pub status: u16,
}

impl Record {
    pub fn name(&self) -> String {
        format!("{}:{}", self.provider, self.line)
    }

    /// True for a good answer; some providers send errors with a good status.
    pub fn is_answer(&self) -> bool {
        self.status == 200 && !self.tells_error()
    }

    /// Whether the answer is an error, whatever its status.
    pub fn tells_error(&self) -> bool {
        let document: Value = serde_json::from_slice(&self.answer).unwrap_or_default();
        document["error"].is_object()
    }
}

/// All recorded exchanges about generated content; none where there are no recordings.
pub fn all() -> Vec<Record> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/provider-traffic");
    let Ok(files) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.sort();
    let records = paths.iter().flat_map(|path| {
        let provider = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(path).unwrap();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines.into_iter().enumerate().filter_map(move |(line, record)| of(&provider, line, &record))
    });
    records.collect()
}

fn of(provider: &str, line: usize, record: &Value) -> Option<Record> {
    let path = record["path"].as_str()?.to_owned();
    let status = u16::try_from(record["status"].as_u64()?).ok()?;
    let content_type = record["resp_ct"].as_str().unwrap_or_default();
    let is_aws = content_type.contains("vnd.amazon.eventstream");
    let answer = match record["resp"].as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => BASE64_STANDARD.decode(record["resp_b64"].as_str()?).ok()?,
    };
    let dialect = dialect(provider, &path, &answer)?;
    let mut request: Value =
        serde_json::from_str(record["req"].as_str().unwrap_or("null")).unwrap_or(Value::Null);
    // The clouds have it in the path; a caller says it.
    if dialect == Dialect::Messages && request.is_object() && request["model"].is_null() {
        request["model"] = "claude".into();
    }
    let is_stream =
        is_aws || content_type.contains("event-stream") || path.ends_with(":streamGenerateContent");
    Some(Record { provider: provider.to_owned(), line, dialect, request, answer, is_stream, is_aws, status })
}

fn dialect(provider: &str, path: &str, answer: &[u8]) -> Option<Dialect> {
    if path.contains("/threads/") {
        return None;
    }
    // Only Claude's messages are a dialect of ours among what Bedrock's models take.
    if provider == "bedrock" && path.contains("/invoke") {
        return (path.contains("claude") && !String::from_utf8_lossy(answer).contains("\"completion\""))
            .then_some(Dialect::Messages);
    }
    let ends = [
        ("/chat/completions", Dialect::Chat),
        ("/completions", Dialect::Completions),
        ("/responses", Dialect::Responses),
        ("/messages", Dialect::Messages),
        ("awPredict", Dialect::Messages),
        ("enerateContent", Dialect::Gemini),
        ("/converse", Dialect::Converse),
        ("/converse-stream", Dialect::Converse),
        ("/v2/chat", Dialect::Cohere),
    ];
    ends.into_iter().find(|(end, _)| path.ends_with(end)).map(|(_, dialect)| dialect)
}
