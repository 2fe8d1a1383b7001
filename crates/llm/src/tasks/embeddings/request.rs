//! A request for embeddings, in the common meaning of all forms.

use serde_json::{Map, Value};

use super::Purpose;
use crate::generation::Part;

/// A request for embeddings.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What the reply must remember.
    pub asked: Asked,
    /// What is to be embedded, in order.
    pub inputs: Vec<Input>,
    /// The type of a vector's numbers where it is not a float: `int8`, `uint8`, `binary`, `ubinary`.
    pub number: Option<String>,
    /// The end user.
    pub user: Option<String>,
    /// Fields of the caller's form that have no common meaning.
    pub extra: Map<String, Value>,
}

/// What the reply must remember of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The model, as the caller named it.
    pub model: String,
    /// How the caller wants the vectors.
    pub form: Form,
    /// How many.
    pub count: usize,
}

/// How a caller wants vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `POST /v1/embeddings`.
    Openai {
        /// As base64 of little-endian 32-bit floats instead of numbers.
        base64: bool,
    },
    /// `embedContent`: one.
    GeminiOne,
    /// `batchEmbedContents`.
    GeminiBatch,
}

/// One thing that is to be embedded.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// What it is.
    pub content: Content,
    /// What the vector is for.
    pub purpose: Option<Purpose>,
    /// The title of the document that the text is of.
    pub title: Option<String>,
    /// How many numbers the vector is to have.
    pub dimensions: Option<u64>,
}

/// What is to be embedded.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Text.
    Text(String),
    /// Text as token ids of the model's own tokenizer.
    Tokens(Vec<u64>),
    /// Text and media that get one vector together.
    Parts(Vec<Part>),
}
