//! `OpenAI`'s Responses, as the caller's dialect and as the provider's.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses>, 2026-11.

mod answer;
mod citation;
mod elsewhere;
mod envelope;
mod item;
mod media;
mod names;
mod output;
mod read;
mod respond;
mod stream;
mod wire;
mod write;

pub(crate) use answer::read_answer;
pub(crate) use elsewhere::check_elsewhere;
pub(crate) use envelope::echo;
pub(crate) use read::read_request;
pub(crate) use respond::write_answer;
pub(crate) use stream::{StreamReader, StreamWriter};
pub(crate) use write::{needs_bytes, write_request};

/// The wish for reasoning that the caller can give back.
const ENCRYPTED: &str = "reasoning.encrypted_content";

/// The wish for the probabilities of tokens.
const LOGPROBS: &str = "message.output_text.logprobs";

/// The id of an item that has none: letters of its kind, the answer's id and its number there.
fn made_id(prefix: &str, answer: &str, index: usize) -> String {
    format!("{prefix}_{answer}_{index}")
}

/// True for ids of [`made_id`]; the providers' have no second underscore.
fn is_ours(id: &str) -> bool {
    id.bytes().filter(|&byte| byte == b'_').count() > 1
}

#[cfg(test)]
mod tests;
