//! Reads streams.

use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::wire::{Delta as Added, Kind, Wire};
use crate::dialect::messages::usage::Counts;
use crate::dialect::messages::{answer, citation, finish};
use crate::dialect::{Dialect, Unreadable};
use crate::document;
use crate::generation::{Block, Delta, Event, Finish, Issuer, Native, Part, Signature};

/// Reads the events of a stream.
#[derive(Debug, Default)]
pub(crate) struct StreamReader {
    counts: Counts,
    open: Option<Open>,
    next: u32,
    has_calls: bool,
    phase: Phase,
}

/// How far the answer has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd)]
enum Phase {
    #[default]
    Silent,
    Started,
    /// It is known why it ended.
    Finished,
    Ended,
}

/// The block that is open.
#[derive(Debug)]
enum Open {
    Text,
    Thought,
    /// A call, with the arguments that its start told: they count only if no others follow.
    Call {
        told: Option<String>,
    },
    /// A block that only this dialect understands, which is told when it is whole.
    Native {
        value: Value,
        input: String,
    },
}

impl StreamReader {
    /// Takes the next event.
    ///
    /// # Errors
    /// When its data is not JSON.
    pub(crate) fn event(&mut self, name: &[u8], data: &[u8], out: &mut Vec<Event>) -> Result<(), Unreadable> {
        if self.phase == Phase::Ended || data.trim_ascii() == b"[DONE]" {
            return Ok(());
        }
        let wire = match serde_json::from_slice::<Wire<'_>>(data) {
            Ok(wire) => wire,
            // JSON of other types than documented says nothing that could be used.
            Err(error) => {
                let is_json = serde_json::from_slice::<IgnoredAny>(data).is_ok();
                return if is_json { Ok(()) } else { Err(Unreadable(error.to_string())) };
            }
        };
        let kind = wire.kind.unwrap_or_else(|| Kind::named(name));
        match kind {
            _ if kind == Kind::Error || wire.error.is_some() => {
                self.phase = Phase::Ended;
                out.push(Event::Failed(document::error(data)));
            }
            Kind::MessageStart => self.start(wire.message, out),
            Kind::ContentBlockStart => self.open(wire.content_block, out),
            Kind::ContentBlockDelta => self.delta(wire.delta, data, out),
            Kind::ContentBlockStop => self.close(out),
            Kind::MessageDelta => self.message_delta(wire, out),
            Kind::MessageStop => self.stop(out),
            Kind::Message => self.whole(data, out),
            Kind::Error | Kind::Other => {}
        }
        Ok(())
    }

    /// Takes note that the bytes have ended.
    pub(crate) fn finish(&mut self, out: &mut Vec<Event>) {
        if self.phase == Phase::Ended {
            return;
        }
        self.close(out);
        if self.phase == Phase::Finished {
            self.end(out);
        }
    }

    /// A second start, as some proxies send, only adds to the counts.
    fn start(&mut self, message: Option<&RawValue>, out: &mut Vec<Event>) {
        let message = message.and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok());
        let mut message = message.filter(Value::is_object).unwrap_or_default();
        let mut text = |name: &str| match message[name].take() {
            Value::String(text) => Some(text),
            _ => None,
        };
        let (id, model) = (text("id"), text("model"));
        if self.phase == Phase::Silent {
            self.phase = Phase::Started;
            out.push(Event::Start { id, model, created: None });
        }
        let usage = message["usage"].take();
        self.count(&usage, out);
        if let Value::Object(message) = message {
            extra(answer::remaining(message), out);
        }
    }

    fn open(&mut self, block: Option<&RawValue>, out: &mut Vec<Event>) {
        self.ensure_started(out);
        self.close(out);
        let block = block.and_then(|raw| serde_json::from_str(raw.get()).ok());
        let Some(part) = block.and_then(answer::part) else { return };
        self.has_calls |= finish::is_call(&part);
        match part {
            Part::Text(text) => {
                self.opened(Open::Text, Block::Text, out);
                self.add_text(text.text, out);
                text.citations.into_iter().for_each(|citation| self.add(Delta::Citation(citation), out));
            }
            Part::Thought(thought) => {
                let kind = Block::Thought { is_redacted: thought.is_redacted, id: None };
                self.opened(Open::Thought, kind, out);
                self.add_text(thought.text, out);
                thought
                    .signature
                    .into_iter()
                    .for_each(|signature| self.add(Delta::Signature(signature), out));
            }
            Part::ToolCall(call) => {
                let kind = Block::ToolCall { id: call.id, name: call.name, is_custom: false };
                self.opened(Open::Call { told: Some(call.arguments) }, kind, out);
                call.signature.into_iter().for_each(|signature| self.add(Delta::Signature(signature), out));
            }
            Part::Native(native) => {
                self.open = Some(Open::Native { value: native.value, input: String::new() });
            }
            _ => {}
        }
    }

    fn delta(&mut self, delta: Option<Added>, data: &[u8], out: &mut Vec<Event>) {
        let Some(delta) = delta else { return };
        if let Some(Open::Native { value, input }) = &mut self.open {
            return add_native(value, input, delta, data);
        }
        if let Some(text) = delta.text {
            self.ensure_open(|open| matches!(open, Open::Text), Open::Text, Block::Text, out);
            self.add_text(text, out);
        } else if let Some(text) = delta.thinking {
            let kind = Block::Thought { is_redacted: false, id: None };
            self.ensure_open(|open| matches!(open, Open::Thought), Open::Thought, kind, out);
            self.add_text(text, out);
        } else if let Some(Open::Call { told }) = &mut self.open {
            if let Some(json) = delta.partial_json.filter(|json| !json.is_empty()) {
                *told = None;
                self.add(Delta::Arguments(json), out);
            }
        } else if let (Some(Open::Text), Some(citation)) = (&self.open, delta.citation) {
            self.add(Delta::Citation(citation::read(citation)), out);
        } else if let (Some(Open::Thought), Some(data)) = (&self.open, delta.signature)
            && !data.is_empty()
        {
            self.add(Delta::Signature(Signature::opened(&data, Issuer::Anthropic)), out);
        }
    }

    fn close(&mut self, out: &mut Vec<Event>) {
        match self.open.take() {
            None => return,
            Some(Open::Native { mut value, input }) => {
                if let Ok(input) = serde_json::from_str(&input) {
                    value["input"] = input;
                }
                let kind = Block::Native(Native { dialect: Dialect::Messages, value });
                out.push(Event::Open { choice: 0, block: self.next, kind });
            }
            Some(Open::Call { told: Some(arguments) }) => self.add(Delta::Arguments(arguments), out),
            Some(_) => {}
        }
        out.push(Event::Close { choice: 0, block: self.next });
        self.next = self.next.saturating_add(1);
    }

    fn message_delta(&mut self, wire: Wire<'_>, out: &mut Vec<Event>) {
        self.ensure_started(out);
        let delta = wire.delta.unwrap_or_default();
        if let Some(reason) = delta.stop_reason.filter(|_| self.phase < Phase::Finished) {
            self.close(out);
            self.phase = Phase::Finished;
            let finish = finish::read(&reason, delta.stop_sequence, self.has_calls);
            out.push(Event::Finish { choice: 0, finish });
        }
        self.count(&wire.usage.unwrap_or_default(), out);
        let told = [
            ("stop_details", delta.stop_details),
            ("container", delta.container),
            ("context_management", wire.context_management),
        ];
        let told = told.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        extra(told.collect(), out);
    }

    fn stop(&mut self, out: &mut Vec<Event>) {
        if self.phase == Phase::Silent {
            return;
        }
        self.close(out);
        if self.phase < Phase::Finished {
            let finish = if self.has_calls { Finish::ToolCalls } else { Finish::Stop };
            out.push(Event::Finish { choice: 0, finish });
        }
        self.end(out);
    }

    /// Some servers answer whole though a stream was asked for.
    fn whole(&mut self, data: &[u8], out: &mut Vec<Event>) {
        match answer::read_answer(data) {
            _ if self.phase > Phase::Silent => return,
            Ok(answer) => out.extend(answer.into_events()),
            Err(error) => out.push(Event::Failed(error)),
        }
        self.phase = Phase::Ended;
    }

    fn end(&mut self, out: &mut Vec<Event>) {
        self.phase = Phase::Ended;
        out.push(Event::End);
    }

    fn count(&mut self, told: &Value, out: &mut Vec<Event>) {
        self.counts.update(told);
        if told.is_object() {
            out.extend(self.counts.usage().map(Event::Usage));
        }
    }

    fn ensure_started(&mut self, out: &mut Vec<Event>) {
        if self.phase == Phase::Silent {
            self.phase = Phase::Started;
            out.push(Event::Start { id: None, model: None, created: None });
        }
    }

    /// Some servers leave out the start of a block.
    fn ensure_open(&mut self, is: fn(&Open) -> bool, open: Open, kind: Block, out: &mut Vec<Event>) {
        if !self.open.as_ref().is_some_and(is) {
            self.ensure_started(out);
            self.close(out);
            self.opened(open, kind, out);
        }
    }

    fn opened(&mut self, open: Open, kind: Block, out: &mut Vec<Event>) {
        self.open = Some(open);
        out.push(Event::Open { choice: 0, block: self.next, kind });
    }

    fn add_text(&mut self, text: String, out: &mut Vec<Event>) {
        if !text.is_empty() {
            self.add(Delta::Text(text), out);
        }
    }

    fn add(&mut self, delta: Delta, out: &mut Vec<Event>) {
        out.push(Event::Delta { choice: 0, block: self.next, delta });
    }
}

/// Adds to a block that nobody else understands: text to text, anything else instead of what was there.
fn add_native(value: &mut Value, input: &mut String, delta: Added, data: &[u8]) {
    if let Some(json) = delta.partial_json {
        return input.push_str(&json);
    }
    let Ok(Value::Object(mut event)) = serde_json::from_slice(data) else { return };
    let (Some(Value::Object(fields)), Value::Object(block)) = (event.swap_remove("delta"), value) else {
        return;
    };
    for (name, more) in fields.into_iter().filter(|(name, _)| name != "type") {
        match (block.get_mut(&name), more) {
            (Some(Value::String(text)), Value::String(more)) => text.push_str(&more),
            (_, more) => drop(block.insert(name, more)),
        }
    }
}

fn extra(fields: Map<String, Value>, out: &mut Vec<Event>) {
    if !fields.is_empty() {
        out.push(Event::Extra(fields));
    }
}
