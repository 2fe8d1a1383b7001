//! A thought that is being written.

use std::borrow::Cow;

use crate::dialect::responses::output;
use crate::dialect::responses::stream::sink::{Fields, Piece, Place};
use crate::dialect::responses::wire::{Item, Summary};
use crate::generation::Signature;

/// A thought that is being written.
#[derive(Debug)]
pub(in crate::dialect::responses::stream) struct Thought {
    id: String,
    text: String,
    is_closed: bool,
    pub(super) signature: Option<Signature>,
}

impl Thought {
    /// Begins a thought.
    pub(in crate::dialect::responses::stream) fn new(id: String, place: &mut Place<'_>) -> Self {
        let thought = Self { id, text: String::new(), is_closed: false, signature: None };
        place.added(&thought.item());
        thought
    }

    pub(super) fn text(&mut self, delta: &str, place: &mut Place<'_>) {
        if self.text.is_empty() {
            let part = Piece::Summary(Summary { text: Cow::Borrowed("") });
            let fields = Fields { part: Some(part), ..self.at() };
            place.emit("response.reasoning_summary_part.added", &fields);
        }
        self.text.push_str(delta);
        let fields = Fields { delta: Some(delta), ..self.at() };
        place.emit("response.reasoning_summary_text.delta", &fields);
    }

    pub(super) fn close(&mut self, place: &mut Place<'_>) {
        if self.text.is_empty() || self.is_closed {
            return;
        }
        self.is_closed = true;
        let fields = Fields { text: Some(&self.text), ..self.at() };
        place.emit("response.reasoning_summary_text.done", &fields);
        let part = Piece::Summary(Summary { text: Cow::Borrowed(&self.text) });
        place.emit("response.reasoning_summary_part.done", &Fields { part: Some(part), ..self.at() });
    }

    pub(super) fn item(&self) -> Item<'_> {
        output::reasoning(Cow::Borrowed(&self.id), &self.text, self.signature.as_ref())
    }

    fn at(&self) -> Fields<'_> {
        Fields { item_id: Some(&self.id), summary_index: Some(0), ..Fields::default() }
    }
}
