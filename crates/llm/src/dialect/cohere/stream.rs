//! The events of a stream.
//!
//! Source: <https://docs.cohere.com/docs/streaming>, 2026-11.

use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{citations, failure, finish, is_of_text, logprob, usage};
use crate::dialect::{Unreadable, parsed, told};
use crate::errors;
use crate::generation::{Blocks, Delta, Event, Fragment};

/// Reads the events of a stream.
#[derive(Debug, Default)]
pub(crate) struct StreamReader {
    blocks: Blocks,
    has_started: bool,
    has_finished: bool,
    has_failed: bool,
    /// The number of a call of which no arguments have come.
    bare_call: Option<u32>,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Content, a plan or a call, as far as it has come.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Piece {
    index: Option<u32>,
    delta: Option<Change>,
    logprobs: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Change {
    message: Option<Message>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Message {
    content: Option<Content>,
    tool_plan: Option<String>,
    tool_calls: Option<Call>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Content {
    text: Option<String>,
    thinking: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Call {
    id: Option<String>,
    function: Option<Function>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Function {
    name: Option<String>,
    arguments: Option<String>,
}

impl StreamReader {
    /// Takes one event.
    pub(crate) fn event(&mut self, name: &[u8], data: &[u8], out: &mut Vec<Event>) -> Result<(), Unreadable> {
        if self.has_failed || data.is_empty() || data == b"[DONE]" {
            return Ok(());
        }
        if name.is_empty() {
            let kind = parsed::<Kind>(data)?.and_then(|told| told.kind).unwrap_or_default();
            return self.take(kind.as_bytes(), data, out);
        }
        self.take(name, data, out)
    }

    /// Takes note that the bytes have ended.
    pub(crate) fn finish(&mut self, out: &mut Vec<Event>) {
        if self.has_failed || !self.has_started {
            return;
        }
        self.end_call(out);
        self.blocks.close_all(out);
        if self.has_finished {
            out.push(Event::End);
        }
    }

    fn take(&mut self, kind: &[u8], data: &[u8], out: &mut Vec<Event>) -> Result<(), Unreadable> {
        if kind == b"message-start" {
            self.start(&parsed(data)?.unwrap_or_default(), out);
            return Ok(());
        }
        self.start(&Value::Null, out);
        match kind {
            b"content-start" => {
                self.end_call(out);
                self.blocks.close(0, out);
                self.piece(parsed(data)?.unwrap_or_default(), out);
            }
            b"content-delta" | b"tool-plan-delta" | b"tool-call-start" | b"tool-call-delta" => {
                self.piece(parsed(data)?.unwrap_or_default(), out);
            }
            b"tool-call-end" => self.end_call(out),
            b"citation-start" => self.cite(&parsed(data)?.unwrap_or_default(), out),
            b"message-end" => self.end(&parsed(data)?.unwrap_or_default(), out),
            // Citations come after the end of what they are of, so that only the next block ends one.
            b"content-end" | b"citation-end" => {}
            _ => self.other(&parsed(data)?.unwrap_or_default(), data, out),
        }
        Ok(())
    }

    fn start(&mut self, event: &Value, out: &mut Vec<Event>) {
        if !std::mem::replace(&mut self.has_started, true) {
            let id = event["id"].as_str().map(str::to_owned);
            out.push(Event::Start { id, model: None, created: None });
        }
    }

    fn piece(&mut self, piece: Piece, out: &mut Vec<Event>) {
        let Some(message) = piece.delta.and_then(|delta| delta.message) else { return };
        let content = message.content.unwrap_or_default();
        if let Some(thought) = told(content.thinking).or_else(|| told(message.tool_plan)) {
            self.end_call(out);
            self.blocks.thought(0, &thought, out);
        }
        if let Some(text) = told(content.text) {
            self.end_call(out);
            self.blocks.text(0, &text, out);
        }
        if let Some(call) = message.tool_calls {
            self.call(piece.index.unwrap_or_default(), call, out);
        }
        if let Some(item) = piece.logprobs.as_ref().and_then(logprob) {
            out.push(Event::Logprobs { choice: 0, value: json!({ "content": [item] }) });
        }
    }

    fn call(&mut self, key: u32, call: Call, out: &mut Vec<Event>) {
        let function = call.function.unwrap_or_default();
        let (id, name) = (call.id.unwrap_or_default(), function.name.unwrap_or_default());
        let arguments = function.arguments.unwrap_or_default();
        if self.bare_call.is_some_and(|bare| bare != key) {
            self.end_call(out);
        }
        self.bare_call =
            if arguments.is_empty() { self.bare_call.or((!name.is_empty()).then_some(key)) } else { None };
        let fragment = Fragment { key, id: &id, name: &name, arguments: &arguments, is_custom: false };
        self.blocks.call(0, fragment, out);
    }

    /// Arguments are an object, also where none are told.
    fn end_call(&mut self, out: &mut Vec<Event>) {
        if let Some(key) = self.bare_call.take() {
            self.blocks.call(0, Fragment { key, arguments: "{}", ..Fragment::default() }, out);
        }
    }

    fn cite(&mut self, event: &Value, out: &mut Vec<Event>) {
        let cited = &event["delta"]["message"]["citations"];
        if !is_of_text(cited) || self.blocks.has_calls(0) {
            return;
        }
        for citation in citations(cited) {
            self.blocks.annotate(0, Delta::Citation(citation), out);
        }
    }

    fn end(&mut self, event: &Value, out: &mut Vec<Event>) {
        let delta = &event["delta"];
        let (reason, words) =
            (delta["finish_reason"].as_str().unwrap_or("COMPLETE"), delta["error"].as_str());
        self.end_call(out);
        self.blocks.close_all(out);
        out.extend(usage(&delta["usage"]).map(Event::Usage));
        if let Some(error) = failure(reason, words) {
            self.has_failed = true;
            out.push(Event::Failed(error));
        } else if !std::mem::replace(&mut self.has_finished, true) {
            let finish = finish(reason, self.blocks.has_calls(0));
            out.push(Event::Finish { choice: 0, finish });
        }
    }

    /// An error, or something that nobody knows yet.
    fn other(&mut self, document: &Value, data: &[u8], out: &mut Vec<Event>) {
        let is_error = !document["error"].is_null() || document["message"].is_string();
        if is_error {
            self.has_failed = true;
            let error = errors::from_document(document);
            out.push(Event::Failed(error.unwrap_or_else(|| errors::read_error(200, None, data))));
        }
    }
}
