//! What an import could not carry over as it was.

use serde::Serialize;

/// Notes that are kept; the rest is counted.
const MAX_NOTES: usize = 1_000;

/// One remark on something that was read or is to be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Where it stands, in the words of the system it comes from (`groups[openai].config.max_retries`).
    pub place: String,
    /// How much it matters.
    pub severity: Severity,
    /// What has no counterpart, and what was done instead.
    pub message: String,
}

/// How much a note matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It works as before, said differently.
    Info,
    /// It works differently than before.
    Warning,
    /// It was left out.
    Skipped,
}

/// Collects notes, within a bound.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    notes: Vec<Note>,
    more: usize,
}

impl From<Vec<Note>> for Notes {
    fn from(notes: Vec<Note>) -> Self {
        Self { notes, more: 0 }
    }
}

impl Notes {
    /// Adds a note of something that works as before.
    pub fn info(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.add(Severity::Info, place.into(), message.into());
    }

    /// Adds a note of something that works differently.
    pub fn warn(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.add(Severity::Warning, place.into(), message.into());
    }

    /// Adds a note of something that was left out.
    pub fn skip(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.add(Severity::Skipped, place.into(), message.into());
    }

    /// The notes in the order they were made.
    pub fn finish(mut self) -> Vec<Note> {
        if self.more > 0 {
            let message = format!("and {} more notes", self.more);
            self.notes.push(Note { place: String::new(), severity: Severity::Info, message });
        }
        self.notes
    }

    fn add(&mut self, severity: Severity, place: String, message: String) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(Note { place, severity, message });
        } else {
            self.more += 1;
        }
    }
}
