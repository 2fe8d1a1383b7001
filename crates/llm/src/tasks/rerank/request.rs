//! A request for ranks, in the common meaning of all forms.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::BodyError;
use crate::generation::object::Object;

/// A request for ranks.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What the reply must remember.
    pub asked: Asked,
    /// What the documents are to fit.
    pub query: String,
    /// The documents as they came: texts, or objects with `text` or other fields.
    pub documents: Vec<Value>,
    /// How many are wanted.
    pub top_n: Option<u64>,
    /// How much of a document is read.
    pub max_tokens_per_doc: Option<u64>,
    /// Fields of the caller's form that have no common meaning.
    pub extra: Map<String, Value>,
}

/// What the reply must remember of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The model, as the caller named it.
    pub model: String,
    /// The documents, where the reply is to repeat them.
    pub documents: Option<Vec<Value>>,
    /// How many there are.
    pub count: usize,
    /// How many are wanted.
    pub top_n: Option<u64>,
}

/// Reads the body of `POST /v1/rerank`, as Cohere and Jina have it; Voyage's `top_k` is `top_n`.
///
/// Sources: <https://docs.cohere.com/reference/rerank>, <https://api.jina.ai/redoc>; 2026-11.
///
/// # Errors
/// Names the field that cannot be read.
pub fn read_request(body: Value) -> Result<Request, BodyError> {
    let mut object = Object::new(body, "")?;
    let model = object.required_text("model")?;
    let query = object.required_text("query")?;
    let documents = object.array("documents")?;
    if documents.is_empty() {
        return Err(object.missing("documents"));
    }
    if let Some(at) = documents.iter().position(|document| !document.is_string() && !document.is_object()) {
        return Err(object.invalid(&format!("documents[{at}]"), "a string or an object"));
    }
    let top_n = match object.count("top_n")? {
        Some(top_n) => Some(top_n),
        None => object.count("top_k")?,
    };
    let repeats = object.flag("return_documents")?.unwrap_or(false);
    let max_tokens_per_doc = object.count("max_tokens_per_doc")?;
    let asked = Asked { model, documents: repeats.then(|| documents.clone()), count: documents.len(), top_n };
    Ok(Request { asked, query, documents, top_n, max_tokens_per_doc, extra: object.rest() })
}

/// The text of a document; an object without `text` is read as Cohere reads one, a line for each field. None for an image.
///
/// Source: <https://docs.cohere.com/docs/rerank-overview#semi-structured-data-support>, 2026-11.
pub(super) fn text(document: &Value) -> Option<Cow<'_, str>> {
    let fields = match document {
        Value::String(text) => return Some(Cow::Borrowed(text)),
        Value::Object(fields) => fields,
        _ => return None,
    };
    if let Some(Value::String(text)) = fields.get("text") {
        return Some(Cow::Borrowed(text));
    }
    if fields.contains_key("image") {
        return None;
    }
    let line = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!("{name}: {text}"),
        other => format!("{name}: {other}"),
    };
    Some(Cow::Owned(fields.iter().map(line).collect::<Vec<_>>().join("\n")))
}
