//! Reads streams.

mod delta;
mod items;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use self::delta::Piece;
use crate::dialect::Unreadable;
use crate::dialect::responses::answer::{self, Told};
use crate::dialect::responses::citation;
use crate::dialect::responses::item::{some_text, take_list};
use crate::generation::{Blocks, Delta, Event, Fragment};
use crate::{UpstreamError, errors};

/// Reads a stream.
#[derive(Debug, Default)]
pub(crate) struct StreamReader {
    blocks: Blocks,
    has_started: bool,
    is_over: bool,
    /// What came of each item, by its number in the output.
    items: HashMap<u32, Seen>,
    /// The text or thought that is open: the item, and the part of it.
    open: Option<(u32, u32)>,
    told: Told,
    searches: u64,
}

/// What came of an item.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// Text, or arguments.
    has_content: bool,
    has_citations: bool,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Other,
    Function,
    Custom,
}

impl StreamReader {
    /// Reads an event.
    ///
    /// # Errors
    /// When its data are not JSON.
    pub(crate) fn event(&mut self, name: &[u8], data: &[u8], out: &mut Vec<Event>) -> Result<(), Unreadable> {
        if self.is_over || data.trim_ascii() == b"[DONE]" {
            return Ok(());
        }
        let piece = delta::read(data)?;
        let name = std::str::from_utf8(name).unwrap_or_default();
        let kind = if piece.kind.is_empty() { name } else { &piece.kind };
        match kind {
            "response.output_text.delta" | "response.refusal.delta" => self.text(kind, &piece, out),
            "response.reasoning_summary_text.delta" => self.thought(piece.summary_index, &piece, out),
            "response.reasoning_text.delta" => self.thought(piece.content_index, &piece, out),
            "response.function_call_arguments.delta" | "response.custom_tool_call_input.delta" => {
                self.arguments(&piece, out);
            }
            "response.audio.delta" | "response.output_audio.delta" => {
                self.audio(Delta::Audio(piece.delta.into_owned()), out);
            }
            "response.audio.transcript.delta" | "response.output_audio_transcript.delta" => {
                self.audio(Delta::Transcript(piece.delta.into_owned()), out);
            }
            _ => self.other(kind, data, out)?,
        }
        Ok(())
    }

    /// The bytes have ended. An answer of this dialect is only whole when it says so.
    pub(crate) fn finish(&mut self, out: &mut Vec<Event>) {
        if !self.is_over {
            self.blocks.close_all(out);
            self.is_over = true;
        }
    }

    fn text(&mut self, kind: &str, piece: &Piece<'_>, out: &mut Vec<Event>) {
        self.start(&mut Value::Null, out);
        self.seen(piece.output_index).has_content = true;
        if piece.delta.is_empty() && piece.logprobs.is_empty() {
            return;
        }
        self.turn_to(piece.output_index, piece.content_index, out);
        if kind == "response.refusal.delta" {
            self.told.has_refusal = true;
            return self.blocks.refusal(0, &piece.delta, out);
        }
        self.told.has_text = true;
        if !piece.delta.is_empty() {
            self.blocks.text(0, &piece.delta, out);
        }
        if !piece.logprobs.is_empty() {
            out.push(Event::Logprobs { choice: 0, value: json!({ "content": piece.logprobs }) });
        }
    }

    /// The paragraphs of a thought are one text.
    fn thought(&mut self, paragraph: u32, piece: &Piece<'_>, out: &mut Vec<Event>) {
        self.start(&mut Value::Null, out);
        if piece.delta.is_empty() {
            return;
        }
        let is_open = self.open.is_some_and(|(item, _)| item == piece.output_index);
        if !is_open {
            let id = Some(piece.item_id.as_ref()).filter(|id| !id.is_empty()).map(str::to_owned);
            self.blocks.begin_thought(0, id, out);
        } else if self.open != Some((piece.output_index, paragraph)) {
            self.blocks.thought(0, "\n\n", out);
        }
        self.open = Some((piece.output_index, paragraph));
        self.seen(piece.output_index).has_content = true;
        self.blocks.thought(0, &piece.delta, out);
    }

    fn arguments(&mut self, piece: &Piece<'_>, out: &mut Vec<Event>) {
        self.start(&mut Value::Null, out);
        self.open = None;
        let seen = self.seen(piece.output_index);
        seen.has_content |= !piece.delta.is_empty();
        let is_custom = seen.kind == Kind::Custom;
        let fragment =
            Fragment { key: piece.output_index, arguments: &piece.delta, is_custom, ..Fragment::default() };
        self.blocks.call(0, fragment, out);
    }

    fn audio(&mut self, delta: Delta, out: &mut Vec<Event>) {
        self.start(&mut Value::Null, out);
        self.blocks.audio(0, delta, out);
    }

    /// Events that come once or twice for each item.
    fn other(&mut self, kind: &str, data: &[u8], out: &mut Vec<Event>) -> Result<(), Unreadable> {
        let is_known = matches!(
            kind,
            "response.created"
                | "response.in_progress"
                | "response.queued"
                | "response.output_item.added"
                | "response.output_item.done"
                | "response.output_text.done"
                | "response.refusal.done"
                | "response.function_call_arguments.done"
                | "response.custom_tool_call_input.done"
                | "response.output_text.annotation.added"
                | "response.completed"
                | "response.incomplete"
                | "response.failed"
                | "response.cancelled"
                | "error"
                | ""
        );
        // What is left tells how far a hosted tool has come, or repeats what was told.
        if !is_known {
            return Ok(());
        }
        let mut event: Value = serde_json::from_slice(data).map_err(|error| Unreadable(error.to_string()))?;
        if !event.is_object() {
            return Err(Unreadable("it is not an object".to_owned()));
        }
        match kind {
            "response.output_item.added" => self.added(event, out),
            "response.output_item.done" => self.done(event, out),
            "response.output_text.annotation.added" => self.citation(event, out),
            "response.completed" | "response.incomplete" => self.end(event, out),
            "response.failed" | "response.cancelled" | "error" => self.fail(&event, out),
            "response.created" | "response.in_progress" | "response.queued" => {
                self.start(&mut event["response"], out);
            }
            "" => {
                if errors::from_document(&event).is_some() {
                    self.fail(&event, out);
                }
            }
            _ => self.whole(kind, &mut event, out),
        }
        Ok(())
    }

    fn start(&mut self, response: &mut Value, out: &mut Vec<Event>) {
        if !self.has_started {
            self.has_started = true;
            out.push(Event::Start {
                created: answer::created(response),
                id: some_text(response, "id"),
                model: some_text(response, "model"),
            });
        }
    }

    fn citation(&mut self, mut event: Value, out: &mut Vec<Event>) {
        self.start(&mut Value::Null, out);
        let index = index(&event);
        self.seen(index).has_citations = true;
        if let Some(citation) = citation::read(event["annotation"].take()) {
            let part = event["content_index"].as_u64().and_then(|part| u32::try_from(part).ok());
            self.turn_to(index, part.unwrap_or_default(), out);
            self.blocks.annotate(0, Delta::Citation(citation), out);
        }
    }

    fn end(&mut self, mut event: Value, out: &mut Vec<Event>) {
        let mut response = event["response"].take();
        self.start(&mut response, out);
        if let Some(error) = answer::failure(&response) {
            return self.failed(error, out);
        }
        // The items of a stream that told none stand here; after others they would be told twice.
        if self.items.is_empty() {
            for (index, item) in (0..).zip(take_list(&mut response, "output")) {
                self.item(index, item, out);
            }
        }
        self.blocks.close_all(out);
        let finish = answer::finish(&response, &self.told);
        out.push(Event::Finish { choice: 0, finish });
        if let Some(tier) = some_text(&mut response, "service_tier") {
            out.push(Event::Extra(Map::from_iter([("service_tier".to_owned(), tier.into())])));
        }
        out.extend(answer::usage(&response, self.searches).map(Event::Usage));
        out.push(Event::End);
        self.is_over = true;
    }

    fn fail(&mut self, event: &Value, out: &mut Vec<Event>) {
        let error = errors::from_document(event).unwrap_or_else(|| UpstreamError {
            message: "the provider reported a failure without saying which".to_owned(),
            ..UpstreamError::default()
        });
        self.failed(error, out);
    }

    fn failed(&mut self, error: UpstreamError, out: &mut Vec<Event>) {
        self.start(&mut Value::Null, out);
        self.blocks.close_all(out);
        out.push(Event::Failed(error));
        self.is_over = true;
    }

    /// Turns to a part of an item: another one than before is a block of its own.
    fn turn_to(&mut self, item: u32, part: u32, out: &mut Vec<Event>) {
        if self.open != Some((item, part)) {
            self.blocks.close(0, out);
        }
        self.open = Some((item, part));
    }

    fn seen(&mut self, index: u32) -> &mut Seen {
        self.items.entry(index).or_default()
    }
}

fn index(event: &Value) -> u32 {
    event["output_index"].as_u64().and_then(|index| u32::try_from(index).ok()).unwrap_or_default()
}
