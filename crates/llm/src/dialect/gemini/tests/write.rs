use roundhouse_domain::spec::Family;
use serde_json::{Map, Value, json};

use super::{read, write, write_for};
use crate::catalogue::{Facts, ReasoningStyle};
use crate::dialect::gemini::{needs_bytes, read_count_answer, write_count_answer, write_count_request};
use crate::dialect::{Dialect, Target};
use crate::generation::{
    Effort, Format, Function, Issuer, Losses, Media, MediaKind, Message, Native, Part, Reasoning, Request,
    Role, ServerTool, ServerToolKind, Signature, Source, Speech, Thought, Tool, ToolCall, ToolChoice,
    ToolResult,
};
use crate::profile::Profile;

fn chat(messages: Vec<Message>) -> Request {
    Request { messages, ..Request::new(Dialect::Chat) }
}

fn user(text: &str) -> Message {
    Message::new(Role::User, vec![Part::text(text)])
}

fn function(name: &str) -> Tool {
    Tool::Function(Function {
        name: name.to_owned(),
        parameters: Some(
            json!({ "type": "object", "properties": { "a": { "type": "string", "const": "x" } } }),
        ),
        ..Function::default()
    })
}

fn call(id: &str, name: &str, arguments: &str) -> Part {
    let (id, name, arguments) = (id.to_owned(), name.to_owned(), arguments.to_owned());
    Part::ToolCall(ToolCall { id, name, arguments, ..ToolCall::default() })
}

fn result(id: &str, parts: Vec<Part>) -> Part {
    Part::ToolResult(ToolResult { call_id: id.to_owned(), parts, ..ToolResult::default() })
}

fn image() -> Part {
    let source = Source::Bytes { mime: "image/png".to_owned(), data: "QUJD".to_owned() };
    Part::Media(Media { detail: Some("low".to_owned()), ..Media::new(MediaKind::Image, source) })
}

fn refused(request: &Request, model: &str) -> String {
    let (profile, facts) = (Profile::default(), Facts::default());
    let target =
        Target { family: roundhouse_domain::spec::Family::Gemini, model, profile: &profile, facts: &facts };
    let error = crate::dialect::gemini::write_request(request, &target, &mut Losses::default()).unwrap_err();
    error.param.unwrap_or_default()
}

#[test]
fn a_conversation_with_parallel_calls_is_written_in_turns() {
    let request = chat(vec![
        Message::new(Role::System, vec![Part::text("one")]),
        user("q"),
        Message::new(Role::Developer, vec![Part::text("two")]),
        Message::new(
            Role::Assistant,
            vec![
                Part::text("t"),
                call("a", "f", ""),
                call("b", "g", r#"{"x":1.50}"#),
                call("c", "h", "{cut"),
            ],
        ),
        Message::new(Role::User, vec![result("b", vec![Part::text(r#"{"n":1}"#)])]),
        Message::new(
            Role::User,
            vec![result("a", vec![Part::text("plain")]), result("c", vec![Part::text(r#"{"error":0}"#)])],
        ),
        user("next"),
    ]);
    let (body, lost) = write(&request, "gemini-2.5-flash");
    assert_eq!(body["systemInstruction"], json!({ "parts": [{ "text": "one" }, { "text": "two" }] }));
    assert_eq!(
        body["contents"],
        json!([
            { "role": "user", "parts": [{ "text": "q" }] },
            { "role": "model", "parts": [{ "text": "t" },
                { "functionCall": { "id": "a", "name": "f", "args": {} } },
                { "functionCall": { "id": "b", "name": "g", "args": { "x": 1.5 } } },
                { "functionCall": { "id": "c", "name": "h", "args": { "input": "{cut" } } }] },
            { "role": "user", "parts": [
                { "functionResponse": { "id": "a", "name": "f", "response": { "output": "plain" } } },
                { "functionResponse": { "id": "b", "name": "g", "response": { "n": 1 } } },
                { "functionResponse": { "id": "c", "name": "h", "response": { "output": { "error": 0 } } } },
                { "text": "next" }] },
        ])
    );
    assert_eq!(lost, Vec::<String>::new());
    let (vertex, _) = write_for(Family::Vertex, &request, "gemini-2.5-flash", &Facts::default());
    assert!(!vertex.to_string().contains("\"id\""), "{vertex}");
}

#[test]
fn calls_that_nobody_signed_get_the_placeholder_on_the_third_generation_only() {
    let signed = |issuer| {
        let signature = Some(Signature::new(issuer, "s"));
        Part::ToolCall(ToolCall {
            id: "z".to_owned(),
            name: "f".to_owned(),
            signature,
            ..ToolCall::default()
        })
    };
    let turn = |parts| chat(vec![user("q"), Message::new(Role::Assistant, parts)]);
    let signatures = |request: &Request, model| -> Vec<Value> {
        let (body, _) = write(request, model);
        body["contents"][1]["parts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| part["thoughtSignature"].clone())
            .collect()
    };
    let foreign = turn(vec![signed(Issuer::Openai), call("b", "f", "{}")]);
    assert_eq!(
        signatures(&foreign, "gemini-3-pro-preview"),
        [json!("skip_thought_signature_validator"), Value::Null]
    );
    assert_eq!(signatures(&foreign, "gemini-2.5-pro"), [Value::Null, Value::Null]);
    let own = turn(vec![signed(Issuer::Gemini), call("b", "f", "{}")]);
    assert_eq!(signatures(&own, "gemini-3-pro-preview"), [json!("s"), Value::Null]);
}

#[test]
fn thoughts_go_back_to_whom_they_came_from() {
    let thought = |issuer| {
        let signature = Some(Signature::new(issuer, "s"));
        Part::Thought(Thought { text: "hm".to_owned(), signature, ..Thought::default() })
    };
    let plain = Part::Thought(Thought { text: "x".to_owned(), ..Thought::default() });
    let parts = vec![thought(Issuer::Anthropic), thought(Issuer::Gemini), plain, Part::text("t")];
    let (body, lost) = write(&chat(vec![user("q"), Message::new(Role::Assistant, parts)]), "gemini-2.5-pro");
    let parts = json!([{ "text": "hm", "thought": true, "thoughtSignature": "s" }, { "text": "t" }]);
    assert_eq!((&body["contents"][1]["parts"], lost.len()), (&parts, 0));
}

#[test]
fn thinking_is_told_as_each_model_takes_it() {
    let effort = |effort| Reasoning { effort: Some(effort), ..Reasoning::default() };
    let tokens = |tokens| Reasoning { budget_tokens: Some(tokens), ..Reasoning::default() };
    let adaptive = Reasoning { is_adaptive: true, ..Reasoning::default() };
    let hidden = Reasoning { summary: Some("omitted".to_owned()), ..effort(Effort::Low) };
    for (model, reasoning, config, losses) in [
        (
            "gemini-2.5-flash",
            effort(Effort::High),
            json!({ "thinkingBudget": 12_288, "includeThoughts": true }),
            0,
        ),
        ("gemini-2.5-flash", effort(Effort::None), json!({ "thinkingBudget": 0 }), 0),
        (
            "gemini-2.5-flash",
            tokens(100_000),
            json!({ "thinkingBudget": 24_576, "includeThoughts": true }),
            0,
        ),
        ("gemini-2.5-pro", effort(Effort::None), json!({ "thinkingBudget": 128 }), 1),
        ("gemini-2.5-flash-lite", tokens(100), json!({ "thinkingBudget": 512, "includeThoughts": true }), 1),
        ("gemini-2.5-pro", adaptive.clone(), json!({ "thinkingBudget": -1, "includeThoughts": true }), 0),
        ("gemini-2.5-pro", hidden, json!({ "thinkingBudget": 4_096 }), 0),
        (
            "gemini-3-pro-preview",
            effort(Effort::Medium),
            json!({ "thinkingLevel": "HIGH", "includeThoughts": true }),
            0,
        ),
        (
            "gemini-3.1-pro",
            effort(Effort::Medium),
            json!({ "thinkingLevel": "MEDIUM", "includeThoughts": true }),
            0,
        ),
        ("gemini-3-pro-preview", effort(Effort::None), json!({ "thinkingLevel": "LOW" }), 1),
        ("gemini-3-flash-preview", effort(Effort::None), json!({ "thinkingLevel": "MINIMAL" }), 0),
        (
            "gemini-3-flash-preview",
            tokens(30_000),
            json!({ "thinkingLevel": "HIGH", "includeThoughts": true }),
            0,
        ),
        ("gemini-3-flash-preview", adaptive, json!({ "includeThoughts": true }), 0),
        ("gemini-2.0-flash", effort(Effort::High), Value::Null, 1),
        ("gemini-2.0-flash", effort(Effort::None), Value::Null, 0),
    ] {
        let request = Request { reasoning: Some(reasoning.clone()), ..chat(vec![user("q")]) };
        let (body, lost) = write(&request, model);
        assert_eq!(body["generationConfig"]["thinkingConfig"], config, "{model} {reasoning:?}");
        // The catalogue's limit may cut a budget of more tokens than there are to think.
        let is_cut = reasoning.budget_tokens == Some(100_000);
        assert_eq!(
            lost.len(),
            losses + usize::from(is_cut && losses == 0 && !lost.is_empty()),
            "{model} {lost:?}"
        );
    }
    let facts = Facts { reasoning: ReasoningStyle::None, ..Facts::default() };
    let request = Request { reasoning: Some(effort(Effort::High)), ..chat(vec![user("q")]) };
    let (body, lost) = write_for(Family::Gemini, &request, "gemini-3-pro", &facts);
    assert_eq!((body.get("generationConfig"), lost.as_slice()), (None, &["reasoning_effort".to_owned()][..]));
}

#[test]
fn schemas_and_functions_take_the_form_that_the_model_knows() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": ["string", "null"] } }, "additionalProperties": false });
    let format =
        Format::JsonSchema { name: None, description: None, schema: schema.clone(), strict: Some(true) };
    let mut request = Request { format: Some(format), ..chat(vec![user("q")]) };
    let (new, lost) = write(&request, "gemini-2.5-flash");
    assert_eq!(
        new["generationConfig"],
        json!({ "responseMimeType": "application/json", "responseJsonSchema": schema })
    );
    assert_eq!(lost, Vec::<String>::new());
    let (old, _) = write(&request, "gemini-2.0-flash");
    let openapi = json!({ "type": "OBJECT", "properties": { "a": { "type": "STRING", "nullable": true } } });
    assert_eq!(old["generationConfig"]["responseSchema"], openapi);
    request.tools = vec![function("f")];
    let (old, lost) = write(&request, "gemini-2.0-flash");
    assert_eq!(old["tools"][0]["functionDeclarations"][0]["parameters"]["type"], "OBJECT");
    assert_eq!((old.get("generationConfig"), lost.as_slice()), (None, &["response_format".to_owned()][..]));
    let (new, _) = write(&request, "gemini-3-flash-preview");
    assert_eq!(
        new["tools"][0]["functionDeclarations"][0]["parametersJsonSchema"]["properties"]["a"]["enum"],
        json!(["x"])
    );
    assert!(new["generationConfig"]["responseJsonSchema"].is_object());
}

#[test]
fn what_must_be_called_is_told() {
    let strict = Tool::Function(Function { name: "s".to_owned(), strict: Some(true), ..Function::default() });
    for (choice, config) in [
        (None, Value::Null),
        (Some(ToolChoice::Auto), json!({ "mode": "AUTO" })),
        (Some(ToolChoice::None), json!({ "mode": "NONE" })),
        (Some(ToolChoice::Required), json!({ "mode": "ANY" })),
        (Some(ToolChoice::Named("f".to_owned())), json!({ "mode": "ANY", "allowedFunctionNames": ["f"] })),
        (
            Some(ToolChoice::Allowed { names: vec!["f".to_owned()], required: false }),
            json!({ "mode": "VALIDATED", "allowedFunctionNames": ["f"] }),
        ),
    ] {
        let request = Request {
            tools: vec![function("f"), function("g")],
            tool_choice: choice,
            ..chat(vec![user("q")])
        };
        let (body, _) = write(&request, "gemini-2.5-flash");
        assert_eq!(body["toolConfig"]["functionCallingConfig"], config);
    }
    let request = Request { tools: vec![strict], ..chat(vec![user("q")]) };
    assert_eq!(
        write(&request, "gemini-2.5-pro").0["toolConfig"]["functionCallingConfig"]["mode"],
        "VALIDATED"
    );
}

#[test]
fn tools_of_the_provider_are_found_or_refused() {
    let native = |value| Native { dialect: Dialect::Responses, value };
    let search = Tool::Server(ServerTool {
        kind: ServerToolKind::WebSearch,
        allowed_domains: vec!["a.com".to_owned()],
        blocked_domains: Vec::new(),
        max_uses: None,
        user_location: None,
        native: native(json!({ "type": "web_search" })),
    });
    let request = Request { tools: vec![search, function("f")], ..chat(vec![user("q")]) };
    let (body, lost) = write(&request, "gemini-3-pro-preview");
    assert_eq!(body["tools"][1], json!({ "googleSearch": {} }));
    assert_eq!(body["toolConfig"], json!({ "includeServerSideToolInvocations": true }));
    assert_eq!(lost, ["tools[0].allowed_domains"]);
    let foreign = Tool::Native(native(json!({ "type": "computer_use_preview" })));
    assert_eq!(
        refused(&Request { tools: vec![foreign], ..chat(vec![user("q")]) }, "gemini-3-pro"),
        "tools[0]"
    );
    assert_eq!(
        refused(&Request { tools: vec![function("1 a")], ..chat(vec![user("q")]) }, "gemini-3-pro"),
        "tools[0].name"
    );
}

#[test]
fn media_go_in_the_form_that_the_host_reads() {
    let url = |url: &str| Media::new(MediaKind::Image, Source::Url { url: url.to_owned(), mime: None });
    let file = Media::new(MediaKind::Document, Source::File { id: "file-1".to_owned(), mime: None });
    let message = |media| chat(vec![Message::new(Role::User, vec![Part::Media(media)])]);
    let (facts, profile) = (Facts::default(), Profile::default());
    let target = Target {
        family: roundhouse_domain::spec::Family::Gemini,
        model: "gemini-3-pro",
        profile: &profile,
        facts: &facts,
    };
    assert!(needs_bytes(&url("https://a.com/x.png"), &target));
    assert!(!needs_bytes(&url("https://www.youtube.com/watch?v=1"), &target));
    assert_eq!(refused(&message(url("https://a.com/x.png")), "gemini-3-pro"), "messages[0]");
    assert_eq!(refused(&message(url("gs://b/x.png")), "gemini-3-pro"), "messages[0]");
    assert_eq!(refused(&message(file), "gemini-3-pro"), "messages[0]");
    let (vertex, _) = write_for(Family::Vertex, &message(url("gs://b/x.png")), "gemini-3-pro", &facts);
    assert_eq!(vertex["contents"][0]["parts"][0], json!({ "fileData": { "fileUri": "gs://b/x.png" } }));
    let looked = chat(vec![Message::new(Role::User, vec![image()])]);
    let part = json!({ "inlineData": { "mimeType": "image/png", "data": "QUJD" }, "mediaResolution": { "level": "MEDIA_RESOLUTION_LOW" } });
    assert_eq!(write(&looked, "gemini-3-pro").0["contents"][0]["parts"][0], part);
    assert_eq!(write(&looked, "gemini-2.5-pro").1, ["messages[0].detail"]);
}

#[test]
fn images_of_functions_stand_in_their_answer_or_beside_it() {
    let request = chat(vec![
        user("q"),
        Message::new(Role::Assistant, vec![call("a", "f", "{}")]),
        Message::new(Role::User, vec![result("a", vec![Part::text("see"), image()])]),
    ]);
    let (new, _) = write(&request, "gemini-3-pro-preview");
    let answered = &new["contents"][2]["parts"][0]["functionResponse"];
    assert_eq!(answered["parts"][0]["inlineData"]["mimeType"], "image/png");
    let (old, _) = write(&request, "gemini-2.5-pro");
    assert_eq!(old["contents"][2]["parts"][1]["inlineData"]["data"], "QUJD");
    assert!(old["contents"][2]["parts"][0]["functionResponse"].get("parts").is_none());
    let orphan = chat(vec![Message::new(Role::User, vec![result("z", Vec::new())])]);
    assert_eq!(refused(&orphan, "gemini-3-pro"), "messages[0]");
}

#[test]
fn what_is_lost_is_named_and_what_is_out_of_range_is_clamped() {
    let facts = Facts { max_output_tokens: Some(100), ..Facts::default() };
    let mut request = chat(vec![user("q")]);
    request.max_tokens = Some(1_000);
    request.stop = (0..7).map(|n| n.to_string()).collect();
    request.sampling.seed = Some(i64::from(u32::MAX));
    request.sampling.logit_bias = Some(json!({}));
    request.user = Some("u".to_owned());
    request.parallel_tool_calls = Some(false);
    request.tools = vec![function("f")];
    request.metadata = Map::from_iter([("A b".to_owned(), json!("x")), ("team".to_owned(), json!("y"))]);
    request.extra = Map::from_iter([("prediction".to_owned(), json!({}))]);
    request.speech =
        Some(Speech { voice: Some("alloy".to_owned()), format: Some("wav".to_owned()), native: None });
    request.modalities = vec!["text".to_owned(), "audio".to_owned()];
    let (body, mut lost) = write_for(Family::Vertex, &request, "gemini-2.5-flash", &facts);
    lost.sort();
    assert_eq!(
        lost,
        [
            "audio.format",
            "audio.voice",
            "logit_bias",
            "max_tokens",
            "metadata.A b",
            "parallel_tool_calls",
            "prediction",
            "stop",
            "user",
        ]
    );
    assert_eq!(body["labels"], json!({ "team": "y" }));
    assert_eq!(
        body["generationConfig"],
        json!({ "maxOutputTokens": 100, "stopSequences": ["0", "1", "2", "3", "4"], "responseModalities": ["AUDIO"], "seed": 0x7fff_ffff })
    );
    let stored = Request { previous_response_id: Some("r".to_owned()), ..chat(vec![user("q")]) };
    assert_eq!(refused(&stored, "gemini-3-pro"), "previous_response_id");
    let fixed = Facts { has_fixed_sampling: true, ..Facts::default() };
    let mut request = chat(vec![user("q")]);
    request.sampling.temperature = Some(0.5);
    assert_eq!(write_for(Family::Gemini, &request, "gemini-3.5-flash", &fixed).1, ["temperature"]);
}

#[test]
fn a_callers_own_fields_come_back_to_where_they_stood() {
    let body = json!({
        "systemInstruction": { "parts": [{ "text": "s" }] },
        "contents": [
            { "role": "user", "parts": [{ "text": "q" }, { "fileData": { "mimeType": "video/mp4", "fileUri": "https://youtu.be/1" }, "videoMetadata": { "fps": 2 } }] },
            { "role": "model", "parts": [{ "executableCode": { "language": "PYTHON", "code": "1" } }, { "text": "a", "thoughtSignature": "c2ln" }] },
        ],
        "tools": [{ "functionDeclarations": [{ "name": "f", "parametersJsonSchema": { "type": "object", "properties": {} } }] }, { "googleMaps": {} }],
        "toolConfig": { "functionCallingConfig": { "mode": "VALIDATED" }, "retrievalConfig": { "languageCode": "de" } },
        "generationConfig": { "candidateCount": 1, "thinkingConfig": { "thinkingBudget": 7, "includeThoughts": true },
            "responseModalities": ["TEXT", "IMAGE"], "imageConfig": { "aspectRatio": "1:1" },
            "speechConfig": { "voiceConfig": { "prebuiltVoiceConfig": { "voiceName": "Kore" } } } },
        "safetySettings": [{ "category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF" }],
        "serviceTier": "priority", "labels": { "A": "b" }, "cachedContent": "cachedContents/1",
    });
    let (written, lost) = write(&read(body.clone()), "gemini-3-pro-preview");
    assert_eq!(written, body);
    assert_eq!(lost, Vec::<String>::new());
}

#[test]
fn prompts_are_counted() {
    let (profile, facts) = (Profile::default(), Facts::default());
    let request = chat(vec![user("q")]);
    let count = |family| -> Value {
        let target = Target { family, model: "gemini-3-pro", profile: &profile, facts: &facts };
        let body = write_count_request(&request, &target, &mut Losses::default()).unwrap();
        serde_json::from_slice(&body).unwrap()
    };
    let contents = json!([{ "role": "user", "parts": [{ "text": "q" }] }]);
    assert_eq!(count(Family::Vertex), json!({ "contents": contents }));
    let whole = json!({ "generateContentRequest": { "model": "models/gemini-3-pro", "contents": contents } });
    assert_eq!(count(Family::Gemini), whole);
    assert_eq!(read_count_answer(&write_count_answer(7)), Ok(7));
    assert_eq!(read_count_answer(br#"{"totalTokens":"9","x":[]}"#), Ok(9));
    assert!(read_count_answer(br#"{"error":{"code":400,"message":"m"}}"#).is_err());
    assert!(read_count_answer(b"nonsense").is_err());
}
