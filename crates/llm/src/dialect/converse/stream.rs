//! The events of `converse-stream`, each with the name that its frame has.
//!
//! Source: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html>, 2026-11. Text and
//! thoughts begin without a `contentBlockStart`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{citation, extra, finish, made, native, signed, taken, usage};
use crate::dialect::{Unreadable, parsed, told};
use crate::errors;
use crate::generation::{Block, Blocks, Delta, Event, Fragment, MediaKind};

/// Reads the events of a stream.
#[derive(Debug, Default)]
pub(crate) struct StreamReader {
    blocks: Blocks,
    has_started: bool,
    has_finished: bool,
    has_failed: bool,
    held: Held,
}

/// What of the present block waits for its end.
#[derive(Debug, Default)]
enum Held {
    #[default]
    Nothing,
    /// The number of a tool call of which no arguments have come.
    BareCall(u32),
    Signature(String),
    Redacted(String),
    /// A call that the provider itself serves, and its arguments.
    ServerCall(Value, String),
    /// What such a call brought.
    ServerResult(Value),
    Image {
        format: String,
        data: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeltaEvent {
    content_block_index: Option<u32>,
    #[serde(default)]
    delta: Piece,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Piece {
    text: Option<String>,
    tool_use: Option<ToolUse>,
    reasoning_content: Option<Reasoning>,
    citation: Option<Value>,
    image: Option<Value>,
    tool_result: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ToolUse {
    input: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Reasoning {
    text: Option<String>,
    signature: Option<String>,
    redacted_content: Option<String>,
}

impl StreamReader {
    /// Takes one event.
    pub(crate) fn event(&mut self, name: &[u8], data: &[u8], out: &mut Vec<Event>) -> Result<(), Unreadable> {
        if self.has_failed || data.is_empty() {
            return Ok(());
        }
        if !std::mem::replace(&mut self.has_started, true) {
            out.push(Event::Start { id: None, model: None, created: None });
        }
        match name {
            b"contentBlockDelta" => {
                if let Some(event) = parsed::<DeltaEvent>(data)? {
                    self.delta(event, out);
                }
            }
            b"contentBlockStart" => self.open(parsed(data)?.unwrap_or_default(), out),
            b"contentBlockStop" => self.close(out),
            b"messageStop" => self.stop(&parsed(data)?.unwrap_or_default(), out),
            b"metadata" => metadata(parsed(data)?.unwrap_or_default(), out),
            b"messageStart" => {}
            _ => self.other(name, data, out)?,
        }
        Ok(())
    }

    /// Takes note that the bytes have ended.
    pub(crate) fn finish(&mut self, out: &mut Vec<Event>) {
        if self.has_failed || !self.has_started {
            return;
        }
        self.close(out);
        if self.has_finished {
            out.push(Event::End);
        }
    }

    fn open(&mut self, mut event: Value, out: &mut Vec<Event>) {
        self.close(out);
        let key = index(&event);
        let mut start = taken(&mut event, "start");
        let mut call = taken(&mut start, "toolUse");
        if start["toolResult"].is_object() {
            self.held = Held::ServerResult(start);
        } else if start["image"].is_object() {
            let format = start["image"]["format"].as_str().unwrap_or_default().to_owned();
            self.held = Held::Image { format, data: String::new() };
        } else if call["type"].is_string() {
            self.held = Held::ServerCall(call, String::new());
        } else if call.is_object() {
            let (id, name) = (taken(&mut call, "toolUseId"), taken(&mut call, "name"));
            let (id, name) = (id.as_str().unwrap_or_default(), name.as_str().unwrap_or_default());
            self.blocks.call(0, Fragment { key, id, name, ..Fragment::default() }, out);
            self.held = Held::BareCall(key);
        }
    }

    fn delta(&mut self, event: DeltaEvent, out: &mut Vec<Event>) {
        let piece = event.delta;
        if let Some(text) = told(piece.text) {
            self.blocks.text(0, &text, out);
        }
        if let Some(arguments) = piece.tool_use.and_then(|call| told(call.input)) {
            self.arguments(event.content_block_index.unwrap_or_default(), &arguments, out);
        }
        if let Some(reasoning) = piece.reasoning_content {
            self.reasoning(reasoning, out);
        }
        if let Some(value) = piece.citation.filter(Value::is_object) {
            self.blocks.annotate(0, Delta::Citation(citation(value)), out);
        }
        if let (Held::Image { data, .. }, Some(image)) = (&mut self.held, &piece.image) {
            data.push_str(image["source"]["bytes"].as_str().unwrap_or_default());
        }
        if let (Held::ServerResult(held), Some(Value::Array(more))) = (&mut self.held, piece.tool_result) {
            match &mut held["toolResult"]["content"] {
                Value::Array(content) => content.extend(more),
                content => *content = more.into(),
            }
        }
    }

    fn arguments(&mut self, key: u32, arguments: &str, out: &mut Vec<Event>) {
        if let Held::ServerCall(_, held) = &mut self.held {
            held.push_str(arguments);
            return;
        }
        self.held = Held::Nothing;
        self.blocks.call(0, Fragment { key, arguments, ..Fragment::default() }, out);
    }

    fn reasoning(&mut self, piece: Reasoning, out: &mut Vec<Event>) {
        if let Some(text) = told(piece.text) {
            self.blocks.thought(0, &text, out);
        }
        if let Some(more) = told(piece.signature) {
            match &mut self.held {
                Held::Signature(signature) => signature.push_str(&more),
                held => *held = Held::Signature(more),
            }
        }
        if let Some(more) = told(piece.redacted_content) {
            match &mut self.held {
                Held::Redacted(data) => data.push_str(&more),
                held => *held = Held::Redacted(more),
            }
        }
    }

    /// Ends the present block with what waited for it.
    fn close(&mut self, out: &mut Vec<Event>) {
        match std::mem::take(&mut self.held) {
            Held::Nothing => {}
            Held::BareCall(key) => {
                self.blocks.call(0, Fragment { key, arguments: "{}", ..Fragment::default() }, out);
            }
            Held::Signature(signature) => self.blocks.sign_thought(0, signed(signature), out),
            Held::Redacted(data) => {
                let kind = Block::Thought { is_redacted: true, id: None };
                self.blocks.whole(0, kind, vec![Delta::Signature(signed(data))], out);
            }
            Held::ServerCall(mut call, input) => {
                call["input"] = serde_json::from_str(&input).unwrap_or_else(|_| json!({}));
                self.blocks.whole(0, Block::Native(native(json!({ "toolUse": call }))), Vec::new(), out);
            }
            Held::ServerResult(result) => {
                self.blocks.whole(0, Block::Native(native(result)), Vec::new(), out);
            }
            Held::Image { format, data } => {
                let image = made(MediaKind::Image, &format, data);
                self.blocks.whole(0, Block::Media(image), Vec::new(), out);
            }
        }
        self.blocks.close(0, out);
    }

    fn stop(&mut self, event: &Value, out: &mut Vec<Event>) {
        self.close(out);
        if std::mem::replace(&mut self.has_finished, true) {
            return;
        }
        let reason = event["stopReason"].as_str().unwrap_or("end_turn");
        let finish = finish(reason, self.blocks.has_calls(0), &event["additionalModelResponseFields"]);
        out.push(Event::Finish { choice: 0, finish });
    }

    /// An error, or something that nobody knows yet.
    fn other(&mut self, name: &[u8], data: &[u8], out: &mut Vec<Event>) -> Result<(), Unreadable> {
        let Some(document) = parsed::<Value>(data)? else { return Ok(()) };
        let is_error = name == b"error" || !document["error"].is_null() || !document["__type"].is_null();
        if is_error {
            self.has_failed = true;
            let error = errors::from_document(&document);
            out.push(Event::Failed(error.unwrap_or_else(|| errors::read_error(200, None, data))));
        }
        Ok(())
    }
}

fn metadata(mut event: Value, out: &mut Vec<Event>) {
    out.extend(usage(&event["usage"]).map(Event::Usage));
    let extra = extra(&mut event);
    if !extra.is_empty() {
        out.push(Event::Extra(extra));
    }
}

fn index(event: &Value) -> u32 {
    event["contentBlockIndex"].as_u64().and_then(|index| u32::try_from(index).ok()).unwrap_or_default()
}
