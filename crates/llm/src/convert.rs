//! From the caller's dialect to the provider's, and back.
//!
//! A call is read once ([`Caller::read`]), and written for each provider that is tried ([`Caller::write`]). The answer goes
//! through [`answer`], or, event by event, through [`StreamConversion`].

mod asked;
mod caller;
pub(crate) mod count;
mod media;
mod names;
mod offers;
mod outbound;
mod sniff;
mod stream;
mod whole;

pub use asked::Asked;
pub use caller::{Caller, Stamp, Written};
pub use media::Fetched;
pub(crate) use media::replace;
pub use names::Names;
pub use outbound::{count_wire, counting, outbound, wire};
pub use sniff::recognised;
pub use stream::StreamConversion;
pub use whole::{Converted, answer};

use crate::Operation;
use crate::dialect::Dialect;

/// The form in which a provider answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// The dialect, unless the answer itself shows another one.
    pub dialect: Dialect,
    /// Whether thoughts stand in the text, between `<think>` and `</think>`.
    pub has_think_tags: bool,
    /// Whether it is a count of tokens, and nothing generated.
    pub counts: bool,
}

impl From<Dialect> for Form {
    fn from(dialect: Dialect) -> Self {
        Self { dialect, has_think_tags: false, counts: false }
    }
}

/// The dialect in which `operation` asks for generated content; none for other work.
pub const fn dialect_of(operation: Operation) -> Option<Dialect> {
    match operation {
        Operation::ChatCompletions => Some(Dialect::Chat),
        Operation::Completions => Some(Dialect::Completions),
        Operation::Responses => Some(Dialect::Responses),
        Operation::Messages => Some(Dialect::Messages),
        Operation::GenerateContent | Operation::StreamGenerateContent => Some(Dialect::Gemini),
        _ => None,
    }
}
