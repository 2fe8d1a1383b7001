use serde_json::{Value, json};

use super::super::{needs_bytes, write_request};
use crate::catalogue::{Facts, ReasoningStyle};
use crate::dialect::{Dialect, Target};
use crate::generation::{
    Effort, Format, Function, Losses, Media, MediaKind, Message, Native, Part, Reasoning, Request, Role,
    Source, Thought, Tool, ToolCall, ToolChoice, ToolResult, Unsupported,
};
use crate::profile::Profile;

fn asked(messages: Vec<Message>) -> Request {
    Request { messages, ..Request::new(Dialect::Chat) }
}

fn said(role: Role, text: &str) -> Message {
    Message::new(role, vec![Part::text(text)])
}

fn user(text: &str) -> Message {
    said(Role::User, text)
}

fn attempt(request: &Request, facts: &Facts) -> Result<(Value, Vec<String>), Unsupported> {
    let mut losses = Losses::default();
    let target = Target {
        family: roundhouse_domain::spec::Family::Cohere,
        model: "command-a-03-2025",
        profile: &Profile::default(),
        facts,
    };
    let body = write_request(request, &target, &mut losses)?;
    let fields = losses.iter().map(|(field, _)| field.to_owned()).collect();
    Ok((serde_json::from_slice(&body).unwrap(), fields))
}

fn written(request: &Request) -> (Value, Vec<String>) {
    attempt(request, &Facts::default()).unwrap()
}

fn function(name: &str, strict: Option<bool>) -> Tool {
    let parameters = Some(json!({"type":"object","properties":{}}));
    Tool::Function(Function { name: name.to_owned(), parameters, strict, ..Function::default() })
}

fn call(id: &str, arguments: &str, is_custom: bool) -> Part {
    let (id, arguments) = (id.to_owned(), arguments.to_owned());
    Part::ToolCall(ToolCall { id, name: "f".to_owned(), arguments, is_custom, ..ToolCall::default() })
}

fn result(id: &str, parts: Vec<Part>) -> Part {
    Part::ToolResult(ToolResult { call_id: id.to_owned(), parts, ..ToolResult::default() })
}

#[test]
fn a_conversation_with_tools_keeps_its_order_and_ids() {
    let mut request = asked(vec![
        user("hi"),
        Message::new(
            Role::Assistant,
            vec![
                Part::text("let me"),
                call("a", r#"{"x": 1}"#, false),
                call("b", "", false),
                call("c", "free", true),
            ],
        ),
        Message::new(
            Role::User,
            vec![
                result("a", vec![Part::text("1")]),
                result("b", vec![]),
                result("c", vec![Part::text("2")]),
                Part::text("and?"),
            ],
        ),
        said(Role::System, "one"),
        said(Role::Developer, "two"),
        said(Role::Assistant, "yes"),
    ]);
    request.tools = vec![
        function("f", None),
        Tool::Custom { name: "g".to_owned(), description: Some("d".to_owned()), format: None },
    ];
    request.stream = true;
    let (body, losses) = written(&request);
    let called = |id: &str, arguments: &str| json!({"id":id,"type":"function","function":{"name":"f","arguments":arguments}});
    assert_eq!(
        body,
        json!({
            "model":"command-a-03-2025",
            "messages":[
                {"role":"system","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]},
                {"role":"user","content":"hi"},
                {"role":"assistant","tool_plan":"let me",
                    "tool_calls":[called("a", r#"{"x": 1}"#), called("b", "{}"), called("c", r#"{"input":"free"}"#)]},
                {"role":"tool","tool_call_id":"a","content":"1"},
                {"role":"tool","tool_call_id":"b","content":""},
                {"role":"tool","tool_call_id":"c","content":"2"},
                {"role":"user","content":"and?"},
                {"role":"assistant","content":"yes"},
            ],
            "stream":true,
            "tools":[
                {"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}},
                {"type":"function","function":{"name":"g","description":"d","parameters":
                    {"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}}},
            ],
        })
    );
    assert_eq!(losses, [""; 0]);
}

#[test]
fn coheres_own_plan_comes_back_as_one() {
    let thought = Part::Thought(Thought { text: "I will look".to_owned(), ..Thought::default() });
    let request =
        asked(vec![user("x"), Message::new(Role::Assistant, vec![thought, call("a", "{}", false)])]);
    assert_eq!(written(&request).0["messages"][1]["tool_plan"], "I will look");
}

#[test]
fn images_stay_in_the_message_and_text_files_stand_beside_it() {
    let image = |source| {
        Part::Media(Media { detail: Some("low".to_owned()), ..Media::new(MediaKind::Image, source) })
    };
    let file = Part::Media(Media {
        name: Some("notes".to_owned()),
        ..Media::new(
            MediaKind::Document,
            Source::Bytes { mime: "text/plain".to_owned(), data: "aGk=".to_owned() },
        )
    });
    let parts = vec![
        Part::text("look"),
        image(Source::Bytes { mime: "image/png".to_owned(), data: "AAAA".to_owned() }),
        image(Source::Url { url: "https://x/y.png".to_owned(), mime: None }),
        file,
        Part::Media(Media::new(MediaKind::Document, Source::Text("ho".to_owned()))),
    ];
    let mut request = asked(vec![Message::new(Role::User, parts)]);
    let (body, losses) = written(&request);
    assert_eq!(
        body["messages"][0]["content"],
        json!([
            {"type":"text","text":"look"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},
            {"type":"image_url","image_url":{"url":"https://x/y.png","detail":"low"}},
        ])
    );
    assert_eq!(
        body["documents"],
        json!([{"id":"doc_0","data":{"text":"hi","title":"notes"}},{"id":"doc_1","data":{"text":"ho"}}])
    );
    assert_eq!(losses, [""; 0]);
    request.format = Some(Format::JsonObject);
    let (body, _) = written(&request);
    assert_eq!(body.get("documents"), None, "not together with a format");
    assert_eq!(body["messages"][0]["content"][3], json!({"type":"text","text":"notes\n\nhi"}));
}

#[test]
fn only_images_are_read_by_their_address() {
    let (facts, profile) = (Facts::default(), Profile::default());
    let target = Target {
        family: roundhouse_domain::spec::Family::Cohere,
        model: "m",
        profile: &profile,
        facts: &facts,
    };
    for (kind, url, needs) in [
        (MediaKind::Image, "https://x/y.png", false),
        (MediaKind::Image, "gs://x/y.png", true),
        (MediaKind::Document, "https://x/y.txt", true),
    ] {
        let media = Media::new(kind, Source::Url { url: url.to_owned(), mime: None });
        assert_eq!(needs_bytes(&media, &target), needs, "{url}");
    }
}

#[test]
fn what_cohere_cannot_do_is_refused() {
    let media = |kind, mime: &str| {
        Part::Media(Media::new(kind, Source::Bytes { mime: mime.to_owned(), data: "AAAA".to_owned() }))
    };
    let file = Part::Media(Media::new(MediaKind::Image, Source::File { id: "f".to_owned(), mime: None }));
    let native = Tool::Native(Native { dialect: Dialect::Messages, value: json!({}) });
    let with = |part| asked(vec![Message::new(Role::User, vec![part])]);
    for (request, param) in [
        (with(media(MediaKind::Document, "application/pdf")), "messages"),
        (with(media(MediaKind::Audio, "audio/wav")), "messages"),
        (with(file), "messages"),
        (with(result("a", vec![media(MediaKind::Image, "image/png")])), "messages"),
        (Request { answers: Some(2), ..asked(vec![user("x")]) }, "n"),
        (
            Request { previous_response_id: Some("r".to_owned()), ..asked(vec![user("x")]) },
            "previous_response_id",
        ),
        (Request { modalities: vec!["audio".to_owned()], ..asked(vec![user("x")]) }, "modalities"),
        (Request { tools: vec![native], ..asked(vec![user("x")]) }, "tools"),
    ] {
        let refused = attempt(&request, &Facts::default()).unwrap_err();
        assert_eq!(refused.param.as_deref(), Some(param), "{refused}");
    }
}

#[test]
fn choices_become_coheres_own() {
    let allowed = |required| ToolChoice::Allowed { names: vec!["g".to_owned()], required };
    for (choice, wanted, tools) in [
        (ToolChoice::Auto, Value::Null, 2),
        (ToolChoice::None, "NONE".into(), 2),
        (ToolChoice::Required, "REQUIRED".into(), 2),
        (ToolChoice::Named("g".to_owned()), "REQUIRED".into(), 1),
        (allowed(true), "REQUIRED".into(), 1),
        (allowed(false), Value::Null, 1),
    ] {
        let tools_given = vec![function("f", Some(true)), function("g", Some(true))];
        let request = Request { tools: tools_given, tool_choice: Some(choice), ..asked(vec![user("x")]) };
        let (body, losses) = written(&request);
        assert_eq!((&body["tool_choice"], body["tools"].as_array().map(Vec::len)), (&wanted, Some(tools)));
        assert_eq!((&body["strict_tools"], losses), (&true.into(), vec![]));
    }
    let request =
        Request { tools: vec![function("f", Some(true)), function("g", None)], ..asked(vec![user("x")]) };
    let (body, losses) = written(&request);
    assert_eq!((body.get("strict_tools"), losses), (None, vec!["tools".to_owned()]));
}

#[test]
fn options_are_kept_clamped_or_named() {
    let mut request = asked(vec![user("x")]);
    request.sampling.temperature = Some(0.5);
    request.sampling.top_p = Some(1.0);
    request.sampling.top_k = Some(900);
    request.sampling.seed = Some(7);
    request.sampling.frequency_penalty = Some(1.5);
    request.sampling.presence_penalty = Some(0.5);
    request.sampling.logprobs = Some(3);
    request.max_tokens = Some(9_000);
    request.stop = ["a", "b", "c", "d", "e", "f"].map(str::to_owned).to_vec();
    request.user = Some("u".to_owned());
    request.extra.insert("safety_mode".to_owned(), "STRICT".into());
    request.extra.insert("brand_new".to_owned(), 1.into());
    let facts = Facts { max_output_tokens: Some(8_000), ..Facts::default() };
    let (body, mut losses) = attempt(&request, &facts).unwrap();
    assert_eq!(
        body,
        json!({
            "model":"command-a-03-2025","messages":[{"role":"user","content":"x"}],"stream":false,
            "max_tokens":8_000,"stop_sequences":["a","b","c","d","e"],"temperature":0.5,"p":0.99,"k":500,"seed":7,
            "frequency_penalty":1.0,"logprobs":true,"safety_mode":"STRICT",
        })
    );
    losses.sort();
    assert_eq!(
        losses,
        [
            "brand_new",
            "frequency_penalty",
            "max_tokens",
            "presence_penalty",
            "stop",
            "top_k",
            "top_logprobs",
            "top_p",
            "user"
        ]
    );
}

#[test]
fn formats_are_enforced_where_no_tools_are() {
    let schema = json!({"type":"object"});
    let format = Format::JsonSchema { name: None, description: None, schema: schema.clone(), strict: None };
    let mut request = Request { format: Some(format), ..asked(vec![user("x")]) };
    assert_eq!(written(&request).0["response_format"], json!({"type":"json_object","json_schema":schema}));
    request.tools = vec![function("f", None)];
    let (body, losses) = written(&request);
    assert_eq!((body.get("response_format"), losses), (None, vec!["response_format".to_owned()]));
}

#[test]
fn thinking_is_told_in_tokens() {
    let style = |reasoning| Facts { reasoning, ..Facts::default() };
    let effort = |effort| Reasoning { effort: Some(effort), ..Reasoning::default() };
    for (facts, wish, wanted) in [
        (style(ReasoningStyle::Unknown), effort(Effort::None), json!({"type":"disabled"})),
        (style(ReasoningStyle::None), effort(Effort::None), Value::Null),
        (style(ReasoningStyle::None), effort(Effort::High), Value::Null),
        (
            style(ReasoningStyle::Unknown),
            effort(Effort::High),
            json!({"type":"enabled","token_budget":16_000}),
        ),
        (
            style(ReasoningStyle::Unknown),
            Reasoning { budget_tokens: Some(500), ..Reasoning::default() },
            json!({"type":"enabled","token_budget":500}),
        ),
        (style(ReasoningStyle::Unknown), Reasoning::default(), Value::Null),
    ] {
        let request = Request { reasoning: Some(wish), ..asked(vec![user("x")]) };
        assert_eq!(attempt(&request, &facts).unwrap().0["thinking"], wanted);
    }
}
