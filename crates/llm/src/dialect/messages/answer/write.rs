//! Writes whole answers.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::convert::Asked;
use crate::dialect::Dialect;
use crate::dialect::messages::block::{Block, input};
use crate::dialect::messages::finish::{self, Said};
use crate::dialect::messages::{citation, usage};
use crate::generation::{Answer, Issuer, Media, MediaKind, Part, Source, Text, Thought, call_id};

/// What every id of a message begins with.
const ID_START: &str = "msg_";

/// Fields that clients of this dialect know and that have no common meaning.
const EXTRA: [&str; 5] =
    ["stop_details", "container", "context_management", "diagnostics", "input_transformations"];

#[derive(Serialize)]
struct Message<'a> {
    id: Cow<'a, str>,
    r#type: &'static str,
    role: &'static str,
    model: &'a str,
    content: Vec<Block<'a>>,
    stop_reason: &'a str,
    stop_sequence: Option<&'a str>,
    usage: usage::Written,
    #[serde(flatten)]
    extra: BTreeMap<&'a str, &'a Value>,
}

/// Writes an answer; only the first alternative, since this dialect has one.
pub(crate) fn write_answer(answer: &Answer, asked: &Asked) -> Vec<u8> {
    let choice = answer.choices.first();
    let parts = choice.map_or(&[][..], |choice| &choice.parts);
    let finish = choice.and_then(|choice| choice.finish.as_ref());
    let (stop_reason, stop_sequence) = finish::written(finish, Said::of(parts));
    let message = Message {
        id: id(answer.id.as_deref(), asked),
        r#type: "message",
        role: "assistant",
        model: if asked.model.is_empty() {
            answer.model.as_deref().unwrap_or_default()
        } else {
            &asked.model
        },
        content: parts.iter().filter_map(block).collect(),
        stop_reason,
        stop_sequence,
        usage: usage::Written::of(answer.usage.as_ref()),
        extra: own(&answer.extra),
    };
    serde_json::to_vec(&message).unwrap_or_default()
}

/// The answer's id: the provider's where it has the form of this dialect.
pub(in super::super) fn id<'a>(told: Option<&'a str>, asked: &Asked) -> Cow<'a, str> {
    match told.filter(|id| id.starts_with(ID_START)) {
        Some(id) => Cow::Borrowed(id),
        None => Cow::Owned(format!("{ID_START}{}", asked.id)),
    }
}

/// What of an answer's own fields is of this dialect.
pub(in super::super) fn own(extra: &Map<String, Value>) -> BTreeMap<&str, &Value> {
    EXTRA.into_iter().filter_map(|name| Some((name, extra.get(name)?))).collect()
}

/// Media as text, since answers are nothing else here: what sound says, and pictures where Markdown shows them.
pub(in super::super) fn shown(media: &Media) -> Option<String> {
    if let Some(transcript) = media.extra.get("transcript").and_then(Value::as_str) {
        return Some(transcript.to_owned());
    }
    let label = match media.kind {
        MediaKind::Image => "![image]",
        MediaKind::Audio => "[audio]",
        MediaKind::Video => "[video]",
        MediaKind::Document => "[file]",
    };
    match &media.source {
        Source::Bytes { mime, data } => Some(format!("{label}(data:{mime};base64,{data})")),
        Source::Url { url, .. } => Some(format!("{label}({url})")),
        Source::Text(text) => Some(text.clone()),
        Source::File { .. } => None,
    }
}

fn block(part: &Part) -> Option<Block<'_>> {
    match part {
        Part::Text(text) => (!text.text.is_empty()).then(|| text_block(text)),
        Part::Refusal(text) => (!text.is_empty()).then(|| Block::text(text)),
        Part::Thought(thought) => thought_block(thought),
        Part::ToolCall(call) => Some(Block::ToolUse {
            id: call_id::pack(&call.id, call.signature.as_ref()),
            name: &call.name,
            input: input(call),
            cache_control: None,
        }),
        Part::Media(media) => shown(media).map(Block::text),
        Part::Native(native) => (native.dialect == Dialect::Messages).then_some(Block::Native(&native.value)),
        Part::ToolResult(_) => None,
    }
}

fn text_block(text: &Text) -> Block<'_> {
    let citations = text.citations.iter().filter_map(citation::written).collect();
    Block::Text { text: Cow::Borrowed(&text.text), citations, cache_control: None }
}

fn thought_block(thought: &Thought) -> Option<Block<'_>> {
    let sealed = thought.signature.as_ref().map(|signature| signature.sealed(Issuer::Anthropic));
    if thought.is_redacted {
        return Some(Block::RedactedThinking { data: sealed?.into() });
    }
    if thought.text.is_empty() && sealed.is_none() {
        return None;
    }
    Some(Block::Thinking { thinking: &thought.text, signature: sealed.unwrap_or_default().into() })
}
