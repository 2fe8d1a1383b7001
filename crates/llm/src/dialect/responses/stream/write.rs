//! Writes streams.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::open::{Calling, Message, Open, Thought};
use super::sink::{Place, Sink};
use crate::UpstreamError;
use crate::convert::Asked;
use crate::dialect::Dialect;
use crate::dialect::responses::envelope::{Envelope, State};
use crate::dialect::responses::output::{Form, image, item_id, spoken};
use crate::dialect::responses::wire::{Item, Status};
use crate::generation::{Block, Delta, Event, Finish, Media, Native, Signature, Usage, call_id};

/// Writes a stream; the dialect has no alternatives, so that only the first is told.
#[derive(Debug)]
pub(crate) struct StreamWriter {
    asked: Arc<Asked>,
    envelope: Option<Envelope>,
    sink: Sink,
    /// The items that are whole, without brackets.
    items: Vec<u8>,
    /// How many they are.
    count: usize,
    open: Open,
    /// A block that has begun and told nothing yet.
    pending: Option<Block>,
    /// The signature of a text, or of a call that is pending.
    signature: Option<Signature>,
    finish: Option<Finish>,
    usage: Option<Usage>,
    service_tier: Option<String>,
    is_refused: bool,
    is_over: bool,
}

impl StreamWriter {
    /// A stream that answers what was `asked`.
    pub(crate) fn new(asked: Arc<Asked>) -> Self {
        Self {
            asked,
            envelope: None,
            sink: Sink::default(),
            items: Vec::new(),
            count: 0,
            open: Open::Nothing,
            pending: None,
            signature: None,
            finish: None,
            usage: None,
            service_tier: None,
            is_refused: false,
            is_over: false,
        }
    }

    /// Appends the bytes of an event.
    pub(crate) fn event(&mut self, event: Event, out: &mut Vec<u8>) {
        if self.is_over {
            return;
        }
        match event {
            Event::Start { id, created, .. } => self.start(id.as_deref(), created, out),
            Event::Open { choice: 0, kind, .. } => self.block(kind, out),
            Event::Delta { choice: 0, delta, .. } => self.delta(delta, out),
            Event::Close { choice: 0, .. } => self.close(out),
            Event::Logprobs { choice: 0, value } => self.logprobs(&value, out),
            Event::Finish { choice: 0, finish } => self.finish = Some(finish),
            Event::Usage(usage) => self.usage = Some(usage),
            Event::Extra(extra) => self.extra(&extra),
            Event::Failed(error) => self.fail(&error, out),
            Event::End => self.end(out),
            _ => {}
        }
        if self.finish.is_some() {
            self.settle_last(out);
        }
    }

    /// The number of the next event, for one that another hand must write.
    pub(crate) const fn sequence(&self) -> u64 {
        self.sink.sequence()
    }

    fn start(&mut self, id: Option<&str>, created: Option<i64>, out: &mut Vec<u8>) {
        if self.envelope.is_some() {
            return;
        }
        let envelope = self.envelope.insert(Envelope::new(&self.asked, id, created));
        let state = State { status: "in_progress", ..State::default() };
        for kind in ["response.created", "response.in_progress"] {
            self.sink.emit_raw(kind, "response", |out| envelope.write(&state, b"", out), out);
        }
    }

    fn block(&mut self, kind: Block, out: &mut Vec<u8>) {
        self.start(None, None, out);
        match kind {
            Block::Media(media) => self.media(&media, out),
            Block::Native(Native { dialect: Dialect::Responses, value }) => {
                self.whole(&Item::Native(&value), &Item::Native(&value), out);
            }
            // What another provider's own tools did has no form here; what they found is in the text and its citations.
            Block::Native(_) => {}
            kind => self.pending = Some(kind),
        }
    }

    fn delta(&mut self, delta: Delta, out: &mut Vec<u8>) {
        match delta {
            Delta::Text(text) | Delta::Transcript(text) if !text.is_empty() => {
                self.begin(out);
                let (open, mut place) = self.parts(out);
                open.text(&text, &mut place);
            }
            Delta::Arguments(text) if !text.is_empty() => {
                self.begin(out);
                let (open, mut place) = self.parts(out);
                open.arguments(&text, &mut place);
            }
            Delta::Citation(citation) => {
                self.begin(out);
                let (open, mut place) = self.parts(out);
                open.citation(&citation, &mut place);
            }
            Delta::Signature(signature) => self.sign(signature, out),
            Delta::Text(_) | Delta::Transcript(_) | Delta::Arguments(_) | Delta::Audio(_) => {}
        }
    }

    fn sign(&mut self, signature: Signature, out: &mut Vec<u8>) {
        match (&self.pending, &self.open) {
            (Some(Block::Thought { .. }), _) | (None, Open::Thought(_)) => {
                self.begin(out);
                self.open.sign(signature);
            }
            // Its id has been told, which is the only thing that could carry it.
            (None, Open::Call(_)) => {}
            _ => self.signature = Some(signature),
        }
    }

    /// Begins the item, or the part, of the block that is pending.
    fn begin(&mut self, out: &mut Vec<u8>) {
        let Some(kind) = self.pending.take() else { return };
        if let Block::Text | Block::Refusal | Block::Audio { .. } = kind {
            return self.begin_part(kind == Block::Refusal, out);
        }
        self.settle(Status::Completed, out);
        let asked = Arc::clone(&self.asked);
        let signature = self.signature.take();
        let (open, mut place) = self.parts(out);
        match kind {
            Block::Thought { id, .. } => {
                let id = item_id(&asked, id.as_deref(), "rs", place.index).into_owned();
                *open = Open::Thought(Thought::new(id, &mut place));
            }
            Block::ToolCall { id, name, is_custom } => {
                let form = Form::of(&asked, &name, is_custom);
                let id = call_id::pack(&id, signature.as_ref()).into_owned();
                *open = Open::Call(Calling::new(&asked, id, name, form, &mut place));
            }
            _ => {}
        }
    }

    /// The texts that follow each other are one message.
    fn begin_part(&mut self, is_refusal: bool, out: &mut Vec<u8>) {
        self.is_refused |= is_refusal;
        if !matches!(self.open, Open::Message(_)) {
            self.settle(Status::Completed, out);
            let id = item_id(&self.asked, None, "msg", self.count).into_owned();
            let (open, mut place) = self.parts(out);
            *open = Open::Message(Message::new(id, &mut place));
        }
        let (open, mut place) = self.parts(out);
        if let Open::Message(message) = open {
            message.begin(is_refusal, &mut place);
        }
    }

    fn close(&mut self, out: &mut Vec<u8>) {
        if matches!(self.pending, Some(Block::ToolCall { .. })) {
            self.begin(out);
        }
        self.pending = None;
        let (open, mut place) = self.parts(out);
        open.close(&mut place);
        // A text's is a thought of its own that shows nothing.
        if let Some(signature) = self.signature.take() {
            self.pending = Some(Block::Thought { is_redacted: true, id: None });
            self.sign(signature, out);
        }
    }

    fn media(&mut self, media: &Media, out: &mut Vec<u8>) {
        let asked = Arc::clone(&self.asked);
        let index = self.count + usize::from(!matches!(self.open, Open::Nothing));
        if let Some(item) = image(&asked, media, index) {
            let begun = item.begun();
            self.whole(begun.as_ref().unwrap_or(&item), &item, out);
        } else if let Some(text) = spoken(media) {
            self.pending = Some(Block::Text);
            self.delta(Delta::Text(text.into_owned()), out);
        }
    }

    fn whole(&mut self, begun: &Item<'_>, item: &Item<'_>, out: &mut Vec<u8>) {
        self.settle(Status::Completed, out);
        let mut place = Place { index: self.count, sink: &mut self.sink, out };
        place.added(begun);
        place.done(item, &mut self.items);
        self.count += 1;
    }

    fn logprobs(&mut self, value: &Value, out: &mut Vec<u8>) {
        let Some(told) = value["content"].as_array() else { return };
        let (open, mut place) = self.parts(out);
        if let Open::Message(message) = open {
            message.logprobs(told, &mut place);
        }
    }

    fn extra(&mut self, extra: &Map<String, Value>) {
        if let Some(tier) = extra.get("service_tier").and_then(Value::as_str) {
            self.service_tier = Some(tier.to_owned());
        }
    }

    fn settle(&mut self, status: Status, out: &mut Vec<u8>) {
        let open = std::mem::take(&mut self.open);
        let mut place = Place { index: self.count, sink: &mut self.sink, out };
        if open.settle(&self.asked, status, &mut place, &mut self.items) {
            self.count += 1;
        }
    }

    /// The last item ended as the answer did.
    fn settle_last(&mut self, out: &mut Vec<u8>) {
        let status = State::ended(self.finish.as_ref(), self.is_refused).of_item();
        self.settle(status, out);
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        self.start(None, None, out);
        self.settle_last(out);
        let mut state = State::ended(self.finish.as_ref(), self.is_refused);
        state.usage = self.usage;
        state.service_tier = self.service_tier.as_deref();
        let kind = if state.reason.is_some() { "response.incomplete" } else { "response.completed" };
        if let Some(envelope) = &self.envelope {
            self.sink.emit_raw(kind, "response", |out| envelope.write(&state, &self.items, out), out);
        }
        self.is_over = true;
    }

    /// Both events, as the provider sends them: some clients know the one, some the other.
    fn fail(&mut self, error: &UpstreamError, out: &mut Vec<u8>) {
        self.start(None, None, out);
        let code = error.code.as_deref().unwrap_or(match error.status {
            Some(429) => "rate_limit_exceeded",
            _ => "server_error",
        });
        let told = json!({ "code": code, "message": error.message });
        self.sink.emit("error", &json!({ "code": code, "message": error.message, "param": null }), out);
        let state = State { status: "failed", error: Some(told), usage: self.usage, ..State::default() };
        if let Some(envelope) = &self.envelope {
            let write = |out: &mut Vec<u8>| envelope.write(&state, &self.items, out);
            self.sink.emit_raw("response.failed", "response", write, out);
        }
        self.is_over = true;
    }

    /// The open item, and where its events go.
    fn parts<'a>(&'a mut self, out: &'a mut Vec<u8>) -> (&'a mut Open, Place<'a>) {
        (&mut self.open, Place { index: self.count, sink: &mut self.sink, out })
    }
}
