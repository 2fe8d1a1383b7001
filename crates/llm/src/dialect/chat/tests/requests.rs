//! Requests of the callers'.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::catalogue::Facts;
use crate::dialect::Target;
use crate::dialect::chat::{read_request, write_request};
use crate::generation::{
    CacheHint, Effort, Format, Issuer, Losses, Media, MediaKind, Part, Reasoning, Request, Role,
    ServerToolKind, Signature, Source, Text, Thought, Tool, ToolCall, ToolChoice, ToolResult, call_id,
};
use crate::profile;

fn read(fields: &Value) -> Request {
    let mut body = json!({"model": "m", "messages": []});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    read_request(body).unwrap()
}

fn parts(message: &Value) -> Vec<Part> {
    read(&json!({"messages": [message]})).messages.remove(0).parts
}

fn bytes(mime: &str, data: &str) -> Source {
    Source::Bytes { mime: mime.to_owned(), data: data.to_owned() }
}

#[test]
fn every_part_of_a_users_message_is_understood() {
    let url = |url: &str| Source::Url { url: url.to_owned(), mime: None };
    let file = Source::File { id: "file-1".into(), mime: None };
    let media = |kind, source| Part::Media(Media::new(kind, source));
    let named = |kind, source| Part::Media(Media { name: Some("a.pdf".into()), ..Media::new(kind, source) });
    let detailed =
        Media { detail: Some("low".into()), ..Media::new(MediaKind::Image, url("https://x/a.png")) };
    for (part, wanted) in [
        (json!({"type": "text", "text": "a"}), Part::text("a")),
        (
            json!({"type": "text", "text": "a", "cache_control": {"type": "ephemeral", "ttl": "1h"}}),
            Part::Text(Text {
                text: "a".into(),
                cache: Some(CacheHint { ttl: Some("1h".into()) }),
                ..Text::default()
            }),
        ),
        (
            json!({"type": "image_url", "image_url": {"url": "https://x/a.png", "detail": "low"}}),
            Part::Media(detailed),
        ),
        (
            json!({"type": "image_url", "image_url": "data:image/png;base64,AA=="}),
            media(MediaKind::Image, bytes("image/png", "AA==")),
        ),
        (
            json!({"type": "input_audio", "input_audio": {"data": "AA==", "format": "mp3"}}),
            media(MediaKind::Audio, bytes("audio/mpeg", "AA==")),
        ),
        (
            json!({"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AA=="}}),
            named(MediaKind::Document, bytes("application/pdf", "AA==")),
        ),
        (
            json!({"type": "file", "file": {"filename": "a.pdf", "file_data": "AA=="}}),
            named(MediaKind::Document, bytes("application/pdf", "AA==")),
        ),
        (json!({"type": "file", "file": {"file_id": "file-1"}}), media(MediaKind::Document, file)),
        (
            json!({"type": "video_url", "video_url": {"url": "https://x/a.mp4"}}),
            media(MediaKind::Video, url("https://x/a.mp4")),
        ),
        (
            json!({"type": "document_url", "document_url": "https://x/a.pdf"}),
            media(MediaKind::Document, url("https://x/a.pdf")),
        ),
    ] {
        assert_eq!(parts(&json!({"role": "user", "content": [part]})), [wanted], "{part}");
    }
}

#[test]
fn the_assistants_history_keeps_thoughts_calls_and_sound() {
    let signature = Signature::new(Issuer::Gemini, "G");
    let message = json!({"role": "assistant", "content": null, "refusal": "no", "audio": {"id": "a1"},
        "reasoning_details": [
            {"type": "reasoning.text", "text": "hm", "signature": "S", "format": "anthropic-claude-v1", "index": 0},
            {"type": "reasoning.summary", "summary": "sum", "format": "openai-responses-v1", "index": 1},
            {"type": "reasoning.encrypted", "data": "E", "id": "rs_1", "format": "openai-responses-v1", "index": 1}],
        "tool_calls": [
            {"id": call_id::pack("c1", Some(&signature)), "type": "function",
                "function": {"name": "f", "arguments": "{\"x\":1}"}},
            {"id": "c2", "type": "custom", "custom": {"name": "sh", "input": "ls"}},
            {"id": "c3", "function": {"name": "g", "arguments": {"y": 2}},
                "extra_content": {"google": {"thought_signature": "G"}}}]});
    let sound = Media::new(MediaKind::Audio, Source::File { id: "a1".into(), mime: None });
    let call = |id: &str, name: &str, arguments: &str| ToolCall {
        id: id.into(),
        name: name.into(),
        arguments: arguments.into(),
        ..ToolCall::default()
    };
    assert_eq!(
        parts(&message),
        [
            Part::Thought(Thought {
                text: "hm".into(),
                signature: Some(Signature::new(Issuer::Anthropic, "S")),
                ..Thought::default()
            }),
            Part::Thought(Thought {
                text: "sum".into(),
                signature: Some(Signature::new(Issuer::Openai, "E")),
                id: Some("rs_1".into()),
                ..Thought::default()
            }),
            Part::Refusal("no".into()),
            Part::Media(sound),
            Part::ToolCall(ToolCall { signature: Some(signature.clone()), ..call("c1", "f", "{\"x\":1}") }),
            Part::ToolCall(ToolCall { is_custom: true, ..call("c2", "sh", "ls") }),
            Part::ToolCall(ToolCall { signature: Some(signature), ..call("c3", "g", "{\"y\":2}") }),
        ]
    );
}

#[test]
fn a_proof_without_its_text_finds_it_in_the_reasoning_beside_it() {
    let message = json!({"role": "assistant", "content": "a", "reasoning_content": "hm",
        "reasoning_details": [{"type": "reasoning.text", "signature": "S", "format": "anthropic-claude-v1"}]});
    let thought = Thought {
        text: "hm".into(),
        signature: Some(Signature::new(Issuer::Anthropic, "S")),
        ..Thought::default()
    };
    assert_eq!(parts(&message), [Part::Thought(thought), Part::text("a")]);
}

#[test]
fn results_of_tools_know_their_calls_also_in_the_first_form() {
    let request = read(&json!({"messages": [
        {"role": "assistant", "tool_calls": [{"id": "c1", "type": "custom", "custom": {"name": "sh", "input": "ls"}}]},
        {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "a"}]},
        {"role": "assistant", "content": null, "function_call": {"name": "f", "arguments": "{}"}},
        {"role": "function", "name": "f", "content": "b"}]}));
    let result = |at: usize| match &request.messages[at].parts[..] {
        [Part::ToolResult(result)] => result.clone(),
        other => panic!("{other:?}"),
    };
    assert!(result(1).is_custom);
    let Part::ToolCall(call) = &request.messages[2].parts[0] else { panic!() };
    let wanted = ToolResult {
        call_id: call.id.clone(),
        name: Some("f".into()),
        parts: vec![Part::text("b")],
        ..ToolResult::default()
    };
    assert_eq!(result(3), wanted);
    assert_eq!(request.messages[3].role, Role::User);
}

#[test]
fn thinking_is_understood_in_every_servers_words() {
    let plain = Reasoning::default;
    for (fields, wanted) in [
        (json!({"reasoning_effort": "low"}), Reasoning { effort: Some(Effort::Low), ..plain() }),
        (
            json!({"reasoning": {"max_tokens": 9, "exclude": true}}),
            Reasoning { budget_tokens: Some(9), include_thoughts: Some(false), ..plain() },
        ),
        (json!({"reasoning": {"effort": "xhigh"}}), Reasoning { effort: Some(Effort::XHigh), ..plain() }),
        (json!({"reasoning": {"enabled": true}}), Reasoning { is_adaptive: true, ..plain() }),
        (json!({"thinking": {"type": "disabled"}}), Reasoning { effort: Some(Effort::None), ..plain() }),
        (
            json!({"thinking": {"type": "enabled", "budget_tokens": 9}}),
            Reasoning { budget_tokens: Some(9), is_adaptive: true, ..plain() },
        ),
        (
            json!({"enable_thinking": true, "thinking_budget": 9}),
            Reasoning { budget_tokens: Some(9), is_adaptive: true, ..plain() },
        ),
        (
            json!({"chat_template_kwargs": {"enable_thinking": false}}),
            Reasoning { effort: Some(Effort::None), ..plain() },
        ),
    ] {
        let request = read(&fields);
        assert_eq!(request.reasoning, Some(wanted), "{fields}");
        assert!(request.extra.is_empty());
    }
    let odd = read(&json!({"reasoning_effort": "ultra", "thinking": {"clear_thinking": false}}));
    assert_eq!(odd.reasoning, None);
    assert_eq!(odd.extra["reasoning_effort"], "ultra");
    assert_eq!(odd.extra["thinking.clear_thinking"], false);
}

#[test]
fn tools_and_choices_are_understood_in_old_and_new_forms() {
    let request = read(&json!({
        "functions": [{"name": "f", "parameters": {"type": "object"}}],
        "function_call": {"name": "f"},
        "tools": [{"type": "custom", "custom": {"name": "sh", "format": {"type": "text"}}},
            {"type": "web_search", "web_search": {"enable": true}}],
        "web_search_options": {"search_context_size": "low", "user_location":
            {"type": "approximate", "approximate": {"city": "Bonn"}}},
    }));
    assert_eq!(request.tool_choice, Some(ToolChoice::Named("f".into())));
    let [Tool::Custom { name, .. }, Tool::Native(native), Tool::Function(function), Tool::Server(server)] =
        &request.tools[..]
    else {
        panic!("{:?}", request.tools)
    };
    assert_eq!((name.as_str(), function.name.as_str()), ("sh", "f"));
    assert_eq!(native.value, json!({"web_search": {"enable": true}, "type": "web_search"}));
    assert_eq!(server.kind, ServerToolKind::WebSearch);
    assert_eq!(server.user_location, Some(json!({"type": "approximate", "city": "Bonn"})));
    for (choice, wanted) in [
        (json!("auto"), ToolChoice::Auto),
        (json!("any"), ToolChoice::Required),
        (json!({"type": "custom", "custom": {"name": "sh"}}), ToolChoice::Named("sh".into())),
        (
            json!({"type": "allowed_tools", "allowed_tools": {"mode": "required",
                "tools": [{"type": "function", "function": {"name": "f"}}]}}),
            ToolChoice::Allowed { names: vec!["f".into()], required: true },
        ),
    ] {
        assert_eq!(read(&json!({"tool_choice": choice})).tool_choice, Some(wanted));
    }
}

#[test]
fn options_find_their_common_meaning_and_others_stay() {
    let request = read(&json!({
        "max_tokens": 5, "max_completion_tokens": 6, "top_k": -1, "min_p": 0.1, "seed": 3, "stop": "x", "n": 2,
        "logprobs": true, "top_logprobs": 4, "safety_identifier": "u", "prompt_cache_key": "k", "verbosity": "low",
        "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": {"a": 1}, "strict": true}},
        "stream": true, "stream_options": {"include_usage": true}, "modalities": ["text", "audio"],
        "audio": {"voice": "alloy", "format": "mp3"}, "prediction": {"type": "content"}, "store": null,
    }));
    assert_eq!((request.max_tokens, request.answers, request.sampling.top_k), (Some(6), Some(2), None));
    assert_eq!((request.sampling.logprobs, request.sampling.seed), (Some(4), Some(3)));
    assert_eq!((request.stop.len(), request.wants_usage, request.user.as_deref()), (1, true, Some("u")));
    assert!(matches!(request.format, Some(Format::JsonSchema { strict: Some(true), .. })));
    assert_eq!(request.speech.unwrap().voice.as_deref(), Some("alloy"));
    assert_eq!(request.extra.keys().collect::<Vec<_>>(), ["prediction"]);
}

#[test]
fn a_wrong_field_is_named() {
    for (body, param) in [
        (json!({"messages": []}), "model"),
        (json!({"model": "m"}), "messages"),
        (json!({"model": "m", "messages": "x"}), "messages"),
        (json!({"model": "m", "messages": [{"content": "x"}]}), "messages[0].role"),
        (json!({"model": "m", "messages": [{"role": "robot", "content": "x"}]}), "messages[0].role"),
        (json!({"model": "m", "messages": [{"role": "user", "content": 5}]}), "messages[0].content"),
        (
            json!({"model": "m", "messages": [{"role": "user", "content": [{"type": "text"}]}]}),
            "messages[0].content[0].text",
        ),
        (
            json!({"model": "m", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]}),
            "messages[0].content[0].image_url.url",
        ),
        (json!({"model": "m", "messages": [{"role": "tool", "content": "x"}]}), "messages[0].tool_call_id"),
        (json!({"model": "m", "messages": [], "tools": [{"type": "function"}]}), "tools[0].function"),
        (json!({"model": "m", "messages": [], "tool_choice": "maybe"}), "tool_choice"),
        (json!({"model": "m", "messages": [], "temperature": "hot"}), "temperature"),
        (json!({"model": "m", "messages": [], "response_format": {"type": "xml"}}), "response_format.type"),
        (json!({"model": "m", "messages": [], "reasoning": {"effort": 1}}), "reasoning.effort"),
    ] {
        assert_eq!(read_request(body.clone()).unwrap_err().param.as_deref(), Some(param), "{body}");
    }
}

/// JSON whose names and words this dialect knows, in any place.
fn json_of_known_names() -> impl Strategy<Value = Value> {
    let words =
        ["auto", "function", "text", "user", "assistant", "tool", "json_schema", "image_url", "data:,x", "a"];
    let names = [
        "role",
        "content",
        "type",
        "text",
        "tool_calls",
        "function",
        "name",
        "arguments",
        "id",
        "tool_call_id",
        "image_url",
        "url",
        "reasoning_details",
        "data",
        "format",
        "custom",
        "input",
        "file",
        "file_id",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(words.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let field = (prop::sample::select(names.to_vec()).prop_map(ToOwned::to_owned), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            prop::collection::vec(field, 0..5).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_request_is_read_and_written_without_panic(
        messages in prop::collection::vec(json_of_known_names(), 0..3),
        field in prop::sample::select(&["tools", "tool_choice", "response_format", "reasoning", "thinking", "stop", "audio"][..]),
        value in json_of_known_names(),
    ) {
        let with_role = messages.into_iter().map(|mut message| {
            if let Some(fields) = message.as_object_mut() {
                fields.entry("role").or_insert_with(|| "assistant".into());
            }
            message
        });
        let body = json!({"model": "m", "messages": with_role.collect::<Vec<_>>(), field: value});
        if let Ok(request) = read_request(body) {
            for name in ["openai", "mistral", "openrouter", "perplexity", "minimax", "deepseek"] {
                let facts = Facts::default();
                let target = Target { family: roundhouse_domain::spec::Family::OpenaiCompatible, model: "m", profile: profile::named(name), facts: &facts };
                let _ = write_request(&request, &target, &mut Losses::default());
            }
        }
    }
}
