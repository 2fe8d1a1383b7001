//! Requests of other dialects.

use super::*;
use crate::catalogue::ReasoningStyle;
use crate::generation::{
    Citation, Effort, Format, Function, Issuer, Message, Native, Part, Reasoning, Role, Signature, Thought,
    Tool, ToolCall, ToolChoice, ToolResult,
};

pub(super) fn request() -> Request {
    let mut request = Request::new(Dialect::Chat);
    request.messages.push(Message::new(Role::User, vec![Part::text("hi")]));
    request
}

fn say(role: Role, text: &str) -> Message {
    Message::new(role, vec![Part::text(text)])
}

fn call(id: &str) -> Part {
    Part::ToolCall(ToolCall { id: id.to_owned(), name: "f".to_owned(), ..ToolCall::default() })
}

fn result(id: &str) -> Part {
    Part::ToolResult(ToolResult {
        call_id: id.to_owned(),
        parts: vec![Part::text(id)],
        ..ToolResult::default()
    })
}

pub(super) fn tool(name: &str) -> Tool {
    Tool::Function(Function { name: name.to_owned(), ..Function::default() })
}

fn refusal(request: &Request) -> Option<String> {
    let (profile, facts) = (Profile::default(), Facts::default());
    let target = Target {
        family: roundhouse_domain::spec::Family::Anthropic,
        model: "claude-sonnet-4-5",
        profile: &profile,
        facts: &facts,
    };
    write_request(request, &target, &mut Losses::default()).unwrap_err().param
}

pub(super) fn thinking(model: &str, set: impl Fn(&mut Request)) -> (Value, Vec<String>) {
    let mut request = request();
    set(&mut request);
    write(&request, model, &Facts::default())
}

#[test]
fn a_plain_request_gets_the_models_own_limit() {
    let (body, lost) = write(&request(), "claude-sonnet-4-5", &Facts::default());
    assert_eq!(
        body,
        json!({"model": "claude-sonnet-4-5", "max_tokens": 64000, "messages": [{"role": "user", "content": "hi"}]})
    );
    assert_eq!(lost, [""; 0]);
    let facts = Facts { max_output_tokens: Some(9_000), ..Facts::default() };
    assert_eq!(write(&request(), "x", &facts).0["max_tokens"], 9_000);
    let (body, lost) = thinking("claude-opus-4-1", |request| request.max_tokens = Some(100_000));
    assert_eq!((body["max_tokens"].as_u64(), lost), (Some(32_000), vec!["max_tokens".to_owned()]));
}

#[test]
fn instructions_are_hoisted_in_order_and_turns_alternate() {
    let mut request = Request::new(Dialect::Chat);
    request.messages = vec![
        say(Role::System, "a"),
        say(Role::User, "1"),
        say(Role::Developer, "b"),
        say(Role::User, "2"),
        say(Role::User, " \n"),
        say(Role::Assistant, "3"),
        say(Role::Assistant, "4 \n"),
    ];
    let (body, lost) = write(&request, "claude-sonnet-4-5", &Facts::default());
    assert_eq!(body["system"], json!([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]));
    let text = |text: &str| json!({"type": "text", "text": text});
    assert_eq!(
        body["messages"],
        json!([{"role": "user", "content": [text("1"), text("2")]}, {"role": "assistant", "content": [text("3"), text("4")]}])
    );
    assert_eq!(lost, [""; 0]);
    // Newer models do not go on from their own words.
    let (body, lost) = write(&request, "claude-opus-4-6", &Facts::default());
    assert_eq!(body["messages"][2], json!({"role": "user", "content": "Continue."}));
    assert_eq!(lost, ["messages"]);
}

#[test]
fn instructions_alone_become_a_users_message() {
    let mut request = Request::new(Dialect::Chat);
    request.messages = vec![say(Role::System, "a"), say(Role::System, "b")];
    let (body, lost) = write(&request, "claude-sonnet-4-5", &Facts::default());
    assert_eq!((&body["system"], &body["messages"][0]["content"]), (&json!("a"), &json!("b")));
    assert_eq!(lost, ["messages"]);
}

#[test]
fn results_follow_their_calls_in_one_turn_and_in_order() {
    let mut request = Request::new(Dialect::Chat);
    let long = "x".repeat(70);
    request.messages = vec![
        say(Role::User, "go"),
        Message::new(Role::Assistant, vec![call("b:1"), call("a")]),
        Message::new(Role::Assistant, vec![call(&long)]),
        Message::new(Role::User, vec![result(&long)]),
        say(Role::User, "and?"),
        Message::new(Role::User, vec![result("a"), result("b:1")]),
    ];
    request.tools.push(tool("f"));
    let (body, _) = write(&request, "claude-sonnet-4-5", &Facts::default());
    let calls = body["messages"][1]["content"].as_array().unwrap();
    let answers = body["messages"][2]["content"].as_array().unwrap();
    let ids: Vec<_> = calls.iter().map(|call| &call["id"]).collect();
    let answered: Vec<_> = answers.iter().take(3).map(|answer| &answer["tool_use_id"]).collect();
    assert_eq!(ids, answered);
    let fits = |id: &&Value| id.as_str().is_some_and(|id| id.len() <= 64 && !id.contains(':'));
    assert!(ids.iter().all(fits), "{ids:?}");
    assert_eq!(answers.iter().map(|answer| &answer["content"]).collect::<Vec<_>>()[..3], ["b:1", "a", &long]);
    assert_eq!(answers[3]["text"], "and?");
}

#[test]
fn calls_without_tools_bring_their_tools_along() {
    let mut request = request();
    request.messages.push(Message::new(Role::Assistant, vec![call("a"), call("b")]));
    request.messages.push(Message::new(Role::User, vec![result("a"), result("b")]));
    let (body, _) = write(&request, "claude-sonnet-4-5", &Facts::default());
    assert_eq!(body["tools"], json!([{"name": "f", "input_schema": {"type": "object"}}]));
    assert_eq!(body["tool_choice"], json!({"type": "none"}));
}

#[test]
fn thinking_takes_the_form_of_the_model() {
    let effort = |effort| Some(Reasoning { effort: Some(effort), ..Reasoning::default() });
    for (model, reasoning, thinking_field, effort_word, max_tokens) in [
        ("claude-3-5-sonnet-latest", effort(Effort::High), json!(null), json!(null), 8_192),
        (
            "claude-sonnet-4-5",
            effort(Effort::High),
            json!({"type": "enabled", "budget_tokens": 24_000}),
            json!(null),
            64_000,
        ),
        ("claude-sonnet-4-5", effort(Effort::None), json!(null), json!(null), 64_000),
        ("claude-opus-4-6", effort(Effort::Minimal), json!({"type": "adaptive"}), json!("low"), 128_000),
        ("claude-opus-4-6", effort(Effort::XHigh), json!({"type": "adaptive"}), json!("high"), 128_000),
        ("claude-opus-4-7", effort(Effort::XHigh), json!({"type": "adaptive"}), json!("xhigh"), 128_000),
        ("claude-opus-4-7", effort(Effort::None), json!(null), json!(null), 128_000),
        ("claude-sonnet-5", effort(Effort::None), json!({"type": "disabled"}), json!(null), 128_000),
        ("claude-opus-5-5", effort(Effort::None), json!(null), json!("low"), 128_000),
        (
            "claude-opus-4-6",
            Some(Reasoning {
                budget_tokens: Some(40_000),
                summary: Some("auto".into()),
                ..Reasoning::default()
            }),
            json!({"type": "adaptive", "display": "summarized"}),
            json!("medium"),
            128_000,
        ),
        ("glm-4.6", effort(Effort::None), json!({"type": "disabled"}), json!(null), 32_000),
    ] {
        let (body, _) = thinking(model, |request| request.reasoning.clone_from(&reasoning));
        assert_eq!(
            (&body["thinking"], &body["output_config"]["effort"], body["max_tokens"].as_u64()),
            (&thinking_field, &effort_word, Some(max_tokens)),
            "{model} {reasoning:?}"
        );
    }
}

#[test]
fn a_budget_stays_below_the_most_tokens() {
    for (max_tokens, reasoning, budget, raised) in [
        (8_000, Reasoning { effort: Some(Effort::High), ..Reasoning::default() }, 3_000, 8_000),
        (500, Reasoning { effort: Some(Effort::Low), ..Reasoning::default() }, 1_024, 1_524),
        (5_000, Reasoning { budget_tokens: Some(10_000), ..Reasoning::default() }, 10_000, 15_000),
        (60_000, Reasoning { budget_tokens: Some(90_000), ..Reasoning::default() }, 63_999, 64_000),
    ] {
        let (body, _) = thinking("claude-sonnet-4-5", |request| {
            request.max_tokens = Some(max_tokens);
            request.reasoning = Some(reasoning.clone());
        });
        assert_eq!(body["thinking"]["budget_tokens"], budget);
        assert_eq!(body["max_tokens"], raised);
    }
}

#[test]
fn thinking_gives_way_to_what_excludes_it() {
    let thinks = |request: &mut Request| {
        request.reasoning = Some(Reasoning { effort: Some(Effort::High), ..Reasoning::default() });
        request.tools.push(tool("f"));
    };
    let (body, lost) = thinking("claude-sonnet-4-5", |request| {
        thinks(request);
        request.tool_choice = Some(ToolChoice::Required);
    });
    assert_eq!((&body["thinking"], &body["tool_choice"]), (&json!(null), &json!({"type": "any"})));
    assert_eq!(lost, ["reasoning_effort"]);
    let (body, lost) = thinking("claude-sonnet-4-5", |request| {
        thinks(request);
        request.messages.push(Message::new(Role::Assistant, vec![call("a")]));
        request.messages.push(Message::new(Role::User, vec![result("a")]));
    });
    assert_eq!(body["thinking"], json!(null));
    assert_eq!(lost, ["reasoning_effort"]);
    let (body, lost) = thinking("claude-sonnet-4-5", |request| {
        thinks(request);
        request.sampling.temperature = Some(0.3);
        request.sampling.top_k = Some(5);
        request.sampling.top_p = Some(0.5);
    });
    assert_eq!(
        (&body["temperature"], &body["top_k"], &body["top_p"]),
        (&json!(null), &json!(null), &json!(0.95))
    );
    assert_eq!(lost, ["temperature", "top_k", "top_p"]);
}

#[test]
fn only_thoughts_that_anthropic_signed_go_back() {
    let thought = |issuer, is_redacted| {
        let signature = Some(Signature::new(issuer, "s"));
        Part::Thought(Thought { text: "t".to_owned(), signature, is_redacted, id: None })
    };
    let mut request = request();
    let unsigned = Part::Thought(Thought { text: "t".to_owned(), ..Thought::default() });
    request.messages.push(Message::new(
        Role::Assistant,
        vec![
            thought(Issuer::Anthropic, false),
            thought(Issuer::Openai, false),
            thought(Issuer::Anthropic, true),
            unsigned,
            call("a"),
        ],
    ));
    request.messages.push(Message::new(Role::User, vec![result("a")]));
    let (body, lost) = write(&request, "claude-sonnet-4-5", &Facts::default());
    assert_eq!(
        body["messages"][1]["content"].as_array().unwrap()[..2],
        [
            json!({"type": "thinking", "thinking": "t", "signature": "s"}),
            json!({"type": "redacted_thinking", "data": "s"})
        ]
    );
    assert_eq!(body["messages"][1]["content"].as_array().unwrap().len(), 3);
    assert_eq!(lost, [""; 0]);
}

#[test]
fn sampling_is_brought_into_range_or_left_out() {
    let (body, lost) = thinking("claude-3-5-haiku-latest", |request| {
        request.sampling.temperature = Some(1.7);
        request.sampling.top_p = Some(0.5);
        request.sampling.top_k = Some(4);
        request.sampling.seed = Some(1);
        request.sampling.presence_penalty = Some(0.0);
        request.sampling.frequency_penalty = Some(0.5);
    });
    assert_eq!((&body["temperature"], &body["top_p"], &body["top_k"]), (&json!(1.0), &json!(0.5), &json!(4)));
    assert_eq!(lost, ["temperature", "frequency_penalty", "seed"]);
    let both = |request: &mut Request| {
        request.sampling.temperature = Some(0.5);
        request.sampling.top_p = Some(0.5);
    };
    let (body, lost) = thinking("claude-sonnet-4-5", both);
    assert_eq!(
        (&body["temperature"], &body["top_p"], lost),
        (&json!(0.5), &json!(null), vec!["top_p".to_owned()])
    );
    let (body, lost) = thinking("claude-opus-4-7", both);
    assert_eq!((&body["temperature"], lost.len()), (&json!(null), 2));
}

#[test]
fn formats_are_kept_to_where_the_model_can_and_told_where_not() {
    let schema = |request: &mut Request| {
        let schema = json!({"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}});
        request.format =
            Some(Format::JsonSchema { name: None, description: None, schema, strict: Some(true) });
    };
    let (body, lost) = thinking("claude-haiku-4-5", schema);
    assert_eq!(
        body["output_config"]["format"],
        json!({"type": "json_schema", "schema": {
            "type": "object", "additionalProperties": false,
            "properties": {"a": {"type": "integer", "description": "(minimum: 1)"}},
        }})
    );
    assert_eq!(lost, ["response_format: minimum"]);
    let (body, lost) = thinking("claude-3-7-sonnet-latest", schema);
    assert!(body["system"].as_str().unwrap().contains(r#""minimum":1"#));
    assert_eq!((&body["output_config"], lost), (&json!(null), vec!["response_format".to_owned()]));
    let (body, lost) = thinking("claude-haiku-4-5", |request| request.format = Some(Format::JsonObject));
    assert!(body["system"].as_str().unwrap().contains("JSON"));
    assert_eq!(lost, ["response_format"]);
}

#[test]
fn what_would_make_the_answer_useless_is_refused() {
    let refused = |set: fn(&mut Request)| {
        let mut request = request();
        set(&mut request);
        refusal(&request)
    };
    assert_eq!(refused(|request| request.answers = Some(2)).as_deref(), Some("n"));
    assert_eq!(
        refused(|request| request.previous_response_id = Some("r".to_owned())).as_deref(),
        Some("previous_response_id")
    );
    assert_eq!(
        refused(|request| request.modalities = vec!["audio".to_owned()]).as_deref(),
        Some("modalities")
    );
    assert_eq!(refused(|request| request.tools = vec![tool("a.b")]).as_deref(), Some("tools[0].name"));
    let native = |request: &mut Request| {
        let value = json!({"type": "file_search"});
        request.tools = vec![Tool::Native(Native { dialect: Dialect::Responses, value })];
    };
    assert_eq!(refused(native).as_deref(), Some("tools[0]"));
}

#[test]
fn what_is_left_out_is_told_under_the_callers_names() {
    let (_, lost) = thinking("claude-sonnet-4-5", |request| {
        request.dialect = Dialect::Gemini;
        request.sampling.temperature = Some(2.0);
        request.sampling.logprobs = Some(3);
        request.safety = vec![json!({})];
        request.stop = vec![" ".to_owned(), "x".to_owned()];
        request.extra.insert("generationConfig.mediaResolution".to_owned(), json!("LOW"));
    });
    let mut lost: Vec<_> = lost.iter().map(String::as_str).collect();
    lost.sort_unstable();
    assert_eq!(
        lost,
        [
            "generationConfig.mediaResolution",
            "generationConfig.responseLogprobs",
            "generationConfig.stopSequences",
            "generationConfig.temperature",
            "safetySettings",
        ]
    );
}

#[test]
fn tiers_and_users_are_translated() {
    for (told, tier) in [("auto", json!("auto")), ("default", json!("standard_only")), ("flex", json!(null))]
    {
        let (body, _) = thinking("claude-sonnet-4-5", |request| {
            request.service_tier = Some(told.to_owned());
            request.user = Some("u".to_owned());
        });
        assert_eq!((&body["service_tier"], &body["metadata"]), (&tier, &json!({"user_id": "u"})));
    }
}

#[test]
fn citations_that_we_made_up_do_not_go_back() {
    let mut request = request();
    let native = |index: &str| Citation {
        native: Some(Native {
            dialect: Dialect::Messages,
            value: json!({"type": "web_search_result_location", "encrypted_index": index}),
        }),
        ..Citation::default()
    };
    let text = crate::generation::Text {
        text: "t".to_owned(),
        citations: vec![
            native(""),
            native("e"),
            Citation { url: Some("https://a".to_owned()), ..Citation::default() },
        ],
        ..crate::generation::Text::default()
    };
    request.messages.push(Message::new(Role::Assistant, vec![Part::Text(text)]));
    let (body, _) = write(&request, "claude-sonnet-4-5", &Facts::default());
    assert_eq!(body["messages"][1]["content"][0]["citations"].as_array().unwrap().len(), 1);
}

#[test]
fn the_catalogue_decides_how_a_model_thinks() {
    let facts = Facts { reasoning: ReasoningStyle::Adaptive, ..Facts::default() };
    let mut request = request();
    request.reasoning = Some(Reasoning { effort: Some(Effort::High), ..Reasoning::default() });
    assert_eq!(write(&request, "our-model", &facts).0["thinking"], json!({"type": "adaptive"}));
    let facts = Facts { reasoning: ReasoningStyle::None, ..Facts::default() };
    let (body, lost) = write(&request, "our-model", &facts);
    assert_eq!((&body["thinking"], lost), (&json!(null), vec!["reasoning_effort".to_owned()]));
}

#[test]
fn tokens_are_counted_of_the_prompt_alone() {
    let mut request = request();
    request.stream = true;
    request.sampling.temperature = Some(0.5);
    request.user = Some("u".to_owned());
    request.tools = vec![tool("f")];
    let (profile, facts) = (Profile::default(), Facts::default());
    let target = Target {
        family: roundhouse_domain::spec::Family::Anthropic,
        model: "claude-sonnet-4-5",
        profile: &profile,
        facts: &facts,
    };
    let body = write_count_request(&request, &target, &mut Losses::default()).unwrap();
    assert_eq!(
        serde_json::from_slice::<Value>(&body).unwrap(),
        json!({
            "model": "claude-sonnet-4-5",
            "messages": [{"role": "user", "content": "hi"}],
            "tools": [{"name": "f", "input_schema": {"type": "object", "properties": {}}}],
        })
    );
    assert_eq!(read_count_answer(&write_count_answer(7)), Ok(7));
    assert!(read_count_answer(br#"{"error":{"message":"m"}}"#).is_err());
    let counted = read_count_request(json!({"model": "m", "messages": [{"role": "user", "content": "hi"}]}));
    assert_eq!(counted.unwrap().max_tokens, None);
}
