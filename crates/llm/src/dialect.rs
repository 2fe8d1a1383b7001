//! The wire formats in which generated content is asked for and answered.

use roundhouse_domain::spec::Family;
use serde::Deserialize;
use serde::Serialize;

use crate::catalogue::Facts;
use crate::generation::{Request, Unsupported};
use crate::profile::Profile;

pub(crate) mod chat;
pub(crate) mod cohere;
pub(crate) mod completions;
pub(crate) mod converse;
pub(crate) mod gemini;
pub(crate) mod messages;
pub(crate) mod responses;

/// A wire format in which generated content is asked for and answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// OpenAI's `POST /chat/completions`.
    Chat,
    /// OpenAI's legacy `POST /completions`.
    Completions,
    /// OpenAI's `POST /responses`.
    Responses,
    /// Anthropic's `POST /messages`, also on Vertex and Bedrock.
    Messages,
    /// Google's `generateContent` and `streamGenerateContent`, also on Vertex.
    Gemini,
    /// Amazon Bedrock's `converse` and `converse-stream`.
    Converse,
    /// Cohere's `POST /v2/chat`.
    Cohere,
}

impl Dialect {
    /// A short stable name for logs and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Completions => "completions",
            Self::Responses => "responses",
            Self::Messages => "messages",
            Self::Gemini => "gemini",
            Self::Converse => "converse",
            Self::Cohere => "cohere",
        }
    }
}

/// For whom a request is written.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Whose shape the provider's API has.
    pub family: Family,
    /// The model, as the provider calls it.
    pub model: &'a str,
    /// How the provider differs from its dialect.
    pub profile: &'a Profile,
    /// What is known of the model.
    pub facts: &'a Facts,
}

/// A stream's event that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream cannot be read: {0}")]
pub struct Unreadable(pub String);

/// The bytes of a body that `request` has become. They are mostly as many as came: with room for them at once, the bytes of
/// images are not moved as the body grows.
fn written(body: &impl Serialize, request: &Request) -> Result<Vec<u8>, Unsupported> {
    let mut out = Vec::with_capacity(request.bytes + request.bytes / 8 + 512);
    match serde_json::to_writer(&mut out, body) {
        Ok(()) => Ok(out),
        Err(error) => Err(Unsupported { param: None, message: error.to_string() }),
    }
}

/// An event of a stream; none where it is JSON of another form than it should have.
pub(crate) fn parsed<'a, T: Deserialize<'a>>(data: &'a [u8]) -> Result<Option<T>, Unreadable> {
    match serde_json::from_slice(data) {
        Ok(event) => Ok(Some(event)),
        Err(error) if error.is_data() => Ok(None),
        Err(error) => Err(Unreadable(error.to_string())),
    }
}

/// What a provider tells that is not empty: some send `""` for nothing.
pub(crate) fn told(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
