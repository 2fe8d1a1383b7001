//! Watches a stream go by: when it says something, what it used, how it ended.

mod aws;
mod filter;
pub(crate) mod framing;
mod json;
mod ledger;
mod sse;

use roundhouse_domain::TokenUsage;

use crate::{UpstreamError, Wire};
use framing::Framing;
use ledger::Ledger;

/// The most that is kept of one event, in bytes; a larger one counts as something that we do not understand.
const MAX_EVENT_BYTES: usize = 8 * 1024 * 1024;

/// The most memory that a stream keeps for its next event, in bytes: many streams are open at once.
const KEPT_CAPACITY_BYTES: usize = 16 * 1024;

/// How far a stream has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing yet that a client could use: everything can still be tried elsewhere.
    Silent,
    /// Something that a client could use has come.
    Semantic,
    /// The upstream's bytes have ended.
    Ended {
        /// Whether a terminal event was seen.
        complete: bool,
    },
}

/// Reads a stream beside its forwarding: server-sent events, Gemini's JSON array, Amazon's event stream, or plain sound.
///
/// Until the first semantic event each event is read, afterwards only those that may tell usage, an error or the end.
/// The work is linear in the bytes, however they are cut.
#[derive(Debug)]
pub struct StreamMeter {
    framing: Framing,
    ledger: Ledger,
    has_ended: bool,
}

impl StreamMeter {
    /// A meter for a stream of an operation, or in a form of the provider's own.
    pub fn new(wire: impl Into<Wire>) -> Self {
        let wire = wire.into();
        Self { framing: Framing::new(wire), ledger: Ledger::new(wire), has_ended: false }
    }

    /// Takes the next bytes, cut anywhere.
    pub fn push(&mut self, bytes: &[u8]) {
        self.framing.push(bytes, &mut self.ledger);
    }

    /// Takes note that the upstream's bytes have ended, and reads what is left of the last event.
    pub fn finish(&mut self) {
        self.framing.finish(&mut self.ledger);
        self.has_ended = true;
    }

    /// How far the stream has come; it ends with [`Self::finish`] only.
    pub fn phase(&self) -> Phase {
        match (self.has_ended, self.has_content()) {
            (true, _) => Phase::Ended { complete: self.is_complete() },
            (false, true) => Phase::Semantic,
            (false, false) => Phase::Silent,
        }
    }

    /// Whether anything that a client could use has come, also after the end.
    pub fn has_content(&self) -> bool {
        self.ledger.has_content()
    }

    /// An error that the stream itself told, or its first event when that cannot be read.
    pub fn failure(&self) -> Option<&UpstreamError> {
        self.ledger.failure()
    }

    /// Tokens so far, as the provider counted them.
    pub fn usage(&self) -> TokenUsage {
        self.ledger.usage()
    }

    /// What was said so far in tokens, about: for streams whose provider does not count them, or broke off before it did.
    pub fn said_tokens(&self) -> u64 {
        self.ledger.said_tokens()
    }

    /// The id under which the provider stores the response.
    pub fn response_id(&self) -> Option<&str> {
        self.ledger.response_id()
    }

    /// Whether a terminal event was seen: nothing that matters is missing.
    pub fn is_complete(&self) -> bool {
        self.ledger.is_complete()
    }
}

/// Empties a buffer, and gives back its memory where it has grown large.
fn reset(buffer: &mut Vec<u8>) {
    buffer.clear();
    buffer.shrink_to(KEPT_CAPACITY_BYTES);
}

/// What takes the events of a stream.
pub(crate) trait Sink {
    /// Takes an event with its name, if it has one, and its data.
    fn event(&mut self, name: &[u8], data: &[u8]);

    /// Takes note of bytes that are no event we could read.
    fn opaque(&mut self);

    /// Takes note that the bytes were the whole answer, which no event had to end.
    fn whole(&mut self);
}

#[cfg(test)]
mod tests;
