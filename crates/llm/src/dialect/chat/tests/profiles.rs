//! Requests as providers want them.

use serde_json::json;

use super::*;
use crate::catalogue::{Facts, ReasoningStyle};
use crate::dialect::chat::{needs_bytes, read_request, write_request};
use crate::dialect::{Dialect, Target};
use crate::generation::{
    Effort, Issuer, Losses, Media, MediaKind, Message, Native, Part, Reasoning, Request, Role, ServerTool,
    ServerToolKind, Signature, Source, Thought, Tool, ToolCall, ToolResult, Unsupported,
};
use crate::profile;

fn attempt(
    provider: &str,
    model: &str,
    facts: &Facts,
    request: &Request,
) -> Result<(Value, String), Unsupported> {
    let target = Target {
        family: roundhouse_domain::spec::Family::OpenaiCompatible,
        model,
        profile: profile::named(provider),
        facts,
    };
    let mut losses = Losses::default();
    let body = write_request(request, &target, &mut losses)?;
    let lost: Vec<_> = losses.iter().map(|(field, _)| field).collect();
    Ok((serde_json::from_slice(&body).unwrap(), lost.join(" ")))
}

fn write(provider: &str, model: &str, request: &Request) -> (Value, String) {
    attempt(provider, model, &Facts::default(), request).unwrap()
}

fn read(fields: &Value) -> Request {
    let mut body = json!({"model": "m", "messages": [{"role": "user", "content": "a"}]});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    read_request(body).unwrap()
}

fn asking(fields: &Value, provider: &str, model: &str) -> (Value, String) {
    let (mut body, lost) = write(provider, model, &read(fields));
    let options = body.as_object_mut().unwrap();
    options.retain(|name, _| !["model", "messages", "tools"].contains(&name.as_str()));
    (body, lost)
}

#[test]
fn each_provider_gets_options_under_its_own_names_and_in_its_range() {
    for (provider, model, fields, wanted, lost) in [
        ("openai", "gpt-4o", json!({"max_tokens": 5}), json!({"max_completion_tokens": 5}), ""),
        ("azure", "gpt-4o", json!({"max_tokens": 5}), json!({"max_tokens": 5}), ""),
        ("azure", "gpt-5", json!({"max_tokens": 5}), json!({"max_completion_tokens": 5}), ""),
        ("vllm", "x", json!({"max_completion_tokens": 5}), json!({"max_tokens": 5}), ""),
        ("mistral", "x", json!({"seed": 5}), json!({"random_seed": 5}), ""),
        ("openai", "gpt-5", json!({"temperature": 0.5}), json!({}), "temperature"),
        ("openai", "gpt-5", json!({"temperature": 1, "stop": "x"}), json!({}), "stop"),
        ("zhipu", "glm", json!({"temperature": 1.5}), json!({"temperature": 1}), "temperature"),
        ("minimax", "x", json!({"temperature": 0}), json!({"temperature": 0.01}), "temperature"),
        ("openai", "gpt-4o", json!({"top_k": 5}), json!({}), "top_k"),
        ("openrouter", "x/y", json!({"top_k": 5, "min_p": 0.5}), json!({"top_k": 5, "min_p": 0.5}), ""),
        ("xai", "grok-4", json!({"presence_penalty": 1, "stop": "x"}), json!({}), "presence_penalty stop"),
        ("zhipu", "glm", json!({"stop": ["a", "b"]}), json!({"stop": ["a"]}), "stop"),
        (
            "openai",
            "gpt-4o",
            json!({"logprobs": true, "top_logprobs": 2}),
            json!({"logprobs": true, "top_logprobs": 2}),
            "",
        ),
        ("groq", "x", json!({"service_tier": "flex"}), json!({"service_tier": "flex"}), ""),
        ("groq", "x", json!({"service_tier": "priority"}), json!({}), "service_tier"),
        ("mistral", "x", json!({"stream": true}), json!({"stream": true}), ""),
        ("zhipu", "glm", json!({"user": "u", "store": false}), json!({}), "user"),
        ("mistral", "x", json!({"safety_identifier": "u", "user": "v"}), json!({}), "user safety_identifier"),
        (
            "openai",
            "gpt-4o",
            json!({"stream": true}),
            json!({"stream": true, "stream_options": {"include_usage": true}}),
            "",
        ),
        ("openrouter", "x/y", json!({"provider": {"order": []}}), json!({"provider": {"order": []}}), ""),
    ] {
        assert_eq!(
            asking(&fields, provider, model),
            (wanted, lost.to_owned()),
            "{provider} {model} {fields}"
        );
    }
}

#[test]
fn each_provider_is_told_to_think_in_its_own_words() {
    let low = json!({"reasoning_effort": "low"});
    let off = json!({"reasoning_effort": "none"});
    let budget = json!({"reasoning": {"max_tokens": 4096}});
    for (provider, model, fields, wanted, lost) in [
        ("openai", "gpt-5.2", &off, json!({"reasoning_effort": "none"}), ""),
        ("openai", "gpt-4o", &low, json!({}), "reasoning"),
        ("openai", "gpt-5", &off, json!({"reasoning_effort": "minimal"}), "reasoning"),
        (
            "openai",
            "o3",
            &json!({"reasoning_effort": "xhigh"}),
            json!({"reasoning_effort": "high"}),
            "reasoning",
        ),
        ("openai", "o3", &budget, json!({"reasoning_effort": "low"}), ""),
        (
            "deepseek",
            "x",
            &json!({"reasoning_effort": "max"}),
            json!({"thinking": {"type": "enabled"}, "reasoning_effort": "max"}),
            "",
        ),
        ("deepseek", "x", &off, json!({"thinking": {"type": "disabled"}}), ""),
        ("dashscope", "qwen", &budget, json!({"enable_thinking": true, "thinking_budget": 4096}), ""),
        ("dashscope", "qwen", &low, json!({"enable_thinking": true, "thinking_budget": 4096}), ""),
        ("dashscope", "qwen", &off, json!({"enable_thinking": false}), ""),
        ("moonshot", "kimi-k2.5", &low, json!({"thinking": {"type": "enabled"}}), "reasoning"),
        ("minimax", "x", &off, json!({"thinking": {"type": "disabled"}}), ""),
        ("volcengine", "x", &low, json!({"thinking": {"type": "enabled"}, "reasoning_effort": "low"}), ""),
        ("openrouter", "x/y", &low, json!({"reasoning": {"effort": "low"}}), ""),
        ("openrouter", "x/y", &budget, json!({"reasoning": {"max_tokens": 4096}}), ""),
        ("openrouter", "x/y", &off, json!({"reasoning": {"enabled": false}}), ""),
        (
            "openrouter",
            "x/y",
            &json!({"reasoning": {"enabled": true, "exclude": true}}),
            json!({"reasoning": {"enabled": true, "exclude": true}}),
            "",
        ),
        ("llama-cpp", "x", &off, json!({"chat_template_kwargs": {"enable_thinking": false}}), ""),
        ("mistral", "x", &low, json!({"reasoning_effort": "high"}), "reasoning"),
        ("generic", "x", &low, json!({"reasoning_effort": "low"}), ""),
    ] {
        assert_eq!(asking(fields, provider, model), (wanted, lost.to_owned()), "{provider} {model} {fields}");
    }
    let facts = Facts { reasoning: ReasoningStyle::None, ..Facts::default() };
    let (body, lost) = attempt("openai", "gpt-4o", &facts, &read(&low)).unwrap();
    assert_eq!((body.get("reasoning_effort"), lost.as_str()), (None, "reasoning"));
}

#[test]
fn a_choice_of_tools_is_kept_as_far_as_the_provider_has_words() {
    let tools = json!([{"type": "function", "function": {"name": "f"}}, {"type": "function", "function": {"name": "g"}}]);
    let named = json!({"type": "function", "function": {"name": "g"}});
    let allowed = json!({"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [named]}});
    for (provider, choice, wanted, count, lost) in [
        ("openai", &json!("required"), Some(json!("required")), 2, ""),
        ("mistral", &json!("required"), Some(json!("any")), 2, ""),
        ("zhipu", &json!("required"), Some(json!("auto")), 2, "tool_choice"),
        ("zhipu", &json!("none"), None, 0, ""),
        ("openai", &json!("none"), Some(json!("none")), 2, ""),
        ("openai", &named, Some(named.clone()), 2, ""),
        ("llama-cpp", &named, Some(json!("required")), 1, ""),
        ("openai", &allowed, Some(allowed.clone()), 2, ""),
        ("mistral", &allowed, Some(json!("any")), 1, ""),
    ] {
        let (body, told) = write(provider, "x", &read(&json!({"tools": tools, "tool_choice": choice})));
        assert_eq!(body.get("tool_choice"), wanted.as_ref(), "{provider} {choice}");
        assert_eq!(body["tools"].as_array().map_or(0, Vec::len), count, "{provider} {choice}");
        assert_eq!(told, lost, "{provider} {choice}");
    }
    let strict = json!([{"type": "function", "function": {"name": "f", "strict": true, "parameters": {}}}]);
    let (body, lost) = write("deepseek", "x", &read(&json!({"tools": strict, "parallel_tool_calls": false})));
    assert_eq!(
        body["tools"][0]["function"],
        json!({"name": "f", "parameters": {"type": "object", "properties": {}}})
    );
    assert_eq!(lost, "tools.strict parallel_tool_calls");
    assert!(attempt("perplexity", "sonar", &Facts::default(), &read(&json!({"tools": strict}))).is_err());
}

#[test]
fn free_form_tools_become_functions_where_the_provider_has_none() {
    let request = read(&json!({
        "tools": [{"type": "custom", "custom": {"name": "sh", "description": "d"}}],
        "messages": [{"role": "assistant", "tool_calls": [
            {"id": "c1", "type": "custom", "custom": {"name": "sh", "input": "ls"}}]},
            {"role": "tool", "tool_call_id": "c1", "content": "a"}],
    }));
    let (body, _) = write("openai", "gpt-5", &request);
    assert_eq!(body["tools"][0]["custom"]["name"], "sh");
    assert_eq!(body["messages"][0]["tool_calls"][0]["custom"]["input"], "ls");
    let (body, _) = write("vllm", "x", &request);
    assert_eq!(body["tools"][0]["function"]["parameters"]["required"], json!(["input"]));
    assert_eq!(
        body["messages"][0]["tool_calls"][0]["function"],
        json!({"name": "sh", "arguments": "{\"input\":\"ls\"}"})
    );
}

#[test]
fn a_schema_goes_into_words_where_there_is_no_field_for_it() {
    let schema =
        json!({"response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}});
    let (body, lost) = write("openai", "gpt-4o", &read(&schema));
    assert_eq!(
        body["response_format"]["json_schema"],
        json!({"name": "response", "schema": {"type": "object"}})
    );
    assert_eq!(lost, "");
    let (body, lost) = write("deepseek", "x", &read(&schema));
    assert_eq!(body["response_format"], json!({"type": "json_object"}));
    assert!(body["messages"][0]["content"].as_str().unwrap().ends_with("{\"type\":\"object\"}"));
    assert_eq!((body["messages"][0]["role"].as_str(), lost.as_str()), (Some("system"), "response_format"));
    let object = json!({"response_format": {"type": "json_object"}});
    let (body, lost) = write("openai", "gpt-4o", &read(&object));
    assert!(body["messages"][0]["content"].as_str().unwrap().contains("JSON"));
    assert_eq!((body["messages"].as_array().unwrap().len(), lost.as_str()), (2, ""));
    let facts = Facts { has_json_schema: Some(true), ..Facts::default() };
    let (body, lost) = attempt("moonshot", "x", &facts, &read(&schema)).unwrap();
    assert_eq!((body["response_format"]["type"].as_str(), lost.as_str()), (Some("json_schema"), ""));
}

fn history(provider: &str, model: &str, messages: &Value) -> Value {
    write(provider, model, &read(&json!({ "messages": messages }))).0["messages"].take()
}

#[test]
fn earlier_thoughts_go_back_in_the_providers_form_or_not_at_all() {
    let messages = json!([{"role": "user", "content": "a"},
        {"role": "assistant", "content": "b", "reasoning_content": "hm"},
        {"role": "assistant", "content": null, "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": ""}}]},
        {"role": "tool", "tool_call_id": "c", "content": "r"}, {"role": "user", "content": "z"}]);
    let openai = history("openai", "gpt-5", &messages);
    assert_eq!(openai[1], json!({"role": "assistant", "content": "b"}));
    assert_eq!(openai[2]["tool_calls"][0]["function"]["arguments"], "{}");
    let deepseek = history("deepseek", "x", &messages);
    assert_eq!(
        (&deepseek[1]["reasoning_content"], &deepseek[2]["reasoning_content"]),
        (&json!("hm"), &json!(" "))
    );
    let minimax = history("minimax", "x", &messages);
    assert_eq!(minimax[1]["content"], "<think>\nhm\n</think>\n\nb");
    let mistral = history("mistral", "x", &messages);
    assert_eq!(
        mistral[1]["content"][0],
        json!({"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]})
    );
    assert_eq!(mistral[2]["tool_calls"][0]["id"].as_str().unwrap().len(), 9);
    assert_eq!(mistral[2]["tool_calls"][0]["id"], mistral[3]["tool_call_id"]);
    let openrouter = history("openrouter", "z-ai/glm", &messages);
    assert_eq!(
        openrouter[1]["reasoning_details"],
        json!([{"type": "reasoning.text", "text": "hm", "index": 0}])
    );
}

#[test]
fn proofs_go_back_only_to_models_of_their_issuer() {
    let mut request = Request::new(Dialect::Messages);
    let signature = |issuer| Some(Signature::new(issuer, "S"));
    let thought =
        Thought { text: "hm".into(), signature: signature(Issuer::Anthropic), ..Thought::default() };
    let call = ToolCall {
        id: "c".into(),
        name: "f".into(),
        arguments: "{}".into(),
        signature: signature(Issuer::Gemini),
        ..ToolCall::default()
    };
    request.messages =
        vec![Message::new(Role::Assistant, vec![Part::Thought(thought), Part::ToolCall(call)])];
    let details =
        |model: &str| write("openrouter", model, &request).0["messages"][0]["reasoning_details"].take();
    assert_eq!(details("anthropic/claude-opus-5")[0]["signature"], "S");
    assert_eq!(details("anthropic/claude-opus-5").as_array().unwrap().len(), 1);
    assert_eq!(details("google/gemini-3-pro")[0]["id"], "c");
    assert_eq!(details("openai/gpt-5"), Value::Null);
    let (body, _) = write("generic", "gemini-3-pro", &request);
    let google = &body["messages"][0]["tool_calls"][0]["extra_content"]["google"];
    assert_eq!(google["thought_signature"], "S");
    let (body, _) = write("generic", "llama", &request);
    assert_eq!(body["messages"][0]["tool_calls"][0].get("extra_content"), None);
}

#[test]
fn system_messages_come_first_where_the_provider_wants_it_and_turns_alternate() {
    let messages = json!([{"role": "system", "content": "s"}, {"role": "user", "content": "a"},
        {"role": "developer", "content": "d"}, {"role": "user", "content": "b"}]);
    assert_eq!(history("openai", "gpt-5", &messages)[2], json!({"role": "developer", "content": "d"}));
    assert_eq!(history("groq", "x", &messages)[2], json!({"role": "system", "content": "d"}));
    assert_eq!(
        history("mistral", "x", &messages),
        json!([{"role": "system", "content": "s\n\nd"}, {"role": "user", "content": "a"}, {"role": "user", "content": "b"}])
    );
    let tools = json!([{"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "c", "content": "r"}, {"role": "user", "content": "b"}]);
    assert_eq!(history("mistral", "x", &tools)[2], json!({"role": "assistant", "content": " "}));
    assert_eq!(history("openai", "x", &tools)[2]["role"], "user");
    let sonar = history("perplexity", "sonar", &messages);
    assert_eq!(sonar[0], json!({"role": "system", "content": "s\n\nd"}));
    let prefilled = json!([{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]);
    assert_eq!(history("mistral", "x", &prefilled)[1]["prefix"], true);
    assert_eq!(history("moonshot", "x", &prefilled)[1]["partial"], true);
}

#[test]
fn media_that_a_tool_answers_follow_in_a_users_message() {
    let image = Part::Media(Media::new(
        MediaKind::Image,
        Source::Bytes { mime: "image/png".into(), data: "AA==".into() },
    ));
    let call = |id: &str| {
        Part::ToolCall(ToolCall {
            id: id.into(),
            name: "f".into(),
            arguments: "{}".into(),
            ..ToolCall::default()
        })
    };
    let result = |id: &str, parts: Vec<Part>, is_error: bool| {
        Part::ToolResult(ToolResult { call_id: id.into(), parts, is_error, ..ToolResult::default() })
    };
    let mut request = Request::new(Dialect::Messages);
    request.messages = vec![
        Message::new(Role::Assistant, vec![call("1"), call("2")]),
        Message::new(
            Role::User,
            vec![
                result("1", vec![image], false),
                result("2", vec![Part::text("boom")], true),
                Part::text("and?"),
            ],
        ),
    ];
    let (body, _) = write("openai", "gpt-5", &request);
    let messages = body["messages"].as_array().unwrap();
    assert_eq!(
        messages.iter().map(|message| message["role"].as_str().unwrap()).collect::<Vec<_>>(),
        ["assistant", "tool", "tool", "user"]
    );
    assert_eq!(messages[2]["content"], "Error: boom");
    assert_eq!(messages[3]["content"][1]["image_url"]["url"], "data:image/png;base64,AA==");
    assert_eq!(messages[3]["content"][2]["text"], "and?");
    assert!(attempt("deepseek", "x", &Facts::default(), &request).is_err());
}

#[test]
fn what_the_provider_cannot_do_at_all_is_refused() {
    let file = Source::File { id: "file-1".into(), mime: None };
    let mut foreign = Request::new(Dialect::Messages);
    foreign.messages =
        vec![Message::new(Role::User, vec![Part::Media(Media::new(MediaKind::Document, file))])];
    let mut stored = read(&json!({}));
    stored.previous_response_id = Some("resp_1".into());
    let mut search = Request::new(Dialect::Messages);
    let native = Native { dialect: Dialect::Messages, value: json!({"type": "web_search_20250305"}) };
    search.tools = vec![Tool::Server(ServerTool {
        kind: ServerToolKind::WebSearch,
        allowed_domains: vec!["x.org".into()],
        blocked_domains: vec!["y.org".into()],
        max_uses: None,
        user_location: Some(json!({"type": "approximate", "city": "Bonn"})),
        native,
    })];
    for (provider, request, param) in [
        ("openai", &foreign, "messages"),
        ("openai", &stored, "previous_response_id"),
        ("groq", &read(&json!({"n": 2})), "n"),
        ("groq", &read(&json!({"modalities": ["audio"]})), "modalities"),
        ("openai", &search, "tools"),
    ] {
        let error = attempt(provider, "m", &Facts::default(), request).unwrap_err();
        assert_eq!(error.param.as_deref(), Some(param), "{provider}");
    }
    let options = |provider, model| write(provider, model, &search).0;
    let location = json!({"type": "approximate", "approximate": {"city": "Bonn"}});
    assert_eq!(options("openai", "gpt-5-search-api")["web_search_options"]["user_location"], location);
    assert_eq!(options("dashscope", "qwen")["enable_search"], true);
    assert_eq!(options("perplexity", "sonar")["search_domain_filter"], json!(["x.org", "-y.org"]));
    assert_eq!(options("zhipu", "glm")["tools"][0]["type"], "web_search");
}

#[test]
fn a_users_name_that_is_too_long_becomes_a_short_one_of_its_own() {
    let user = |name: &str| asking(&json!({"user": name}), "openai", "gpt-4o").0["user"].take();
    let (a, b) = (user(&"a".repeat(65)), user(&"b".repeat(65)));
    assert!(a.as_str().unwrap().len() <= 64 && a != b);
    assert_eq!(user("short"), "short");
}

#[test]
fn only_providers_without_urls_need_bytes() {
    let facts = Facts::default();
    let needs = |provider: &str, kind| {
        let url = Source::Url { url: "https://x/a".into(), mime: None };
        let target = Target {
            family: roundhouse_domain::spec::Family::OpenaiCompatible,
            model: "x",
            profile: profile::named(provider),
            facts: &facts,
        };
        needs_bytes(&Media::new(kind, url), &target)
    };
    for (provider, image, audio, document) in [
        ("openai", false, true, true),
        ("ollama", true, false, false),
        ("llama-cpp", true, true, false),
        ("mistral", false, true, false),
        ("openrouter", false, true, false),
        ("deepseek", false, false, false),
    ] {
        assert_eq!(needs(provider, MediaKind::Image), image, "{provider}");
        assert_eq!(needs(provider, MediaKind::Audio), audio, "{provider}");
        assert_eq!(needs(provider, MediaKind::Document), document, "{provider}");
    }
}

#[test]
fn fields_of_other_dialects_are_lost_and_told() {
    let mut request = Request::new(Dialect::Messages);
    request.extra.insert("container".into(), json!("x"));
    request.stop = vec!["a".into(), "b".into()];
    request.reasoning = Some(Reasoning { effort: Some(Effort::Low), ..Reasoning::default() });
    let (_, lost) = write("zhipu", "glm", &request);
    assert_eq!(lost, "stop_sequences thinking container");
}
