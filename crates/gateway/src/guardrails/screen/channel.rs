//! One text of a stream, as far as it has come.

use super::super::patterns::{joined, mask};
use super::super::{Blocked, Check, Guards, judge};
use roundhouse_domain::spec::Stage;

use crate::guardrails::Note;

/// Bytes of what has passed already that patterns still see, for `\b` and the like.
const CONTEXT_BYTES: usize = 64;

/// A text on its way.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// Its end: some of what has passed, and what has not.
    end: String,
    /// Where in `end` begins what has not passed.
    from: usize,
}

impl Text {
    /// Adds a piece, and returns what may pass now: all but what may yet be part of a match, or all where it `is_last`.
    pub(super) fn push(
        &mut self,
        piece: &str,
        is_last: bool,
        guards: &Guards,
        notes: &mut Vec<Note>,
    ) -> Result<String, Blocked> {
        self.end.push_str(piece);
        let mut found = Vec::new();
        for guardrail in &guards.0 {
            let Check::Patterns(patterns) = &guardrail.check else { continue };
            let before = found.len();
            patterns.matches(&self.end, self.from, &mut found);
            // A match at the very end may be another one, or none, when more has come.
            let is_settled = |end: usize| is_last || end < self.end.len();
            let hits = found[before..].iter().filter(|hit| is_settled(hit.range.end));
            let mut verdict = None;
            for hit in hits {
                if hit.replacement.is_none() {
                    judge::noted(guardrail, "blocked");
                    notes.push(Note { guardrail: guardrail.name.clone(), verdict: "blocked" });
                    return Err(guardrail.blocked(Stage::Answer));
                }
                verdict = Some("masked");
            }
            let note = verdict.map(|verdict| Note { guardrail: guardrail.name.clone(), verdict });
            if let Some(note) = note.filter(|note| !notes.contains(note)) {
                judge::noted(guardrail, "masked");
                notes.push(note);
            }
        }
        let found = joined(found);
        let window = guards.0.iter().map(|guardrail| guardrail.hold_back_bytes).max().unwrap_or_default();
        let cut = if is_last {
            self.end.len()
        } else {
            self.cut(window, found.iter().map(|hit| hit.range.clone()))
        };
        let passed = mask(&self.end, self.from..cut, found);
        self.advance(cut);
        Ok(passed)
    }

    /// How far the text may pass.
    fn cut(&self, window: usize, matches: impl Iterator<Item = std::ops::Range<usize>>) -> usize {
        let mut cut = self.end.len().saturating_sub(window).max(self.from);
        while !self.end.is_char_boundary(cut) {
            cut -= 1;
        }
        cut = cut.max(self.from);
        for hit in matches {
            if hit.start < cut && hit.end > cut {
                // What is longer than what is held back passes masked as far as it has come.
                let is_held = hit.end < self.end.len() || self.end.len() - hit.start > 4 * window;
                cut = if is_held { hit.end } else { hit.start };
            } else if hit.end == cut && hit.end == self.end.len() {
                cut = hit.start;
            }
        }
        cut
    }

    fn advance(&mut self, cut: usize) {
        let mut keep = cut.saturating_sub(CONTEXT_BYTES);
        while !self.end.is_char_boundary(keep) {
            keep -= 1;
        }
        self.end.drain(..keep);
        self.from = cut - keep;
    }
}
