//! What only this dialect knows stays as it is when it is written again, and reads as something that others understand.

use super::*;
use crate::generation::{
    Effort, Format, Issuer, MediaKind, Part, Role, ServerToolKind, Signature, Source, Tool, ToolChoice,
};

/// A request as Claude Code sends them.
fn agent() -> Value {
    json!({
        "model": "claude-opus-4-8",
        "max_tokens": 64000,
        "stream": true,
        "system": [
            {"type": "text", "text": "You are an agent.", "cache_control": {"type": "ephemeral", "ttl": "1h"}},
            {"type": "text", "text": "Be brief."},
        ],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "hi", "cache_control": {"type": "ephemeral"}}]},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "", "signature": "c2ln"},
                {"type": "redacted_thinking", "data": "ZGF0YQ=="},
                {"type": "text", "text": "Looking."},
                {"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {"path": "a"}},
                {"type": "tool_use", "id": "toolu_2", "name": "ToolSearch", "input": {}},
                {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "q"}},
                {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []},
            ]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1", "is_error": true, "content": [
                    {"type": "text", "text": "no"},
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}},
                    {"type": "search_result", "source": "https://x", "title": "X", "content": [{"type": "text", "text": "found"}]},
                ]},
                {"type": "tool_result", "tool_use_id": "toolu_2", "content": [{"type": "tool_reference", "tool_name": "Write"}]},
                {"type": "document", "title": "D", "context": "c", "citations": {"enabled": true},
                    "source": {"type": "base64", "media_type": "application/pdf", "data": "AA=="}},
                {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "words"}},
                {"type": "document", "source": {"type": "content", "content": "pieces"}},
                {"type": "document", "source": {"type": "file", "file_id": "file_1"}},
                {"type": "compaction", "content": "what came before", "signature": "s"},
                {"type": "something_new", "x": 1},
            ]},
            {"role": "system", "content": "Now be quick."},
        ],
        "tools": [
            {"name": "Read", "description": "d", "input_schema": {"anyOf": [{}]}, "strict": true, "defer_loading": true,
                "cache_control": {"type": "ephemeral"}},
            {"type": "bash_20250124", "name": "bash"},
            {"type": "computer_20251124", "name": "computer", "display_width_px": 100, "display_height_px": 50},
            {"type": "web_search_20250305", "name": "web_search", "max_uses": 3, "allowed_domains": ["a.b"]},
            {"type": "mcp_toolset", "mcp_server_name": "m"},
        ],
        "tool_choice": {"type": "auto", "disable_parallel_tool_use": true},
        "thinking": {"type": "adaptive", "display": "summarized"},
        "output_config": {"effort": "xhigh", "task_budget": {"type": "tokens", "total": 5},
            "format": {"type": "json_schema", "schema": {"type": "object", "minProperties": 1}}},
        "context_management": {"edits": [{"type": "clear_thinking_20251015"}]},
        "mcp_servers": [{"type": "url", "url": "https://m", "name": "m"}],
        "metadata": {"user_id": "u", "other": 1},
        "stop_sequences": ["END"],
        "service_tier": "standard_only",
        "fallbacks": "default",
    })
}

#[test]
fn an_agents_request_comes_back_as_it_was() {
    let request = read_request(agent()).unwrap();
    let (body, lost) = write(&request, "claude-opus-4-8", &Facts::default());
    assert_eq!(body, agent());
    assert_eq!(lost, [""; 0]);
}

#[test]
fn an_agents_request_has_a_common_meaning() {
    let request = read_request(agent()).unwrap();
    let roles: Vec<_> = request.messages.iter().map(|message| message.role).collect();
    assert_eq!(roles, [Role::System, Role::User, Role::Assistant, Role::User, Role::System]);
    assert_eq!(request.messages[0].text(), "You are an agent.\nBe brief.");
    let Part::ToolCall(call) = &request.messages[2].parts[3] else { panic!() };
    assert_eq!((&*call.id, &*call.name, &*call.arguments), ("toolu_1", "Read", r#"{"path":"a"}"#));
    let Part::ToolResult(result) = &request.messages[3].parts[0] else { panic!() };
    assert!(result.is_error);
    assert_eq!(result.parts[2].as_text(), Some("X\nhttps://x\nfound"));
    let Part::ToolResult(found) = &request.messages[3].parts[1] else { panic!() };
    assert!(found.parts[0].as_text().unwrap().contains("`Write`"));
    let Part::Media(pdf) = &request.messages[3].parts[2] else { panic!() };
    assert_eq!((pdf.kind, pdf.name.as_deref()), (MediaKind::Document, Some("D")));
    assert_eq!(request.messages[3].parts[4].as_text(), Some("pieces"));
    assert_eq!(request.messages[3].parts[6].as_text(), Some("what came before"));
    let Tool::Function(bash) = &request.tools[1] else { panic!() };
    assert_eq!(bash.parameters.as_ref().unwrap()["properties"]["command"]["type"], "string");
    let Tool::Function(computer) = &request.tools[2] else { panic!() };
    assert!(computer.description.as_ref().unwrap().contains("display_width_px: 100."));
    let Tool::Server(search) = &request.tools[3] else { panic!() };
    assert_eq!((search.kind, search.max_uses), (ServerToolKind::WebSearch, Some(3)));
    assert!(matches!(&request.tools[4], Tool::Native(_)));
    assert_eq!(request.tool_choice, Some(ToolChoice::Auto));
    assert_eq!(request.parallel_tool_calls, Some(false));
    let reasoning = request.reasoning.unwrap();
    assert_eq!((reasoning.is_adaptive, reasoning.effort), (true, Some(Effort::XHigh)));
    assert!(matches!(request.format, Some(Format::JsonSchema { .. })));
    assert_eq!(request.user.as_deref(), Some("u"));
}

#[test]
fn kinds_of_thinking_come_back_as_they_were() {
    for (model, thinking) in [
        ("claude-sonnet-4-5", json!({"type": "enabled", "budget_tokens": 63_999})),
        ("claude-sonnet-4-5", json!({"type": "disabled"})),
        ("claude-opus-4-7", json!({"type": "disabled"})),
        ("claude-opus-5", json!({"type": "disabled"})),
        ("claude-opus-5-5", json!({"type": "between_tools"})),
        ("claude-opus-4-6", json!({"type": "adaptive", "display": "omitted"})),
    ] {
        let body = json!({"model": model, "max_tokens": 64000, "thinking": thinking, "messages": [{"role": "user", "content": "hi"}]});
        let (written, lost) = write(&read_request(body.clone()).unwrap(), model, &Facts::default());
        assert_eq!(written, body);
        assert_eq!(lost, [""; 0]);
    }
}

#[test]
fn signatures_of_others_are_known_again_in_ours() {
    let sealed = Signature::new(Issuer::Openai, "gAAA").sealed(Issuer::Anthropic);
    let body = json!({"model": "m", "messages": [{"role": "assistant", "content": [
        {"type": "thinking", "thinking": "t", "signature": sealed},
        {"type": "redacted_thinking", "data": sealed},
        {"type": "tool_use", "id": "a__rhs_gQ2lR", "name": "f", "input": {}},
    ]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a__rhs_gQ2lR"}]}]});
    let request = read_request(body).unwrap();
    let [Part::Thought(shown), Part::Thought(secret), Part::ToolCall(call)] = &request.messages[0].parts[..]
    else {
        panic!()
    };
    for thought in [shown, secret] {
        assert_eq!(thought.signature, Some(Signature::new(Issuer::Openai, "gAAA")));
    }
    assert_eq!((&*call.id, call.signature.as_ref().unwrap().issuer), ("a", Issuer::Gemini));
    let Part::ToolResult(result) = &request.messages[1].parts[0] else { panic!() };
    assert_eq!(result.call_id, "a");
    let (written, _) = write(&request, "claude-sonnet-4-5", &Facts::default());
    assert_eq!(
        written["messages"][0]["content"],
        json!([{"type": "tool_use", "id": "a", "name": "f", "input": {}}])
    );
}

#[test]
fn data_urls_are_bytes() {
    let body = json!({"model": "m", "messages": [{"role": "user", "content": [
        {"type": "image", "source": {"type": "url", "url": "data:image/png;base64,AA=="}},
    ]}]});
    let request = read_request(body).unwrap();
    let Part::Media(media) = &request.messages[0].parts[0] else { panic!() };
    assert_eq!(media.source, Source::Bytes { mime: "image/png".to_owned(), data: "AA==".to_owned() });
}

#[test]
fn wrong_fields_are_named() {
    let with = |field: &str, value: Value| {
        let mut body = json!({"model": "m", "messages": []});
        body[field] = value;
        read_request(body).unwrap_err().param
    };
    for (field, value, named) in [
        ("model", json!(null), "model"),
        ("messages", json!(null), "messages"),
        ("messages", json!([{"role": "tool", "content": ""}]), "messages[0].role"),
        ("messages", json!([{"role": "user"}]), "messages[0].content"),
        ("messages", json!([{"role": "user", "content": [{"text": ""}]}]), "messages[0].content[0].type"),
        (
            "messages",
            json!([{"role": "user", "content": [{"type": "text", "text": 1}]}]),
            "messages[0].content[0].text",
        ),
        ("max_tokens", json!("5"), "max_tokens"),
        ("tools", json!([{"name": "f"}]), "tools[0].input_schema"),
        ("tool_choice", json!({"type": "some"}), "tool_choice.type"),
        ("thinking", json!({"type": "enabled"}), "thinking.budget_tokens"),
        ("thinking", json!({}), "thinking.type"),
        ("output_config", json!({"effort": "huge"}), "output_config.effort"),
        ("output_config", json!({"format": {"type": "json_schema"}}), "output_config.format.schema"),
    ] {
        assert_eq!(with(field, value.clone()).as_deref(), Some(named), "{value}");
    }
}
