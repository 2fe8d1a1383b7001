//! Lists of regular expressions: where they match, and what stands there instead.

use std::ops::Range;

use regex::{Regex, RegexBuilder};
use roundhouse_domain::spec::{PatternAction, PatternSpec};

/// Bytes that one compiled expression, and each of its caches, may take.
const SIZE_LIMIT: usize = 1 << 20;

/// What stands in the place of a match unless told otherwise.
const MASK: &str = "***";

/// Expressions, compiled.
#[derive(Debug)]
pub(super) struct Patterns(Vec<Pattern>);

#[derive(Debug)]
struct Pattern {
    regex: Regex,
    /// None where a match blocks.
    replacement: Option<String>,
}

/// A match, or several that overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match<'a> {
    /// Where.
    pub(super) range: Range<usize>,
    /// What stands there instead; none where it blocks.
    pub(super) replacement: Option<&'a str>,
}

/// What patterns make of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Looked {
    /// Nothing was found.
    Clean,
    /// The text with other words in place of what was found.
    Masked(String),
    /// It must not pass.
    Blocked,
}

impl Patterns {
    /// Compiles expressions.
    ///
    /// # Errors
    /// Which one is wrong, and how.
    pub(super) fn compile(specs: &[PatternSpec]) -> Result<Self, String> {
        let compile = |(index, spec): (usize, &PatternSpec)| {
            let regex =
                RegexBuilder::new(&spec.pattern).size_limit(SIZE_LIMIT).dfa_size_limit(SIZE_LIMIT).build();
            // The error shows the expression over several lines; its last one says what is wrong.
            let regex = regex.map_err(|error| {
                let text = error.to_string();
                let what = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                format!("pattern {index} cannot be used: {what}")
            })?;
            let mask = spec.replacement.clone().unwrap_or_else(|| MASK.to_owned());
            let replacement = (spec.action == PatternAction::Mask).then_some(mask);
            Ok(Pattern { regex, replacement })
        };
        specs.iter().enumerate().map(compile).collect::<Result<_, String>>().map(Self)
    }

    /// Adds where the expressions match in `text` from `start` on; what stands before is seen, but not matched.
    pub(super) fn matches<'a>(&'a self, text: &str, start: usize, found: &mut Vec<Match<'a>>) {
        for pattern in &self.0 {
            let mut at = start;
            while let Some(hit) = pattern.regex.find_at(text, at) {
                if hit.is_empty() {
                    // A match of nothing hides nothing.
                    let Some(next) = text[hit.end()..].chars().next() else { break };
                    at = hit.end() + next.len_utf8();
                    continue;
                }
                found.push(Match { range: hit.range(), replacement: pattern.replacement.as_deref() });
                at = hit.end();
            }
        }
    }

    /// Looks at a whole text.
    pub(super) fn look(&self, text: &str) -> Looked {
        let mut found = Vec::new();
        self.matches(text, 0, &mut found);
        if found.iter().any(|hit| hit.replacement.is_none()) {
            return Looked::Blocked;
        }
        if found.is_empty() {
            return Looked::Clean;
        }
        Looked::Masked(mask(text, 0..text.len(), joined(found)))
    }
}

/// Matches in their order; those that overlap are one, with the words of the first.
pub(super) fn joined(mut found: Vec<Match<'_>>) -> Vec<Match<'_>> {
    found.sort_by_key(|hit| (hit.range.start, std::cmp::Reverse(hit.range.end)));
    let mut joined: Vec<Match<'_>> = Vec::with_capacity(found.len());
    for hit in found {
        match joined.last_mut() {
            Some(last) if hit.range.start < last.range.end => {
                last.range.end = last.range.end.max(hit.range.end);
            }
            _ => joined.push(hit),
        }
    }
    joined
}

/// The part of `text` with other words in place of the matches in it.
pub(super) fn mask(text: &str, part: Range<usize>, found: Vec<Match<'_>>) -> String {
    let mut out = String::with_capacity(part.len());
    let mut from = part.start;
    for hit in found.into_iter().filter(|hit| hit.range.start >= part.start && hit.range.end <= part.end) {
        out.push_str(&text[from..hit.range.start]);
        out.push_str(hit.replacement.unwrap_or(MASK));
        from = hit.range.end;
    }
    out.push_str(&text[from..part.end]);
    out
}
