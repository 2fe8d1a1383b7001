use roundhouse_domain::spec::ClientDialect;
use roundhouse_domain::spec::ProviderKind::{
    Anthropic, Azure, Bedrock, Cohere, Deepseek, Demo, Fireworks, Gemini, Jina, Ollama, Openai,
    OpenaiCompatible, OpenaiResponses, Vertex, Vllm, Voyage,
};
use serde_json::json;

use super::*;

const fn api(kind: ProviderKind, base_path: &str) -> Api<'_> {
    Api { kind, dialects: kind.dialects(), base_path, api_version: None, project: None, location: None }
}

fn path(kind: ProviderKind, base: &str, op: Operation, model: &str) -> String {
    api(kind, base).path_and_query(Wire::Operation(op), model, None)
}

fn serves(kind: ProviderKind, model: &str, op: Operation) -> bool {
    native(kind, kind.dialects(), model, op)
}

#[test]
fn openai_paths_follow_the_base_url() {
    for (base, wanted) in [
        ("/v1", "/v1/chat/completions"),
        ("/v1/", "/v1/chat/completions"),
        ("", "/v1/chat/completions"),
        ("/", "/v1/chat/completions"),
        ("/openai/v1", "/openai/v1/chat/completions"),
        ("/api/coding/paas/v4", "/api/coding/paas/v4/chat/completions"),
        ("/api", "/api/chat/completions"),
    ] {
        assert_eq!(path(OpenaiCompatible, base, Operation::ChatCompletions, "m"), wanted);
    }
    assert_eq!(path(Openai, "/v1", Operation::Transcriptions, "m"), "/v1/audio/transcriptions");
}

#[test]
fn anthropic_bases_may_leave_out_the_version() {
    for (base, wanted) in [
        ("", "/v1/messages"),
        ("/v1", "/v1/messages"),
        ("/anthropic", "/anthropic/v1/messages"),
        ("/api/anthropic/", "/api/anthropic/v1/messages"),
    ] {
        assert_eq!(path(Anthropic, base, Operation::Messages, "m"), wanted);
    }
    assert_eq!(path(Anthropic, "", Operation::CountTokens, "m"), "/v1/messages/count_tokens");
}

#[test]
fn gemini_models_stand_in_the_path() {
    for (base, model, wanted) in [
        ("", "gemini-2.5-pro", "/v1beta/models/gemini-2.5-pro:generateContent"),
        ("/v1beta", "models/x", "/v1beta/models/x:generateContent"),
        ("/v1", "tunedModels/my x", "/v1/tunedModels/my%20x:generateContent"),
        ("/gateway", "x?y#z", "/gateway/v1beta/models/x%3Fy%23z:generateContent"),
    ] {
        assert_eq!(path(Gemini, base, Operation::GenerateContent, model), wanted);
    }
}

#[test]
fn azure_has_deployments_and_a_v1_surface() {
    let azure = |base, op, api_version, query| {
        Api { api_version, ..api(Azure, base) }.path_and_query(Wire::Operation(op), "my gpt", query)
    };
    let chat = Operation::ChatCompletions;
    let dated = Some("2024-10-21");
    assert_eq!(
        azure("", chat, dated, Some("api-version=1&x=2")),
        "/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21&x=2"
    );
    assert_eq!(
        azure("/openai", Operation::Responses, dated, None),
        "/openai/responses?api-version=2024-10-21"
    );
    assert_eq!(azure("", chat, None, None), "/openai/v1/chat/completions");
    assert_eq!(
        azure("/openai/v1/", chat, None, Some("api-version=1")),
        "/openai/v1/chat/completions?api-version=1"
    );
    assert_eq!(
        azure("/openai/v1", chat, Some("preview"), None),
        "/openai/v1/chat/completions?api-version=preview"
    );
    assert_eq!(
        azure("/openai/deployments/d", chat, dated, None),
        "/openai/deployments/d/chat/completions?api-version=2024-10-21"
    );
}

#[test]
fn the_callers_query_is_kept_without_its_credential() {
    let query = |kind, op, query| api(kind, "").path_and_query(Wire::Operation(op), "m", Some(query));
    assert_eq!(query(Anthropic, Operation::Messages, "beta=true"), "/v1/messages?beta=true");
    assert_eq!(
        query(Gemini, Operation::StreamGenerateContent, "key=secret&alt=sse"),
        "/v1beta/models/m:streamGenerateContent?alt=sse"
    );
    assert_eq!(query(Openai, Operation::Embeddings, "key=secret"), "/v1/embeddings");
}

#[test]
fn each_kind_passes_through_what_it_speaks() {
    use Operation as Op;
    let cases: [(ProviderKind, &[Op], &[Op]); 11] = [
        (Demo, &[Op::Messages, Op::GenerateContent], &[]),
        (Openai, &[Op::ChatCompletions, Op::Responses, Op::Speech], &[Op::Messages]),
        (OpenaiResponses, &[Op::Responses], &[Op::ChatCompletions, Op::Embeddings]),
        (OpenaiCompatible, &[Op::ChatCompletions, Op::Completions, Op::Rerank], &[Op::Responses]),
        (Deepseek, &[Op::ChatCompletions, Op::Embeddings], &[Op::Completions, Op::Messages]),
        (Fireworks, &[Op::Messages, Op::Responses], &[Op::CountTokens]),
        (Vllm, &[Op::Messages, Op::CountTokens], &[Op::GenerateContent]),
        (Azure, &[Op::Responses, Op::Embeddings], &[Op::EmbedContent]),
        (Anthropic, &[Op::Messages, Op::CountTokens], &[Op::ChatCompletions, Op::Embeddings]),
        (Gemini, &[Op::EmbedContent, Op::StreamGenerateContent], &[Op::ChatCompletions, Op::Messages]),
        (Jina, &[Op::Embeddings, Op::Rerank], &[Op::ChatCompletions]),
    ];
    for (kind, native, translated) in cases {
        for op in native {
            assert!(serves(kind, "m", *op), "{kind} {}", op.name());
        }
        for op in translated {
            assert!(!serves(kind, "m", *op), "{kind} {}", op.name());
        }
    }
    assert!(serves(Cohere, "m", Operation::Rerank) && !serves(Voyage, "m", Operation::Rerank));
    let told = Dialects::of(&[ClientDialect::Messages]);
    assert!(native(OpenaiCompatible, told, "m", Operation::Messages));
    assert!(!native(OpenaiCompatible, told, "m", Operation::ChatCompletions));
}

#[test]
fn on_the_clouds_the_model_decides() {
    use Operation as Op;
    for (model, spoken) in [
        ("gemini-2.5-pro", Op::GenerateContent),
        ("gemini-2.5-pro", Op::GeminiCountTokens),
        ("endpoints/123", Op::StreamGenerateContent),
        ("claude-sonnet-4-5@20250929", Op::Messages),
        ("publishers/anthropic/models/claude-opus-4-6", Op::CountTokens),
        ("meta/llama-4-maverick-17b-128e-instruct-maas", Op::ChatCompletions),
    ] {
        assert!(serves(Vertex, model, spoken), "{model}");
    }
    assert!(!serves(Vertex, "claude-sonnet-4-5@20250929", Op::GenerateContent));
    assert!(!serves(Vertex, "gemini-2.5-pro", Op::Messages));
    assert!(!serves(Bedrock, "anthropic.claude-sonnet-4-5-20250929-v1:0", Op::Messages));
}

#[test]
fn vertex_models_stand_below_project_and_location() {
    let vertex = Api { project: Some("p"), location: Some("us-east5"), ..api(Vertex, "") };
    let place = "/v1/projects/p/locations/us-east5";
    let stream = Wire::native(Vertex, Operation::Messages, true);
    for (wire, model, wanted) in [
        (
            Wire::Gemini { stream: true },
            "gemini-2.5-pro",
            "/publishers/google/models/gemini-2.5-pro:streamGenerateContent?alt=sse",
        ),
        (
            Wire::Operation(Operation::GeminiCountTokens),
            "google/gemini-2.5-pro",
            "/publishers/google/models/gemini-2.5-pro:countTokens",
        ),
        (Wire::Gemini { stream: false }, "endpoints/12", "/endpoints/12:generateContent"),
        (stream, "claude-opus-4@1", "/publishers/anthropic/models/claude-opus-4@1:streamRawPredict"),
        (
            Wire::Invoke { stream: false },
            "claude-opus-4",
            "/publishers/anthropic/models/claude-opus-4:rawPredict",
        ),
        (
            Wire::Operation(Operation::CountTokens),
            "claude-opus-4",
            "/publishers/anthropic/models/count-tokens:rawPredict",
        ),
        (Wire::Predict, "text-embedding-005", "/publishers/google/models/text-embedding-005:predict"),
        (
            Wire::Operation(Operation::ChatCompletions),
            "meta/llama-maas",
            "/endpoints/openapi/chat/completions",
        ),
    ] {
        assert_eq!(vertex.path_and_query(wire, model, None), format!("{place}{wanted}"));
    }
    assert_eq!(
        api(Vertex, "/v1beta1").path_and_query(Wire::Gemini { stream: false }, "gemini-2.5-flash", None),
        "/v1beta1/publishers/google/models/gemini-2.5-flash:generateContent"
    );
}

#[test]
fn bedrock_models_are_one_encoded_segment() {
    let path = |wire, model| api(Bedrock, "").path_and_query(wire, model, None);
    let claude = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    assert_eq!(
        path(Wire::native(Bedrock, Operation::Messages, true), claude),
        "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke-with-response-stream"
    );
    assert_eq!(path(Wire::Invoke { stream: false }, "m"), "/model/m/invoke");
    assert_eq!(path(Wire::Converse { stream: true }, "m"), "/model/m/converse-stream");
    assert_eq!(
        path(Wire::Converse { stream: false }, "arn:aws:bedrock:us-east-1:1:inference-profile/x"),
        "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fx/converse"
    );
}

#[test]
fn cohere_voyage_and_jina_have_versions_of_their_own() {
    for base in ["", "/v1", "/v2/"] {
        let path = |wire| api(Cohere, base).path_and_query(wire, "m", None);
        assert_eq!(path(Wire::CohereChat), "/v2/chat");
        assert_eq!(path(Wire::CohereEmbed), "/v2/embed");
        assert_eq!(path(Wire::Operation(Operation::Rerank)), "/v2/rerank");
    }
    assert_eq!(path(Voyage, "/v1", Operation::Rerank, "m"), "/v1/rerank");
    assert_eq!(path(Jina, "", Operation::Embeddings, "m"), "/v1/embeddings");
}

#[test]
fn other_languages_stand_beside_openais() {
    assert_eq!(path(Fireworks, "/inference/v1", Operation::Messages, "m"), "/inference/v1/messages");
    assert_eq!(path(Ollama, "", Operation::Messages, "m"), "/v1/messages");
    assert_eq!(
        path(OpenaiCompatible, "/api/v1", Operation::GenerateContent, "m"),
        "/api/v1beta/models/m:generateContent"
    );
    assert_eq!(
        api(Gemini, "").path_and_query(Wire::Gemini { stream: true }, "m", None),
        "/v1beta/models/m:streamGenerateContent?alt=sse"
    );
}

#[test]
fn claude_on_the_clouds_wants_its_version_in_the_body() {
    let rules =
        |kind, op| own_fields(kind, op).map(|rules| (rules.set["anthropic_version"].clone(), rules.remove));
    let messages = Operation::Messages;
    assert_eq!(rules(Vertex, messages), Some((json!("vertex-2023-10-16"), vec!["model".into()])));
    assert_eq!(rules(Vertex, Operation::CountTokens), Some((json!("vertex-2023-10-16"), vec![])));
    assert_eq!(
        rules(Bedrock, messages),
        Some((json!("bedrock-2023-05-31"), vec!["model".into(), "stream".into()]))
    );
    assert_eq!(rules(Anthropic, messages), None);
    assert!(!model_in_body(messages, Vertex) && model_in_body(Operation::CountTokens, Vertex));
    assert!(model_in_body(Operation::ChatCompletions, Vertex) && !model_in_body(messages, Bedrock));
}

#[test]
fn credentials_go_where_the_provider_looks() {
    assert_eq!(credential(Openai, "/v1/models"), Credential::Bearer);
    assert_eq!(credential(Anthropic, "/v1/messages"), Credential::Header("x-api-key"));
    assert_eq!(credential(Azure, "/openai/v1/models"), Credential::Header("api-key"));
    assert_eq!(credential(Gemini, "/v1beta/models"), Credential::Header("x-goog-api-key"));
    assert_eq!(credential(Gemini, "/v1beta/openai/chat/completions"), Credential::Bearer);
}

#[test]
fn gemini_alone_keeps_the_model_out_of_most_bodies() {
    assert!(model_in_body(Operation::ChatCompletions, OpenaiCompatible));
    assert!(model_in_body(Operation::Messages, Anthropic));
    assert!(!model_in_body(Operation::GenerateContent, Gemini));
    assert!(model_in_body(Operation::BatchEmbedContents, Gemini));
}
