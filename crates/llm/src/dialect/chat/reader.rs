//! Chunks of a stream, or whole answers, as events.

mod choice;

use serde_json::{Map, Value};

use super::chunk::{Chunk, KEPT};
use super::usage::Tally;
use crate::dialect::Unreadable;
use crate::document;
use crate::generation::{Blocks, Event};
use choice::State;

/// The most alternatives: no provider makes more, and a hostile number must not take memory.
const MOST_CHOICES: u32 = 128;

/// Reads the events of a stream.
#[derive(Debug, Default)]
pub(crate) struct StreamReader {
    has_started: bool,
    /// After a failure or the end nothing counts.
    is_over: bool,
    splits_thoughts: bool,
    blocks: Blocks,
    choices: Vec<State>,
    tally: Tally,
    extra: Map<String, Value>,
    kept_bytes: Vec<(&'static str, usize)>,
}

impl StreamReader {
    /// A reader for a provider whose answers have their thoughts in the text, between `<think>` and `</think>`.
    pub(crate) fn splitting_thoughts() -> Self {
        Self { splits_thoughts: true, ..Self::default() }
    }

    /// Takes the data of one event, `[DONE]` included.
    ///
    /// # Errors
    /// When it is not JSON.
    pub(crate) fn event(&mut self, name: &[u8], data: &[u8], out: &mut Vec<Event>) -> Result<(), Unreadable> {
        let data = data.trim_ascii();
        if self.is_over || data.is_empty() {
            return Ok(());
        }
        if data == b"[DONE]" {
            self.end(out);
            return Ok(());
        }
        match std::str::from_utf8(data) {
            Ok(_) => self.document(name, data, out),
            Err(_) => self.document(name, String::from_utf8_lossy(data).as_bytes(), out),
        }
    }

    /// Takes note that the bytes have ended; an answer that has no reason to have ended is not whole.
    pub(crate) fn finish(&mut self, out: &mut Vec<Event>) {
        let is_whole = !self.choices.is_empty()
            && self.choices.iter().filter(|state| state.is_used()).all(State::has_ended);
        if !self.is_over && is_whole {
            self.end(out);
        }
    }

    fn document(&mut self, name: &[u8], data: &[u8], out: &mut Vec<Event>) -> Result<(), Unreadable> {
        let chunk = Chunk::read(data).map_err(|_| unreadable(data))?;
        if chunk.is_error || name == b"error" {
            self.is_over = true;
            self.start(&chunk, out);
            self.blocks.close_all(out);
            out.push(Event::Failed(document::error(data)));
            return Ok(());
        }
        self.chunk(chunk, out);
        Ok(())
    }

    /// Takes a document that has been read.
    pub(super) fn chunk(&mut self, chunk: Chunk<'_>, out: &mut Vec<Event>) {
        if !chunk.choices.is_empty() || chunk.id.is_some() {
            self.start(&chunk, out);
        }
        for (name, raw) in KEPT.into_iter().zip(chunk.kept).filter_map(|(name, raw)| Some((name, raw?))) {
            self.keep(name, raw);
        }
        for choice in chunk.choices {
            let index = choice.index.min(MOST_CHOICES - 1) as usize;
            if self.choices.len() <= index {
                let splits = self.splits_thoughts;
                self.choices.reserve_exact(index + 1 - self.choices.len());
                self.choices.resize_with(index + 1, || State::new(splits));
            }
            self.choices[index].take(&mut self.blocks, choice, out);
        }
        if let Some(usage) = chunk.usage.and_then(|raw| self.tally.take(raw)) {
            self.start(&Chunk::default(), out);
            out.push(Event::Usage(usage));
        }
    }

    /// Ends the answer.
    pub(super) fn end(&mut self, out: &mut Vec<Event>) {
        self.is_over = true;
        self.start(&Chunk::default(), out);
        for (index, state) in (0..).zip(&mut self.choices).filter(|(_, state)| state.is_used()) {
            state.end(index, &mut self.blocks, &self.extra, out);
        }
        if !self.extra.is_empty() {
            out.push(Event::Extra(std::mem::take(&mut self.extra)));
        }
        out.push(Event::End);
    }

    fn start(&mut self, chunk: &Chunk<'_>, out: &mut Vec<Event>) {
        if self.has_started {
            return;
        }
        self.has_started = true;
        out.push(Event::Start {
            id: chunk.id.as_deref().map(str::to_owned),
            model: chunk.model.as_deref().map(str::to_owned),
            created: chunk
                .created
                .filter(|&created| created > 0)
                .and_then(|created| i64::try_from(created).ok()),
        });
    }

    /// Keeps what only this dialect has; most servers tell it in each chunk, and only what has grown is news.
    fn keep(&mut self, name: &'static str, raw: &[u8]) {
        let known = self.kept_bytes.iter_mut().find(|(known, _)| *known == name);
        match known {
            Some((_, bytes)) if *bytes >= raw.len() => return,
            Some((_, bytes)) => *bytes = raw.len(),
            None => self.kept_bytes.push((name, raw.len())),
        }
        self.extra.extend(serde_json::from_slice(raw).ok().map(|value| (name.to_owned(), value)));
    }
}

fn unreadable(data: &[u8]) -> Unreadable {
    Unreadable(String::from_utf8_lossy(&data[..data.len().min(200)]).into_owned())
}
