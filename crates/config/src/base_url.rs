//! Addresses of providers as people paste them.

use roundhouse_domain::spec::ProviderKind;
use url::Url;

/// What people's clients append themselves, longest first.
const ENDPOINTS: [&str; 7] = [
    "/v1/messages/count_tokens",
    "/chat/completions",
    "/v1/messages",
    "/completions",
    "/embeddings",
    "/responses",
    "/models",
];

/// An address in the form that later code finds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// Without a slash at the end.
    pub(crate) url: String,
    /// What probably answers there.
    pub(crate) kind: ProviderKind,
    /// Azure's `api-version`, when the address had it.
    pub(crate) api_version: Option<String>,
    /// Whether an endpoint's path was cut off.
    pub(crate) cut: bool,
}

/// Reads an address.
///
/// # Errors
/// A text for people, without the address itself.
pub(crate) fn read(text: &str) -> Result<Address, String> {
    let url = http_url(text)?;
    let api_version = api_version(&url)?;
    let host = url.host_str().unwrap_or_default();
    let path = url.path().trim_end_matches('/');
    let kind = infer(host, path);
    let base = cut(path, kind);
    let origin = url.origin().ascii_serialization();
    Ok(Address {
        url: format!("{origin}{}", complete(host, base)),
        kind,
        api_version,
        cut: base.len() < path.len(),
    })
}

/// Reads an `http` or `https` address without a user.
///
/// # Errors
/// A text for people, without the address itself.
pub(crate) fn http_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => {
            "expected an address that begins with https:// or http://".to_owned()
        }
        error => format!("not an address: {error}"),
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("expected an address that begins with https:// or http://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address must not hold a user or password; put credentials where they are asked for"
            .to_owned());
    }
    Ok(url)
}

/// The kind's public address.
pub(crate) const fn public(kind: ProviderKind) -> Option<&'static str> {
    match kind {
        ProviderKind::Openai => Some("https://api.openai.com/v1"),
        ProviderKind::Anthropic => Some("https://api.anthropic.com"),
        ProviderKind::Gemini => Some("https://generativelanguage.googleapis.com/v1beta"),
        ProviderKind::OpenaiCompatible | ProviderKind::Azure | ProviderKind::Demo => None,
    }
}

fn api_version(url: &Url) -> Result<Option<String>, String> {
    if url.fragment().is_some() {
        return Err("an address must not hold a `#`".to_owned());
    }
    let mut version = None;
    for (name, value) in url.query_pairs() {
        if name != "api-version" {
            return Err("an address must not hold a query; remove everything from the `?` on".to_owned());
        }
        version = Some(value.into_owned());
    }
    Ok(version)
}

/// Which API answers at a host and path; the shape of OpenAI's, when nothing tells.
fn infer(host: &str, path: &str) -> ProviderKind {
    let azure = [".openai.azure.com", ".cognitiveservices.azure.com", ".ai.azure.com"];
    if host == "api.openai.com" {
        ProviderKind::Openai
    } else if azure.iter().any(|suffix| host.ends_with(suffix)) {
        ProviderKind::Azure
    } else if host == "api.anthropic.com" || path.contains("/v1/messages") {
        ProviderKind::Anthropic
    } else if host == "generativelanguage.googleapis.com" && !path.contains("/openai")
        || path.ends_with("/v1beta")
    {
        ProviderKind::Gemini
    } else {
        ProviderKind::OpenaiCompatible
    }
}

/// The path without an endpoint's own part.
fn cut(path: &str, kind: ProviderKind) -> &str {
    let before = |marker: &str| path.find(marker).map(|at| &path[..at]);
    let known = match kind {
        ProviderKind::Azure => before("/openai/deployments"),
        ProviderKind::Gemini => before("/models/"),
        _ => None,
    };
    known.or_else(|| ENDPOINTS.iter().find_map(|endpoint| path.strip_suffix(endpoint))).unwrap_or(path)
}

/// The path with the version that the well-known hosts need; Anthropic's is part of each endpoint.
fn complete<'a>(host: &str, path: &'a str) -> &'a str {
    match (host, path) {
        ("api.openai.com", "") => "/v1",
        ("generativelanguage.googleapis.com", "") => "/v1beta",
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProviderKind::{Anthropic, Azure, Gemini, Openai, OpenaiCompatible};

    #[test]
    fn the_kind_follows_from_the_address() {
        let cases = [
            ("https://api.openai.com/v1", Openai, "https://api.openai.com/v1"),
            ("https://api.openai.com/", Openai, "https://api.openai.com/v1"),
            ("https://me.openai.azure.com", Azure, "https://me.openai.azure.com"),
            ("https://me.openai.azure.com/openai/v1/", Azure, "https://me.openai.azure.com/openai/v1"),
            ("https://me.cognitiveservices.azure.com", Azure, "https://me.cognitiveservices.azure.com"),
            ("https://me.services.ai.azure.com", Azure, "https://me.services.ai.azure.com"),
            ("https://api.anthropic.com", Anthropic, "https://api.anthropic.com"),
            ("https://proxy.example/claude/v1/messages", Anthropic, "https://proxy.example/claude"),
            (
                "https://generativelanguage.googleapis.com",
                Gemini,
                "https://generativelanguage.googleapis.com/v1beta",
            ),
            (
                "https://generativelanguage.googleapis.com/v1beta/openai/",
                OpenaiCompatible,
                "https://generativelanguage.googleapis.com/v1beta/openai",
            ),
            ("https://proxy.example/v1beta", Gemini, "https://proxy.example/v1beta"),
            ("http://localhost:11434/v1", OpenaiCompatible, "http://localhost:11434/v1"),
            ("http://[::1]:8000", OpenaiCompatible, "http://[::1]:8000"),
        ];
        for (text, kind, url) in cases {
            let address = read(text).unwrap();
            assert_eq!((address.kind, address.url.as_str()), (kind, url), "{text}");
        }
    }

    #[test]
    fn a_pasted_endpoint_is_cut_to_its_base() {
        let cases = [
            ("https://a.example/v1/chat/completions", "https://a.example/v1"),
            ("https://a.example/v1/completions", "https://a.example/v1"),
            ("https://a.example/v1/responses/", "https://a.example/v1"),
            ("https://a.example/v1/embeddings", "https://a.example/v1"),
            ("https://api.anthropic.com/v1/messages", "https://api.anthropic.com"),
            (
                "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent",
                "https://generativelanguage.googleapis.com/v1beta",
            ),
        ];
        for (text, url) in cases {
            let address = read(text).unwrap();
            assert_eq!((address.url.as_str(), address.cut), (url, true), "{text}");
        }
    }

    #[test]
    fn azures_deployment_address_gives_its_version() {
        let text = "https://me.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2025-01-01-preview";
        let address = read(text).unwrap();
        assert_eq!(address.url, "https://me.openai.azure.com");
        assert_eq!(address.api_version.as_deref(), Some("2025-01-01-preview"));
    }

    #[test]
    fn what_is_no_base_address_says_why() {
        let cases = [
            ("api.openai.com/v1", "begins with https://"),
            ("localhost:8000", "begins with https://"),
            ("ftp://a.example", "begins with https://"),
            ("https://", "not an address"),
            ("https://user:secret@a.example/v1", "must not hold a user or password"),
            ("https://a.example/v1?key=secret", "must not hold a query"),
            ("https://a.example/v1#secret", "must not hold a `#`"),
        ];
        for (text, expected) in cases {
            let message = read(text).unwrap_err();
            assert!(message.contains(expected) && !message.contains("secret"), "{text}: {message}");
        }
    }
}
