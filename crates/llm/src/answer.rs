//! What a complete answer says.

use roundhouse_domain::TokenUsage;

use crate::document::{self, Facts};
use crate::{UpstreamError, Wire};

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

/// Reads an answer in one pass: to an operation, or in a form of the provider's own.
pub fn inspect(wire: impl Into<Wire>, body: &[u8]) -> Answer {
    let wire = wire.into();
    let Ok(facts) = document::read(wire, b"", body) else {
        let verdict = if wire.may_be_bytes() { Verdict::Ok } else { Verdict::NotJson };
        return Answer { usage: TokenUsage::default(), response_id: None, verdict };
    };
    let verdict = verdict(wire, &facts, body);
    let stored = facts.response_id.filter(|_| wire.is_stored());
    Answer { usage: facts.counts.usage(wire.counting()), response_id: stored, verdict }
}

fn verdict(wire: Wire, facts: &Facts, body: &[u8]) -> Verdict {
    if facts.is_error {
        return Verdict::Error(document::error(body));
    }
    let says_nothing = !facts.is_semantic || !facts.is_known;
    if wire.generates() && says_nothing { Verdict::Empty } else { Verdict::Ok }
}

#[cfg(test)]
mod tests;
