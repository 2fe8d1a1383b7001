//! Amazon Bedrock's Converse, as the provider speaks it.
//!
//! Sources: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html>,
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html>; 2026-11.

mod answer;
mod content;
mod format;
mod media;
mod model;
mod request;
mod stream;
mod thinking;
mod tools;

pub(crate) use answer::read_answer;
pub(crate) use media::needs_bytes;
pub(crate) use request::write_request;
pub(crate) use stream::StreamReader;

#[cfg(test)]
mod tests;
