//! How each kind of provider is called.

mod azure;
mod fields;
mod native;
mod query;
#[cfg(test)]
mod tests;
mod vertex;

use std::borrow::Cow;

use roundhouse_domain::spec::{Dialects, Family, ProviderKind};

use crate::{Operation, Protocol};
pub use fields::{model_in_body, own_fields};
pub(crate) use native::counts_messages;
pub use native::native;
pub(crate) use query::encode;
use query::{client_query, encode_strictly, with_query};
pub(crate) use vertex::dialect as vertex_dialect;
pub use vertex::is_claude;
pub(crate) use vertex::is_google;

/// A provider's API, as far as it decides how a call looks.
#[derive(Clone, Copy, Debug)]
pub struct Api<'a> {
    /// The kind.
    pub kind: ProviderKind,
    /// What it speaks itself.
    pub dialects: Dialects,
    /// The path of its base URL; the version is added where it has none.
    pub base_path: &'a str,
    /// Azure's `api-version`.
    pub api_version: Option<&'a str>,
    /// Vertex's project; none for calls with an API key.
    pub project: Option<&'a str>,
    /// Vertex's location; `global` when absent.
    pub location: Option<&'a str>,
}

/// What an upstream is asked for, as far as the path tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// A client's operation in its own language.
    Operation(Operation),
    /// `generateContent` for a caller of another language: its stream is server-sent events.
    Gemini {
        /// Whether the answer streams.
        stream: bool,
    },
    /// A model's own body: Claude's messages on Vertex and Bedrock, all that Bedrock's models do beside generating.
    Invoke {
        /// Whether the answer streams.
        stream: bool,
    },
    /// Google's `predict`: Imagen, and embeddings on Vertex.
    Predict,
    /// Google's ranking, which Vertex has at another host.
    Rank,
    /// Bedrock's `Converse`.
    Converse {
        /// Whether the answer streams.
        stream: bool,
    },
    /// Cohere's `POST /v2/chat`.
    CohereChat,
    /// Cohere's `POST /v2/embed`.
    CohereEmbed,
    /// `MiniMax`' `POST /v1/t2a_v2`.
    MinimaxSpeech,
}

impl Wire {
    /// How `kind` is asked for `op` in the caller's own language.
    pub const fn native(kind: ProviderKind, op: Operation, stream: bool) -> Self {
        match (kind.family(), op) {
            (Family::Vertex | Family::Bedrock, Operation::Messages) => Self::Invoke { stream },
            _ => Self::Operation(op),
        }
    }
}

/// Where the credential goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// `Authorization: Bearer …`.
    Bearer,
    /// A header of this name, with the bare key.
    Header(&'static str),
}

impl Api<'_> {
    /// The path and query of an upstream call.
    ///
    /// `query` is the caller's, for calls in the caller's own language: it is kept, without the credential in it (`key`) and
    /// what Azure's `api_version` replaces.
    pub fn path_and_query(&self, wire: Wire, upstream_model: &str, query: Option<&str>) -> String {
        let base = self.base_path.trim_end_matches('/');
        let version = self.api_version.filter(|_| self.kind == ProviderKind::Azure);
        let path = match (self.kind.family(), wire) {
            (_, Wire::CohereChat) => format!("{}/v2/chat", unversioned(base)),
            (_, Wire::CohereEmbed) => format!("{}/v2/embed", unversioned(base)),
            (_, Wire::MinimaxSpeech) => format!("{}/t2a_v2", root(base, "/v1")),
            (Family::Cohere, Wire::Operation(Operation::Rerank)) => {
                format!("{}/v2/rerank", unversioned(base))
            }
            (Family::Vertex, wire) => vertex::path(self, wire, upstream_model),
            (_, Wire::Converse { stream }) => {
                let end = if stream { "converse-stream" } else { "converse" };
                format!("{base}/model/{}/{end}", encode_strictly(upstream_model))
            }
            (_, Wire::Invoke { stream }) => {
                let end = if stream { "invoke-with-response-stream" } else { "invoke" };
                format!("{base}/model/{}/{end}", encode_strictly(upstream_model))
            }
            (Family::Azure, Wire::Operation(op)) => azure::path(base, op, upstream_model, version),
            (family, Wire::Operation(op)) => operation_path(family, base, op, upstream_model),
            (family, Wire::Gemini { stream }) => {
                gemini_path(family, base, upstream_model) + suffix(generate(stream))
            }
            (family, Wire::Predict | Wire::Rank) => gemini_path(family, base, upstream_model) + ":predict",
        };
        let mut query = client_query(query, version.is_some());
        if wire == (Wire::Gemini { stream: true }) {
            query.push_str("alt=sse");
        }
        with_query(path, version, query)
    }
}

/// The host of a call that does not go to `host`, which is that of the base URL: Vertex ranks nothing itself.
/// Source: <https://docs.cloud.google.com/generative-ai-app-builder/docs/ranking>, 2026-11.
pub fn other_host(wire: Wire, host: &str) -> Option<&'static str> {
    (wire == Wire::Rank && host.ends_with("aiplatform.googleapis.com"))
        .then_some("discoveryengine.googleapis.com")
}

/// Where the credential goes in a call to `path`.
///
/// Sources: <https://docs.claude.com/en/api/overview>, <https://ai.google.dev/api> (its OpenAI-shaped paths want a bearer:
/// <https://ai.google.dev/gemini-api/docs/openai>), <https://learn.microsoft.com/azure/ai-foundry/openai/reference>; 2026-11.
pub fn credential(kind: ProviderKind, path: &str) -> Credential {
    match kind {
        ProviderKind::Anthropic => Credential::Header("x-api-key"),
        ProviderKind::Azure => Credential::Header("api-key"),
        ProviderKind::Gemini if !path.contains("/openai/") => Credential::Header("x-goog-api-key"),
        _ => Credential::Bearer,
    }
}

/// Headers that are sent where the caller gave none of that name.
///
/// Anthropic refuses requests without a version: <https://docs.claude.com/en/api/versioning>, 2026-11.
pub const fn default_headers(kind: ProviderKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        ProviderKind::Anthropic => &[("anthropic-version", "2023-06-01")],
        _ => &[],
    }
}

/// The base path with `version` where it is empty.
pub(crate) fn root<'a>(base: &'a str, version: &'a str) -> &'a str {
    let base = base.trim_end_matches('/');
    if base.is_empty() { version } else { base }
}

/// The base path with `version` where it does not end in one (`/v1`, `/v1beta`, `/v4`).
pub(crate) fn versioned<'a>(base: &'a str, version: &str) -> Cow<'a, str> {
    let base = base.trim_end_matches('/');
    if unversioned(base).len() < base.len() {
        Cow::Borrowed(base)
    } else {
        Cow::Owned(format!("{base}{version}"))
    }
}

/// The base path without the version that it ends in.
pub(crate) fn unversioned(base: &str) -> &str {
    let base = base.trim_end_matches('/');
    let Some((before, last)) = base.rsplit_once('/') else { return base };
    let is_version =
        last.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if is_version { before } else { base }
}

const fn generate(stream: bool) -> Operation {
    if stream { Operation::StreamGenerateContent } else { Operation::GenerateContent }
}

/// The path of an operation where nothing but the language decides it.
fn operation_path(family: Family, base: &str, op: Operation, model: &str) -> String {
    match op.protocol() {
        Protocol::Gemini => gemini_path(family, base, model) + suffix(op),
        Protocol::Anthropic => versioned(base, "/v1").into_owned() + suffix(op),
        Protocol::Openai => root(base, "/v1").to_owned() + suffix(op),
    }
}

/// The path of a Gemini model below a base path.
fn gemini_path(family: Family, base: &str, model: &str) -> String {
    // Who speaks Gemini beside OpenAI has it beside `/v1`.
    let base = if family == Family::OpenaiCompatible { unversioned(base) } else { base };
    format!("{}/{}", versioned(base, "/v1beta"), resource(model))
}

/// The name of a Gemini model: `models/x`, or as it is where it names another collection (`tunedModels/x`).
fn resource(model: &str) -> String {
    if !model.contains('/') {
        return format!("models/{}", encode(model));
    }
    model.split('/').map(encode).collect::<Vec<_>>().join("/")
}

const fn suffix(op: Operation) -> &'static str {
    match op {
        Operation::ChatCompletions => "/chat/completions",
        Operation::Completions => "/completions",
        Operation::Responses => "/responses",
        Operation::Messages => "/messages",
        Operation::CountTokens => "/messages/count_tokens",
        Operation::Embeddings => "/embeddings",
        Operation::Rerank => "/rerank",
        Operation::Moderations => "/moderations",
        Operation::ImagesGenerations => "/images/generations",
        Operation::ImagesEdits => "/images/edits",
        Operation::Speech => "/audio/speech",
        Operation::Transcriptions => "/audio/transcriptions",
        Operation::Translations => "/audio/translations",
        Operation::GenerateContent => ":generateContent",
        Operation::StreamGenerateContent => ":streamGenerateContent",
        Operation::GeminiCountTokens => ":countTokens",
        Operation::EmbedContent => ":embedContent",
        Operation::BatchEmbedContents => ":batchEmbedContents",
    }
}
