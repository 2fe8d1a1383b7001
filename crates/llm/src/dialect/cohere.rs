//! Cohere's chat, as the provider speaks it.
//!
//! Sources: <https://docs.cohere.com/reference/chat>, <https://docs.cohere.com/reference/chat-stream>; 2026-11.

mod answer;
mod content;
mod request;
mod stream;
mod tools;

pub(crate) use answer::read_answer;
pub(crate) use content::needs_bytes;
pub(crate) use request::write_request;
pub(crate) use stream::StreamReader;

#[cfg(test)]
mod tests;
