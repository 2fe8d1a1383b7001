use roundhouse_domain::spec::ProviderKind::{Anthropic, Azure, Demo, Gemini, Openai, OpenaiCompatible};

use super::*;

fn path(kind: ProviderKind, base: &str, op: Operation, model: &str) -> String {
    path_and_query(kind, base, op, model, None, None)
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
    let azure = |base, op, version, query| path_and_query(Azure, base, op, "my gpt", version, query);
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
    let query = |kind, op, query| path_and_query(kind, "", op, "m", None, Some(query));
    assert_eq!(query(Anthropic, Operation::Messages, "beta=true"), "/v1/messages?beta=true");
    assert_eq!(
        query(Gemini, Operation::StreamGenerateContent, "key=secret&alt=sse"),
        "/v1beta/models/m:streamGenerateContent?alt=sse"
    );
    assert_eq!(query(Openai, Operation::Embeddings, "key=secret"), "/v1/embeddings");
}

#[test]
fn each_kind_serves_its_own_protocol_only() {
    assert!(serves(Demo, Operation::Messages) && serves(Demo, Operation::GenerateContent));
    assert!(serves(Openai, Operation::Responses) && !serves(Openai, Operation::Messages));
    assert!(serves(Azure, Operation::Embeddings) && !serves(Azure, Operation::EmbedContent));
    assert!(serves(Anthropic, Operation::CountTokens) && !serves(Anthropic, Operation::ChatCompletions));
    assert!(serves(Gemini, Operation::EmbedContent) && !serves(Gemini, Operation::ChatCompletions));
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
