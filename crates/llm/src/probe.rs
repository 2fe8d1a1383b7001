//! The cheapest request that shows whether a key works.

use bytes::Bytes;
use http::Method;
use roundhouse_domain::spec::Family;
use serde_json::{Value, json};

use crate::Operation;
use crate::models::list_path;
use crate::target::{Api, Wire, is_claude, native};

/// The model whose tokens are counted on Vertex when none is named: counting costs nothing, and a model that is gone answers 404,
/// which is no refusal either (<https://docs.cloud.google.com/vertex-ai/generative-ai/docs/models>, 2026-11).
const VERTEX_MODEL: &str = "gemini-2.5-flash";

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
pub fn probe(api: &Api<'_>, model: Option<&str>) -> Probe {
    let asked = match model {
        Some(model) => Some((model, generation(api, model))),
        None => idle(api),
    };
    let Some((model, (wire, body))) = asked else {
        let path_and_query = list_path(api.kind, api.base_path, None);
        return Probe { method: Method::GET, path_and_query, body: None };
    };
    Probe {
        method: Method::POST,
        path_and_query: api.path_and_query(wire, model, None),
        body: Some(body.to_string().into()),
    }
}

/// A call that makes nothing, for kinds without a list of models: whoever may not call is refused before the body is looked at.
fn idle(api: &Api<'_>) -> Option<(&'static str, (Wire, Value))> {
    let contents = json!({ "contents": [{ "role": "user", "parts": [{ "text": "hi" }] }] });
    match api.kind.family() {
        Family::Vertex => Some((VERTEX_MODEL, (Wire::Operation(Operation::GeminiCountTokens), contents))),
        Family::Bedrock => {
            Some(("amazon.nova-micro-v1:0", (Wire::Converse { stream: false }, json!({ "messages": [] }))))
        }
        Family::Voyage | Family::Jina => {
            Some(("", (Wire::Operation(Operation::Embeddings), json!({ "model": "", "input": [] }))))
        }
        _ => None,
    }
}

fn generation(api: &Api<'_>, model: &str) -> (Wire, Value) {
    let messages = json!([{ "role": "user", "content": "hi" }]);
    let speaks = |op| native(api.kind, api.dialects, model, op);
    match api.kind.family() {
        Family::Vertex if is_claude(model) => (
            Wire::Invoke { stream: false },
            json!({ "anthropic_version": "vertex-2023-10-16", "max_tokens": 1, "messages": messages }),
        ),
        Family::Gemini => gemini(),
        Family::Vertex if !speaks(Operation::ChatCompletions) => gemini(),
        Family::Bedrock => (
            Wire::Converse { stream: false },
            json!({
                "messages": [{ "role": "user", "content": [{ "text": "hi" }] }],
                "inferenceConfig": { "maxTokens": 1 },
            }),
        ),
        Family::Anthropic => (
            Wire::Operation(Operation::Messages),
            json!({ "model": model, "max_tokens": 1, "messages": messages }),
        ),
        Family::Cohere => {
            (Wire::CohereChat, json!({ "model": model, "max_tokens": 1, "messages": messages }))
        }
        Family::Voyage | Family::Jina => {
            (Wire::Operation(Operation::Embeddings), json!({ "model": model, "input": ["hi"] }))
        }
        // Codex's back ends answer in streams only and store nothing.
        _ if !speaks(Operation::ChatCompletions) && speaks(Operation::Responses) => {
            let input = json!([{ "type": "message", "role": "user", "content": "hi" }]);
            (
                Wire::Operation(Operation::Responses),
                json!({ "model": model, "instructions": "Be brief.", "input": input, "stream": true, "store": false }),
            )
        }
        // Reasoning models refuse `max_tokens`, and older servers ignore the newer name
        // (https://platform.openai.com/docs/api-reference/chat/create, 2026-11).
        Family::Openai | Family::Azure => (
            Wire::Operation(Operation::ChatCompletions),
            json!({ "model": model, "max_completion_tokens": 16, "messages": messages }),
        ),
        Family::OpenaiResponses | Family::OpenaiCompatible | Family::Vertex | Family::Demo => (
            Wire::Operation(Operation::ChatCompletions),
            json!({ "model": model, "max_tokens": 1, "messages": messages }),
        ),
    }
}

fn gemini() -> (Wire, Value) {
    (
        Wire::Gemini { stream: false },
        json!({
            "contents": [{ "role": "user", "parts": [{ "text": "hi" }] }],
            "generationConfig": { "maxOutputTokens": 1 },
        }),
    )
}

#[cfg(test)]
mod tests {
    use roundhouse_domain::spec::ProviderKind;

    use super::*;

    const fn api(kind: ProviderKind) -> Api<'static> {
        Api {
            kind,
            dialects: kind.dialects(),
            base_path: "",
            api_version: None,
            project: None,
            location: None,
        }
    }

    #[test]
    fn kinds_without_a_list_are_asked_for_nothing() {
        for (kind, path) in [
            (ProviderKind::Vertex, "/v1/publishers/google/models/gemini-2.5-flash:countTokens"),
            (ProviderKind::Bedrock, "/model/amazon.nova-micro-v1%3A0/converse"),
            (ProviderKind::Voyage, "/v1/embeddings"),
        ] {
            let probe = probe(&api(kind), None);
            assert_eq!((probe.method, probe.path_and_query.as_str()), (Method::POST, path));
        }
    }

    #[test]
    fn without_a_model_the_list_is_asked_for() {
        let probe = probe(&api(ProviderKind::Openai), None);
        assert_eq!(
            (probe.method, probe.path_and_query.as_str(), probe.body),
            (Method::GET, "/v1/models", None)
        );
    }

    #[test]
    fn a_named_model_is_asked_for_as_little_as_can_be() {
        let body = |kind| {
            let probe = probe(&api(kind), Some("m"));
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
        assert_eq!(body(ProviderKind::Perplexity).0, "/v1/responses");
        assert_eq!(body(ProviderKind::Cohere).0, "/v2/chat");
        assert_eq!(body(ProviderKind::Bedrock).1["inferenceConfig"]["maxTokens"], 1);
    }
}
