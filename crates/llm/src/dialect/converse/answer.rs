//! Whole answers, and what streams share with them.
//!
//! Source: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html>, 2026-11.

use roundhouse_domain::TokenUsage;
use serde_json::{Map, Value};

use crate::dialect::Dialect;
use crate::generation::{
    Answer, Choice, Citation, Finish, Issuer, Media, MediaKind, Native, Part, Signature, Source, Text,
    Thought, ToolCall, Usage,
};
use crate::{UpstreamError, errors};

/// Reads the answer of `converse`.
pub(crate) fn read_answer(body: &[u8]) -> Result<Answer, UpstreamError> {
    let mut document: Value =
        serde_json::from_slice(body).map_err(|_| errors::read_error(200, None, body))?;
    let mut output = taken(&mut document, "output");
    let mut message = taken(&mut output, "message");
    if !message.is_object() {
        return Err(errors::read_error(200, None, body));
    }
    let parts: Vec<_> = match taken(&mut message, "content") {
        Value::Array(blocks) => blocks.into_iter().filter_map(part).collect(),
        _ => Vec::new(),
    };
    let has_calls = parts.iter().any(|part| matches!(part, Part::ToolCall(_)));
    let finish = document["stopReason"]
        .as_str()
        .map(|reason| finish(reason, has_calls, &document["additionalModelResponseFields"]));
    Ok(Answer {
        choices: vec![Choice { parts, finish, logprobs: None }],
        usage: usage(&document["usage"]),
        service_tier: document["serviceTier"]["type"].as_str().map(str::to_owned),
        extra: extra(&mut document),
        ..Answer::default()
    })
}

/// What a guardrail found, which only Bedrock knows.
pub(super) fn extra(document: &mut Value) -> Map<String, Value> {
    let trace = taken(document, "trace");
    if trace.is_null() { Map::new() } else { Map::from_iter([("trace".to_owned(), trace)]) }
}

/// Why it ended; which stop text came stands in `fields`, where Claude was asked for it.
pub(super) fn finish(reason: &str, has_calls: bool, fields: &Value) -> Finish {
    match reason {
        "end_turn" if has_calls => Finish::ToolCalls,
        "end_turn" => Finish::Stop,
        "tool_use" => Finish::ToolCalls,
        "max_tokens" => Finish::Length,
        "model_context_window_exceeded" => Finish::ContextFull,
        "guardrail_intervened" | "content_filtered" => Finish::ContentFilter,
        "refusal" => Finish::Refusal,
        "pause_turn" => Finish::Pause,
        "stop_sequence" => {
            let told = [&fields["stop_sequence"], &fields["delta"]["stop_sequence"]];
            Finish::StopSequence(told.into_iter().find_map(Value::as_str).map(str::to_owned))
        }
        other => Finish::Other(other.to_owned()),
    }
}

/// The counts; Bedrock counts what was cached beside the input.
///
/// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html>, 2026-11.
pub(super) fn usage(told: &Value) -> Option<Usage> {
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    let told = told.as_object().filter(|told| !told.is_empty())?;
    let count = |name: &str| told.get(name).map(number).unwrap_or_default();
    let (cached, cache_write) = (count("cacheReadInputTokens"), count("cacheWriteInputTokens"));
    let details = told.get("cacheDetails").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let for_an_hour = details.iter().filter(|detail| detail["ttl"] == "1h");
    Some(Usage {
        tokens: TokenUsage {
            input: count("inputTokens").saturating_add(cached).saturating_add(cache_write),
            output: count("outputTokens"),
            cached,
            cache_write,
            ..TokenUsage::default()
        },
        cache_write_1h: for_an_hour.map(|detail| number(&detail["inputTokens"])).fold(0, u64::saturating_add),
        ..Usage::default()
    })
}

/// The part that a block is; none where it says nothing.
pub(super) fn part(mut block: Value) -> Option<Part> {
    let (name, value) = block.as_object_mut()?.iter_mut().next()?;
    match name.as_str() {
        "text" => text(value).map(Part::text),
        "toolUse" if value.get("type").is_none_or(Value::is_null) => Some(Part::ToolCall(tool_call(value))),
        "reasoningContent" => thought(value).map(Part::Thought),
        "citationsContent" => cited(value).map(Part::Text),
        "image" => media(MediaKind::Image, value).map(Part::Media),
        "audio" => media(MediaKind::Audio, value).map(Part::Media),
        "video" => media(MediaKind::Video, value).map(Part::Media),
        "cachePoint" => None,
        // The work of Nova's own tools among them.
        _ => Some(Part::Native(native(block))),
    }
}

/// What only Bedrock understands.
pub(super) fn native(value: Value) -> Native {
    Native { dialect: Dialect::Converse, value }
}

/// A signature of thinking: only Claude's models sign here.
pub(super) fn signed(data: impl Into<String>) -> Signature {
    Signature::new(Issuer::Anthropic, data)
}

/// Where text is from.
///
/// Source: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Citation.html>, 2026-11.
pub(super) fn citation(value: Value) -> Citation {
    let source = value["source"].as_str().filter(|source| source.starts_with("http"));
    let words: Vec<_> = value["sourceContent"]
        .as_array()
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .filter_map(|piece| piece["text"].as_str())
        .collect();
    let web = &value["location"]["web"];
    Citation {
        url: web["url"].as_str().or(source).map(str::to_owned),
        title: value["title"].as_str().or_else(|| web["domain"].as_str()).map(str::to_owned),
        quote: Some(words.concat()).filter(|quote| !quote.is_empty()),
        start: None,
        end: None,
        native: Some(native(value)),
    }
}

/// An image or sound that the model made, in a format as Bedrock names it.
pub(super) fn made(kind: MediaKind, format: &str, data: String) -> Media {
    let family = match kind {
        MediaKind::Image => "image",
        MediaKind::Audio => "audio",
        MediaKind::Video => "video",
        MediaKind::Document => "application",
    };
    Media::new(kind, Source::Bytes { mime: format!("{family}/{format}"), data })
}

/// Takes a member out; null where there is none.
pub(super) fn taken(value: &mut Value, name: &str) -> Value {
    value.get_mut(name).map(Value::take).unwrap_or_default()
}

/// Takes a text out; none where it is empty.
fn text(value: &mut Value) -> Option<String> {
    match value.take() {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

fn member(value: &mut Value, name: &str) -> Option<String> {
    value.get_mut(name).and_then(text)
}

fn tool_call(value: &mut Value) -> ToolCall {
    let arguments = match taken(value, "input") {
        Value::Null => "{}".to_owned(),
        Value::String(text) => text,
        input => input.to_string(),
    };
    ToolCall {
        id: member(value, "toolUseId").unwrap_or_default(),
        name: member(value, "name").unwrap_or_default(),
        arguments,
        ..ToolCall::default()
    }
}

fn thought(value: &mut Value) -> Option<Thought> {
    if let Some(data) = member(value, "redactedContent") {
        return Some(Thought { signature: Some(signed(data)), is_redacted: true, ..Thought::default() });
    }
    let said = value.get_mut("reasoningText")?;
    let (words, signature) = (member(said, "text"), member(said, "signature").map(signed));
    let is_empty = words.is_none() && signature.is_none();
    (!is_empty).then(|| Thought { text: words.unwrap_or_default(), signature, ..Thought::default() })
}

fn cited(value: &mut Value) -> Option<Text> {
    let Value::Array(mut pieces) = taken(value, "content") else { return None };
    let words: String = pieces.iter_mut().filter_map(|piece| member(piece, "text")).collect();
    let citations = match taken(value, "citations") {
        Value::Array(citations) => citations.into_iter().map(citation).collect(),
        _ => Vec::new(),
    };
    Some(Text { text: words, citations, ..Text::default() })
}

fn media(kind: MediaKind, value: &mut Value) -> Option<Media> {
    let format = member(value, "format").unwrap_or_default();
    let source = value.get_mut("source")?;
    if let Some(data) = member(source, "bytes") {
        return Some(made(kind, &format, data));
    }
    let url = member(source.get_mut("s3Location")?, "uri")?;
    Some(Media::new(kind, Source::Url { url, mime: None }))
}
