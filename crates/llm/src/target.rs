//! How each kind of provider is called in its own protocol.

mod query;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use roundhouse_domain::spec::ProviderKind;

use crate::{Operation, Protocol};
pub(crate) use query::encode;
use query::{client_query, with_query};

/// Where the credential goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// `Authorization: Bearer …`.
    Bearer,
    /// A header of this name, with the bare key.
    Header(&'static str),
}

/// Whether `kind` speaks the language of `op` itself.
pub const fn serves(kind: ProviderKind, op: Operation) -> bool {
    match kind {
        ProviderKind::Demo => true,
        ProviderKind::Openai | ProviderKind::OpenaiCompatible | ProviderKind::Azure => {
            matches!(op.protocol(), Protocol::Openai)
        }
        ProviderKind::Anthropic => matches!(op.protocol(), Protocol::Anthropic),
        ProviderKind::Gemini => matches!(op.protocol(), Protocol::Gemini),
    }
}

/// The path and query of an upstream call.
///
/// `base_path` is the path of the provider's base URL; the version is added where it has none (`/v1`, Gemini `/v1beta`).
/// The caller's query is kept, without the credential in it (`key`) and what Azure's `api_version` replaces.
pub fn path_and_query(
    kind: ProviderKind,
    base_path: &str,
    op: Operation,
    upstream_model: &str,
    api_version: Option<&str>,
    client: Option<&str>,
) -> String {
    let base = base_path.trim_end_matches('/');
    let azure_version = api_version.filter(|_| kind == ProviderKind::Azure);
    let path = match (kind, op.protocol()) {
        (ProviderKind::Azure, _) => azure_path(base, op, upstream_model, azure_version),
        (_, Protocol::Gemini) => {
            format!("{}/{}{}", versioned(base, "/v1beta"), resource(upstream_model), suffix(op))
        }
        (_, Protocol::Anthropic) => versioned(base, "/v1").into_owned() + suffix(op),
        (_, Protocol::Openai) => root(base, "/v1").to_owned() + suffix(op),
    };
    with_query(path, azure_version, client_query(client, azure_version.is_some()))
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

/// Whether the upstream wants the model in the body: all but Gemini, where only embedding bodies repeat it, and forms and
/// bodies for Azure's deployments, where it does no harm.
pub const fn model_in_body(op: Operation, kind: ProviderKind) -> bool {
    match op {
        Operation::EmbedContent | Operation::BatchEmbedContents | Operation::GeminiCountTokens => true,
        _ => !matches!(op.protocol(), Protocol::Gemini) && !matches!(kind, ProviderKind::Gemini),
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
    let last = base.rsplit('/').next().unwrap_or_default();
    let is_version =
        last.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if is_version { Cow::Borrowed(base) } else { Cow::Owned(format!("{base}{version}")) }
}

/// The path of a Gemini model: `models/x`, or as it is where it names another collection (`tunedModels/x`).
fn resource(model: &str) -> String {
    if !model.contains('/') {
        return format!("models/{}", encode(model));
    }
    model.split('/').map(encode).collect::<Vec<_>>().join("/")
}

/// Azure has two surfaces: deployments, chosen by the path and dated by `api-version`, and `/openai/v1`, shaped like OpenAI's.
/// Source: <https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle>, 2026-11.
fn azure_path(base: &str, op: Operation, model: &str, api_version: Option<&str>) -> String {
    if base.contains("/deployments/") || base.ends_with("/v1") {
        return format!("{base}{}", suffix(op));
    }
    let base = base.strip_suffix("/openai").unwrap_or(base);
    match api_version {
        None | Some("preview" | "latest" | "v1") => format!("{base}/openai/v1{}", suffix(op)),
        // Responses were never under a deployment: the body names it.
        Some(_) if op == Operation::Responses => format!("{base}/openai{}", suffix(op)),
        Some(_) => format!("{base}/openai/deployments/{}{}", encode(model), suffix(op)),
    }
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
