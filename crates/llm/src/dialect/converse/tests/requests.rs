use serde_json::{Value, json};

use super::super::{needs_bytes, write_request};
use crate::catalogue::{Facts, ReasoningStyle};
use crate::dialect::{Dialect, Target};
use crate::generation::{
    CacheHint, Effort, Format, Function, Issuer, Losses, Media, MediaKind, Message, Native, Part, Reasoning,
    Request, Role, ServerTool, ServerToolKind, Signature, Source, Text, Thought, Tool, ToolCall, ToolChoice,
    ToolResult, Unsupported,
};
use crate::profile::Profile;

const CLAUDE: &str = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const LLAMA: &str = "meta.llama3-3-70b-instruct-v1:0";
const NOVA: &str = "us.amazon.nova-2-lite-v1:0";

fn asked(messages: Vec<Message>) -> Request {
    Request { messages, ..Request::new(Dialect::Chat) }
}

fn user(text: &str) -> Message {
    Message::new(Role::User, vec![Part::text(text)])
}

fn attempt(request: &Request, model: &str, facts: &Facts) -> Result<(Value, Vec<String>), Unsupported> {
    let mut losses = Losses::default();
    let target = Target {
        family: roundhouse_domain::spec::Family::Bedrock,
        model,
        profile: &Profile::default(),
        facts,
    };
    let body = write_request(request, &target, &mut losses)?;
    let fields = losses.iter().map(|(field, _)| field.to_owned()).collect();
    Ok((serde_json::from_slice(&body).unwrap(), fields))
}

fn written(request: &Request, model: &str) -> (Value, Vec<String>) {
    attempt(request, model, &Facts::default()).unwrap()
}

fn function(name: &str) -> Tool {
    Tool::Function(Function {
        name: name.to_owned(),
        description: Some("d".to_owned()),
        parameters: Some(json!({"type":"object","properties":{"x":{"type":"integer"}}})),
        ..Function::default()
    })
}

fn call(id: &str, arguments: &str) -> Part {
    Part::ToolCall(ToolCall {
        id: id.to_owned(),
        name: "f".to_owned(),
        arguments: arguments.to_owned(),
        ..ToolCall::default()
    })
}

fn result(id: &str, text: &str) -> Part {
    Part::ToolResult(ToolResult {
        call_id: id.to_owned(),
        parts: vec![Part::text(text)],
        ..ToolResult::default()
    })
}

fn image(source: Source) -> Part {
    Part::Media(Media::new(MediaKind::Image, source))
}

fn bytes(mime: &str) -> Source {
    Source::Bytes { mime: mime.to_owned(), data: "AAAA".to_owned() }
}

#[test]
fn a_conversation_with_tools_keeps_its_order_and_ids() {
    let mut request = asked(vec![
        Message::new(Role::System, vec![Part::text("one")]),
        user("hi"),
        Message::new(Role::Assistant, vec![Part::text("so"), call("a", r#"{"x":1}"#), call("b.c", "")]),
        Message::new(Role::User, vec![result("a", "1")]),
        Message::new(Role::User, vec![Part::text("and"), result("b.c", "")]),
        Message::new(Role::Developer, vec![Part::text("two")]),
        Message::new(Role::User, vec![Part::text(" ")]),
    ]);
    request.tools = vec![function("f")];
    request.tool_choice = Some(ToolChoice::Named("f".to_owned()));
    request.max_tokens = Some(9);
    request.stop = vec!["x".to_owned(), " ".to_owned()];
    let (body, losses) = written(&request, LLAMA);
    let other = body["messages"][1]["content"][2]["toolUse"]["toolUseId"].clone();
    assert_eq!(other.as_str().map(str::len), Some(9), "an id with a dot is not allowed");
    assert_eq!(
        body,
        json!({
            "messages": [
                {"role":"user","content":[{"text":"hi"}]},
                {"role":"assistant","content":[
                    {"text":"so"},
                    {"toolUse":{"toolUseId":"a","name":"f","input":{"x":1}}},
                    {"toolUse":{"toolUseId":other,"name":"f","input":{}}}]},
                {"role":"user","content":[
                    {"toolResult":{"toolUseId":"a","content":[{"text":"1"}]}},
                    {"toolResult":{"toolUseId":other,"content":[{"text":""}]}},
                    {"text":"and"}]},
            ],
            "system": [{"text":"one"},{"text":"two"}],
            "inferenceConfig": {"maxTokens":9,"stopSequences":["x"]},
            "toolConfig": {
                "tools": [{"toolSpec":{"name":"f","description":"d",
                    "inputSchema":{"json":{"type":"object","properties":{"x":{"type":"integer"}}}}}}],
                "toolChoice": {"tool":{"name":"f"}}},
        })
    );
    assert_eq!(losses, ["stop"]);
}

#[test]
fn every_kind_of_media_has_its_block() {
    let media = |kind, mime: &str, name: Option<&str>| {
        Part::Media(Media { name: name.map(str::to_owned), ..Media::new(kind, bytes(mime)) })
    };
    let parts = vec![
        image(bytes("image/jpg")),
        image(Source::Url { url: "s3://bucket/cat.PNG".to_owned(), mime: None }),
        media(MediaKind::Document, "application/pdf", Some("Q3__report.pdf")),
        media(MediaKind::Document, "text/x-rust; charset=utf-8", Some("Q3 report pdf")),
        Part::Media(Media::new(MediaKind::Document, Source::Text("hi".to_owned()))),
        media(MediaKind::Audio, "audio/mpeg", None),
        media(MediaKind::Video, "video/3gpp", None),
    ];
    let (body, losses) = written(&asked(vec![Message::new(Role::User, parts)]), NOVA);
    assert_eq!(
        body["messages"][0]["content"],
        json!([
            {"image":{"format":"jpeg","source":{"bytes":"AAAA"}}},
            {"image":{"format":"png","source":{"s3Location":{"uri":"s3://bucket/cat.PNG"}}}},
            {"document":{"format":"pdf","name":"Q3 report pdf","source":{"bytes":"AAAA"}}},
            {"document":{"format":"txt","name":"Q3 report pdf (2)","source":{"bytes":"AAAA"}}},
            {"document":{"format":"txt","name":"document","source":{"bytes":"aGk="}}},
            {"audio":{"format":"mp3","source":{"bytes":"AAAA"}}},
            {"video":{"format":"three_gp","source":{"bytes":"AAAA"}}},
            {"text":"See the document."},
        ])
    );
    assert_eq!(losses, [""; 0]);
}

#[test]
fn only_addresses_outside_of_s3_must_be_fetched() {
    let (facts, profile) = (Facts::default(), Profile::default());
    let target = Target {
        family: roundhouse_domain::spec::Family::Bedrock,
        model: NOVA,
        profile: &profile,
        facts: &facts,
    };
    for (url, needs) in [("https://x/y.png", true), ("http://x/y.png", true), ("s3://b/y.png", false)] {
        let media = Media::new(MediaKind::Image, Source::Url { url: url.to_owned(), mime: None });
        assert_eq!(needs_bytes(&media, &target), needs, "{url}");
    }
    assert!(!needs_bytes(&Media::new(MediaKind::Image, bytes("image/png")), &target));
}

#[test]
fn what_bedrock_cannot_do_is_refused() {
    let with = |part: Part| asked(vec![Message::new(Role::User, vec![part])]);
    let search = ServerTool {
        kind: ServerToolKind::WebSearch,
        allowed_domains: Vec::new(),
        blocked_domains: Vec::new(),
        max_uses: None,
        user_location: None,
        native: Native { dialect: Dialect::Messages, value: json!({}) },
    };
    let native = Tool::Native(Native { dialect: Dialect::Responses, value: json!({"type":"computer"}) });
    let file = Source::File { id: "file-1".to_owned(), mime: None };
    let sound = Part::Media(Media::new(MediaKind::Audio, bytes("audio/wav")));
    for (request, param) in [
        (with(image(Source::Url { url: "https://x/y.png".to_owned(), mime: None })), "messages"),
        (with(image(file)), "messages"),
        (with(image(bytes("image/svg+xml"))), "messages"),
        (with(Part::ToolResult(ToolResult { parts: vec![sound], ..ToolResult::default() })), "messages"),
        (Request { answers: Some(2), ..asked(vec![user("x")]) }, "n"),
        (
            Request { previous_response_id: Some("r".to_owned()), ..asked(vec![user("x")]) },
            "previous_response_id",
        ),
        (Request { modalities: vec!["audio".to_owned()], ..asked(vec![user("x")]) }, "modalities"),
        (Request { tools: vec![Tool::Server(search.clone())], ..asked(vec![user("x")]) }, "tools"),
        (Request { tools: vec![native], ..asked(vec![user("x")]) }, "tools"),
    ] {
        let refused = attempt(&request, CLAUDE, &Facts::default()).unwrap_err();
        assert_eq!(refused.param.as_deref(), Some(param), "{refused}");
    }
    let (body, _) = written(&Request { tools: vec![Tool::Server(search)], ..asked(vec![user("x")]) }, NOVA);
    assert_eq!(body["toolConfig"]["tools"], json!([{"systemTool":{"name":"nova_grounding"}}]));
}

#[test]
fn a_history_with_calls_keeps_tools_whatever_the_choice() {
    let history = vec![
        user("x"),
        Message::new(Role::Assistant, vec![call("a", "cut {")]),
        Message::new(Role::User, vec![result("a", "1")]),
    ];
    let none = Some(ToolChoice::None);
    let (body, losses) = written(&asked(history.clone()), CLAUDE);
    assert_eq!(body["toolConfig"]["tools"][0]["toolSpec"]["name"], "f");
    assert_eq!(body["messages"][1]["content"][0]["toolUse"]["input"], json!({"input":"cut {"}));
    assert_eq!(losses, [""; 0]);
    let request = Request { tools: vec![function("g")], tool_choice: none.clone(), ..asked(history) };
    let (body, losses) = written(&request, CLAUDE);
    assert_eq!(body["toolConfig"]["tools"][0]["toolSpec"]["name"], "g");
    assert_eq!((body["toolConfig"].get("toolChoice"), losses), (None, vec!["tool_choice".to_owned()]));
    let request = Request { tools: vec![function("g")], tool_choice: none, ..asked(vec![user("x")]) };
    assert_eq!(written(&request, CLAUDE).0.get("toolConfig"), None);
}

#[test]
fn choices_become_bedrocks_own() {
    let allowed = |required| ToolChoice::Allowed { names: vec!["g".to_owned()], required };
    for (choice, wanted, tools) in [
        (ToolChoice::Auto, json!({"auto":{}}), 2),
        (ToolChoice::Required, json!({"any":{}}), 2),
        (allowed(true), json!({"any":{}}), 1),
        (allowed(false), json!({"auto":{}}), 1),
    ] {
        let tools_given = vec![function("f"), function("g")];
        let request = Request { tools: tools_given, tool_choice: Some(choice), ..asked(vec![user("x")]) };
        let (body, _) = written(&request, CLAUDE);
        assert_eq!(body["toolConfig"]["toolChoice"], wanted);
        assert_eq!(body["toolConfig"]["tools"].as_array().map(Vec::len), Some(tools));
    }
}

#[test]
fn thoughts_go_back_to_claude_only_and_only_its_own() {
    let thought = |issuer, is_redacted| {
        Part::Thought(Thought {
            text: "hm".to_owned(),
            signature: Some(Signature::new(issuer, "sig")),
            is_redacted,
            id: None,
        })
    };
    let parts = vec![
        thought(Issuer::Anthropic, false),
        thought(Issuer::Anthropic, true),
        thought(Issuer::Openai, true),
        Part::Thought(Thought { text: "unsigned".to_owned(), ..Thought::default() }),
        Part::text("x"),
    ];
    let request = asked(vec![user("q"), Message::new(Role::Assistant, parts)]);
    let (body, losses) = written(&request, CLAUDE);
    assert_eq!(
        body["messages"][1]["content"],
        json!([
            {"reasoningContent":{"reasoningText":{"text":"hm","signature":"sig"}}},
            {"reasoningContent":{"redactedContent":"sig"}},
            {"text":"x"},
        ])
    );
    assert_eq!(losses, [""; 0]);
    assert_eq!(written(&request, NOVA).0["messages"][1]["content"], json!([{"text":"x"}]));
}

#[test]
fn thinking_is_told_in_each_familys_way() {
    let style = |reasoning| Facts { reasoning, ..Facts::default() };
    let budget = style(ReasoningStyle::Budget { min: 1_024, max: 32_000, can_stop: true });
    let (adaptive, unknown) = (style(ReasoningStyle::Adaptive), Facts::default());
    let effort = |effort| Reasoning { effort: Some(effort), ..Reasoning::default() };
    let tokens = |tokens| Reasoning { budget_tokens: Some(tokens), ..Reasoning::default() };
    let shown = Reasoning { include_thoughts: Some(true), ..effort(Effort::High) };
    for (model, facts, wish, wanted) in [
        (
            CLAUDE,
            &budget,
            effort(Effort::High),
            json!({"thinking":{"type":"enabled","budget_tokens":16_000}}),
        ),
        (CLAUDE, &budget, tokens(5), json!({"thinking":{"type":"enabled","budget_tokens":1_024}})),
        (CLAUDE, &budget, effort(Effort::None), Value::Null),
        (CLAUDE, &unknown, tokens(2_000), json!({"thinking":{"type":"enabled","budget_tokens":2_000}})),
        (
            CLAUDE,
            &adaptive,
            shown,
            json!({"thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"high"}}),
        ),
        (CLAUDE, &adaptive, effort(Effort::None), json!({"thinking":{"type":"disabled"}})),
        (
            "arn:aws:bedrock:us-east-1:1:application-inference-profile/x",
            &adaptive,
            Reasoning { is_adaptive: true, ..Reasoning::default() },
            json!({"thinking":{"type":"adaptive"}}),
        ),
        (
            NOVA,
            &unknown,
            effort(Effort::Low),
            json!({"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}}),
        ),
        ("openai.gpt-oss-120b-1:0", &unknown, effort(Effort::Max), json!({"reasoning_effort":"high"})),
        (LLAMA, &unknown, effort(Effort::High), Value::Null),
    ] {
        let request = Request { reasoning: Some(wish), ..asked(vec![user("x")]) };
        let (body, _) = attempt(&request, model, facts).unwrap();
        assert_eq!(body["additionalModelRequestFields"], wanted, "{model}");
    }
}

#[test]
fn thinking_claude_draws_tokens_in_its_own_way() {
    let facts = Facts {
        reasoning: ReasoningStyle::Budget { min: 1_024, max: 32_000, can_stop: true },
        ..Facts::default()
    };
    let mut request = asked(vec![user("x")]);
    request.reasoning = Some(Reasoning { effort: Some(Effort::Max), ..Reasoning::default() });
    request.max_tokens = Some(4_000);
    request.sampling.temperature = Some(0.5);
    request.sampling.top_k = Some(5);
    let (body, losses) = attempt(&request, CLAUDE, &facts).unwrap();
    assert_eq!(
        body["additionalModelRequestFields"],
        json!({"thinking":{"type":"enabled","budget_tokens":3_999}})
    );
    assert_eq!(body["inferenceConfig"], json!({"maxTokens":4_000}));
    assert_eq!(losses, ["temperature", "top_k"]);
    request.tools = vec![function("f")];
    request.tool_choice = Some(ToolChoice::Required);
    let (body, losses) = attempt(&request, CLAUDE, &facts).unwrap();
    assert_eq!(body["additionalModelRequestFields"], json!({"top_k":5}));
    assert_eq!(
        (body["inferenceConfig"]["temperature"].as_f64(), losses),
        (Some(0.5), vec!["reasoning".to_owned()])
    );
}

#[test]
fn options_are_kept_clamped_or_named() {
    let mut request = asked(vec![user("x")]);
    request.sampling.temperature = Some(1.5);
    request.sampling.top_p = Some(0.9);
    request.sampling.seed = Some(1);
    request.max_tokens = Some(100_000);
    request.service_tier = Some("priority".to_owned());
    request.user = Some("u-1".to_owned());
    request.metadata.insert("team".to_owned(), "a b".into());
    request.metadata.insert("odd".to_owned(), "ü".into());
    request.extra.insert("guardrailConfig".to_owned(), json!({"guardrailIdentifier":"g"}));
    request.extra.insert("additionalModelRequestFields".to_owned(), json!({"top_a":1}));
    request.extra.insert("brand_new".to_owned(), json!(1));
    let facts = Facts { max_output_tokens: Some(8_192), ..Facts::default() };
    let (body, losses) = attempt(&request, LLAMA, &facts).unwrap();
    assert_eq!(
        body,
        json!({
            "messages":[{"role":"user","content":[{"text":"x"}]}],
            "inferenceConfig":{"maxTokens":8_192,"temperature":1.0,"topP":0.9},
            "additionalModelRequestFields":{"top_a":1},
            "serviceTier":{"type":"priority"},
            "requestMetadata":{"team":"a b","user":"u-1"},
            "guardrailConfig":{"guardrailIdentifier":"g"},
        })
    );
    assert_eq!(losses, ["seed", "brand_new", "temperature", "max_tokens", "metadata"]);
    request.sampling.temperature = Some(0.5);
    assert_eq!(attempt(&request, CLAUDE, &facts).unwrap().0["inferenceConfig"].get("topP"), None);
}

#[test]
fn schemas_are_enforced_or_asked_for_in_words() {
    let schema = json!({"type":"object","properties":{"a":{"type":"string"}},"required":["a"]});
    let format = Format::JsonSchema { name: None, description: None, schema, strict: Some(true) };
    let request = Request { format: Some(format), ..asked(vec![user("x")]) };
    let (body, losses) = written(&request, CLAUDE);
    let definition = &body["outputConfig"]["textFormat"]["structure"]["jsonSchema"];
    assert_eq!(body["outputConfig"]["textFormat"]["type"], "json_schema");
    assert_eq!(definition["name"], "response");
    let sent: Value = serde_json::from_str(definition["schema"].as_str().unwrap()).unwrap();
    assert_eq!(sent["additionalProperties"], false);
    assert_eq!(losses, [""; 0]);
    let facts = Facts { has_json_schema: Some(false), ..Facts::default() };
    let (body, losses) = attempt(&request, LLAMA, &facts).unwrap();
    assert!(body["system"][0]["text"].as_str().unwrap().contains(r#""required":["a"]"#));
    assert_eq!((body.get("outputConfig"), losses), (None, vec!["response_format".to_owned()]));
}

#[test]
fn the_cache_is_marked_where_the_model_has_marks() {
    let hint = |ttl: Option<&str>| Some(CacheHint { ttl: ttl.map(str::to_owned) });
    let text = |ttl| Part::Text(Text { text: "x".to_owned(), cache: hint(ttl), ..Text::default() });
    let mut request = asked(vec![
        Message::new(Role::System, vec![text(Some("1h"))]),
        Message::new(Role::User, vec![text(None)]),
    ]);
    request.tools =
        vec![Tool::Function(Function { name: "f".to_owned(), cache: hint(None), ..Function::default() })];
    let (body, losses) = written(&request, CLAUDE);
    assert_eq!(body["system"], json!([{"text":"x"},{"cachePoint":{"type":"default","ttl":"1h"}}]));
    assert_eq!(body["messages"][0]["content"], json!([{"text":"x"},{"cachePoint":{"type":"default"}}]));
    assert_eq!(body["toolConfig"]["tools"][1], json!({"cachePoint":{"type":"default"}}));
    assert_eq!(losses, [""; 0]);
    assert_eq!(written(&request, NOVA).0["toolConfig"]["tools"].as_array().map(Vec::len), Some(1));
    let (body, losses) = written(&request, LLAMA);
    assert_eq!(body["system"], json!([{"text":"x"}]));
    assert_eq!(losses, ["cache_control"]);
}

#[test]
fn conversations_that_bedrock_would_refuse_are_mended() {
    let assistant = Message::new(Role::Assistant, vec![Part::text("hello")]);
    let (body, losses) = written(&asked(vec![assistant, user("x")]), CLAUDE);
    assert_eq!(body["messages"][0], json!({"role":"user","content":[{"text":"."}]}));
    assert_eq!(losses, ["messages"]);
    let system = Message::new(Role::System, vec![Part::text("do")]);
    let (body, losses) = written(&asked(vec![system]), CLAUDE);
    assert_eq!(body, json!({"messages":[{"role":"user","content":[{"text":"do"}]}]}));
    assert_eq!(losses, ["messages"]);
}

#[test]
fn anthropics_own_tools_stand_among_the_models_fields() {
    let bash = json!({"type":"bash_20250124","name":"bash"});
    let mut request = asked(vec![user("x")]);
    request.dialect = Dialect::Messages;
    request.tools = vec![Tool::Native(Native { dialect: Dialect::Messages, value: bash.clone() })];
    let (body, _) = written(&request, CLAUDE);
    assert_eq!(body["additionalModelRequestFields"]["tools"], json!([bash]));
    assert!(attempt(&request, NOVA, &Facts::default()).is_err());
}

#[test]
fn which_stop_text_came_is_asked_of_claude() {
    let request = Request { stop: vec!["END".to_owned()], ..asked(vec![user("x")]) };
    let (body, _) = written(&request, CLAUDE);
    assert_eq!(body["additionalModelResponseFieldPaths"], json!(["/stop_sequence", "/delta/stop_sequence"]));
    assert_eq!(written(&request, NOVA).0.get("additionalModelResponseFieldPaths"), None);
}
