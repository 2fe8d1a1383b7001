//! Embeddings: texts, and what else a model takes, to vectors.
//!
//! [`read_openai`], [`read_gemini`] or [`read_gemini_batch`] -> [`Request`] -> [`write_requests`] -> [`read_answer`] for each call
//! -> [`merge`] -> [`write_answer`].

mod answer;
mod purpose;
mod read;
mod request;
#[cfg(test)]
mod tests;
mod vector;
mod wire;
mod write;

pub use answer::{Answer, merge, read_answer, write_answer};
pub use purpose::Purpose;
pub use read::{read_gemini, read_gemini_batch, read_openai};
pub use request::{Asked, Content, Form, Input, Request};
pub use vector::Vector;
pub use wire::Wire;
pub use write::write_requests;
