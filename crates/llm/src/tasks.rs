//! What else is asked of models: embeddings, ranks, moderation, images, speech, transcripts.
//!
//! Every task has one module of the same form. The caller's body is read into a `Request`, which holds an `Asked`: what the
//! reply must remember of it. A `Wire` names the provider's form, where there are several; [`Call`]s are written for it, several
//! where the provider takes less at once. Their answers are read, joined by `merge` in the order of the calls, and written as a
//! [`Reply`] in the caller's form. Callers and providers of one form need none of this: their bytes pass through.
//!
//! [`Task`] is any of them, and [`Form`] says in which `Wire` a provider does it.

pub mod embeddings;
mod form;
mod gemini;
pub mod images;
mod json;
mod media;
pub mod moderations;
#[cfg(test)]
mod recorded;
pub mod rerank;
pub mod speech;
mod task;
#[cfg(test)]
mod tests;
pub mod transcriptions;

use bytes::Bytes;

pub use form::Form;
pub use task::{Done, Task};

use crate::target;

/// One upstream call: a `POST` of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What is called.
    pub wire: target::Wire,
    /// The body.
    pub body: Bytes,
}

/// What the caller gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its content type.
    pub content_type: &'static str,
    /// The whole body; a stream that was asked for is in it as server-sent events.
    pub body: Vec<u8>,
}

/// What replies tell where the provider tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp<'a> {
    /// Letters and digits, unique to the request.
    pub id: &'a str,
    /// When the request came, in seconds since 1970.
    pub created: i64,
}

impl Reply {
    fn json(body: Vec<u8>) -> Self {
        Self { content_type: "application/json", body }
    }
}
