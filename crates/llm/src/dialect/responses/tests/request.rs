use serde_json::{Value, json};

use super::super::{check_elsewhere, needs_bytes, read_request, write_request};
use super::with_target;
use crate::catalogue::{Facts, ReasoningStyle};
use crate::dialect::Dialect;
use crate::generation::MediaKind::{Audio, Document, Image, Video};
use crate::generation::{
    CacheHint, Effort, Issuer, Losses, Media, Message, Part, Reasoning, Request, Role, Signature, Source,
    Thought, Tool, ToolCall, ToolChoice, ToolResult,
};

fn read(body: Value) -> Request {
    read_request(body).unwrap()
}

fn write(request: &Request) -> Value {
    write_for(request, &Facts::default()).0
}

fn write_for(request: &Request, facts: &Facts) -> (Value, Losses) {
    let mut losses = Losses::default();
    let body = with_target(facts, |target| write_request(request, target, &mut losses)).unwrap();
    (serde_json::from_slice(&body).unwrap(), losses)
}

fn refusal(request: &Request) -> Option<String> {
    with_target(&Facts::default(), |target| write_request(request, target, &mut Losses::default()))
        .unwrap_err()
        .param
}

fn reads(dialect: Dialect, messages: Vec<Message>) -> Request {
    Request { messages, ..Request::new(dialect) }
}

#[test]
fn what_codex_sends_comes_back_as_it_was() {
    let body = json!({
        "model": "gpt-5-codex",
        "instructions": "Be brief.",
        "input": [
            { "type": "message", "role": "developer", "content": [{ "type": "input_text", "text": "rules" }] },
            { "type": "message", "role": "user", "content": [{ "type": "input_text", "text": "hi" },
              { "type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "high" }] },
            { "type": "reasoning", "summary": [], "encrypted_content": "gAAAA" },
            { "type": "message", "role": "assistant", "phase": "commentary",
              "content": [{ "type": "output_text", "text": "looking" }] },
            { "type": "function_call", "call_id": "call_1", "name": "shell", "arguments": "{\"a\":1}" },
            { "type": "custom_tool_call", "call_id": "call_2", "name": "apply_patch", "input": "*** Begin" },
            { "type": "function_call_output", "call_id": "call_1", "output": "ok" },
            { "type": "custom_tool_call_output", "call_id": "call_2", "output": "done" },
            { "type": "function_call", "call_id": "call_3", "name": "view_image", "arguments": "{}" },
            { "type": "function_call_output", "call_id": "call_3", "output": [
              { "type": "input_image", "image_url": "https://x.example/a.png", "detail": "auto" }] },
            { "type": "local_shell_call", "call_id": "call_4", "status": "completed",
              "action": { "type": "exec", "command": ["ls"] } },
        ],
        "tools": [
            { "type": "function", "name": "shell", "description": "runs", "strict": false,
              "parameters": { "type": "object", "properties": { "a": { "type": "integer" } } } },
            { "type": "function", "name": "view_image", "strict": false, "defer_loading": true,
              "parameters": { "type": "object", "properties": {} } },
            { "type": "custom", "name": "apply_patch", "description": "patches",
              "format": { "type": "grammar", "syntax": "lark", "definition": "start: x" } },
            { "type": "local_shell" },
            { "type": "web_search", "external_web_access": false },
        ],
        "tool_choice": "auto",
        "parallel_tool_calls": true,
        "reasoning": { "effort": "high", "summary": "auto", "context": "all_turns" },
        "text": { "verbosity": "low" },
        "include": ["reasoning.encrypted_content"],
        "prompt_cache_key": "thread",
        "store": false,
        "stream": true,
        "truncation": "auto",
    });
    let mut wanted = body.clone();
    wanted["model"] = "up".into();
    assert_eq!(write(&read(body)), wanted);
}

#[test]
fn the_items_of_a_turn_are_one_message() {
    let request = read(json!({ "model": "m", "input": [
        { "role": "user", "content": "hi" },
        { "type": "reasoning", "id": "rs_1", "summary": [{ "type": "summary_text", "text": "a" },
          { "type": "summary_text", "text": "b" }], "encrypted_content": "e" },
        { "type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}", "id": "fc_1" },
        { "type": "function_call", "call_id": "c2", "name": "g", "namespace": "mcp__x__", "arguments": "" },
        { "type": "function_call_output", "call_id": "c1", "output": "1" },
        { "type": "function_call_output", "call_id": "c2", "output": [{ "type": "input_text", "text": "2" }] },
        { "role": "user", "content": "go on" },
    ] }));
    let roles: Vec<_> = request.messages.iter().map(|message| (message.role, message.parts.len())).collect();
    assert_eq!(roles, [(Role::User, 1), (Role::Assistant, 3), (Role::User, 2), (Role::User, 1)]);
    let Part::Thought(thought) = &request.messages[1].parts[0] else { panic!() };
    assert_eq!(thought.text, "a\n\nb");
    assert_eq!(thought.signature, Some(Signature::new(Issuer::Openai, "e")));
    let Part::ToolCall(call) = &request.messages[1].parts[2] else { panic!() };
    assert_eq!(call.name, "mcp__x__g");
}

#[test]
fn tools_in_namespaces_have_one_name_elsewhere() {
    let request = read(json!({ "model": "m", "input": "x", "tools": [{ "type": "namespace", "name": "crm",
        "description": "Customers.", "tools": [
            { "type": "function", "name": "get", "description": "Gets one.", "parameters": {} },
            { "type": "custom", "name": "sql" },
        ] }], "tool_choice": { "type": "function", "name": "get", "namespace": "crm" } }));
    let Tool::Function(function) = &request.tools[0] else { panic!() };
    assert_eq!(function.name, "crm__get");
    assert_eq!(function.description.as_deref(), Some("Customers.\n\nGets one."));
    assert!(matches!(&request.tools[1], Tool::Custom { name, .. } if name == "crm__sql"));
    assert_eq!(request.tool_choice, Some(ToolChoice::Named("crm__get".to_owned())));
}

#[test]
fn every_choice_of_tools_comes_back() {
    let tools = json!([{ "type": "function", "name": "f", "parameters": { "type": "object", "properties": {} } },
        { "type": "custom", "name": "c" }, { "type": "web_search" }]);
    for choice in [
        json!("auto"),
        json!("none"),
        json!("required"),
        json!({ "type": "function", "name": "f" }),
        json!({ "type": "custom", "name": "c" }),
        json!({ "type": "web_search_preview" }),
        json!({ "type": "mcp", "server_label": "x" }),
        json!({ "type": "allowed_tools", "mode": "required",
            "tools": [{ "type": "function", "name": "f" }, { "type": "custom", "name": "c" }] }),
        json!({ "type": "allowed_tools", "mode": "auto", "tools": [{ "type": "web_search" }] }),
    ] {
        let body = json!({ "model": "m", "input": "x", "tools": tools, "tool_choice": choice });
        assert_eq!(write(&read(body))["tool_choice"], choice);
    }
}

#[test]
fn wrong_fields_are_named() {
    for (body, param) in [
        (json!({ "input": "x" }), Some("model")),
        (json!({ "model": "m", "input": 1 }), Some("input")),
        (json!({ "model": "m", "input": [1] }), Some("input[0]")),
        (json!({ "model": "m", "input": [{ "a": 1 }] }), Some("input[0].type")),
        (json!({ "model": "m", "input": [{ "role": "tool", "content": "" }] }), Some("input[0].role")),
        (json!({ "model": "m", "input": [{ "role": "user", "content": [1] }] }), Some("input[0].content[0]")),
        (
            json!({ "model": "m", "input": [{ "role": "user", "content": [{ "type": "input_text" }] }] }),
            Some("input[0].content[0].text"),
        ),
        (
            json!({ "model": "m", "input": [{ "role": "user", "content": [
                { "type": "input_image", "image_url": "data:image/png,x" }] }] }),
            Some("input[0].content[0].image_url"),
        ),
        (
            json!({ "model": "m", "input": [{ "type": "function_call", "name": "f" }] }),
            Some("input[0].call_id"),
        ),
        (json!({ "model": "m", "tools": [{ "type": "function" }] }), Some("tools[0].name")),
        (json!({ "model": "m", "tools": [{}] }), Some("tools[0].type")),
        (json!({ "model": "m", "tool_choice": 1 }), Some("tool_choice")),
        (json!({ "model": "m", "temperature": "hot" }), Some("temperature")),
        (
            json!({ "model": "m", "text": { "format": { "type": "json_schema" } } }),
            Some("text.format.schema"),
        ),
        (json!({ "model": "m", "max_output_tokens": -1 }), Some("max_output_tokens")),
        (json!([]), None),
    ] {
        assert_eq!(read_request(body.clone()).unwrap_err().param.as_deref(), param, "{body}");
    }
}

#[test]
fn what_has_no_common_meaning_is_kept() {
    let body = json!({ "model": "m", "input": "x", "max_tool_calls": 3, "background": true, "prompt": { "id": "p" },
        "include": ["file_search_call.results"], "text": { "odd": 1 }, "reasoning": { "effort": "ultra" },
        "stream_options": { "include_obfuscation": false }, "user": "u", "safety_identifier": "s" });
    let request = read(body);
    let mut kept: Vec<_> = request.extra.keys().map(String::as_str).collect();
    kept.sort_unstable();
    let wanted =
        ["background", "include", "max_tool_calls", "prompt", "reasoning.effort", "text.odd", "user"];
    assert_eq!(kept, wanted);
    let written = write(&request);
    assert_eq!(written["text"], json!({ "odd": 1 }));
    assert_eq!(written["reasoning"], json!({ "effort": "ultra" }));
    assert_eq!(written["include"], json!(["file_search_call.results", "reasoning.encrypted_content"]));
    assert_eq!((&written["user"], &written["safety_identifier"]), (&json!("u"), &json!("s")));
    assert_eq!(written["background"], true);
    assert_eq!(written.get("store"), None);
}

#[test]
fn nothing_is_stored_unless_the_caller_says_so() {
    for (said, stored) in [
        (json!({}), json!(false)),
        (json!({ "store": true }), json!(true)),
        (json!({ "store": false }), json!(false)),
        (json!({ "previous_response_id": "resp_1" }), Value::Null),
        (json!({ "conversation": "conv_1" }), Value::Null),
    ] {
        let mut body = json!({ "model": "m", "input": "x" });
        body.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
        assert_eq!(write(&read(body))["store"], stored, "{said}");
    }
}

#[test]
fn ids_of_items_go_only_where_the_provider_stored_them() {
    let body = |store: bool| {
        json!({ "model": "m", "store": store, "input": [
            { "type": "reasoning", "id": "rs_1", "summary": [] },
            { "type": "reasoning", "id": "rs_a1_0", "summary": [] },
            { "type": "message", "id": "msg_1", "role": "assistant", "content": "x" },
            { "type": "function_call", "id": "fc_1", "call_id": "c", "name": "f", "arguments": "{}" },
        ] })
    };
    let ids = |store| {
        let written = write(&read(body(store)));
        written["input"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(true), [json!("rs_1"), json!("msg_1"), json!("fc_1")]);
    assert_eq!(ids(false), [Value::Null, Value::Null]);
}

#[test]
fn messages_of_other_dialects_become_items() {
    let call = ToolCall {
        id: "toolu:1".to_owned(),
        name: "f".to_owned(),
        signature: Some(Signature::new(Issuer::Gemini, "s")),
        ..ToolCall::default()
    };
    let thought = Thought {
        text: "hm".to_owned(),
        signature: Some(Signature::new(Issuer::Anthropic, "s")),
        ..Thought::default()
    };
    let own = Thought {
        signature: Some(Signature::new(Issuer::Openai, "e")),
        is_redacted: true,
        ..Thought::default()
    };
    let result = ToolResult {
        call_id: "toolu:1".to_owned(),
        structured: Some(json!({ "x": 1 })),
        ..ToolResult::default()
    };
    let mut cached = Message::new(Role::System, vec![Part::text("first")]);
    if let Part::Text(text) = &mut cached.parts[0] {
        text.cache = Some(CacheHint { ttl: None });
    }
    let request = reads(
        Dialect::Messages,
        vec![
            cached,
            Message::new(Role::System, vec![Part::text("second")]),
            Message::new(Role::User, vec![Part::text("hi")]),
            Message::new(
                Role::Assistant,
                vec![Part::Thought(thought), Part::Thought(own), Part::text("a"), Part::ToolCall(call)],
            ),
            Message::new(Role::User, vec![Part::ToolResult(result), Part::text("so?")]),
        ],
    );
    let written = write(&request);
    assert_eq!(written["instructions"], "first");
    let id = written["input"][4]["call_id"].as_str().unwrap();
    assert!(id.len() == 9, "{id}");
    assert_eq!(
        written["input"],
        json!([
            { "type": "message", "role": "system", "content": [{ "type": "input_text", "text": "second" }] },
            { "type": "message", "role": "user", "content": [{ "type": "input_text", "text": "hi" }] },
            { "type": "reasoning", "summary": [], "encrypted_content": "e" },
            { "type": "message", "role": "assistant", "content": [{ "type": "output_text", "text": "a" }] },
            { "type": "function_call", "call_id": id, "name": "f", "arguments": "{}" },
            { "type": "function_call_output", "call_id": id, "output": "{\"x\":1}" },
            { "type": "message", "role": "user", "content": [{ "type": "input_text", "text": "so?" }] },
        ])
    );
    assert_eq!(written["include"], json!(["reasoning.encrypted_content"]));
}

#[test]
fn media_go_where_the_dialect_has_a_place() {
    let bytes = |mime: &str| Source::Bytes { mime: mime.to_owned(), data: "QQ==".to_owned() };
    let url = |url: &str| Source::Url { url: url.to_owned(), mime: None };
    let file = || Source::File { id: "file_1".to_owned(), mime: None };
    for (kind, source, wanted) in [
        (
            Image,
            bytes("image/png"),
            Some(
                json!({ "type": "input_image", "image_url": "data:image/png;base64,QQ==", "detail": "auto" }),
            ),
        ),
        (
            Image,
            url("https://x/a"),
            Some(json!({ "type": "input_image", "image_url": "https://x/a", "detail": "auto" })),
        ),
        (Image, url("gs://x/a"), None),
        (Image, file(), None),
        (
            Document,
            bytes("application/pdf"),
            Some(
                json!({ "type": "input_file", "filename": "file.pdf", "file_data": "data:application/pdf;base64,QQ==" }),
            ),
        ),
        (Document, url("https://x/a"), Some(json!({ "type": "input_file", "file_url": "https://x/a" }))),
        (Document, Source::Text("t".to_owned()), Some(json!({ "type": "input_text", "text": "t" }))),
        (
            Audio,
            bytes("audio/wav"),
            Some(json!({ "type": "input_audio", "input_audio": { "data": "QQ==", "format": "wav" } })),
        ),
        (Audio, bytes("audio/ogg"), None),
        (Audio, url("https://x/a"), None),
        (Video, bytes("video/mp4"), None),
    ] {
        let media = Part::Media(Media::new(kind, source.clone()));
        let request = reads(Dialect::Messages, vec![Message::new(Role::User, vec![media])]);
        match wanted {
            Some(wanted) => assert_eq!(write(&request)["input"][0]["content"][0], wanted),
            None => assert_eq!(refusal(&request).as_deref(), Some("messages"), "{source:?}"),
        }
    }
    let needs = |kind, source| {
        with_target(&Facts::default(), |target| needs_bytes(&Media::new(kind, source), target))
    };
    assert!(needs(Audio, url("https://x/a")) && needs(Image, url("gs://x/a")));
    assert!(
        !needs(Image, url("https://x/a")) && !needs(Document, url("http://x/a")) && !needs(Image, file())
    );
}

#[test]
fn files_and_sound_come_back_as_they_were() {
    let content = json!([
        { "type": "input_file", "filename": "a.csv", "file_data": "data:text/csv;base64,QQ==" },
        { "type": "input_file", "file_id": "file-1", "detail": "low" },
        { "type": "input_file", "file_url": "https://x/a.pdf" },
        { "type": "input_image", "file_id": "file-2", "detail": "auto" },
        { "type": "input_audio", "input_audio": { "data": "QQ==", "format": "mp3" } },
        { "type": "input_text", "text": "t", "prompt_cache_breakpoint": { "mode": "explicit", "ttl": "12h" } },
        { "type": "input_hologram", "x": 1 },
    ]);
    let body = json!({ "model": "m", "input": [{ "type": "message", "role": "user", "content": content }] });
    assert_eq!(write(&read(body))["input"][0]["content"], content);
}

#[test]
fn limits_of_the_model_are_kept_and_losses_told() {
    let mut request = reads(Dialect::Messages, vec![Message::new(Role::User, vec![Part::text("x")])]);
    request.max_tokens = Some(1);
    request.stop = vec!["END".to_owned()];
    request.sampling.top_k = Some(5);
    request.sampling.temperature = Some(0.5);
    request.user = Some("user_".repeat(30));
    request.reasoning = Some(Reasoning { budget_tokens: Some(1_024), ..Reasoning::default() });
    request.extra.insert("container".to_owned(), json!("c"));
    let facts = Facts { has_fixed_sampling: true, reasoning: ReasoningStyle::Effort, ..Facts::default() };
    let (written, losses) = write_for(&request, &facts);
    assert_eq!(written["max_output_tokens"], 16);
    assert_eq!(written.get("temperature"), None);
    assert_eq!(written["reasoning"], json!({ "effort": "low" }));
    assert!(written["safety_identifier"].as_str().unwrap().len() <= 64);
    let lost: Vec<_> = losses.iter().map(|(field, _)| field.to_owned()).collect();
    for field in ["max_tokens", "stop", "top_k", "temperature", "container"] {
        assert!(lost.iter().any(|lost| lost == field), "{field} in {lost:?}");
    }
    request.answers = Some(2);
    assert_eq!(refusal(&request).as_deref(), Some("n"));
}

#[test]
fn efforts_of_other_dialects_are_words_that_every_model_knows() {
    for (asked, style, wanted) in [
        (Effort::Max, ReasoningStyle::Effort, json!({ "effort": "high" })),
        (Effort::Medium, ReasoningStyle::Unknown, json!({ "effort": "medium" })),
        (Effort::None, ReasoningStyle::Unknown, Value::Null),
        (Effort::None, ReasoningStyle::Effort, json!({ "effort": "low" })),
        (Effort::High, ReasoningStyle::None, Value::Null),
    ] {
        let mut request = reads(Dialect::Messages, Vec::new());
        request.reasoning = Some(Reasoning { effort: Some(asked), ..Reasoning::default() });
        let facts = Facts { reasoning: style, ..Facts::default() };
        assert_eq!(write_for(&request, &facts).0["reasoning"], wanted, "{asked:?} {style:?}");
    }
}

#[test]
fn what_no_other_dialect_can_do_is_refused_there() {
    for (field, value, wanted) in [
        ("background", json!(true), Some("background")),
        ("background", json!(false), None),
        ("conversation", json!("conv_1"), Some("conversation")),
        ("prompt", json!({ "id": "p" }), Some("prompt")),
        ("truncation", json!("auto"), None),
    ] {
        let request = read(json!({ "model": "m", "input": "x", field: value }));
        let refused = check_elsewhere(&request).err().and_then(|refused| refused.param);
        assert_eq!(refused.as_deref(), wanted, "{field}");
    }
}

#[test]
fn a_search_without_the_web_does_not_keep_other_providers_away() {
    let tool = json!({ "type": "web_search", "external_web_access": false });
    let mut request = read(json!({ "model": "m", "input": "x", "tools": [tool] }));
    assert!(request.tools.is_empty());
    assert_eq!(write(&request)["tools"], json!([tool]));
    request.dialect = Dialect::Chat;
    let (written, losses) = write_for(&request, &Facts::default());
    assert_eq!(written.get("tools"), None);
    assert_eq!(losses.iter().next().map(|(field, _)| field.to_owned()).as_deref(), Some("tools[0]"));
}
