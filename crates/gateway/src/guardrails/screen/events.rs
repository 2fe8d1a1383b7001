//! Server-sent events with other words in the place of what must not be seen.

use std::ops::Range;

use bytes::Bytes;
use roundhouse_domain::spec::Stage;
use roundhouse_llm::Operation;
use roundhouse_llm::texts::{Channel, EventTexts, Found, of_event, replaced};

use super::super::patterns::Looked;
use super::super::{Blocked, Check, Guards, judge};
use super::channel::Text;
use crate::guardrails::Note;

/// Bytes of the largest event that is looked at.
const MAX_EVENT_BYTES: usize = 8 << 20;

/// The events of a stream on their way through patterns.
pub(crate) struct Events {
    guards: Guards,
    operation: Operation,
    /// The beginning of an event whose end has not come.
    begun: Vec<u8>,
    texts: Vec<(Channel, Side)>,
}

/// One of the texts that a stream tells side by side.
#[derive(Default)]
struct Side {
    text: Text,
    /// Its newest event, which waits.
    newest: Option<Event>,
    /// What may pass with that.
    ready: String,
}

/// An event with the place of its data.
pub(super) struct Event {
    bytes: Vec<u8>,
    data: Range<usize>,
    found: Vec<Found>,
}

impl Events {
    pub(crate) fn new(guards: Guards, operation: Operation) -> Self {
        Self { guards, operation, begun: Vec::new(), texts: Vec::new() }
    }

    pub(crate) fn pass(&mut self, pieces: &[Bytes], notes: &mut Vec<Note>) -> Result<Vec<Bytes>, Blocked> {
        for piece in pieces {
            self.begun.extend_from_slice(piece);
        }
        let mut out = Vec::new();
        let mut begun = std::mem::take(&mut self.begun);
        let mut from = 0;
        while let Some(end) = event_end(&begun[from..]) {
            self.event(&begun[from..from + end], &mut out, notes)?;
            from += end;
        }
        begun.drain(..from);
        self.begun = begun;
        if self.begun.len() > MAX_EVENT_BYTES {
            if let Some(blocked) = self.guards.unseen(Stage::Answer) {
                return Err(blocked);
            }
            out.push(std::mem::take(&mut self.begun).into());
        }
        Ok(out)
    }

    pub(crate) fn finish(&mut self, notes: &mut Vec<Note>) -> Result<Vec<Bytes>, Blocked> {
        let mut out = Vec::new();
        let begun = std::mem::take(&mut self.begun);
        if !begun.is_empty() {
            self.event(&begun, &mut out, notes)?;
        }
        self.release(&mut out, notes)?;
        Ok(out)
    }

    fn event(&mut self, bytes: &[u8], out: &mut Vec<Bytes>, notes: &mut Vec<Note>) -> Result<(), Blocked> {
        let event = Event::read(bytes);
        if event.data.is_empty() {
            out.push(event.bytes.into());
            return Ok(());
        }
        match of_event(&event.bytes[event.data.clone()], self.operation) {
            EventTexts::Aside => out.push(event.bytes.into()),
            EventTexts::Other => {
                self.release(out, notes)?;
                out.push(event.bytes.into());
            }
            EventTexts::Whole(found) => {
                self.release(out, notes)?;
                out.push(self.whole(Event { found, ..event }, notes)?.into());
            }
            EventTexts::Piece { channel, found, is_last } => {
                self.piece(channel, Event { found, ..event }, is_last, out, notes)?;
            }
        }
        Ok(())
    }

    fn piece(
        &mut self,
        channel: Channel,
        event: Event,
        is_last: bool,
        out: &mut Vec<Bytes>,
        notes: &mut Vec<Note>,
    ) -> Result<(), Blocked> {
        let Self { guards, texts, .. } = self;
        let place = texts.iter().position(|(known, _)| *known == channel);
        let place = place.unwrap_or_else(|| {
            texts.push((channel, Side::default()));
            texts.len() - 1
        });
        let side = &mut texts[place].1;
        let said: String = event.found.iter().map(|found| found.text.as_str()).collect();
        // What only announces a text is not the place for it.
        if said.is_empty() && !is_last && side.newest.is_none() {
            out.push(event.bytes.into());
            return Ok(());
        }
        let passed = side.text.push(&said, is_last, guards, notes)?;
        side.ready.push_str(&passed);
        if let Some(before) = side.newest.replace(event) {
            out.push(before.saying(std::mem::take(&mut side.ready)).into());
        }
        if is_last {
            let (_, side) = texts.swap_remove(place);
            if let Some(newest) = side.newest {
                out.push(newest.saying(side.ready).into());
            }
        }
        Ok(())
    }

    /// Lets all that waits pass: something else follows, so these texts have ended.
    fn release(&mut self, out: &mut Vec<Bytes>, notes: &mut Vec<Note>) -> Result<(), Blocked> {
        for (_, mut side) in std::mem::take(&mut self.texts) {
            let rest = side.text.push("", true, &self.guards, notes)?;
            side.ready.push_str(&rest);
            if let Some(newest) = side.newest {
                out.push(newest.saying(side.ready).into());
            }
        }
        Ok(())
    }

    fn whole(&self, event: Event, notes: &mut Vec<Note>) -> Result<Vec<u8>, Blocked> {
        let mut texts: Vec<Option<String>> = Vec::with_capacity(event.found.len());
        for found in &event.found {
            let mut now: Option<String> = None;
            for guardrail in &self.guards.0 {
                let Check::Patterns(patterns) = &guardrail.check else { continue };
                let verdict = match patterns.look(now.as_deref().unwrap_or(&found.text)) {
                    Looked::Clean => continue,
                    Looked::Masked(masked) => {
                        now = Some(masked);
                        "masked"
                    }
                    Looked::Blocked => "blocked",
                };
                let note = Note { guardrail: guardrail.name.clone(), verdict };
                if !notes.contains(&note) {
                    judge::noted(guardrail, verdict);
                    notes.push(note);
                }
                if verdict == "blocked" {
                    return Err(guardrail.blocked(Stage::Answer));
                }
            }
            texts.push(now);
        }
        Ok(event.with(&texts))
    }
}

impl Event {
    /// Reads an event. One whose data stands in several lines gets it in one: between the parts of a JSON document a line end
    /// means nothing.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut lines = Vec::new();
        let mut from = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let range = from..from + line.len();
            from = range.end;
            if let Some(rest) = line.strip_prefix(b"data:") {
                let blank = usize::from(rest.first() == Some(&b' '));
                let end = range.end - (rest.len() - rest.trim_ascii_end().len());
                lines.push(
                    range.start + b"data:".len() + blank..end.max(range.start + b"data:".len() + blank),
                );
            }
        }
        let bytes = bytes.to_vec();
        match lines.as_slice() {
            [] => Self { bytes, data: 0..0, found: Vec::new() },
            [only] => Self { data: only.clone(), bytes, found: Vec::new() },
            several => Self::in_one_line(&bytes, several),
        }
    }

    fn in_one_line(bytes: &[u8], lines: &[Range<usize>]) -> Self {
        let is_data = |line: &&[u8]| line.starts_with(b"data:");
        let others = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| !is_data(line));
        let mut joined: Vec<u8> =
            others.filter(|line| !line.trim_ascii().is_empty()).flatten().copied().collect();
        joined.extend_from_slice(b"data: ");
        let start = joined.len();
        joined.extend(lines.iter().map(|line| &bytes[line.clone()]).collect::<Vec<_>>().join(&b' '));
        let data = start..joined.len();
        joined.extend_from_slice(b"\n\n");
        Self { bytes: joined, data, found: Vec::new() }
    }

    pub(super) fn data(&self) -> &[u8] {
        &self.bytes[self.data.clone()]
    }

    /// The event with `text` in the place of all that it says.
    pub(super) fn saying(self, text: String) -> Vec<u8> {
        let mut texts: Vec<Option<String>> = vec![Some(String::new()); self.found.len()];
        if let Some(first) = texts.first_mut() {
            *first = Some(text);
        }
        self.with(&texts)
    }

    pub(super) fn with_found(self, found: Vec<Found>) -> Self {
        Self { found, ..self }
    }

    /// The event with other texts in the place of those that were found.
    pub(super) fn with(self, texts: &[Option<String>]) -> Vec<u8> {
        let said: String = self.found.iter().map(|found| found.text.as_str()).collect();
        let says: String = self
            .found
            .iter()
            .zip(texts)
            .map(|(found, text)| text.as_deref().unwrap_or(&found.text))
            .collect();
        if said == says && texts.len() <= 1 {
            return self.bytes;
        }
        let mut out = self.bytes[..self.data.start].to_vec();
        out.extend(replaced(&self.bytes[self.data.clone()], &self.found, texts));
        out.extend_from_slice(&self.bytes[self.data.end..]);
        out
    }
}

/// The place behind the first blank line.
pub(super) fn event_end(bytes: &[u8]) -> Option<usize> {
    for newline in memchr::memchr_iter(b'\n', bytes) {
        let rest = &bytes[newline + 1..];
        if rest.first() == Some(&b'\n') {
            return Some(newline + 2);
        }
        if rest.starts_with(b"\r\n") {
            return Some(newline + 3);
        }
    }
    None
}
