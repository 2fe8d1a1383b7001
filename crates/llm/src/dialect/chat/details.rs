//! Thoughts in `OpenRouter`'s form, `reasoning_details`: the one form of this dialect that keeps signatures.
//!
//! Source: <https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks>, 2026-11.

use std::borrow::Cow;

use serde::Serialize;

use crate::generation::{Issuer, Signature, Thought};

/// One detail.
#[derive(Debug, Serialize)]
pub(crate) struct Detail<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    index: usize,
}

impl<'a> Detail<'a> {
    /// The details of the thought at `index`.
    pub(crate) fn of_thought(thought: &'a Thought, index: usize) -> impl Iterator<Item = Self> {
        let signature = thought.signature.as_ref();
        let is_encrypted =
            thought.is_redacted || signature.is_some_and(|signature| encrypts(signature.issuer));
        let text = Some(thought.text.as_str()).filter(|text| !text.is_empty());
        let empty = Self {
            r#type: "reasoning.text",
            id: None,
            text: None,
            summary: None,
            signature: None,
            data: None,
            format: signature.and_then(|signature| format_of(signature.issuer)),
            index,
        };
        let shown = match (text, is_encrypted) {
            (None, true) => None,
            (text, true) => Some(Self { r#type: "reasoning.summary", summary: text, ..empty.clone() }),
            (None, false) if signature.is_none() => None,
            (text, false) => Some(Self { text, signature: signature.map(spelled), ..empty.clone() }),
        };
        let data = signature.filter(|_| is_encrypted).map(spelled);
        let id = thought.id.as_deref();
        let hidden = data.map(|data| Self { r#type: "reasoning.encrypted", id, data: Some(data), ..empty });
        shown.into_iter().chain(hidden)
    }

    /// The detail that signs the tool call of an id.
    pub(crate) fn of_call(id: &'a str, signature: &'a Signature, index: usize) -> Self {
        Self {
            r#type: "reasoning.encrypted",
            id: Some(id),
            text: None,
            summary: None,
            signature: None,
            data: Some(spelled(signature)),
            format: format_of(signature.issuer),
            index,
        }
    }

    fn clone(&self) -> Self {
        Self { signature: None, data: None, ..*self }
    }
}

/// Who signs in a format; none: somebody whose proofs have no place with us.
pub(crate) fn issuer_of(format: Option<&str>) -> Option<Issuer> {
    match format {
        Some(format) if format.starts_with("anthropic") => Some(Issuer::Anthropic),
        Some(format) if format.starts_with("google") => Some(Issuer::Gemini),
        Some(format) if format.contains("openai") => Some(Issuer::Openai),
        Some(_) => None,
        None => Some(Issuer::Openai),
    }
}

/// Whether what an issuer signs is the whole of a thought, beside which only a summary is shown.
const fn encrypts(issuer: Issuer) -> bool {
    matches!(issuer, Issuer::Openai | Issuer::Gemini)
}

const fn format_of(issuer: Issuer) -> Option<&'static str> {
    match issuer {
        Issuer::Openai => Some("openai-responses-v1"),
        Issuer::Anthropic => Some("anthropic-claude-v1"),
        Issuer::Gemini => Some("google-gemini-v1"),
        Issuer::Amazon => None,
    }
}

/// As it came where the format tells whose it is.
fn spelled(signature: &Signature) -> Cow<'_, str> {
    match format_of(signature.issuer) {
        Some(_) => Cow::Borrowed(&signature.data),
        None => Cow::Owned(signature.sealed(Issuer::Openai)),
    }
}
