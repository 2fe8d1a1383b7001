//! Anthropic's Messages, also as Vertex and Bedrock have it.
//!
//! Source: <https://platform.claude.com/docs/en/api/messages>, 2026-11.

mod answer;
mod block;
mod citation;
mod count;
mod finish;
mod model;
mod read;
mod schema;
mod stream;
mod usage;
mod write;

pub(crate) use answer::{read_answer, write_answer};
pub(crate) use count::{read_count_answer, read_count_request, write_count_answer, write_count_request};
pub(crate) use read::read_request;
pub(crate) use stream::{StreamReader, StreamWriter};
pub(crate) use write::{needs_bytes, write_request};

#[cfg(test)]
mod tests;
