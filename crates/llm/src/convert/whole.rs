//! Whole answers.

use roundhouse_domain::TokenUsage;

use super::sniff::sniff;
use super::stream::StreamConversion;
use super::{Asked, Form, Names, count};
use crate::UpstreamError;
use crate::dialect::{Dialect, chat, cohere, completions, converse, gemini, messages, responses};
use crate::generation::Answer;

/// A whole answer in the caller's dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// The JSON body.
    pub body: Vec<u8>,
    /// Tokens, as the provider counted them.
    pub usage: TokenUsage,
    /// Whether it says nothing and ended plainly.
    pub is_empty: bool,
}

/// Turns the body of a good answer in `form` into the caller's.
///
/// # Errors
/// When it is an error in spite of its status, or cannot be read.
pub fn answer(
    form: impl Into<Form>,
    body: &[u8],
    asked: &Asked,
    names: &Names,
) -> Result<Converted, UpstreamError> {
    let form = form.into();
    if form.counts {
        let body = count::write(count::read(form.dialect, body)?, asked.dialect);
        return Ok(Converted { body, usage: TokenUsage::default(), is_empty: false });
    }
    let mut answer = read(form, body)?;
    names.restore_answer(&mut answer);
    let usage = answer.usage.unwrap_or_default().counted();
    let is_empty = answer.is_empty();
    Ok(Converted { body: write(&answer, asked), usage, is_empty })
}

/// Reads a whole answer, which may also be a stream that nobody asked for.
pub(super) fn read(form: Form, body: &[u8]) -> Result<Answer, UpstreamError> {
    let start = body.trim_ascii_start();
    if [&b"data:"[..], b"event:", b":", b"[", b"\0"].into_iter().any(|stream| start.starts_with(stream)) {
        return StreamConversion::collect(form, body);
    }
    let read = match sniff(b"", body).unwrap_or(form.dialect) {
        Dialect::Chat if form.has_think_tags => return chat::StreamReader::splitting_thoughts().answer(body),
        Dialect::Chat => chat::read_answer,
        Dialect::Completions => completions::read_answer,
        Dialect::Responses => responses::read_answer,
        Dialect::Messages => messages::read_answer,
        Dialect::Gemini => gemini::read_answer,
        Dialect::Converse => converse::read_answer,
        Dialect::Cohere => cohere::read_answer,
    };
    read(body)
}

fn write(answer: &Answer, asked: &Asked) -> Vec<u8> {
    match asked.dialect {
        Dialect::Completions => completions::write_answer(answer, asked),
        Dialect::Responses => responses::write_answer(answer, asked),
        Dialect::Messages => messages::write_answer(answer, asked),
        Dialect::Gemini => gemini::write_answer(answer, asked),
        // Nobody asks in the last two.
        Dialect::Chat | Dialect::Converse | Dialect::Cohere => chat::write_answer(answer, asked),
    }
}
