//! A message that is being written.

use std::borrow::Cow;

use serde_json::Value;

use crate::dialect::responses::citation;
use crate::dialect::responses::stream::sink::{Fields, Piece, Place};
use crate::dialect::responses::wire::{Content, Item, Status};
use crate::generation::Citation;

/// A message that is being written.
#[derive(Debug)]
pub(in crate::dialect::responses::stream) struct Message {
    id: String,
    whole: Vec<Part>,
    open: Option<Part>,
}

#[derive(Debug, Default)]
struct Part {
    is_refusal: bool,
    text: String,
    /// Characters of `text`.
    length: usize,
    annotations: Vec<Value>,
    logprobs: Vec<Value>,
}

impl Message {
    /// Begins a message.
    pub(in crate::dialect::responses::stream) fn new(id: String, place: &mut Place<'_>) -> Self {
        let message = Self { id, whole: Vec::new(), open: None };
        place.added(&message.item(Status::InProgress));
        message
    }

    /// Begins a part.
    pub(in crate::dialect::responses::stream) fn begin(&mut self, is_refusal: bool, place: &mut Place<'_>) {
        self.close(place);
        let part = Part { is_refusal, ..Part::default() };
        let content = part.content();
        let fields = Fields { part: Some(Piece::Content(&content)), ..self.at() };
        place.emit("response.content_part.added", &fields);
        drop(content);
        self.open = Some(part);
    }

    pub(super) fn text(&mut self, delta: &str, place: &mut Place<'_>) {
        let Some(part) = &mut self.open else { return };
        part.text.push_str(delta);
        part.length += delta.chars().count();
        let is_refusal = part.is_refusal;
        let fields = Fields { delta: Some(delta), ..self.at() };
        if is_refusal {
            place.emit("response.refusal.delta", &fields);
        } else {
            place.emit("response.output_text.delta", &Fields { logprobs: Some(&[]), ..fields });
        }
    }

    pub(super) fn citation(&mut self, cited: &Citation, place: &mut Place<'_>) {
        let Some(part) = &self.open else { return };
        let annotation = citation::write(cited, part.length);
        let fields = Fields {
            annotation: Some(&annotation),
            annotation_index: Some(part.annotations.len()),
            ..self.at()
        };
        place.emit("response.output_text.annotation.added", &fields);
        self.open.iter_mut().for_each(|part| part.annotations.push(annotation.clone()));
    }

    /// Adds what is known of tokens, of which the text was told already.
    pub(in crate::dialect::responses::stream) fn logprobs(&mut self, told: &[Value], place: &mut Place<'_>) {
        if self.open.is_some() {
            let fields = Fields { delta: Some(""), logprobs: Some(told), ..self.at() };
            place.emit("response.output_text.delta", &fields);
        }
        self.open.iter_mut().for_each(|part| part.logprobs.extend_from_slice(told));
    }

    pub(super) fn close(&mut self, place: &mut Place<'_>) {
        let Some(part) = self.open.take() else { return };
        if part.is_refusal {
            place.emit("response.refusal.done", &Fields { refusal: Some(&part.text), ..self.at() });
        } else {
            let fields = Fields { text: Some(&part.text), logprobs: Some(&part.logprobs), ..self.at() };
            place.emit("response.output_text.done", &fields);
        }
        let content = part.content();
        let fields = Fields { part: Some(Piece::Content(&content)), ..self.at() };
        place.emit("response.content_part.done", &fields);
        drop(content);
        self.whole.push(part);
    }

    pub(super) fn item(&self, status: Status) -> Item<'_> {
        Item::Message {
            id: Some(Cow::Borrowed(&self.id)),
            status: Some(status),
            role: "assistant",
            phase: None,
            content: self.whole.iter().map(Part::content).collect(),
        }
    }

    fn at(&self) -> Fields<'_> {
        Fields { item_id: Some(&self.id), content_index: Some(self.whole.len()), ..Fields::default() }
    }
}

impl Part {
    fn content(&self) -> Content<'_> {
        let text = Cow::Borrowed(self.text.as_str());
        if self.is_refusal {
            return Content::Refusal { refusal: text };
        }
        Content::OutputText {
            text,
            annotations: Some(Cow::Borrowed(&self.annotations)),
            logprobs: Some(Cow::Borrowed(&self.logprobs)),
        }
    }
}
