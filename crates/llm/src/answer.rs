//! What a complete answer says.

use roundhouse_domain::TokenUsage;

use crate::document::{self, Facts};
use crate::{Operation, UpstreamError};

/// What the gateway must know of a complete answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Tokens, as the provider counted them.
    pub usage: TokenUsage,
    /// The id under which the provider stored a response.
    pub response_id: Option<String>,
    /// Whether it is an answer at all.
    pub verdict: Verdict,
}

/// Whether a body with a good status is a good answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Ok,
    /// It has no content and ended plainly.
    Empty,
    /// It is an error in spite of its status.
    Error(UpstreamError),
    /// It should be JSON and is not.
    NotJson,
}

/// Reads the answer to `op` in one pass.
pub fn inspect(op: Operation, body: &[u8]) -> Answer {
    let Ok(facts) = document::read(op, b"", body) else {
        let verdict = if may_be_bytes(op) { Verdict::Ok } else { Verdict::NotJson };
        return Answer { usage: TokenUsage::default(), response_id: None, verdict };
    };
    let verdict = verdict(op, &facts, body);
    let stored = facts.response_id.filter(|_| op == Operation::Responses);
    Answer { usage: facts.counts.usage(op.protocol()), response_id: stored, verdict }
}

fn verdict(op: Operation, facts: &Facts, body: &[u8]) -> Verdict {
    if facts.is_error {
        return Verdict::Error(document::error(body));
    }
    let says_nothing = !facts.is_semantic || !facts.is_known;
    if op.generates() && says_nothing { Verdict::Empty } else { Verdict::Ok }
}

/// Sound is bytes, and transcripts may be plain text, subtitles included.
const fn may_be_bytes(op: Operation) -> bool {
    matches!(op, Operation::Speech | Operation::Transcriptions | Operation::Translations)
}

#[cfg(test)]
mod tests;
