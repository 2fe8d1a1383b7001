//! What fuzz targets share: who asks, who answers, and for whom a request is written.

use std::sync::Arc;

use roundhouse_domain::spec::Family;
use roundhouse_llm::Operation;
use roundhouse_llm::catalogue::Facts;
use roundhouse_llm::convert::{Asked, Caller, Stamp};
use roundhouse_llm::dialect::{Dialect, Target};
use roundhouse_llm::profile;
use serde_json::json;

/// Operations that ask for generated content.
pub const CALLERS: [Operation; 6] = [
    Operation::ChatCompletions,
    Operation::Completions,
    Operation::Responses,
    Operation::Messages,
    Operation::GenerateContent,
    Operation::StreamGenerateContent,
];

/// Dialects in which providers answer.
pub const PROVIDERS: [Dialect; 7] = [
    Dialect::Chat,
    Dialect::Completions,
    Dialect::Responses,
    Dialect::Messages,
    Dialect::Gemini,
    Dialect::Converse,
    Dialect::Cohere,
];

const TARGETS: [(Dialect, Family, &str, &str); 12] = [
    (Dialect::Chat, Family::Openai, "gpt-5", "openai"),
    (Dialect::Chat, Family::OpenaiCompatible, "m", "mistral"),
    (Dialect::Chat, Family::OpenaiCompatible, "m", "deepseek"),
    (Dialect::Chat, Family::OpenaiCompatible, "m", "minimax"),
    (Dialect::Chat, Family::OpenaiCompatible, "m", "perplexity"),
    (Dialect::Completions, Family::Openai, "m", "openai"),
    (Dialect::Responses, Family::Openai, "gpt-5", "openai"),
    (Dialect::Messages, Family::Anthropic, "claude-sonnet-4-5", "openai"),
    (Dialect::Gemini, Family::Gemini, "gemini-3-pro", "openai"),
    (Dialect::Converse, Family::Bedrock, "amazon.nova-pro-v1:0", "openai"),
    (Dialect::Converse, Family::Bedrock, "anthropic.claude-sonnet-4-5", "openai"),
    (Dialect::Cohere, Family::Cohere, "command-a-03-2025", "openai"),
];

/// The first byte picks a caller and a provider; the rest is what is read.
pub fn pair(data: &[u8]) -> Option<(Operation, Dialect, &[u8])> {
    let (first, rest) = data.split_first()?;
    let first = usize::from(*first);
    Some((CALLERS[first % CALLERS.len()], PROVIDERS[first / CALLERS.len() % PROVIDERS.len()], rest))
}

/// Reads a request.
pub fn read(operation: Operation, body: &[u8]) -> Option<Caller> {
    let stamp = Stamp { id: "r1".to_owned(), created: 7 };
    Caller::read(operation, Some("m"), false, body, stamp).ok()
}

/// What a caller of `operation` asked.
pub fn asked(operation: Operation) -> Arc<Asked> {
    let turns = json!([{ "role": "user", "content": "hi", "parts": [{ "text": "hi" }] }]);
    let body = json!({ "model": "m", "max_tokens": 9, "messages": turns, "input": "hi", "prompt": "hi", "contents": turns,
        "stream": true, "stream_options": { "include_usage": true } });
    read(operation, body.to_string().as_bytes()).expect("it can be read").asked().clone()
}

/// Writes a request for everybody.
pub fn write_all(caller: &Caller) {
    let facts = Facts::default();
    for (dialect, family, model, profile) in TARGETS {
        let target = Target { family, model, profile: profile::named(profile), facts: &facts };
        let _ = caller.urls_to_fetch(dialect, &target);
        if let Ok(written) = caller.write(dialect, &target) {
            let body: Result<serde_json::Value, _> = serde_json::from_slice(&written.body);
            assert!(body.is_ok(), "{}", String::from_utf8_lossy(&written.body));
        }
    }
}
