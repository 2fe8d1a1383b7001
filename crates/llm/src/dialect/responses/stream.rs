//! Streams of events.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses-streaming>, 2026-11.

mod open;
mod read;
mod sink;
mod write;

pub(crate) use read::StreamReader;
pub(crate) use write::StreamWriter;
