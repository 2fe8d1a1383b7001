//! A caller's request, read once and written for each provider that is tried.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Asked, Fetched, Names, count, media, offers};
use crate::dialect::{Dialect, Target, chat, cohere, completions, converse, gemini, messages, responses};
use crate::generation::{Losses, Request, Unsupported};
use crate::{BodyError, Operation};

/// What makes the ids and times of an answer whose provider tells none.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Letters and digits, unique to the request.
    pub id: String,
    /// Seconds since 1970.
    pub created: i64,
}

/// A caller's request for generated content.
#[derive(Clone, Debug)]
pub struct Caller {
    request: Request,
    asked: Arc<Asked>,
    /// Whether tokens are to be counted, and nothing generated.
    counts: bool,
}

/// A request as it goes to a provider.
#[derive(Clone, Debug)]
pub struct Written {
    /// The JSON body.
    pub body: Vec<u8>,
    /// How tools are called there.
    pub names: Names,
    /// What could not be kept.
    pub losses: Losses,
}

impl Caller {
    /// Reads the body of `operation`, which generates or counts tokens; `model` is the one that a Gemini path names, `is_array` whether its stream is to be a
    /// JSON array.
    ///
    /// # Errors
    /// Names the field that is wrong.
    pub fn read(
        operation: Operation,
        model: Option<&str>,
        is_array: bool,
        body: &[u8],
        stamp: Stamp,
    ) -> Result<Self, BodyError> {
        let bytes = body.len();
        let body: Value = serde_json::from_slice(body)
            .map_err(|error| BodyError::new(format!("the body is not valid JSON: {error}")))?;
        let echo = if operation == Operation::Responses { responses::echo(&body) } else { Map::new() };
        let is_stream = operation == Operation::StreamGenerateContent;
        let mut request = match operation {
            Operation::ChatCompletions => chat::read_request(body),
            Operation::Completions => completions::read_request(body),
            Operation::Responses => responses::read_request(body),
            Operation::Messages => messages::read_request(body),
            Operation::CountTokens => messages::read_count_request(body),
            Operation::GeminiCountTokens => gemini::read_count_request(body, model.unwrap_or_default()),
            Operation::GenerateContent | Operation::StreamGenerateContent => {
                gemini::read_request(body, model.unwrap_or_default(), is_stream)
            }
            _ => return Err(BodyError::new("this operation asks for no generated content")),
        }?;
        request.bytes = bytes;
        let mut asked = Asked::new(&request, echo, stamp.id, stamp.created);
        asked.is_array = is_array;
        Ok(Self { request, asked: Arc::new(asked), counts: operation.counts() })
    }

    /// What the answer's writer must remember.
    pub fn asked(&self) -> &Arc<Asked> {
        &self.asked
    }

    /// What is asked for.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The addresses of media whose bytes `dialect` needs for `target`, each once.
    pub fn urls_to_fetch(&self, dialect: Dialect, target: &Target<'_>) -> Vec<String> {
        media::urls(&self.request, dialect, target)
    }

    /// The same request with what was fetched in the place of its addresses.
    #[must_use]
    pub fn with_fetched(&self, fetched: &[Arc<Fetched>]) -> Self {
        let mut request = self.request.clone();
        media::inline(&mut request, fetched);
        Self { request, asked: self.asked.clone(), counts: self.counts }
    }

    /// The answer to a request for a count of tokens whose provider counts none: an estimate.
    pub fn estimate(&self) -> Vec<u8> {
        count::write(count::estimate(&self.request), self.request.dialect)
    }

    /// How many tokens the request comes to, about.
    pub fn estimated_tokens(&self) -> u64 {
        count::estimate(&self.request)
    }

    /// Writes the request in `dialect` for `target`.
    ///
    /// # Errors
    /// Names the field that the dialect cannot say at all.
    pub fn write(&self, dialect: Dialect, target: &Target<'_>) -> Result<Written, Unsupported> {
        if self.request.dialect == Dialect::Responses && dialect != Dialect::Responses {
            responses::check_elsewhere(&self.request)?;
        }
        if dialect != Dialect::Completions {
            completions::check_elsewhere(&self.request)?;
        }
        let names = Names::fit(&self.request, dialect);
        let request: Cow<'_, Request> = names.apply(&self.request);
        let mut losses = Losses::default();
        let write = match dialect {
            Dialect::Messages if self.counts => messages::write_count_request,
            Dialect::Gemini if self.counts => gemini::write_count_request,
            Dialect::Chat => chat::write_request,
            Dialect::Completions => completions::write_request,
            Dialect::Responses => responses::write_request,
            Dialect::Messages => messages::write_request,
            Dialect::Gemini => gemini::write_request,
            Dialect::Converse => converse::write_request,
            Dialect::Cohere => cohere::write_request,
        };
        let refused = match write(&request, target, &mut losses) {
            Ok(body) => return Ok(Written { body, names, losses }),
            Err(refused) => refused,
        };
        let Some(fewer) = offers::without_servers(&request) else { return Err(refused) };
        let mut losses = Losses::default();
        let Ok(body) = write(&fewer, target, &mut losses) else { return Err(refused) };
        let field = refused.param.unwrap_or_else(|| "tools".to_owned());
        losses.note(field, "left out: this model's provider does not run it beside the other tools");
        Ok(Written { body, names, losses })
    }
}
