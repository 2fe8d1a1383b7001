//! `OpenAI`'s legacy completions.

mod answer;
mod logprobs;
mod request;
mod stream;

pub(crate) use answer::{read_answer, write_answer};
pub(crate) use request::{check_elsewhere, read_request, write_request};
pub(crate) use stream::{StreamReader, StreamWriter};

#[cfg(test)]
mod tests;
