//! Messages, and the documents beside them.
//!
//! Sources: <https://docs.cohere.com/reference/chat>, <https://docs.cohere.com/docs/image-inputs>,
//! <https://docs.cohere.com/docs/tool-use-overview>; 2026-11.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use serde_json::{Value, json};

use crate::dialect::Target;
use crate::dialect::chat::wire::Url;
use crate::generation::{
    Losses, Media, MediaKind, Message, Part, Role, Source, ToolCall, ToolResult, Unsupported,
};

/// One message.
#[derive(Debug, Default, Serialize)]
pub(super) struct Turn<'a> {
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_plan: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<Call<'a>>,
    #[serde(skip_serializing_if = "Content::is_empty")]
    content: Content<'a>,
}

/// A text alone where it can be, since older models take nothing else.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Content<'a> {
    Text(Cow<'a, str>),
    Blocks(Vec<Block<'a>>),
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block<'a> {
    Text { text: Cow<'a, str> },
    ImageUrl { image_url: Image<'a> },
}

#[derive(Debug, Serialize)]
struct Image<'a> {
    url: Url<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Call<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    function: Function<'a>,
}

#[derive(Debug, Serialize)]
struct Function<'a> {
    name: &'a str,
    arguments: Cow<'a, str>,
}

impl Default for Content<'_> {
    fn default() -> Self {
        Self::Blocks(Vec::new())
    }
}

impl<'a> Content<'a> {
    fn of(mut blocks: Vec<Block<'a>>) -> Self {
        match &mut blocks[..] {
            [Block::Text { text }] => Self::Text(std::mem::take(text)),
            _ => Self::Blocks(blocks),
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Blocks(blocks) if blocks.is_empty())
    }
}

/// Whether `media` must be fetched before the request is written: Cohere reads images by their address, and nothing else.
pub(crate) fn needs_bytes(media: &Media, _target: &Target<'_>) -> bool {
    let is_address = matches!(&media.source, Source::Url { url, .. } if url.starts_with("http"));
    matches!(media.source, Source::Url { .. }) && !(is_address && media.kind == MediaKind::Image)
}

/// Makes Cohere's messages.
#[derive(Debug)]
pub(super) struct Writer<'w> {
    /// The caller's list of messages, as losses name it.
    pub(super) place: &'static str,
    /// Whether documents stand beside the messages; else their text is put into them.
    pub(super) has_documents: bool,
    pub(super) documents: Vec<Value>,
    pub(super) losses: &'w mut Losses,
}

impl Writer<'_> {
    /// The messages; all that the operator says stands in the first one, since it may stand nowhere else.
    pub(super) fn turns<'a>(&mut self, messages: &'a [Message]) -> Result<Vec<Turn<'a>>, Unsupported> {
        let (mut system, mut turns) = (Vec::new(), Vec::new());
        for message in messages {
            match message.role {
                Role::System | Role::Developer => self.blocks(&message.parts, &mut system)?,
                Role::User => self.user(message, &mut turns)?,
                Role::Assistant => turns.extend(self.assistant(message)?),
            }
        }
        if !system.is_empty() {
            turns.insert(0, Turn { role: "system", content: Content::of(system), ..Turn::default() });
        }
        Ok(turns)
    }

    /// Results of tools are messages of their own, before what the user says.
    fn user<'a>(&mut self, message: &'a Message, turns: &mut Vec<Turn<'a>>) -> Result<(), Unsupported> {
        for part in &message.parts {
            if let Part::ToolResult(result) = part {
                turns.push(self.result(result)?);
            }
        }
        let mut blocks = Vec::new();
        self.blocks(&message.parts, &mut blocks)?;
        if !blocks.is_empty() {
            turns.push(Turn { role: "user", content: Content::of(blocks), ..Turn::default() });
        }
        Ok(())
    }

    fn assistant<'a>(&mut self, message: &'a Message) -> Result<Option<Turn<'a>>, Unsupported> {
        let tool_calls: Vec<_> = message.parts.iter().filter_map(called).collect();
        let mut turn = Turn { role: "assistant", tool_calls, ..Turn::default() };
        if turn.tool_calls.is_empty() {
            let mut blocks = Vec::new();
            self.blocks(&message.parts, &mut blocks)?;
            turn.content = Content::of(blocks);
            return Ok((!turn.content.is_empty()).then_some(turn));
        }
        turn.tool_plan = plan(message);
        Ok(Some(turn))
    }

    fn blocks<'a>(&mut self, parts: &'a [Part], out: &mut Vec<Block<'a>>) -> Result<(), Unsupported> {
        for part in parts {
            match part {
                Part::Text(text) => push_text(Cow::Borrowed(&text.text), out),
                Part::Refusal(text) => push_text(Cow::Borrowed(text), out),
                Part::Media(media) if media.kind == MediaKind::Image => out.push(self.image(media)?),
                Part::Media(media) => self.document(media, out)?,
                Part::Native(_) => {
                    self.losses
                        .note(self.place, "a part that only its own provider understands was left out");
                }
                // Thoughts of others are nothing to Cohere; calls and results stand elsewhere.
                Part::Thought(_) | Part::ToolCall(_) | Part::ToolResult(_) => {}
            }
        }
        Ok(())
    }

    fn image<'a>(&self, media: &'a Media) -> Result<Block<'a>, Unsupported> {
        let url = Url::of(&media.source).ok_or_else(|| {
            let message = "Cohere knows no uploaded images: send the image itself or its address";
            Unsupported::new(self.place, message)
        })?;
        Ok(Block::ImageUrl { image_url: Image { url, detail: media.detail.as_deref() } })
    }

    fn document<'a>(&mut self, media: &'a Media, out: &mut Vec<Block<'a>>) -> Result<(), Unsupported> {
        let Some(text) = document_text(media) else {
            let message = "Cohere reads images and text here: send the file's text instead";
            return Err(Unsupported::new(self.place, message));
        };
        let title = media.name.as_deref();
        if self.has_documents {
            let mut data = json!({ "text": text });
            if let Some(title) = title {
                data["title"] = title.into();
            }
            self.documents.push(json!({ "id": format!("doc_{}", self.documents.len()), "data": data }));
            return Ok(());
        }
        push_text(title.map_or(text.clone(), |title| format!("{title}\n\n{text}").into()), out);
        Ok(())
    }

    fn result<'a>(&mut self, result: &'a ToolResult) -> Result<Turn<'a>, Unsupported> {
        let mut blocks = Vec::new();
        for part in &result.parts {
            match part {
                Part::Text(text) => blocks.push(Block::Text { text: Cow::Borrowed(&text.text) }),
                Part::Media(media) => {
                    let text = document_text(media).ok_or_else(|| {
                        let message =
                            "Cohere reads nothing but text in a tool's result: describe it in words";
                        Unsupported::new(self.place, message)
                    })?;
                    blocks.push(Block::Text { text });
                }
                _ => self.losses.note(self.place, "a part of a tool's result was left out"),
            }
        }
        if let (true, Some(told)) = (blocks.is_empty(), &result.structured) {
            blocks.push(Block::Text { text: told.to_string().into() });
        }
        if blocks.is_empty() {
            blocks.push(Block::Text { text: Cow::Borrowed("") });
        }
        let tool_call_id = Some(result.call_id.as_str());
        Ok(Turn { role: "tool", tool_call_id, content: Content::of(blocks), ..Turn::default() })
    }
}

fn push_text<'a>(text: Cow<'a, str>, out: &mut Vec<Block<'a>>) {
    if !text.is_empty() {
        out.push(Block::Text { text });
    }
}

/// What the model said beside its calls: its text, or its own plan, which comes back as a thought that nobody signed.
fn plan(message: &Message) -> Option<String> {
    let unsigned = |part: &Part| match part {
        Part::Thought(thought) if thought.signature.is_none() => Some(thought.text.clone()),
        _ => None,
    };
    let plan = match message.text() {
        text if text.is_empty() => message.parts.iter().filter_map(unsigned).collect::<Vec<_>>().join("\n"),
        text => text,
    };
    Some(plan).filter(|plan| !plan.is_empty())
}

fn called(part: &Part) -> Option<Call<'_>> {
    let Part::ToolCall(call) = part else { return None };
    let function = Function { name: &call.name, arguments: arguments(call) };
    Some(Call { id: &call.id, kind: "function", function })
}

/// The arguments as the text of an object.
fn arguments(call: &ToolCall) -> Cow<'_, str> {
    let text = call.arguments.trim();
    if text.is_empty() && !call.is_custom {
        return Cow::Borrowed("{}");
    }
    let is_object = text.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    if is_object && !call.is_custom {
        return Cow::Borrowed(text);
    }
    json!({ "input": call.arguments }).to_string().into()
}

fn document_text(media: &Media) -> Option<Cow<'_, str>> {
    match &media.source {
        Source::Text(text) => Some(Cow::Borrowed(text)),
        Source::Bytes { mime, data } if is_text(mime) => {
            let bytes = BASE64_STANDARD.decode(data).ok()?;
            String::from_utf8(bytes).ok().map(Cow::Owned)
        }
        _ => None,
    }
}

fn is_text(mime: &str) -> bool {
    ["text/", "application/json", "application/xml", "application/yaml"]
        .iter()
        .any(|kind| mime.starts_with(kind))
}
