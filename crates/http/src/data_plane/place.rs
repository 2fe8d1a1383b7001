//! The data plane's paths.

use http::Method;
use roundhouse_gateway::call::Ask;
use roundhouse_llm::{Operation, Protocol};

/// What a path of the data plane stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Something that a provider is asked.
    Ask(Ask),
    /// The list of models.
    Models {
        /// In whose language, unless the caller's headers say otherwise.
        protocol: Protocol,
    },
    /// One model.
    Model {
        /// In whose language, unless the caller's headers say otherwise.
        protocol: Protocol,
        /// The public name.
        id: String,
    },
}

/// What `method` and `path` stand for; none for what is not the data plane's.
pub fn place(method: &Method, path: &str) -> Option<Place> {
    if let Some(rest) = path.strip_prefix("/proxy/") {
        return native(rest);
    }
    let path = ["/openai/v1/", "/anthropic/v1/", "/gemini/v1beta/"]
        .into_iter()
        .find(|base| path.starts_with(base))
        .and_then(|base| base[1..].find('/').map(|at| &path[at + 1..]))
        .unwrap_or(path);
    if let Some(rest) = path.strip_prefix("/v1/") {
        return match *method {
            Method::POST => posted(rest),
            Method::GET | Method::HEAD | Method::DELETE => fetched(method, rest),
            _ => None,
        };
    }
    gemini(method, path.strip_prefix("/v1beta/")?)
}

fn native(rest: &str) -> Option<Place> {
    let (route, path) = rest.split_once('/')?;
    Some(Place::Ask(Ask::Native { route: route.to_owned(), path: format!("/{path}") }))
}

fn posted(rest: &str) -> Option<Place> {
    let operation = match rest {
        "chat/completions" => Operation::ChatCompletions,
        "completions" => Operation::Completions,
        "responses" => Operation::Responses,
        "messages" => Operation::Messages,
        "messages/count_tokens" => Operation::CountTokens,
        "embeddings" => Operation::Embeddings,
        "rerank" => Operation::Rerank,
        "moderations" => Operation::Moderations,
        "images/generations" => Operation::ImagesGenerations,
        "images/edits" => Operation::ImagesEdits,
        "audio/speech" => Operation::Speech,
        "audio/transcriptions" => Operation::Transcriptions,
        "audio/translations" => Operation::Translations,
        _ => return rest.strip_prefix("models/").and_then(generate).or_else(|| stored(rest)),
    };
    Some(Place::Ask(Ask::Model { operation, model: None }))
}

fn fetched(method: &Method, rest: &str) -> Option<Place> {
    if *method != Method::DELETE {
        if rest == "models" {
            return Some(Place::Models { protocol: Protocol::Openai });
        }
        if let Some(id) = rest.strip_prefix("models/").filter(|id| !id.is_empty()) {
            return Some(Place::Model { protocol: Protocol::Openai, id: decoded(id) });
        }
    }
    stored(rest)
}

/// `responses/{id}` and what lies below it; the id is the provider's.
fn stored(rest: &str) -> Option<Place> {
    let rest = rest.strip_prefix("responses/").filter(|rest| !rest.is_empty())?;
    let (id, rest) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    Some(Place::Ask(Ask::Stored { id: id.to_owned(), rest: rest.to_owned() }))
}

fn gemini(method: &Method, rest: &str) -> Option<Place> {
    let protocol = Protocol::Gemini;
    let names = ["models/", "tunedModels/"].into_iter().find_map(|base| rest.strip_prefix(base));
    match *method {
        // Clients take a name with a slash for a whole path, and put nothing before it
        // (<https://github.com/vercel/ai/blob/main/packages/google/src/get-model-path.ts>, 2026-11).
        Method::POST => generate(names.or_else(|| rest.contains('/').then_some(rest))?),
        Method::GET | Method::HEAD if rest == "models" => Some(Place::Models { protocol }),
        Method::GET | Method::HEAD => {
            Some(Place::Model { protocol, id: decoded(names.filter(|id| !id.is_empty())?) })
        }
        _ => None,
    }
}

fn generate(rest: &str) -> Option<Place> {
    let (model, verb) = rest.rsplit_once(':')?;
    let operation = match verb {
        "generateContent" => Operation::GenerateContent,
        "streamGenerateContent" => Operation::StreamGenerateContent,
        "countTokens" => Operation::GeminiCountTokens,
        "embedContent" => Operation::EmbedContent,
        "batchEmbedContents" => Operation::BatchEmbedContents,
        _ => return None,
    };
    Some(Place::Ask(Ask::Model { operation, model: Some(decoded(model)) }))
}

/// A path segment with its percent signs read.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &Method, path: &str) -> Option<(Operation, Option<String>)> {
        match place(method, path) {
            Some(Place::Ask(Ask::Model { operation, model })) => Some((operation, model)),
            _ => None,
        }
    }

    #[test]
    fn base_paths_of_every_sdk_lead_to_the_same_places() {
        for path in ["/v1/chat/completions", "/openai/v1/chat/completions"] {
            assert_eq!(asked(&Method::POST, path), Some((Operation::ChatCompletions, None)));
        }
        for path in ["/v1/messages", "/anthropic/v1/messages"] {
            assert_eq!(asked(&Method::POST, path), Some((Operation::Messages, None)));
        }
        for path in [
            "/v1beta/models/gemini-2.5-pro:generateContent",
            "/gemini/v1beta/models/gemini-2.5-pro:generateContent",
        ] {
            let expected = (Operation::GenerateContent, Some("gemini-2.5-pro".to_owned()));
            assert_eq!(asked(&Method::POST, path), Some(expected));
        }
    }

    #[test]
    fn model_names_may_have_slashes_colons_and_percent_signs() {
        let one = |path| match place(&Method::GET, path) {
            Some(Place::Model { id, .. }) => id,
            other => panic!("{other:?}"),
        };
        assert_eq!(one("/v1/models/openai/gpt-4o"), "openai/gpt-4o");
        assert_eq!(one("/v1/models/openai%2Fgpt-4o"), "openai/gpt-4o");
        let asked = asked(&Method::POST, "/v1beta/models/ollama:7b:countTokens");
        assert_eq!(asked, Some((Operation::GeminiCountTokens, Some("ollama:7b".to_owned()))));
        for path in ["/v1beta/openai/gpt-4o:generateContent", "/v1beta/models/openai/gpt-4o:generateContent"]
        {
            let expected = (Operation::GenerateContent, Some("openai/gpt-4o".to_owned()));
            assert_eq!(self::asked(&Method::POST, path), Some(expected));
        }
    }

    #[test]
    fn native_paths_name_their_pool() {
        let expected = Ask::Native { route: "pool".into(), path: "/v1/chat/completions".into() };
        assert_eq!(place(&Method::POST, "/proxy/pool/v1/chat/completions"), Some(Place::Ask(expected)));
    }

    #[test]
    fn stored_responses_are_asked_for_by_id() {
        let expected = Ask::Stored { id: "resp_1".into(), rest: "/input_items".into() };
        assert_eq!(place(&Method::GET, "/v1/responses/resp_1/input_items"), Some(Place::Ask(expected)));
        assert_eq!(place(&Method::GET, "/v1/responses/"), None);
    }

    #[test]
    fn other_paths_are_not_ours() {
        for path in ["/", "/health", "/api/v1/providers", "/v1", "/v1/unknown", "/v1beta/models/x:unknown"] {
            assert_eq!(place(&Method::POST, path), None, "{path}");
        }
    }
}
