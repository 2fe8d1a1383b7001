//! The texts in a request, an answer or an event that people or models wrote, each with its place: to read them, and to put others
//! in their place while every other byte stays as it is.
//!
//! Arguments of tool calls, signed thoughts and files are left out: changed, they would mean nothing any more.

mod event;
mod paths;
mod walk;

use std::ops::Range;

pub use self::event::{Channel, EventTexts, of_event};
use self::walk::walk;
use crate::Operation;

/// A text in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it stands, quotes included.
    pub span: Range<usize>,
    /// What it says.
    pub text: String,
}

/// Whose texts of a request are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// What the user says: messages of the role `user`, prompts and inputs.
    Users,
    /// Instructions, earlier answers and results of tools too.
    All,
}

/// The texts of a request's body, in their order; none where it is not a JSON document.
pub fn of_request(body: &[u8], operation: Operation, whose: Whose) -> Option<Vec<Found>> {
    walk(body, paths::of_request(operation, whose))
}

/// The texts of a whole answer, in their order; none where it is not a JSON document.
pub fn of_answer(body: &[u8], operation: Operation) -> Option<Vec<Found>> {
    walk(body, paths::of_answer(operation))
}

/// Whether whole answers to an operation, or its events, have texts at all.
pub fn answers_have_any(operation: Operation) -> bool {
    !paths::of_answer(operation).is_empty()
}

/// The document with other texts in the place of those that were found, in the same order; none is left as it is.
pub fn replaced(body: &[u8], found: &[Found], texts: &[Option<String>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut from = 0;
    for (found, text) in found.iter().zip(texts) {
        let Some(text) = text else { continue };
        out.extend_from_slice(&body[from..found.span.start]);
        out.extend_from_slice(serde_json::Value::from(text.as_str()).to_string().as_bytes());
        from = found.span.end;
    }
    out.extend_from_slice(&body[from..]);
    out
}

#[cfg(test)]
mod tests;
