//! Tools and media of other dialects.

use super::requests::{request, thinking, tool};
use super::*;
use crate::generation::{
    CacheHint, Function, Media, MediaKind, Native, Part, ServerTool, ServerToolKind, Source, Tool, ToolChoice,
};

#[test]
fn choices_of_tools_are_said_as_far_as_the_model_allows() {
    let with = |model: &str, choice: ToolChoice, parallel| {
        let (body, lost) = thinking(model, |request| {
            request.tools = vec![tool("f"), tool("g")];
            request.tool_choice = Some(choice.clone());
            request.parallel_tool_calls = parallel;
        });
        (body, lost.len())
    };
    for (choice, parallel, written) in [
        (ToolChoice::Auto, None, json!({"type": "auto"})),
        (ToolChoice::Auto, Some(false), json!({"type": "auto", "disable_parallel_tool_use": true})),
        (ToolChoice::None, Some(false), json!({"type": "none"})),
        (ToolChoice::Required, None, json!({"type": "any"})),
        (ToolChoice::Named("g".to_owned()), Some(true), json!({"type": "tool", "name": "g"})),
    ] {
        assert_eq!(with("claude-sonnet-4-5", choice, parallel).0["tool_choice"], written);
    }
    let allowed = ToolChoice::Allowed { names: vec!["g".to_owned()], required: true };
    let (body, _) = with("claude-sonnet-4-5", allowed, None);
    assert_eq!((body["tools"].as_array().unwrap().len(), &body["tools"][0]["name"]), (1, &json!("g")));
    assert_eq!(body["tool_choice"], json!({"type": "any"}));
    let (body, lost) = with("claude-opus-5-5", ToolChoice::Named("g".to_owned()), None);
    assert_eq!((&body["tool_choice"], lost), (&json!({"type": "auto"}), 1));
    assert_eq!(body["system"], "Call the tool `g`.");
}

#[test]
fn tools_of_every_kind_are_written() {
    let search = ServerTool {
        kind: ServerToolKind::WebSearch,
        allowed_domains: vec!["a.b".to_owned()],
        blocked_domains: Vec::new(),
        max_uses: Some(2),
        user_location: Some(json!({"type": "approximate", "approximate": {"city": "Bern", "region": null}})),
        native: Native { dialect: Dialect::Chat, value: json!({}) },
    };
    let function = Function {
        name: "f".to_owned(),
        description: Some("d".to_owned()),
        parameters: Some(
            json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"type": "string"}}}),
        ),
        strict: Some(true),
        cache: Some(CacheHint { ttl: None }),
        ..Function::default()
    };
    let mut request = request();
    request.tools = vec![
        Tool::Function(function),
        Tool::Custom { name: "c".to_owned(), description: None, format: None },
        Tool::Server(search),
    ];
    let (body, lost) = write(&request, "claude-sonnet-4-5", &Facts::default());
    assert_eq!(
        body["tools"],
        json!([
            {"name": "f", "description": "d", "strict": true, "cache_control": {"type": "ephemeral"}, "input_schema": {
                "type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"type": "string"}},
                "additionalProperties": false,
            }},
            {"name": "c", "input_schema": {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}},
            {"type": "web_search_20250305", "name": "web_search", "max_uses": 2, "allowed_domains": ["a.b"],
                "user_location": {"type": "approximate", "city": "Bern"}},
        ])
    );
    assert_eq!(lost, [""; 0]);
    let (body, lost) = write(&request, "claude-3-7-sonnet-latest", &Facts::default());
    assert_eq!((&body["tools"][0]["strict"], lost), (&json!(null), vec!["tools[0].strict".to_owned()]));
}

#[test]
fn media_are_written_where_the_dialect_has_a_place_for_them() {
    let written = |kind, source: Source| {
        let mut request = request();
        request.messages[0].parts.push(Part::Media(Media::new(kind, source)));
        let (profile, facts) = (Profile::default(), Facts::default());
        let target = Target {
            family: roundhouse_domain::spec::Family::Anthropic,
            model: "claude-sonnet-4-5",
            profile: &profile,
            facts: &facts,
        };
        let body = write_request(&request, &target, &mut Losses::default()).ok()?;
        let body: Value = serde_json::from_slice(&body).unwrap();
        Some(body["messages"][0]["content"][1]["source"].clone())
    };
    let bytes = |mime: &str, data: &str| Source::Bytes { mime: mime.to_owned(), data: data.to_owned() };
    let url = |url: &str| Source::Url { url: url.to_owned(), mime: None };
    for (kind, source, place) in [
        (
            MediaKind::Image,
            bytes("image/jpg", "AA=="),
            Some(json!({"type": "base64", "media_type": "image/jpeg", "data": "AA=="})),
        ),
        (MediaKind::Image, bytes("image/tiff", "AA=="), None),
        (MediaKind::Image, url("https://a/b.png"), Some(json!({"type": "url", "url": "https://a/b.png"}))),
        (MediaKind::Image, url("http://a/b.png"), None),
        (
            MediaKind::Document,
            bytes("application/pdf", "AA=="),
            Some(json!({"type": "base64", "media_type": "application/pdf", "data": "AA=="})),
        ),
        (
            MediaKind::Document,
            bytes("text/csv; charset=utf-8", "YSxi"),
            Some(json!({"type": "text", "media_type": "text/plain", "data": "a,b"})),
        ),
        (MediaKind::Document, bytes("application/msword", "AA=="), None),
        (MediaKind::Document, Source::File { id: "f".to_owned(), mime: None }, None),
        (MediaKind::Audio, bytes("audio/wav", "AA=="), None),
    ] {
        assert_eq!(written(kind, source.clone()), place, "{source:?}");
    }
}

#[test]
fn only_addresses_that_anthropic_reads_stay_addresses() {
    let (profile, facts) = (Profile::default(), Facts::default());
    let target = Target {
        family: roundhouse_domain::spec::Family::Anthropic,
        model: "claude-sonnet-4-5",
        profile: &profile,
        facts: &facts,
    };
    let needs_for = |target: &Target<'_>, kind, url: &str, mime: Option<&str>| {
        let source = Source::Url { url: url.to_owned(), mime: mime.map(str::to_owned) };
        needs_bytes(&Media::new(kind, source), target)
    };
    let needs = |kind, url, mime| needs_for(&target, kind, url, mime);
    assert!(!needs(MediaKind::Image, "https://a", None));
    assert!(needs(MediaKind::Image, "http://a", None));
    assert!(needs(MediaKind::Document, "https://a", Some("text/plain")));
    assert!(!needs(MediaKind::Document, "https://a", Some("application/pdf")));
    let vertex = Target { family: roundhouse_domain::spec::Family::Vertex, ..target };
    assert!(needs_for(&vertex, MediaKind::Image, "https://a", None));
}
