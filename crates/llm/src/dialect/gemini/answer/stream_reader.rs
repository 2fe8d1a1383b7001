//! Reads a stream of the provider.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::super::usage::Told;
use super::choice::{Choice, Flow};
use super::document::Document;
use crate::dialect::Unreadable;
use crate::document::error;
use crate::generation::{Blocks, Event};
use crate::json::Scanner;

/// The most alternatives of one answer: a hostile number must not take memory.
const MAX_CHOICES: u32 = 128;

/// Reads a stream of the provider.
#[derive(Debug, Default)]
pub(crate) struct StreamReader {
    blocks: Blocks,
    choices: Vec<Choice>,
    told: Told,
    id: String,
    feedback: Option<Value>,
    has_started: bool,
    has_failed: bool,
}

impl StreamReader {
    /// Takes the data of one event, or one element of an array.
    ///
    /// # Errors
    /// When it is not JSON.
    pub(crate) fn event(
        &mut self,
        _name: &[u8],
        data: &[u8],
        out: &mut Vec<Event>,
    ) -> Result<(), Unreadable> {
        let data = data.trim_ascii();
        if self.has_failed || data.is_empty() || data == b"[DONE]" {
            return Ok(());
        }
        // What is no UTF-8 becomes replacement characters instead of nothing at all.
        let text = match simdutf8::basic::from_utf8(data) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(data),
        };
        self.documents(text.as_bytes(), out).ok_or_else(|| Unreadable(text.chars().take(200).collect()))
    }

    /// Takes note that the bytes have ended.
    pub(crate) fn finish(&mut self, out: &mut Vec<Event>) {
        if self.has_failed || !self.has_started {
            return;
        }
        let mut to = Flow { answer: &self.id, blocks: &mut self.blocks, out };
        let searches = self.choices.iter_mut().map(|choice| choice.close(&mut to)).sum();
        let extra = self.extra();
        if !extra.is_empty() {
            out.push(Event::Extra(extra));
        }
        for choice in &self.choices {
            let finish = choice.finish(&self.blocks);
            out.extend(finish.map(|finish| Event::Finish { choice: choice.number, finish }));
        }
        out.extend(self.told.usage(searches).map(Event::Usage));
        if !self.choices.is_empty() && self.choices.iter().all(Choice::has_finished) {
            out.push(Event::End);
        }
    }

    fn documents(&mut self, data: &[u8], out: &mut Vec<Event>) -> Option<()> {
        let mut scanner = Scanner::new(data);
        let mut documents = Vec::with_capacity(1);
        let read = match scanner.peek() {
            Some(b'[') => scanner.items(|scanner| {
                documents.push(Document::read(data, scanner)?);
                Ok(())
            }),
            _ => Document::read(data, &mut scanner).map(|document| documents.push(document)),
        };
        read.and_then(|()| scanner.end()).ok()?;
        for document in documents {
            if document.is_error {
                self.has_failed = true;
                out.push(Event::Failed(error(data)));
                return Some(());
            }
            self.document(document, out);
        }
        Some(())
    }

    fn document(&mut self, document: Document<'_>, out: &mut Vec<Event>) {
        if let Some(usage) = document.usage {
            // It was gone over before: it is JSON.
            let _ = self.told.read(&mut Scanner::new(usage));
        }
        if !self.has_started {
            self.start(&document, out);
        }
        if let Some(feedback) = document.feedback {
            self.feedback = serde_json::from_slice(feedback).ok();
        }
        let is_blocked = document.is_blocked && document.candidates.is_empty();
        for candidate in document.candidates {
            let number = candidate.index.min(MAX_CHOICES - 1);
            let choice = choice(&mut self.choices, number);
            choice.take(candidate, &mut Flow { answer: &self.id, blocks: &mut self.blocks, out });
        }
        if is_blocked {
            choice(&mut self.choices, 0).block();
        }
    }

    fn start(&mut self, document: &Document<'_>, out: &mut Vec<Event>) {
        self.has_started = true;
        let text =
            |text: &Option<Cow<'_, str>>| text.as_deref().filter(|text| !text.is_empty()).map(str::to_owned);
        let id = text(&document.id);
        self.id = id.clone().unwrap_or_default();
        let created = document.created.as_deref().and_then(|time| time.parse::<jiff::Timestamp>().ok());
        let created = created.map(jiff::Timestamp::as_second);
        out.push(Event::Start { id, model: text(&document.model), created });
        out.extend(self.told.usage(0).map(Event::Usage));
    }

    fn extra(&self) -> Map<String, Value> {
        let mut extra = Map::new();
        extra.extend(self.feedback.clone().map(|feedback| ("promptFeedback".to_owned(), feedback)));
        let native: Vec<_> = self.choices.iter().map(|choice| Value::Object(choice.native())).collect();
        if native.iter().any(|native| native.as_object().is_some_and(|native| !native.is_empty())) {
            extra.insert("candidates".to_owned(), native.into());
        }
        extra
    }
}

/// The alternative with a number; those before it are there too.
fn choice(choices: &mut Vec<Choice>, number: u32) -> &mut Choice {
    while choices.len() <= number as usize {
        let number = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        choices.push(Choice::new(number));
    }
    &mut choices[number as usize]
}
