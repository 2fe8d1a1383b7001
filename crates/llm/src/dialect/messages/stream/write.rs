//! Writes streams.

use std::borrow::Cow;
use std::mem;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::frames::{Added, End, Frame, Message};
use crate::convert::Asked;
use crate::dialect::Dialect;
use crate::dialect::messages::block::{Block as Written, input};
use crate::dialect::messages::finish::{self, Said};
use crate::dialect::messages::{answer, citation, usage};
use crate::errors::{ErrorShape, stream_error};
use crate::generation::{Block, Delta, Event, Finish, Issuer, Native, Part, ToolCall, Usage, call_id};
use crate::{Operation, UpstreamError};

/// The status of a failure that tells none.
const UNKNOWN_FAILURE: u16 = 502;

/// Writes the events of a stream; only the first alternative, since this dialect has one.
#[derive(Debug)]
pub(crate) struct StreamWriter {
    asked: Arc<Asked>,
    /// Id and model of a start that is not written yet: the counts that mostly follow belong into it.
    start: Option<(Option<String>, Option<String>)>,
    usage: Option<Usage>,
    finish: Option<Finish>,
    extra: Map<String, Value>,
    said: Said,
    open: Open,
    /// The number of the block that is open, or else of the next.
    index: u32,
    has_ended: bool,
}

/// The block that is open.
#[derive(Debug, Default)]
enum Open {
    /// None, or one that is not written.
    #[default]
    Nothing,
    Text,
    Thought,
    /// Secret thinking, which begins with its data.
    Secret,
    /// A call whose id waits for a signature.
    Call(ToolCall),
    /// A call that goes on.
    Arguments,
}

impl StreamWriter {
    /// A writer for the caller's stream.
    pub(crate) fn new(asked: Arc<Asked>) -> Self {
        Self {
            asked,
            start: Some((None, None)),
            usage: None,
            finish: None,
            extra: Map::new(),
            said: Said::default(),
            open: Open::Nothing,
            index: 0,
            has_ended: false,
        }
    }

    /// Appends what an event says.
    pub(crate) fn event(&mut self, event: Event, out: &mut Vec<u8>) {
        if self.has_ended {
            return;
        }
        match event {
            Event::Start { id, model, .. } => {
                self.start = self.start.take().map(|_| (id, model));
            }
            Event::Usage(usage) => {
                self.usage = Some(usage);
                self.ensure_started(out);
            }
            Event::Extra(extra) => self.extra.extend(extra),
            Event::Open { choice: 0, kind, .. } => self.open(kind, out),
            Event::Delta { choice: 0, delta, .. } => self.delta(delta, out),
            Event::Close { choice: 0, .. } => self.close(out),
            Event::Finish { choice: 0, finish } => self.finish = Some(finish),
            Event::Failed(error) => self.fail(&error, out),
            Event::End => self.end(out),
            Event::Logprobs { .. }
            | Event::Open { .. }
            | Event::Delta { .. }
            | Event::Close { .. }
            | Event::Finish { .. } => {}
        }
    }

    fn ensure_started(&mut self, out: &mut Vec<u8>) {
        let Some((id, model)) = self.start.take() else { return };
        let told = model.as_deref().unwrap_or_default();
        let message = Message {
            id: answer::id(id.as_deref(), &self.asked),
            r#type: "message",
            role: "assistant",
            model: if self.asked.model.is_empty() { told } else { &self.asked.model },
            content: [],
            stop_reason: None,
            stop_sequence: None,
            usage: usage::Written::of(self.usage.as_ref()),
        };
        Frame::MessageStart { message }.write(out);
    }

    fn open(&mut self, kind: Block, out: &mut Vec<u8>) {
        self.ensure_started(out);
        self.open = match kind {
            Block::Refusal => {
                self.said.refusal = true;
                self.begin(Written::text(""), out);
                Open::Text
            }
            Block::Text | Block::Audio { .. } => {
                self.begin(Written::text(""), out);
                Open::Text
            }
            Block::Thought { is_redacted: true, .. } => Open::Secret,
            Block::Thought { .. } => {
                self.begin(Written::Thinking { thinking: "", signature: Cow::Borrowed("") }, out);
                Open::Thought
            }
            Block::ToolCall { id, name, is_custom } => {
                self.said.calls = true;
                Open::Call(ToolCall { id, name, is_custom, ..ToolCall::default() })
            }
            Block::Media(media) => match answer::shown(&media) {
                Some(text) => {
                    self.begin(Written::text(""), out);
                    self.add(Added::Text { text: &text }, out);
                    Open::Text
                }
                None => Open::Nothing,
            },
            Block::Native(native) => self.native(native, out),
        };
    }

    fn native(&mut self, native: Native, out: &mut Vec<u8>) -> Open {
        if native.dialect != Dialect::Messages {
            return Open::Nothing;
        }
        self.begin(Written::Native(&native.value), out);
        self.said.calls |= finish::is_call(&Part::Native(native));
        Open::Text
    }

    fn delta(&mut self, delta: Delta, out: &mut Vec<u8>) {
        match (&mut self.open, delta) {
            (Open::Text, Delta::Text(text) | Delta::Transcript(text)) => {
                self.add(Added::Text { text: &text }, out);
            }
            (Open::Text, Delta::Citation(citation)) => {
                if let Some(citation) = citation::written(&citation) {
                    self.add(Added::Citation { citation: &citation }, out);
                }
            }
            (Open::Thought, Delta::Text(text)) => self.add(Added::Thinking { thinking: &text }, out),
            (Open::Thought, Delta::Signature(signature)) => {
                let signature = signature.sealed(Issuer::Anthropic);
                self.add(Added::Signature { signature: &signature }, out);
            }
            (Open::Secret, Delta::Signature(signature)) => {
                let data = Cow::Owned(signature.sealed(Issuer::Anthropic));
                self.begin(Written::RedactedThinking { data }, out);
                self.open = Open::Text;
            }
            (Open::Call(call), Delta::Signature(signature)) => call.signature = Some(signature),
            (Open::Call(call), Delta::Arguments(more)) if call.is_custom => call.arguments.push_str(&more),
            (Open::Call(_), Delta::Arguments(more)) => {
                self.begin_call(out);
                self.add(Added::Input { partial_json: &more }, out);
            }
            (Open::Arguments, Delta::Arguments(more)) => {
                self.add(Added::Input { partial_json: &more }, out);
            }
            // Nothing else has a place in these blocks.
            _ => {}
        }
    }

    /// Begins the call that waits, and tells the input of a free-form tool, which is known by then.
    fn begin_call(&mut self, out: &mut Vec<u8>) {
        let Open::Call(call) = mem::replace(&mut self.open, Open::Arguments) else { return };
        let empty = ToolCall::default();
        let id = call_id::pack(&call.id, call.signature.as_ref());
        let block = Written::ToolUse { id, name: &call.name, input: input(&empty), cache_control: None };
        self.begin(block, out);
        if call.is_custom {
            self.add(Added::Input { partial_json: input(&call).get() }, out);
        }
    }

    fn close(&mut self, out: &mut Vec<u8>) {
        if matches!(self.open, Open::Call(_)) {
            self.begin_call(out);
        }
        if matches!(mem::take(&mut self.open), Open::Nothing | Open::Secret) {
            return;
        }
        Frame::ContentBlockStop { index: self.index }.write(out);
        self.index = self.index.saturating_add(1);
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        self.ensure_started(out);
        let (stop_reason, stop_sequence) = finish::written(self.finish.as_ref(), self.said);
        let delta = End { stop_reason, stop_sequence, extra: answer::own(&self.extra) };
        Frame::MessageDelta { delta, usage: usage::Written::of(self.usage.as_ref()) }.write(out);
        Frame::MessageStop.write(out);
        self.has_ended = true;
    }

    fn fail(&mut self, error: &UpstreamError, out: &mut Vec<u8>) {
        let shape = ErrorShape {
            status: error.status.unwrap_or(UNKNOWN_FAILURE),
            code: error.code.as_deref().unwrap_or_default(),
            message: &error.message,
            param: None,
            request_id: &self.asked.id,
        };
        out.extend_from_slice(&stream_error(Operation::Messages, &shape, 0));
        self.has_ended = true;
    }

    fn begin(&self, content_block: Written<'_>, out: &mut Vec<u8>) {
        Frame::ContentBlockStart { index: self.index, content_block }.write(out);
    }

    fn add(&self, delta: Added<'_>, out: &mut Vec<u8>) {
        Frame::ContentBlockDelta { index: self.index, delta }.write(out);
    }
}
