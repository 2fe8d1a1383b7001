//! Which kind of provider an entry is, and where.

use roundhouse_domain::spec::{Family, ProviderKind};
use url::Url;

/// Endpoints that stand at the end of addresses there, longest first.
const ENDPOINTS: [&str; 14] = [
    "/images/generations",
    "/audio/transcriptions",
    "/audio/translations",
    "/chat/completions",
    "/responses/compact",
    "/images/edits",
    "/audio/speech",
    "/completions",
    "/moderations",
    "/embeddings",
    "/responses",
    "/messages",
    "/rerank",
    "/models",
];

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Engine {
    pub(super) kind: ProviderKind,
    /// The address with the version path; none for the kind's own.
    pub(super) base_url: Option<String>,
}

/// Reads engine and address; an engine that has no counterpart is an error that says so.
pub(super) fn engine(
    engine: Option<&str>,
    base_url: Option<&str>,
    account: Option<&str>,
) -> Result<Engine, String> {
    let url = base_url
        .map(|text| Url::parse(text).map_err(|_| "its base_url is no address".to_owned()))
        .transpose()?;
    if url.as_ref().is_some_and(|url| !matches!(url.scheme(), "http" | "https") || !url.has_host()) {
        return Err("its base_url is no http or https address".to_owned());
    }
    let kind = kind(engine.unwrap_or_else(|| inferred(url.as_ref())), url.as_ref())?;
    let base_url = match kind {
        ProviderKind::Cloudflare => Some(account.map_or_else(
            || based(url.as_ref(), kind).ok_or("it needs cf_account_id".to_owned()),
            |account| Ok(format!("https://api.cloudflare.com/client/v4/accounts/{account}/ai/v1")),
        )?),
        _ => based(url.as_ref(), kind),
    };
    Ok(Engine { kind, base_url })
}

/// The engine that uni-api takes for an address when none is named.
fn inferred(url: Option<&Url>) -> &'static str {
    let Some(url) = url else { return "gpt" };
    let (host, path) = (url.host_str().unwrap_or_default(), url.path());
    let of_host = |name: &str| host == name || host.ends_with(&format!(".{name}"));
    if of_host("volces.com") && path.contains("/api/v3/responses") {
        "codex"
    } else if path.contains("/v1beta/openai") {
        "gpt"
    } else if path.trim_end_matches('/').ends_with("/v1beta") || of_host("generativelanguage.googleapis.com")
    {
        "gemini"
    } else if host.contains("aiplatform.googleapis.com") || path.contains("google-vertex-ai") {
        "vertex"
    } else if of_host("azure.com") {
        "azure"
    } else if of_host("azuredatabricks.net") {
        "azure-databricks"
    } else if of_host("api.cloudflare.com") {
        "cloudflare"
    } else if of_host("api.anthropic.com") || path.ends_with("v1/messages") {
        "claude"
    } else if of_host("amazonaws.com") {
        "aws"
    } else if of_host("api.cohere.com") {
        "cohere"
    } else {
        "gpt"
    }
}

fn kind(engine: &str, url: Option<&Url>) -> Result<ProviderKind, String> {
    let of_host = url.and_then(Url::host_str).and_then(ProviderKind::of_host);
    let only_responses = url.is_some_and(|url| url.path().trim_end_matches('/').ends_with("/responses"));
    Ok(match engine {
        "gpt" | "openrouter" | "dalle" | "whisper" | "tts" | "moderation" | "embedding"
        | "azure-databricks" => {
            let shaped = |kind: &ProviderKind| {
                matches!(
                    kind.family(),
                    Family::Openai | Family::OpenaiCompatible | Family::Voyage | Family::Jina
                )
            };
            let usual =
                if only_responses { ProviderKind::OpenaiResponses } else { ProviderKind::OpenaiCompatible };
            of_host.filter(shaped).unwrap_or(usual)
        }
        "codex" => ProviderKind::OpenaiResponses,
        "claude" => ProviderKind::Anthropic,
        "gemini" => ProviderKind::Gemini,
        "vertex" | "vertex-gemini" | "vertex-claude" => ProviderKind::Vertex,
        "aws" => ProviderKind::Bedrock,
        "azure" => ProviderKind::Azure,
        "cloudflare" => ProviderKind::Cloudflare,
        "cohere" => ProviderKind::Cohere,
        "search" | "doubao-translation" | "content-generation" | "lingjing" => {
            return Err(format!("the engine {engine:?} has no counterpart"));
        }
        other => return Err(format!("the engine {other:?} is not known here")),
    })
}

/// The address up to its version, without an endpoint.
fn based(url: Option<&Url>, kind: ProviderKind) -> Option<String> {
    let url = url?;
    let origin = url.origin().ascii_serialization();
    let path = url.path().trim_end_matches('/');
    let path = ENDPOINTS.iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path);
    let path = match kind.family() {
        Family::Anthropic => path.strip_suffix("/v1").unwrap_or(path),
        Family::Gemini => path.split_once("/models/").map_or(path, |(before, _)| before),
        // Their paths name projects, deployments and models, which are read where the configuration is checked.
        Family::Azure => return Some(url.as_str().trim_end_matches('/').to_owned()),
        Family::Vertex | Family::Bedrock => "",
        Family::Cohere => {
            path.strip_suffix("/v1/chat").or_else(|| path.strip_suffix("/v2/chat")).unwrap_or(path)
        }
        _ => path,
    };
    Some(format!("{origin}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_engines_tell_the_kind() {
        use ProviderKind as K;
        for (name, url, kind, base_url) in [
            (None, "https://api.openai.com/v1/chat/completions", K::Openai, "https://api.openai.com/v1"),
            (None, "https://a.example/v1/chat/completions", K::OpenaiCompatible, "https://a.example/v1"),
            (None, "https://a.example/v1/messages", K::Anthropic, "https://a.example"),
            (None, "https://a.example/v1beta", K::Gemini, "https://a.example/v1beta"),
            (
                None,
                "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
                K::OpenaiCompatible,
                "https://generativelanguage.googleapis.com/v1beta/openai",
            ),
            (
                Some("codex"),
                "https://chatgpt.com/backend-api/codex/responses",
                K::OpenaiResponses,
                "https://chatgpt.com/backend-api/codex",
            ),
            (None, "https://a.example/v1/responses", K::OpenaiResponses, "https://a.example/v1"),
            (
                Some("openrouter"),
                "https://openrouter.ai/api/v1/chat/completions",
                K::Openrouter,
                "https://openrouter.ai/api/v1",
            ),
            (
                None,
                "https://bedrock-runtime.us-east-1.amazonaws.com",
                K::Bedrock,
                "https://bedrock-runtime.us-east-1.amazonaws.com",
            ),
            (
                Some("dalle"),
                "https://a.example/v1/images/generations",
                K::OpenaiCompatible,
                "https://a.example/v1",
            ),
        ] {
            let found = engine(name, Some(url), None).unwrap();
            assert_eq!((found.kind, found.base_url.as_deref()), (kind, Some(base_url)), "{url}");
        }
        assert!(engine(Some("lingjing"), None, None).unwrap_err().contains("no counterpart"));
        assert!(engine(None, Some("nonsense"), None).is_err());
    }
}
