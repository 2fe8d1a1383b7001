//! Every recorded answer in every caller's dialect.

use std::sync::Arc;

use roundhouse_llm::Operation;
use roundhouse_llm::convert::{self, Asked, Caller, Names, Stamp, StreamConversion};
use roundhouse_llm::dialect::Dialect;
use serde_json::{Value, json};

use crate::meaning::{self, Meaning};
use crate::record::Record;

/// The dialects that callers speak.
pub const CALLERS: [Dialect; 5] =
    [Dialect::Chat, Dialect::Completions, Dialect::Responses, Dialect::Messages, Dialect::Gemini];

/// What holds of one answer in one caller's dialect; each word is a capability.
pub struct Outcome {
    pub held: Vec<(&'static str, bool)>,
    pub failures: Vec<String>,
}

/// How a caller of `dialect` would have asked.
pub fn asked(dialect: Dialect, stream: bool) -> Arc<Asked> {
    let message = json!([{ "role": "user", "content": "hi" }]);
    let (operation, body) = match dialect {
        Dialect::Completions => {
            let body = json!({ "model": "m", "prompt": "hi", "stream": stream,
                "stream_options": { "include_usage": true } });
            (Operation::Completions, body)
        }
        Dialect::Responses => {
            (Operation::Responses, json!({ "model": "m", "input": "hi", "stream": stream }))
        }
        Dialect::Messages => (
            Operation::Messages,
            json!({ "model": "m", "max_tokens": 9, "messages": message, "stream": stream }),
        ),
        Dialect::Gemini => {
            let operation =
                if stream { Operation::StreamGenerateContent } else { Operation::GenerateContent };
            (operation, json!({ "contents": [{ "role": "user", "parts": [{ "text": "hi" }] }] }))
        }
        _ => {
            let body = json!({ "model": "m", "messages": message, "stream": stream,
                "stream_options": { "include_usage": true } });
            (Operation::ChatCompletions, body)
        }
    };
    let stamp = Stamp { id: "0198c0de".to_owned(), created: 1_700_000_000 };
    Caller::read(operation, Some("m"), false, body.to_string().as_bytes(), stamp).unwrap().asked().clone()
}

/// The meaning that the recording itself has.
pub fn told(record: &Record) -> Meaning {
    if record.is_aws {
        return meaning::of_events(record.dialect, &aws_events(&record.answer));
    }
    if record.is_stream {
        return meaning::of_events(record.dialect, &meaning::events(&record.answer));
    }
    meaning::of_document(record.dialect, &serde_json::from_slice(&record.answer).unwrap())
}

/// The answer as a caller of `dialect` gets it, cut at the places of `cuts` where it is streamed.
pub fn converted(record: &Record, dialect: Dialect, cuts: &[usize]) -> Result<Meaning, String> {
    let asked = asked(dialect, record.is_stream);
    if !record.is_stream {
        let converted = convert::answer(record.dialect, &record.answer, &asked, &Names::default())
            .map_err(|error| format!("cannot be read: {error:?}"))?;
        let document: Value = serde_json::from_slice(&converted.body).map_err(|error| error.to_string())?;
        return Ok(meaning::of_document(dialect, &document));
    }
    let mut conversion = StreamConversion::new(record.dialect, &asked, Names::default());
    let mut out = Vec::new();
    let mut from = 0;
    for cut in cuts {
        out.extend(conversion.push(&record.answer[from..*cut]));
        from = *cut;
    }
    out.extend(conversion.finish());
    if let Some(error) = conversion.failure() {
        return Err(format!("failed: {error:?}"));
    }
    if !conversion.is_complete() {
        return Err("never ended".to_owned());
    }
    Ok(meaning::of_events(dialect, &meaning::events(&out)))
}

/// Compares what a caller of `dialect` gets with what was recorded.
pub fn compare(record: &Record, dialect: Dialect) -> Outcome {
    let told = told(record);
    let got = match converted(record, dialect, &[record.answer.len()]) {
        Ok(got) => got,
        Err(why) => {
            let failures = vec![format!("{} as {}: {why}", record.name(), dialect.name())];
            return Outcome { held: vec![("answer", false)], failures };
        }
    };
    let mut outcome = Outcome { held: vec![("answer", true)], failures: Vec::new() };
    let mut check = |what: &'static str, applies: bool, holds: bool, shown: String| {
        if applies {
            outcome.held.push((what, holds));
            if !holds {
                outcome.failures.push(format!("{} as {}: {what}: {shown}", record.name(), dialect.name()));
            }
        }
    };
    // Legacy completions have no place for tools and cached tokens.
    let has_tools = dialect != Dialect::Completions;
    check("text", !told.text.is_empty(), told.text == got.text, format!("{:?} / {:?}", told.text, got.text));
    check(
        "tools",
        has_tools && !told.tools.is_empty(),
        told.tools == got.tools,
        format!("{:?} / {:?}", told.tools, got.tools),
    );
    // OpenAI's refusals end plainly, other dialects have a word for them.
    let is_refusal = told.is_refused && got.finish == "filter";
    check(
        "finish",
        told.finish != "none" && (has_tools || told.finish != "tools"),
        told.finish == got.finish || is_refusal,
        format!("{} / {}", told.finish, got.finish),
    );
    let usage =
        |meaning: &Meaning| [meaning.input, meaning.output, if has_tools { meaning.cached } else { 0 }];
    let has_usage = usage(&told).iter().any(|count| *count > 0);
    check("usage", has_usage, usage(&told) == usage(&got), format!("{:?} / {:?}", usage(&told), usage(&got)));
    outcome
}

/// The events of Amazon's framing, read the slow and simple way: a prelude of twelve bytes, headers, payload, checksum.
fn aws_events(mut bytes: &[u8]) -> Vec<(String, Value)> {
    let mut events = Vec::new();
    while bytes.len() >= 16 {
        let word = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let (total, headers) = (word(0), word(4));
        let head = String::from_utf8_lossy(&bytes[12..12 + headers]).into_owned();
        let payload = &bytes[12 + headers..total - 4];
        let names = [
            "messageStart",
            "contentBlockStart",
            "contentBlockDelta",
            "contentBlockStop",
            "messageStop",
            "metadata",
        ];
        let name = names.into_iter().find(|name| head.contains(name)).unwrap_or("chunk");
        let mut document: Value = serde_json::from_slice(payload).unwrap();
        if let Some(inner) = document["bytes"].as_str() {
            use base64::Engine;
            let inner = base64::prelude::BASE64_STANDARD.decode(inner).unwrap();
            document = serde_json::from_slice(&inner).unwrap();
        }
        events.push((name.to_owned(), document));
        bytes = &bytes[total..];
    }
    events
}
