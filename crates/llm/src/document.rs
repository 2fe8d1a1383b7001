//! One JSON document of an answer, be it an event of a stream or the whole of it: what it comes to.

mod chat;
mod cohere;
mod converse;
mod gemini;
mod media;
mod messages;
mod responses;

use crate::json::{Scanner, Step, Stop};
use crate::usage::Counts;
use crate::{Operation, UpstreamError, Wire, errors};

/// What one document says.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts: each can be true without the others")]
pub(crate) struct Facts {
    /// Something that a client could use, or something that we do not understand.
    pub(crate) is_semantic: bool,
    /// The document has the form that the operation's documents have.
    pub(crate) is_known: bool,
    /// Nothing follows that matters.
    pub(crate) is_terminal: bool,
    /// It is an error.
    pub(crate) is_error: bool,
    /// Which choices it has, a bit each.
    pub(crate) choices: u32,
    /// Which choices have ended.
    pub(crate) finished: u32,
    /// Tokens told.
    pub(crate) counts: Counts,
    /// The id under which the provider stores a response.
    pub(crate) response_id: Option<String>,
}

/// Reads a document of `wire`; `event` is the name that the stream gave it.
///
/// # Errors
/// When it is not JSON.
pub(crate) fn read(wire: Wire, event: &[u8], document: &[u8]) -> Result<Facts, Stop> {
    let mut scanner = Scanner::new(document);
    let mut facts = Facts::default();
    if scanner.peek() == Some(b'[') {
        scanner.items(|scanner| facts.read_one(wire, event, scanner))?;
    } else {
        facts.read_one(wire, event, &mut scanner)?;
    }
    scanner.end()?;
    Ok(facts)
}

/// The error that a document tells which was found to be one.
pub(crate) fn error(document: &[u8]) -> UpstreamError {
    let document = serde_json::from_slice(document).unwrap_or_default();
    errors::from_document(&document).unwrap_or_else(|| UpstreamError {
        message: "the provider reported a failure without saying which".to_owned(),
        ..UpstreamError::default()
    })
}

impl Facts {
    fn read_one(&mut self, wire: Wire, event: &[u8], scanner: &mut Scanner<'_>) -> Step<()> {
        if scanner.peek() != Some(b'{') {
            self.is_semantic = true;
            return scanner.skip();
        }
        let op = match wire {
            Wire::Operation(op) => op,
            Wire::Converse => return converse::read(self, event, scanner),
            Wire::Cohere => return cohere::read(self, event, scanner),
        };
        match op {
            Operation::ChatCompletions | Operation::Completions => chat::read(self, scanner),
            Operation::Responses => responses::read(self, event, scanner),
            Operation::Messages => messages::read(self, event, scanner),
            Operation::GenerateContent | Operation::StreamGenerateContent => gemini::read(self, scanner),
            _ => media::read(self, scanner),
        }
    }

    fn choice(&mut self, index: u64, ending: Ending) {
        let bit = 1 << index.min(31);
        self.choices |= bit;
        if ending != Ending::Open {
            self.finished |= bit;
        }
        self.is_semantic |= ending == Ending::Telling;
    }
}

/// How a generation ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Ending {
    /// It did not.
    #[default]
    Open,
    /// It had no more to say.
    Plain,
    /// For a reason that itself tells the client something: a limit, a tool, a refusal.
    Telling,
}

impl Ending {
    /// Reads a finish reason of any protocol.
    fn read(scanner: &mut Scanner<'_>) -> Step<Self> {
        Ok(Self::of(scanner.text()?.as_deref()))
    }

    fn of(reason: Option<&str>) -> Self {
        match reason {
            None | Some("") => Self::Open,
            Some("stop" | "end_turn" | "STOP" | "COMPLETE") => Self::Plain,
            Some(_) => Self::Telling,
        }
    }
}
