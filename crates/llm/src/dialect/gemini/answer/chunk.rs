//! Documents of an answer as they are written.

use serde::Serialize;
use serde_json::{Map, Value};

use super::super::part::Content;

/// A document: a whole answer, or one piece of a stream.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) candidates: Option<Vec<Candidate<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) prompt_feedback: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) usage_metadata: Option<Value>,
    pub(super) model_version: &'a str,
    pub(super) response_id: &'a str,
}

/// An alternative.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Candidate<'a> {
    pub(super) content: Content<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) finish_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) finish_message: Option<&'a str>,
    pub(super) index: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) grounding_metadata: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) logprobs_result: Option<Value>,
    /// What the provider of this dialect said beside it.
    #[serde(flatten)]
    pub(super) beside: Beside<'a>,
}

/// What the provider of this dialect said beside an alternative; it stands instead of what is made from the common meaning.
#[derive(Debug, Default, Serialize)]
pub(super) struct Beside<'a> {
    #[serde(flatten)]
    fields: Option<&'a Map<String, Value>>,
}

impl<'a> Beside<'a> {
    /// That of the alternative `index`, from [`crate::generation::Answer::extra`].
    pub(super) fn of(extra: &'a Map<String, Value>, index: u32) -> Self {
        let native = extra.get("candidates").and_then(|candidates| candidates.get(index as usize));
        Self { fields: native.and_then(Value::as_object) }
    }

    fn has(&self, name: &str) -> bool {
        self.fields.is_some_and(|fields| fields.contains_key(name))
    }
}

impl Candidate<'_> {
    /// The same without what its provider said itself.
    pub(super) fn settled(mut self) -> Self {
        if self.beside.has("finishReason") {
            (self.finish_reason, self.finish_message) = (None, None);
        }
        if self.beside.has("groundingMetadata") {
            self.grounding_metadata = None;
        }
        self
    }
}
