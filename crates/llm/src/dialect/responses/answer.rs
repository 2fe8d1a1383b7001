//! Reads answers.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses/object>, 2026-11.

use serde_json::{Value, json};

use super::item::{image, some_text, take_list, take_text, thought};
use super::{citation, names};
use crate::dialect::Dialect;
use crate::generation::{
    Answer, Choice, Finish, Media, MediaKind, Native, Part, Source, Text, ToolCall, Usage, call_id,
};
use crate::json::Scanner;
use crate::usage::Counts;
use crate::{Protocol, UpstreamError, errors, number};

/// Reads the body of a good answer.
///
/// # Errors
/// When it tells an error, or is no answer of this dialect.
pub(crate) fn read_answer(body: &[u8]) -> Result<Answer, UpstreamError> {
    let Ok(mut response) = serde_json::from_slice::<Value>(body) else {
        return Err(errors::read_error(200, None, body));
    };
    if let Some(error) = failure(&response) {
        return Err(error);
    }
    if !response["output"].is_array() {
        return Err(errors::read_error(200, None, body));
    }
    let mut told = Told::default();
    let items = take_list(&mut response, "output");
    let searches = count_searches(&items);
    let parts: Vec<_> = items.into_iter().flat_map(|item| parts(item, &mut told.logprobs)).collect();
    told.note(&parts);
    let finish = Some(finish(&response, &told));
    let logprobs = (!told.logprobs.is_empty()).then(|| json!({ "content": told.logprobs }));
    Ok(Answer {
        id: some_text(&mut response, "id"),
        model: some_text(&mut response, "model"),
        created: created(&response),
        choices: vec![Choice { parts, finish, logprobs }],
        usage: usage(&response, searches),
        service_tier: some_text(&mut response, "service_tier"),
        ..Answer::default()
    })
}

/// What the items said that the ending depends on.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) has_calls: bool,
    pub(super) has_refusal: bool,
    pub(super) has_text: bool,
    pub(super) logprobs: Vec<Value>,
}

impl Told {
    /// Takes note of more parts.
    pub(super) fn note(&mut self, parts: &[Part]) {
        for part in parts {
            self.has_calls |= matches!(part, Part::ToolCall(_));
            self.has_refusal |= matches!(part, Part::Refusal(_));
            self.has_text |= matches!(part, Part::Text(_));
        }
    }
}

/// The error of a response that failed; none where it did not.
pub(super) fn failure(response: &Value) -> Option<UpstreamError> {
    let is_failed = matches!(response["status"].as_str(), Some("failed" | "cancelled"));
    let has_error = response.get("error").is_some_and(|error| !error.is_null());
    if !is_failed && !has_error {
        return None;
    }
    Some(errors::from_document(response).unwrap_or_else(|| UpstreamError {
        message: "the provider reported a failure without saying which".to_owned(),
        ..UpstreamError::default()
    }))
}

/// Why a response ended.
pub(super) fn finish(response: &Value, told: &Told) -> Finish {
    let reason = response["incomplete_details"]["reason"].as_str();
    match (response["status"].as_str(), reason) {
        (Some("incomplete"), reason) => match reason {
            Some("max_output_tokens") | None => Finish::Length,
            Some("content_filter") => Finish::ContentFilter,
            Some(other) => Finish::Other(other.to_owned()),
        },
        (Some(status @ ("queued" | "in_progress")), _) => Finish::Other(status.to_owned()),
        _ if told.has_calls => Finish::ToolCalls,
        _ if told.has_refusal && !told.has_text => Finish::Refusal,
        _ => Finish::Stop,
    }
}

/// What a response took; none where it was not told.
pub(super) fn usage(response: &Value, web_searches: u64) -> Option<Usage> {
    let told = response.get("usage").filter(|usage| usage.is_object())?.to_string();
    let mut counts = Counts::default();
    counts.read(&mut Scanner::new(told.as_bytes())).ok()?;
    let searches = response["tool_usage"]["web_search"]["num_requests"].as_u64();
    counts.is_told().then(|| Usage {
        tokens: counts.usage(Protocol::Openai),
        web_searches: searches.unwrap_or(web_searches),
        ..Usage::default()
    })
}

/// When a response was made; some servers tell it with a fraction.
pub(super) fn created(response: &Value) -> Option<i64> {
    let created = &response["created_at"];
    created.as_i64().or_else(|| created.as_f64().and_then(number::floor))
}

/// How many items are searches of the web that the provider made.
pub(super) fn count_searches(items: &[Value]) -> u64 {
    let is_search = |item: &&Value| {
        item["type"] == "web_search_call" && matches!(item["action"]["type"].as_str(), None | Some("search"))
    };
    items.iter().filter(is_search).count() as u64
}

/// The parts that an item of the output stands for.
pub(super) fn parts(mut item: Value, logprobs: &mut Vec<Value>) -> Vec<Part> {
    match item["type"].as_str().unwrap_or_default() {
        "message" => message(item, logprobs),
        "function_call" => vec![Part::ToolCall(call(item, false))],
        "custom_tool_call" => vec![Part::ToolCall(call(item, true))],
        "image_generation_call" => vec![image(item)],
        "reasoning" if is_shown(&item) => vec![Part::Thought(thought(&mut item))],
        // A stored thought that shows nothing is of use only to who can name it.
        _ if item.is_object() => vec![Part::Native(Native { dialect: Dialect::Responses, value: item })],
        _ => Vec::new(),
    }
}

/// A call of a function or of a custom tool.
pub(super) fn call(mut item: Value, is_custom: bool) -> ToolCall {
    let item_id = some_text(&mut item, "id");
    let id = some_text(&mut item, "call_id").or_else(|| item_id.clone()).unwrap_or_default();
    let (id, signature) = call_id::unpack(&id);
    let namespace = some_text(&mut item, "namespace");
    ToolCall {
        id,
        name: names::joined(namespace.as_deref(), take_text(&mut item, "name")),
        arguments: take_text(&mut item, if is_custom { "input" } else { "arguments" }),
        is_custom,
        signature,
        item_id,
        cache: None,
    }
}

/// True for a thought that has text, or a proof.
pub(super) fn is_shown(item: &Value) -> bool {
    let has_text = |name: &str| {
        let list = item[name].as_array().map_or(&[][..], Vec::as_slice);
        list.iter().any(|part| part["text"].as_str().is_some_and(|text| !text.is_empty()))
    };
    has_text("summary")
        || has_text("content")
        || item["encrypted_content"].as_str().is_some_and(|data| !data.is_empty())
}

fn message(mut item: Value, logprobs: &mut Vec<Value>) -> Vec<Part> {
    let phase = some_text(&mut item, "phase");
    let parts = take_list(&mut item, "content").into_iter();
    parts.filter_map(|part| content(part, phase.as_ref(), logprobs)).collect()
}

fn content(mut part: Value, phase: Option<&String>, logprobs: &mut Vec<Value>) -> Option<Part> {
    match part["type"].as_str().unwrap_or_default() {
        "refusal" => Some(Part::Refusal(take_text(&mut part, "refusal"))),
        "output_audio" => Some(Part::Media(sound(part))),
        _ => {
            logprobs.append(&mut take_list(&mut part, "logprobs"));
            let citations: Vec<_> =
                take_list(&mut part, "annotations").into_iter().filter_map(citation::read).collect();
            let text = take_text(&mut part, "text");
            let phase = phase.cloned();
            let is_empty = text.is_empty() && citations.is_empty();
            (!is_empty).then(|| Part::Text(Text { text, citations, phase, ..Text::default() }))
        }
    }
}

fn sound(mut part: Value) -> Media {
    let source = Source::Bytes { mime: "audio/pcm".to_owned(), data: take_text(&mut part, "data") };
    let mut media = Media::new(MediaKind::Audio, source);
    let transcript = some_text(&mut part, "transcript");
    media.extra.extend(transcript.map(|text| ("transcript".to_owned(), text.into())));
    media
}
