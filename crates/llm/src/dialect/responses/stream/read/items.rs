//! The events that tell of whole items, or of what of them is whole.

use serde_json::Value;

use super::delta::Piece;
use super::{Kind, StreamReader, index};
use crate::dialect::responses::answer;
use crate::dialect::responses::item::some_text;
use crate::generation::{Block, Delta, Event, Fragment, Part, Text, Thought, ToolCall};

impl StreamReader {
    pub(super) fn added(&mut self, mut event: Value, out: &mut Vec<Event>) {
        self.start(&mut Value::Null, out);
        let index = index(&event);
        let item = event["item"].take();
        let is_custom = item["type"] == "custom_tool_call";
        if is_custom || item["type"] == "function_call" {
            let call = answer::call(item, is_custom);
            self.call(index, &call, out);
        }
    }

    /// The whole of what should have come in pieces, for servers that send no pieces.
    pub(super) fn whole(&mut self, kind: &str, event: &mut Value, out: &mut Vec<Event>) {
        let index = index(event);
        if self.seen(index).has_content {
            return;
        }
        let (field, kind) = match kind {
            "response.output_text.done" => ("text", "response.output_text.delta"),
            "response.refusal.done" => ("refusal", "response.refusal.delta"),
            "response.custom_tool_call_input.done" => ("input", "arguments"),
            _ => ("arguments", "arguments"),
        };
        let delta = some_text(event, field).unwrap_or_default();
        let piece = Piece { output_index: index, delta: delta.into(), ..Piece::default() };
        if kind == "arguments" {
            self.arguments(&piece, out);
        } else {
            self.text(kind, &piece, out);
        }
    }

    /// An item is whole: what of it has not come in pieces is told now.
    pub(super) fn done(&mut self, mut event: Value, out: &mut Vec<Event>) {
        self.start(&mut Value::Null, out);
        let index = index(&event);
        let item = event["item"].take();
        self.item(index, item, out);
    }

    pub(super) fn item(&mut self, index: u32, item: Value, out: &mut Vec<Event>) {
        self.searches += answer::count_searches(std::slice::from_ref(&item));
        let mut logprobs = Vec::new();
        for part in answer::parts(item, &mut logprobs) {
            match part {
                Part::ToolCall(call) => self.call(index, &call, out),
                Part::Text(text) => self.text_done(index, text, out),
                Part::Refusal(refusal) if !self.seen(index).has_content => {
                    self.told.has_refusal = true;
                    self.blocks.refusal(0, &refusal, out);
                }
                Part::Thought(thought) => self.thought_done(index, thought, out),
                Part::Media(media) if !self.seen(index).has_content => {
                    self.blocks.whole(0, Block::Media(media), Vec::new(), out);
                }
                Part::Native(native) => self.blocks.whole(0, Block::Native(native), Vec::new(), out),
                _ => {}
            }
        }
        // A call is closed by what follows it: parallel ones may still wait for their turn.
        if self.seen(index).kind == Kind::Other {
            self.blocks.close(0, out);
            self.open = None;
        }
        self.seen(index).has_content = true;
    }

    fn text_done(&mut self, index: u32, text: Text, out: &mut Vec<Event>) {
        self.told.has_text = true;
        let seen = *self.seen(index);
        if !seen.has_content {
            self.blocks.text(0, &text.text, out);
        }
        if !seen.has_citations {
            for citation in text.citations {
                self.blocks.annotate(0, Delta::Citation(citation), out);
            }
        }
        if !seen.has_content {
            self.blocks.close(0, out);
        }
    }

    fn thought_done(&mut self, index: u32, thought: Thought, out: &mut Vec<Event>) {
        if !self.seen(index).has_content {
            let mut deltas = Vec::new();
            if !thought.text.is_empty() {
                deltas.push(Delta::Text(thought.text));
            }
            deltas.extend(thought.signature.map(Delta::Signature));
            let kind = Block::Thought { is_redacted: thought.is_redacted, id: thought.id };
            self.blocks.whole(0, kind, deltas, out);
        } else if let Some(signature) = thought.signature {
            self.blocks.sign_thought(0, signature, out);
        }
    }

    /// A call that has begun; its arguments may come with it.
    fn call(&mut self, index: u32, call: &ToolCall, out: &mut Vec<Event>) {
        self.open = None;
        self.told.has_calls = true;
        let seen = self.seen(index);
        let arguments = if seen.has_content { "" } else { call.arguments.as_str() };
        seen.has_content |= !arguments.is_empty();
        seen.kind = if call.is_custom { Kind::Custom } else { Kind::Function };
        let fragment =
            Fragment { key: index, id: &call.id, name: &call.name, arguments, is_custom: call.is_custom };
        self.blocks.call(0, fragment, out);
        if let Some(signature) = call.signature.clone() {
            self.blocks.sign_call(0, index, signature, out);
        }
    }
}
