//! Recorded traffic of real providers: all of it is understood, however it is cut. Skipped where there are no recordings.

use std::fs;
use std::path::Path;

use roundhouse_domain::TokenUsage;
use roundhouse_llm::{Operation, Phase, Protocol, StreamMeter, Verdict, answer, errors, models};
use serde_json::Value;

/// Providers that speak one of the three protocols.
const PROVIDERS: [&str; 11] = [
    "anthropic",
    "azure-openai",
    "deepseek",
    "gemini",
    "groq",
    "mistral",
    "openai",
    "openrouter",
    "vertex",
    "xai",
    "zai",
];

struct Recording {
    name: String,
    op: Operation,
    status: u16,
    answer: String,
    is_stream: bool,
}

fn operation(path: &str) -> Option<Operation> {
    let endings = [
        ("/chat/completions", Operation::ChatCompletions),
        ("/completions", Operation::Completions),
        ("/responses", Operation::Responses),
        ("/messages", Operation::Messages),
        (":rawPredict", Operation::Messages),
        (":streamRawPredict", Operation::Messages),
        ("/embeddings", Operation::Embeddings),
        ("/images/generations", Operation::ImagesGenerations),
        (":generateContent", Operation::GenerateContent),
        (":streamGenerateContent", Operation::StreamGenerateContent),
        (":batchEmbedContents", Operation::BatchEmbedContents),
    ];
    endings.into_iter().find(|(ending, _)| path.ends_with(ending)).map(|(_, op)| op)
}

fn recordings() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/provider-traffic");
    let files = PROVIDERS
        .iter()
        .filter_map(|name| Some((*name, fs::read_to_string(folder.join(format!("{name}.jsonl"))).ok()?)));
    files.flat_map(|(name, text)| of_file(name, &text)).collect()
}

fn of_file(name: &str, text: &str) -> Vec<Recording> {
    let lines = text.lines().enumerate().filter_map(|(n, line)| {
        let record: Value = serde_json::from_str(line).ok()?;
        let path = record["path"].as_str()?;
        // Threads are another API, whose paths end alike.
        let op = operation(path).filter(|_| !path.contains("/threads/"))?;
        let kind = record["resp_ct"].as_str().unwrap_or_default();
        Some(Recording {
            name: format!("{name}:{n}"),
            op,
            status: u16::try_from(record["status"].as_u64()?).ok()?,
            answer: record["resp"].as_str()?.to_owned(),
            is_stream: kind.contains("event-stream") || op == Operation::StreamGenerateContent,
        })
    });
    lines.collect()
}

/// What the recording itself says was used, read the slow and simple way.
fn told_usage(op: Operation, documents: &[Value]) -> TokenUsage {
    let mut usage = serde_json::Map::new();
    for document in documents {
        let places = [
            &document["usage"],
            &document["usageMetadata"],
            &document["message"]["usage"],
            &document["response"]["usage"],
            &document["x_groq"]["usage"],
        ];
        for told in places.into_iter().filter_map(Value::as_object) {
            usage.extend(told.clone());
        }
    }
    let usage = Value::Object(usage);
    let number = |pointer: &str| usage.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
    let first = |pointers: &[&str]| pointers.iter().map(|pointer| number(pointer)).max().unwrap_or(0);
    let cached = first(&[
        "/prompt_tokens_details/cached_tokens",
        "/input_tokens_details/cached_tokens",
        "/prompt_cache_hit_tokens",
        "/cache_read_input_tokens",
        "/cachedContentTokenCount",
    ]);
    let cache_write = first(&["/cache_creation_input_tokens", "/prompt_tokens_details/cache_write_tokens"]);
    let reasoning = first(&[
        "/completion_tokens_details/reasoning_tokens",
        "/output_tokens_details/reasoning_tokens",
        "/output_tokens_details/thinking_tokens",
        "/thoughtsTokenCount",
    ]);
    let told = first(&["/prompt_tokens", "/input_tokens", "/promptTokenCount"]);
    let (input, output) = match op.protocol() {
        Protocol::Anthropic => (told + cached + cache_write, number("/output_tokens")),
        Protocol::Gemini => {
            (told + number("/toolUsePromptTokenCount"), number("/candidatesTokenCount") + reasoning)
        }
        Protocol::Openai => {
            let total = first(&["/total_tokens"]);
            let output = first(&["/completion_tokens", "/output_tokens"]);
            (told, if total > told + output { total - told } else { output })
        }
    };
    TokenUsage { input, output, cached, cache_write, reasoning, ..TokenUsage::default() }
}

fn documents(recording: &Recording) -> Vec<Value> {
    if let Ok(Value::Array(list)) = serde_json::from_str(&recording.answer) {
        return list;
    }
    let data = recording.answer.lines().filter_map(|line| line.strip_prefix("data:"));
    data.filter_map(|data| serde_json::from_str(data).ok()).collect()
}

fn watch<'a>(op: Operation, pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<Phase>, StreamMeter) {
    let mut meter = StreamMeter::new(op);
    let mut phases = vec![meter.phase()];
    for piece in pieces {
        meter.push(piece);
        phases.push(meter.phase());
    }
    meter.finish();
    phases.push(meter.phase());
    phases.dedup();
    (phases, meter)
}

#[test]
fn recorded_streams_have_content_an_end_and_their_usage() {
    for recording in recordings().iter().filter(|recording| recording.is_stream && recording.status == 200) {
        let Recording { name, op, answer, .. } = recording;
        let wanted = [Phase::Silent, Phase::Semantic, Phase::Ended { complete: true }];
        for step in [answer.len().max(1), 1, 7, 1460] {
            let (phases, meter) = watch(*op, answer.as_bytes().chunks(step));
            assert_eq!(phases, wanted, "{name} by {step}");
            assert_eq!(meter.usage(), told_usage(*op, &documents(recording)), "{name} by {step}");
            assert_eq!(meter.failure(), None, "{name}");
            assert_eq!(meter.response_id().is_some(), *op == Operation::Responses, "{name}");
        }
    }
}

#[test]
fn recorded_answers_are_good_and_have_their_usage() {
    for recording in recordings().iter().filter(|recording| !recording.is_stream && recording.status == 200) {
        let answer = answer::inspect(recording.op, recording.answer.as_bytes());
        let document: Value = serde_json::from_str(&recording.answer).unwrap();
        let is_error = document.get("error").is_some_and(|error| !error.is_null());
        assert_eq!(
            matches!(answer.verdict, Verdict::Error(_)),
            is_error,
            "{}: {:?}",
            recording.name,
            answer.verdict
        );
        assert_eq!(
            matches!(answer.verdict, Verdict::Ok),
            !is_error,
            "{}: {:?}",
            recording.name,
            answer.verdict
        );
        assert_eq!(answer.usage, told_usage(recording.op, &[document]), "{}", recording.name);
        assert_eq!(answer.response_id.is_some(), recording.op == Operation::Responses, "{}", recording.name);
    }
}

#[test]
fn recorded_errors_are_read() {
    for recording in recordings().iter().filter(|recording| recording.status >= 400) {
        let error = errors::read_error(recording.status, None, recording.answer.as_bytes());
        assert!(
            !error.message.is_empty() && !error.message.starts_with('{'),
            "{}: {error:?}",
            recording.name
        );
        assert!(error.code.is_some() || error.kind.is_some(), "{}: {error:?}", recording.name);
    }
}

#[test]
fn the_recorded_model_list_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/provider-traffic");
    let Ok(text) = fs::read_to_string(folder.join("gemini.jsonl")) else { return };
    for line in text.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        if record["path"] == "/v1beta/models" {
            let list = record["resp"].as_str().unwrap();
            let (names, _) =
                models::parse_list(roundhouse_domain::spec::ProviderKind::Gemini, list.as_bytes()).unwrap();
            assert!(names.iter().any(|model| model.name.starts_with("gemini-")), "{names:?}");
        }
    }
}
