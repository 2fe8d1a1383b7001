//! Addresses of providers as people paste them.

use std::borrow::Cow;

use roundhouse_domain::spec::{Family, ProviderKind};
use url::Url;

/// What people's clients append themselves, longest first.
const ENDPOINTS: [&str; 11] = [
    "/v1/messages/count_tokens",
    "/chat/completions",
    "/v1/messages",
    "/completions",
    "/embeddings",
    "/responses",
    "/v2/rerank",
    "/v2/embed",
    "/v2/chat",
    "/rerank",
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
    /// Vertex's project, when the address had it.
    pub(crate) project: Option<String>,
    /// Bedrock's region or Vertex's location, when the address tells it.
    pub(crate) region: Option<String>,
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
    let host_and_port = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let here = ProviderKind::of_host(&host_and_port);
    let path = url.path().trim_end_matches('/');
    let kind = infer(here, path);
    let base = cut(path, kind);
    let origin = url.origin().ascii_serialization();
    Ok(Address {
        url: format!("{origin}{}", complete(here, base)),
        kind,
        api_version,
        project: after(path, "projects"),
        region: after(path, "locations").or_else(|| region(host, kind)),
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

/// Which API answers at the address of `here`, the kind that its host tells, and `path`; the shape of OpenAI's, when nothing tells.
fn infer(here: Option<ProviderKind>, path: &str) -> ProviderKind {
    let family = here.map(ProviderKind::family);
    if path.contains("/v1/messages") || path.ends_with("/anthropic") {
        return ProviderKind::Anthropic;
    }
    // Google, Amazon and Cohere have OpenAI's shape below a path of its own, with an API key as bearer.
    let of_openai = match family {
        Some(Family::Gemini | Family::Bedrock) => path.contains("/openai"),
        Some(Family::Cohere) => path.contains("/compatibility"),
        _ => false,
    };
    match here {
        _ if of_openai => ProviderKind::OpenaiCompatible,
        Some(kind) => kind,
        None if path.ends_with("/v1beta") || path.contains("/v1beta/models/") => ProviderKind::Gemini,
        None if path.ends_with("/responses") => ProviderKind::OpenaiResponses,
        None if ["/v2/chat", "/v2/embed", "/v2/rerank"].iter().any(|end| path.ends_with(end)) => {
            ProviderKind::Cohere
        }
        None => ProviderKind::OpenaiCompatible,
    }
}

/// The path without an endpoint's own part.
fn cut(path: &str, kind: ProviderKind) -> &str {
    let before = |marker: &str| path.find(marker).map(|at| &path[..at]);
    let known = match kind.family() {
        Family::Azure => before("/openai/deployments"),
        Family::Gemini => before("/models/"),
        Family::Vertex => before("/projects/").or_else(|| before("/publishers/")),
        Family::Bedrock => before("/model/"),
        _ => None,
    };
    known.or_else(|| ENDPOINTS.iter().find_map(|endpoint| path.strip_suffix(endpoint))).unwrap_or(path)
}

/// The path, or that of the kind's public address where a well-known host was given without one.
fn complete(here: Option<ProviderKind>, path: &str) -> Cow<'_, str> {
    let public = here.and_then(ProviderKind::base_url).filter(|_| path.is_empty());
    let public = public.and_then(|url| url.split_once("://")?.1.split_once('/'));
    public.map_or(path.into(), |(_, path)| format!("/{path}").into())
}

/// The segment of `path` that follows `name`.
fn after(path: &str, name: &str) -> Option<String> {
    let mut segments = path.split('/').skip_while(|segment| *segment != name);
    segments.nth(1).filter(|segment| !segment.is_empty()).map(str::to_owned)
}

/// The region that a host's name tells.
fn region(host: &str, kind: ProviderKind) -> Option<String> {
    let mut labels = host.split('.');
    let region = match kind.family() {
        Family::Bedrock => labels.skip_while(|label| !label.starts_with("bedrock-runtime")).nth(1),
        Family::Vertex if host.starts_with("aiplatform.") && host.contains(".rep.") => labels.nth(1),
        Family::Vertex => labels.next().and_then(|label| label.strip_suffix("-aiplatform")),
        _ => None,
    };
    region.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProviderKind::{
        Anthropic, Azure, Bedrock, Cohere, Deepseek, Gemini, Groq, Ollama, Openai, OpenaiCompatible,
        OpenaiResponses, Vertex, Zhipu,
    };

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
            (
                "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent",
                Gemini,
                "https://generativelanguage.googleapis.com/v1beta",
            ),
            ("https://proxy.example/v1/responses", OpenaiResponses, "https://proxy.example/v1"),
            ("https://api.openai.com/v1/responses", Openai, "https://api.openai.com/v1"),
            (
                "https://chatgpt.com/backend-api/codex",
                OpenaiResponses,
                "https://chatgpt.com/backend-api/codex",
            ),
            ("https://api.deepseek.com", Deepseek, "https://api.deepseek.com"),
            ("https://api.deepseek.com/anthropic", Anthropic, "https://api.deepseek.com/anthropic"),
            ("https://api.z.ai", Zhipu, "https://api.z.ai/api/paas/v4"),
            ("https://api.groq.com/", Groq, "https://api.groq.com/openai/v1"),
            ("https://api.cohere.com/v2/chat", Cohere, "https://api.cohere.com"),
            ("https://proxy.example/v2/rerank", Cohere, "https://proxy.example"),
            (
                "https://api.cohere.ai/compatibility/v1",
                OpenaiCompatible,
                "https://api.cohere.ai/compatibility/v1",
            ),
            (
                "https://bedrock-runtime.eu-west-1.amazonaws.com/model/x/converse",
                Bedrock,
                "https://bedrock-runtime.eu-west-1.amazonaws.com",
            ),
            (
                "https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1",
                OpenaiCompatible,
                "https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1",
            ),
            ("https://aiplatform.googleapis.com/v1", Vertex, "https://aiplatform.googleapis.com/v1"),
            ("http://localhost:11434/v1", Ollama, "http://localhost:11434/v1"),
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
    fn addresses_of_clouds_tell_where_they_are() {
        let cases = [
            ("https://bedrock-runtime.us-east-1.amazonaws.com", None, Some("us-east-1")),
            ("https://vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com", None, Some("eu-west-1")),
            ("https://europe-west4-aiplatform.googleapis.com", None, Some("europe-west4")),
            ("https://aiplatform.eu.rep.googleapis.com", None, Some("eu")),
            ("https://aiplatform.googleapis.com", None, None),
            (
                "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/m:generateContent",
                Some("p"),
                Some("global"),
            ),
        ];
        for (text, project, region) in cases {
            let address = read(text).unwrap();
            assert_eq!((address.project.as_deref(), address.region.as_deref()), (project, region), "{text}");
        }
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
