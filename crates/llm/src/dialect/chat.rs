//! `OpenAI`'s Chat Completions, and the many servers of its shape.

mod annotations;
mod answer;
pub(crate) mod chunk;
mod details;
pub(crate) mod finish;
mod media;
pub(crate) mod read;
mod reader;
mod think;
pub(crate) mod usage;
pub(crate) mod wire;
mod write;
mod writer;

pub(crate) use answer::{read_answer, write_answer};
pub(crate) use read::read_request;
pub(crate) use reader::StreamReader;
pub(crate) use write::{needs_bytes, write_request};
pub(crate) use writer::StreamWriter;

#[cfg(test)]
mod tests;
