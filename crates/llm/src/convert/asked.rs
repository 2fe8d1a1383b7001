//! What the answer's writer must remember of the request.

use serde_json::{Map, Value};

use crate::dialect::Dialect;
use crate::generation::{Request, Tool};

/// What the answer's writer must remember of the request.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a wish of its own, in any combination")]
pub struct Asked {
    /// The caller's dialect.
    pub dialect: Dialect,
    /// The model, as the caller named it.
    pub model: String,
    /// Whether a stream is to be written.
    pub stream: bool,
    /// Whether a stream is to tell usage where the dialect tells it only when asked.
    pub wants_usage: bool,
    /// Whether a Gemini stream is one JSON array instead of server-sent events.
    pub is_array: bool,
    /// The names of the caller's custom (free-form) tools.
    pub custom_tools: Vec<String>,
    /// The caller's fields that an answer repeats (Responses), as they came.
    pub echo: Map<String, Value>,
    /// What ids are made of where the provider tells none: letters and digits, unique to the request.
    pub id: String,
    /// When the request came, in seconds since 1970.
    pub created: i64,
}

impl Asked {
    /// What `request` is to be remembered by.
    pub(super) fn new(request: &Request, echo: Map<String, Value>, id: String, created: i64) -> Self {
        let custom = request.tools.iter().filter_map(|tool| match tool {
            Tool::Custom { name, .. } => Some(name.clone()),
            _ => None,
        });
        Self {
            dialect: request.dialect,
            model: request.model.clone(),
            stream: request.stream,
            wants_usage: request.wants_usage,
            is_array: false,
            custom_tools: custom.collect(),
            echo,
            id,
            created,
        }
    }
}
