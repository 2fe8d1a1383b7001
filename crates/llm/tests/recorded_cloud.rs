//! Recorded traffic of Amazon Bedrock and Cohere: its content, end and usage are seen. Skipped where there are no recordings.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use roundhouse_llm::{Operation, Phase, StreamMeter, Verdict, Wire, answer, errors};
use serde_json::Value;

struct Recording {
    name: String,
    wire: Wire,
    status: u16,
    answer: Vec<u8>,
    is_stream: bool,
}

fn wire(path: &str) -> Option<Wire> {
    if path.contains("anthropic.claude-") && !path.contains("claude-v2") && path.contains("/invoke") {
        return Some(Operation::Messages.into());
    }
    [("/converse", Wire::Converse), ("/converse-stream", Wire::Converse), ("/v2/chat", Wire::Cohere)]
        .into_iter()
        .find_map(|(ending, wire)| path.ends_with(ending).then_some(wire))
}

fn recordings() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/provider-traffic");
    let files = ["bedrock", "cohere"];
    let texts = files
        .iter()
        .filter_map(|name| Some((*name, fs::read_to_string(folder.join(format!("{name}.jsonl"))).ok()?)));
    texts.flat_map(|(name, text)| of_file(name, &text)).collect()
}

fn of_file(name: &str, text: &str) -> Vec<Recording> {
    let lines = text.lines().enumerate().filter_map(|(n, line)| {
        let record: Value = serde_json::from_str(line).ok()?;
        let answer = match record["resp_b64"].as_str().filter(|bytes| !bytes.is_empty()) {
            Some(bytes) => BASE64_STANDARD.decode(bytes).ok()?,
            None => record["resp"].as_str()?.as_bytes().to_vec(),
        };

        let wire = wire(record["path"].as_str()?)?;
        let request: Value = serde_json::from_str(record["req"].as_str()?).ok()?;
        (wire != Operation::Messages.into() || request["messages"].is_array()).then(|| Recording {
            name: format!("{name}:{n}"),
            wire,
            status: u16::try_from(record["status"].as_u64().unwrap_or_default()).unwrap_or_default(),
            answer,
            is_stream: record["resp_ct"].as_str().is_some_and(|kind| kind.contains("event")),
        })
    });
    lines.collect()
}

/// The JSON documents of an answer, found by lengths and line starts alone.
fn documents(recording: &Recording) -> Vec<Value> {
    let bytes = &recording.answer[..];
    if bytes.first() == Some(&0) {
        return framed(bytes);
    }
    let lines = bytes.split(|&byte| byte == b'\n').filter_map(|line| line.strip_prefix(b"data:"));
    let whole = serde_json::from_slice(bytes).into_iter();
    whole.chain(lines.filter_map(|data| serde_json::from_slice(data).ok())).collect()
}

fn framed(mut bytes: &[u8]) -> Vec<Value> {
    let mut documents = Vec::new();
    while let Some((total, headers)) = number(bytes).zip(bytes.get(4..).and_then(number)) {
        let (message, rest) = bytes.split_at(total);
        let payload: Value = serde_json::from_slice(&message[12 + headers..total - 4]).unwrap_or_default();
        let inner = payload["bytes"].as_str().and_then(|inner| BASE64_STANDARD.decode(inner).ok());
        documents.push(inner.and_then(|inner| serde_json::from_slice(&inner).ok()).unwrap_or(payload));
        bytes = rest;
    }
    documents
}

fn number(bytes: &[u8]) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(*bytes.first_chunk()?)).ok()
}

/// Input and output, as the recording tells them.
fn told_usage(recording: &Recording) -> (u64, u64) {
    let mut told = (0, 0);
    for document in documents(recording) {
        let usages = [&document["usage"], &document["message"]["usage"], &document["delta"]["usage"]];
        for usage in usages.into_iter().filter(|usage| usage.is_object()) {
            let usage = if usage["tokens"].is_object() { &usage["tokens"] } else { usage };
            let number =
                |names: [&str; 2]| names.iter().filter_map(|name| usage[name].as_u64()).max().unwrap_or(0);
            let cached = number(["cache_read_input_tokens", "cacheReadInputTokens"])
                + number(["cache_creation_input_tokens", "cacheWriteInputTokens"]);
            told.0 = told.0.max(number(["input_tokens", "inputTokens"]) + cached);
            told.1 = told.1.max(number(["output_tokens", "outputTokens"]));
        }
    }
    told
}

#[test]
fn recorded_streams_have_content_an_end_and_their_usage() {
    for recording in recordings().iter().filter(|recording| recording.is_stream && recording.status == 200) {
        let Recording { name, wire, answer, .. } = recording;
        for step in [answer.len().max(1), 1, 7, 1460] {
            let mut meter = StreamMeter::new(*wire);
            let mut phases = vec![meter.phase()];
            for piece in answer.chunks(step) {
                meter.push(piece);
                phases.push(meter.phase());
            }
            meter.finish();
            phases.push(meter.phase());
            phases.dedup();
            assert_eq!(phases, [Phase::Silent, Phase::Semantic, Phase::Ended { complete: true }], "{name}");
            assert_eq!(
                (meter.usage().input, meter.usage().output),
                told_usage(recording),
                "{name} by {step}"
            );
            assert_eq!(meter.failure(), None, "{name}");
        }
    }
}

#[test]
fn recorded_answers_are_good_and_have_their_usage() {
    for recording in recordings().iter().filter(|recording| !recording.is_stream && recording.status == 200) {
        let seen = answer::inspect(recording.wire, &recording.answer);
        assert_eq!(seen.verdict, Verdict::Ok, "{}", recording.name);
        assert_eq!((seen.usage.input, seen.usage.output), told_usage(recording), "{}", recording.name);
    }
}

#[test]
fn recorded_errors_are_read() {
    for recording in recordings().iter().filter(|recording| recording.status >= 400) {
        let error = errors::read_error(recording.status, None, &recording.answer);
        assert!(!error.message.starts_with('{'), "{}: {error:?}", recording.name);
    }
}
