//! Messages and their blocks.
//!
//! Sources: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html>,
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolResultContentBlock.html>; 2026-11.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::media::{self, File, Names};
use super::model::Family;
use crate::dialect::Dialect;
use crate::generation::{
    CacheHint, Issuer, Losses, Message, Part, Role, Text, Thought, ToolCall, ToolResult, Unsupported, call_id,
};

/// The longest id of a tool's call, in bytes.
const MAX_ID_BYTES: usize = 64;

/// One turn of the conversation.
#[derive(Debug, Serialize)]
pub(super) struct Turn<'a> {
    pub(super) role: &'static str,
    pub(super) content: Vec<Block<'a>>,
}

/// A block of a turn, of the system prompt or of a tool's result.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Block<'a> {
    Text(Cow<'a, str>),
    Image(File<'a>),
    Document(File<'a>),
    Video(File<'a>),
    Audio(File<'a>),
    ToolUse(ToolUse<'a>),
    ToolResult(Answered<'a>),
    ReasoningContent(Reasoning<'a>),
    CachePoint(CachePoint<'a>),
    Json(&'a Value),
    #[serde(untagged)]
    Native(&'a Value),
}

/// A place up to which the prompt may be cached.
#[derive(Debug, Serialize)]
pub(super) struct CachePoint<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<&'a str>,
}

/// A call of a tool.
#[derive(Debug, Serialize)]
pub(super) struct ToolUse<'a> {
    #[serde(rename = "toolUseId")]
    id: Cow<'a, str>,
    name: &'a str,
    input: Arguments<'a>,
}

/// A tool's result.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answered<'a> {
    tool_use_id: Cow<'a, str>,
    content: Vec<Block<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
}

/// A call's arguments, which must be an object.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Arguments<'a> {
    Object(&'a RawValue),
    Text { input: &'a str },
    None {},
}

/// A model's thought.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Reasoning<'a> {
    ReasoningText { text: &'a str, signature: &'a str },
    RedactedContent(&'a str),
}

/// Makes the turns and the system prompt out of a request's messages.
#[derive(Debug)]
pub(super) struct Writer<'w> {
    pub(super) family: Family,
    /// The caller's list of messages, as losses name it.
    pub(super) place: &'static str,
    pub(super) losses: &'w mut Losses,
    pub(super) names: Names,
}

impl Writer<'_> {
    /// The system prompt and the turns; neighbours of one role are joined.
    pub(super) fn conversation<'a>(
        &mut self,
        messages: &'a [Message],
    ) -> Result<(Vec<Block<'a>>, Vec<Turn<'a>>), Unsupported> {
        let (mut system, mut turns) = (Vec::new(), Vec::<Turn<'a>>::new());
        for message in messages {
            let role = match message.role {
                Role::System | Role::Developer => {
                    self.parts(&message.parts, &mut system)?;
                    continue;
                }
                Role::User => "user",
                Role::Assistant => "assistant",
            };
            let mut content = match turns.pop_if(|turn| turn.role == role) {
                Some(turn) => turn.content,
                None => Vec::new(),
            };
            self.parts(&message.parts, &mut content)?;
            if !content.is_empty() {
                turns.push(Turn { role, content });
            }
        }
        turns.iter_mut().for_each(settle);
        Ok((system, self.opened(turns)))
    }

    /// A conversation must begin with the user.
    fn opened<'a>(&mut self, mut turns: Vec<Turn<'a>>) -> Vec<Turn<'a>> {
        if turns.first().is_some_and(|turn| turn.role == "assistant") {
            self.losses.note(self.place, "the conversation must begin with the user: `.` was put first");
            turns.insert(0, Turn { role: "user", content: vec![Block::Text(".".into())] });
        }
        turns
    }

    fn parts<'a>(&mut self, parts: &'a [Part], out: &mut Vec<Block<'a>>) -> Result<(), Unsupported> {
        for part in parts {
            match part {
                Part::Text(text) => self.text(text, out),
                Part::Refusal(text) => push_text(text, out),
                Part::Media(media) => {
                    out.push(media::block(media, self.place, &mut self.names)?);
                    self.cache(media.cache.as_ref(), out);
                }
                Part::Thought(thought) => out.extend(self.thought(thought)),
                Part::ToolCall(call) => {
                    out.push(Block::ToolUse(tool_use(call)));
                    self.cache(call.cache.as_ref(), out);
                }
                Part::ToolResult(result) => {
                    let answered = self.answered(result)?;
                    out.push(Block::ToolResult(answered));
                    self.cache(result.cache.as_ref(), out);
                }
                Part::Native(native) if native.dialect == Dialect::Converse => {
                    out.push(Block::Native(&native.value));
                }
                Part::Native(_) => {
                    self.losses
                        .note(self.place, "a part that only its own provider understands was left out");
                }
            }
        }
        Ok(())
    }

    fn text<'a>(&mut self, text: &'a Text, out: &mut Vec<Block<'a>>) {
        push_text(&text.text, out);
        self.cache(text.cache.as_ref(), out);
    }

    /// Only Claude signs its thoughts, and it takes back none but its own.
    fn thought<'a>(&self, thought: &'a Thought) -> Option<Block<'a>> {
        let signature = thought.signature.as_ref()?;
        let is_own = self.family == Family::Claude && signature.issuer == Issuer::Anthropic;
        is_own.then(|| {
            Block::ReasoningContent(if thought.is_redacted {
                Reasoning::RedactedContent(&signature.data)
            } else {
                Reasoning::ReasoningText { text: &thought.text, signature: &signature.data }
            })
        })
    }

    fn answered<'a>(&mut self, result: &'a ToolResult) -> Result<Answered<'a>, Unsupported> {
        let mut content = Vec::new();
        for part in &result.parts {
            match part {
                Part::Text(text) => content.push(Block::Text(Cow::Borrowed(&text.text))),
                Part::Media(media) => match media::block(media, self.place, &mut self.names)? {
                    Block::Audio(_) => {
                        return Err(Unsupported::new(
                            self.place,
                            "Amazon Bedrock takes no sound in a tool's result: describe it in words",
                        ));
                    }
                    block => content.push(block),
                },
                _ => self.losses.note(self.place, "a part of a tool's result was left out"),
            }
        }
        if let (true, Some(object @ Value::Object(_))) = (content.is_empty(), &result.structured) {
            content.push(Block::Json(object));
        }
        // Only Claude and Nova know the status; success is what all assume.
        let status = (result.is_error && self.family.knows_status()).then_some("error");
        Ok(Answered { tool_use_id: fit(&result.call_id), content, status })
    }

    fn cache<'a>(&mut self, hint: Option<&'a CacheHint>, out: &mut Vec<Block<'a>>) {
        match cache_point(self.family, hint) {
            // A mark must follow something.
            Some(point) if !matches!(out.last(), None | Some(Block::CachePoint(_))) => {
                out.push(Block::CachePoint(point));
            }
            None if hint.is_some() => {
                self.losses.note("cache_control", "this model caches prompts by itself or not at all");
            }
            _ => {}
        }
    }
}

/// The mark for a hint, where the model's family has marks.
///
/// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html>, 2026-11.
pub(super) fn cache_point(family: Family, hint: Option<&CacheHint>) -> Option<CachePoint<'_>> {
    let ttl = hint?.ttl.as_deref().filter(|ttl| family == Family::Claude && *ttl == "1h");
    matches!(family, Family::Claude | Family::Nova).then_some(CachePoint { kind: "default", ttl })
}

fn push_text<'a>(text: &'a str, out: &mut Vec<Block<'a>>) {
    // Bedrock refuses blank text in a message.
    if !text.trim().is_empty() {
        out.push(Block::Text(Cow::Borrowed(text)));
    }
}

/// Puts a turn's blocks in the order that Bedrock wants: results first, and text beside documents.
fn settle(turn: &mut Turn<'_>) {
    turn.content.sort_by_key(|block| !matches!(block, Block::ToolResult(_)));
    let has = |wanted: fn(&Block<'_>) -> bool| turn.content.iter().any(wanted);
    let has_document = has(|block| matches!(block, Block::Document(_)));
    if has_document && !has(|block| matches!(block, Block::Text(_))) {
        turn.content.push(Block::Text("See the document.".into()));
    }
}

fn tool_use(call: &ToolCall) -> ToolUse<'_> {
    ToolUse { id: fit(&call.id), name: &call.name, input: arguments(call) }
}

fn arguments(call: &ToolCall) -> Arguments<'_> {
    let text = call.arguments.trim();
    if call.is_custom {
        return Arguments::Text { input: &call.arguments };
    }
    match serde_json::from_str::<&RawValue>(text) {
        Ok(object) if text.starts_with('{') => Arguments::Object(object),
        _ if text.is_empty() => Arguments::None {},
        _ => Arguments::Text { input: &call.arguments },
    }
}

/// Ids are letters, digits, `_` and `-`:
/// <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html>, 2026-11.
fn fit(id: &str) -> Cow<'_, str> {
    call_id::fit(id, MAX_ID_BYTES, call_id::is_plain)
}
