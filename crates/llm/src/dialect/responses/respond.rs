//! Writes answers.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses/object>, 2026-11.

use std::borrow::Cow;

use serde_json::Value;

use super::citation;
use super::envelope::{Envelope, State};
use super::output::{Form, Known, call, image, item_id, reasoning, spoken};
use super::wire::{Called, Content, Item, Status};
use crate::convert::Asked;
use crate::dialect::Dialect;
use crate::generation::{Answer, Choice, Native, Part, Signature, Text, Thought, ToolCall, call_id};

/// Writes the body of an answer; the dialect has no alternatives, so that only the first is told.
pub(crate) fn write_answer(answer: &Answer, asked: &Asked) -> Vec<u8> {
    let nothing = Choice::default();
    let choice = answer.choices.first().unwrap_or(&nothing);
    let is_refused = choice.parts.iter().any(|part| matches!(part, Part::Refusal(_)));
    let mut state = State::ended(choice.finish.as_ref(), is_refused);
    state.usage = answer.usage;
    state.service_tier =
        answer.service_tier.as_deref().or_else(|| answer.extra.get("service_tier")?.as_str());
    let ids: Vec<_> = choice.parts.iter().map(packed_id).collect();
    let mut output =
        Output { asked, items: Vec::new(), content: Vec::new(), phase: None, logprobs: logprobs(choice) };
    choice.parts.iter().zip(&ids).for_each(|(part, id)| output.part(part, id));
    let items = output.finish(state.of_item());
    let mut out = Vec::with_capacity(items.len() + 1_024);
    Envelope::new(asked, answer.id.as_deref(), answer.created).write(&state, &items, &mut out);
    out
}

struct Output<'a> {
    asked: &'a Asked,
    items: Vec<Item<'a>>,
    /// The parts of the message that is open.
    content: Vec<Content<'a>>,
    phase: Option<&'a str>,
    /// What is known of the tokens of all texts, told with the first.
    logprobs: &'a [Value],
}

impl<'a> Output<'a> {
    fn part(&mut self, part: &'a Part, id: &'a str) {
        match part {
            Part::Text(text) => self.text(text),
            Part::Refusal(refusal) => self.content.push(Content::Refusal { refusal: Cow::Borrowed(refusal) }),
            Part::Thought(thought) => self.thought(thought),
            Part::ToolCall(called) => self.call(called, id),
            Part::Media(media) => {
                if let Some(item) =
                    image(self.asked, media, self.items.len() + usize::from(!self.content.is_empty()))
                {
                    self.push(item);
                } else if let Some(text) = spoken(media) {
                    self.say(text, Vec::new());
                }
            }
            Part::Native(Native { dialect: Dialect::Responses, value }) => self.push(Item::Native(value)),
            // What another provider's own tools did has no form here; what they found is in the text and its citations.
            Part::Native(_) | Part::ToolResult(_) => {}
        }
    }

    fn text(&mut self, text: &'a Text) {
        if text.phase.as_deref() != self.phase {
            self.flush();
            self.phase = text.phase.as_deref();
        }
        if !text.text.is_empty() || !text.citations.is_empty() {
            let length = text.text.chars().count();
            let annotations =
                text.citations.iter().map(|citation| citation::write(citation, length)).collect();
            self.say(Cow::Borrowed(&text.text), annotations);
        }
        if let Some(signature) = &text.signature {
            self.proof("", None, Some(signature));
        }
    }

    fn say(&mut self, text: Cow<'a, str>, annotations: Vec<Value>) {
        let logprobs = Some(Cow::Borrowed(std::mem::take(&mut self.logprobs)));
        self.content.push(Content::OutputText { text, annotations: Some(Cow::Owned(annotations)), logprobs });
    }

    fn thought(&mut self, thought: &'a Thought) {
        if !thought.text.is_empty() || thought.signature.is_some() {
            self.proof(&thought.text, thought.id.as_deref(), thought.signature.as_ref());
        }
    }

    fn proof(&mut self, text: &'a str, id: Option<&'a str>, signature: Option<&Signature>) {
        self.flush();
        let id = item_id(self.asked, id, "rs", self.items.len());
        self.items.push(reasoning(id, text, signature));
    }

    fn call(&mut self, called: &'a ToolCall, call_id: &'a str) {
        self.flush();
        let form = Form::of(self.asked, &called.name, called.is_custom);
        let id = form.item_id(self.asked, called.item_id.as_deref(), self.items.len());
        let known = Known { call_id, name: &called.name, form };
        let input = form.input(&called.arguments);
        self.items.push(call(self.asked, known, id, Status::Completed, input));
    }

    fn push(&mut self, item: Item<'a>) {
        self.flush();
        self.items.push(item);
    }

    /// The texts that follow each other are one message.
    fn flush(&mut self) {
        if self.content.is_empty() {
            return;
        }
        self.items.push(Item::Message {
            id: Some(item_id(self.asked, None, "msg", self.items.len())),
            status: Some(Status::Completed),
            role: "assistant",
            phase: self.phase,
            content: std::mem::take(&mut self.content),
        });
    }

    /// The items without brackets; the last one ended as the answer did.
    fn finish(mut self, ended: Status) -> Vec<u8> {
        self.flush();
        if let Some(
            Item::Message { status, .. }
            | Item::FunctionCall(Called { status, .. })
            | Item::CustomToolCall(Called { status, .. }),
        ) = self.items.last_mut()
        {
            *status = Some(ended);
        }
        let mut items = serde_json::to_vec(&self.items).unwrap_or_default();
        items.pop();
        items.drain(..usize::from(!items.is_empty()));
        items
    }
}

/// A call's id with the signature that has no other place; empty for all other parts.
fn packed_id(part: &Part) -> Cow<'_, str> {
    match part {
        Part::ToolCall(call) => call_id::pack(&call.id, call.signature.as_ref()),
        _ => Cow::Borrowed(""),
    }
}

fn logprobs(choice: &Choice) -> &[Value] {
    let told = choice.logprobs.as_ref().and_then(|told| told["content"].as_array());
    told.map_or(&[][..], Vec::as_slice)
}
