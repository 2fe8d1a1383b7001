//! Speech from text.
//!
//! [`read_request`] -> [`Request`] -> [`write_request`] -> [`read_answer`] -> [`write_answer`].

mod answer;
mod request;
#[cfg(test)]
mod tests;
mod voice;
mod wav;
mod write;

pub use answer::{Answer, read_answer, write_answer};
pub use request::{Asked, Request, read_request};
pub use write::write_request;

/// A provider's form of speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wire {
    /// Gemini's models that speak, by `generateContent`.
    Gemini,
    /// `MiniMax`' `POST /v1/t2a_v2`.
    Minimax,
}
