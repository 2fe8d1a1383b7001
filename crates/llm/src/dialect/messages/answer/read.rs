//! Reads whole answers.

use serde_json::{Map, Value};

use crate::dialect::Dialect;
use crate::dialect::messages::read::is_plain_call;
use crate::dialect::messages::usage::Counts;
use crate::dialect::messages::{citation, finish};
use crate::generation::{Answer, Choice, Issuer, Native, Part, Signature, Text, Thought, ToolCall, call_id};
use crate::{UpstreamError, document, errors};

/// Fields of a message that have a common meaning.
const KNOWN: [&str; 8] = ["type", "role", "id", "model", "content", "stop_reason", "stop_sequence", "usage"];

/// Reads the body of a good answer.
///
/// # Errors
/// What the provider said went wrong, also where the body is no answer at all.
pub(crate) fn read_answer(body: &[u8]) -> Result<Answer, UpstreamError> {
    let Ok(Value::Object(mut message)) = serde_json::from_slice(body) else {
        return Err(errors::read_error(200, None, body));
    };
    let is_error = message.get("type").is_some_and(|kind| kind == "error")
        || message.get("error").is_some_and(|error| !error.is_null());
    if is_error {
        return Err(document::error(body));
    }
    if !message.contains_key("content") && !message.contains_key("stop_reason") {
        return Err(errors::read_error(200, None, body));
    }
    let parts: Vec<Part> = match message.remove("content") {
        Some(Value::Array(blocks)) => blocks.into_iter().filter_map(part).collect(),
        Some(Value::String(text)) => vec![Part::text(text)],
        _ => Vec::new(),
    };
    let sequence = text(&mut message, "stop_sequence");
    let has_calls = parts.iter().any(finish::is_call);
    let finish = text(&mut message, "stop_reason").map(|reason| finish::read(&reason, sequence, has_calls));
    let usage = message.remove("usage").unwrap_or_default();
    let mut counts = Counts::default();
    counts.update(&usage);
    Ok(Answer {
        id: text(&mut message, "id"),
        model: text(&mut message, "model"),
        created: None,
        choices: vec![Choice { parts, finish, logprobs: None }],
        usage: counts.usage(),
        service_tier: usage["service_tier"].as_str().map(str::to_owned),
        extra: remaining(message),
    })
}

/// The fields of a message that only this dialect understands.
pub(in super::super) fn remaining(message: Map<String, Value>) -> Map<String, Value> {
    let is_kept = |(name, value): &(String, Value)| !value.is_null() && !KNOWN.contains(&name.as_str());
    message.into_iter().filter(is_kept).collect()
}

/// The part that a content block is; none where it says nothing.
pub(in super::super) fn part(block: Value) -> Option<Part> {
    let kind = block["type"].as_str()?;
    let is_common = match kind {
        "text" | "thinking" | "redacted_thinking" => true,
        "tool_use" => is_plain_call(&block),
        _ => false,
    };
    if !is_common {
        return Some(Part::Native(Native { dialect: Dialect::Messages, value: block }));
    }
    let Value::Object(mut block) = block else { return None };
    let signed = |text: Option<String>| {
        let text = text.filter(|text| !text.is_empty());
        text.map(|text| Signature::opened(&text, Issuer::Anthropic))
    };
    Some(match text(&mut block, "type")?.as_str() {
        "text" => {
            let citations = match block.remove("citations") {
                Some(Value::Array(citations)) => citations.into_iter().map(citation::read).collect(),
                _ => Vec::new(),
            };
            Part::Text(Text {
                text: text(&mut block, "text").unwrap_or_default(),
                citations,
                ..Text::default()
            })
        }
        "thinking" => Part::Thought(Thought {
            text: text(&mut block, "thinking").unwrap_or_default(),
            signature: signed(text(&mut block, "signature")),
            ..Thought::default()
        }),
        "redacted_thinking" => {
            let signature = signed(text(&mut block, "data"));
            Part::Thought(Thought { is_redacted: true, signature, ..Thought::default() })
        }
        _ => {
            let (id, signature) = call_id::unpack(&text(&mut block, "id").unwrap_or_default());
            let arguments = match block.remove("input") {
                Some(Value::String(text)) => text,
                Some(input @ Value::Object(_)) => input.to_string(),
                _ => "{}".to_owned(),
            };
            let name = text(&mut block, "name").unwrap_or_default();
            Part::ToolCall(ToolCall { id, name, arguments, signature, ..ToolCall::default() })
        }
    })
}

fn text(object: &mut Map<String, Value>, name: &str) -> Option<String> {
    match object.get_mut(name)? {
        Value::String(text) => Some(std::mem::take(text)),
        _ => None,
    }
}
