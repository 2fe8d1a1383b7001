//! The cheapest request that shows whether a key works.

use bytes::Bytes;
use http::Method;
use roundhouse_domain::spec::ProviderKind;
use serde_json::{Value, json};

use crate::Operation;
use crate::models::list_path;
use crate::target::path_and_query;

/// A request to send with the key in question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// GET or POST.
    pub method: Method,
    /// Where, on the provider's host.
    pub path_and_query: String,
    /// JSON, for POST.
    pub body: Option<Bytes>,
}

/// The list of models, or as few tokens as can be from `model` when one is named.
pub fn probe(kind: ProviderKind, base_path: &str, model: Option<&str>, api_version: Option<&str>) -> Probe {
    let Some(model) = model else {
        return Probe { method: Method::GET, path_and_query: list_path(kind, base_path, None), body: None };
    };
    let (op, body) = generation(kind, model);
    Probe {
        method: Method::POST,
        path_and_query: path_and_query(kind, base_path, op, model, api_version, None),
        body: Some(body.to_string().into()),
    }
}

fn generation(kind: ProviderKind, model: &str) -> (Operation, Value) {
    let messages = json!([{ "role": "user", "content": "hi" }]);
    match kind {
        ProviderKind::Gemini => (
            Operation::GenerateContent,
            json!({
                "contents": [{ "role": "user", "parts": [{ "text": "hi" }] }],
                "generationConfig": { "maxOutputTokens": 1 },
            }),
        ),
        ProviderKind::Anthropic => {
            (Operation::Messages, json!({ "model": model, "max_tokens": 1, "messages": messages }))
        }
        // Reasoning models refuse `max_tokens`, and older servers ignore the newer name
        // (https://platform.openai.com/docs/api-reference/chat/create, 2026-11).
        ProviderKind::Openai | ProviderKind::Azure => (
            Operation::ChatCompletions,
            json!({ "model": model, "max_completion_tokens": 16, "messages": messages }),
        ),
        ProviderKind::OpenaiCompatible | ProviderKind::Demo => {
            (Operation::ChatCompletions, json!({ "model": model, "max_tokens": 1, "messages": messages }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_model_the_list_is_asked_for() {
        let probe = probe(ProviderKind::Openai, "/v1", None, None);
        assert_eq!(
            (probe.method, probe.path_and_query.as_str(), probe.body),
            (Method::GET, "/v1/models", None)
        );
    }

    #[test]
    fn a_named_model_is_asked_for_as_little_as_can_be() {
        let body = |kind| {
            let probe = probe(kind, "", Some("m"), None);
            (probe.path_and_query, serde_json::from_slice::<Value>(&probe.body.unwrap()).unwrap())
        };
        let (path, anthropic) = body(ProviderKind::Anthropic);
        assert_eq!(
            (path.as_str(), &anthropic["max_tokens"], &anthropic["model"]),
            ("/v1/messages", &json!(1), &json!("m"))
        );
        let (path, gemini) = body(ProviderKind::Gemini);
        assert_eq!(path, "/v1beta/models/m:generateContent");
        assert_eq!(gemini["generationConfig"]["maxOutputTokens"], 1);
        assert_eq!(body(ProviderKind::Openai).1["max_completion_tokens"], 16);
        assert_eq!(body(ProviderKind::OpenaiCompatible).1["max_tokens"], 1);
    }
}
