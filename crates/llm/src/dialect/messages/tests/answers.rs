//! Whole answers.

use super::*;
use crate::generation::{
    Answer, Choice, Citation, Finish, Issuer, Media, MediaKind, Part, Signature, Source, Text, Thought,
    ToolCall,
};

fn answer(parts: Vec<Part>, finish: Option<Finish>) -> Answer {
    Answer { choices: vec![Choice { parts, finish, logprobs: None }], ..Answer::default() }
}

fn written(answer: &Answer) -> Value {
    serde_json::from_slice(&write_answer(answer, &asked())).unwrap()
}

#[test]
fn an_answer_of_others_has_all_that_clients_look_for() {
    let call = ToolCall {
        id: "call_1".to_owned(),
        name: "f".to_owned(),
        arguments: r#"{"a":1}"#.to_owned(),
        signature: Some(Signature::new(Issuer::Gemini, "Q2lR")),
        ..ToolCall::default()
    };
    let thought = Thought {
        text: "hm".to_owned(),
        signature: Some(Signature::new(Issuer::Openai, "gAAA")),
        ..Thought::default()
    };
    let citation =
        Citation { url: Some("https://a".to_owned()), title: Some("A".to_owned()), ..Citation::default() };
    let text = Text { text: "see".to_owned(), citations: vec![citation], ..Text::default() };
    let parts = vec![Part::Thought(thought), Part::Text(text), Part::text(""), Part::ToolCall(call)];
    let mut answer = answer(parts, Some(Finish::Stop));
    answer.id = Some("chatcmpl-1".to_owned());
    answer.extra.insert("system_fingerprint".to_owned(), json!("fp"));
    assert_eq!(
        written(&answer),
        json!({
            "id": "msg_1", "type": "message", "role": "assistant", "model": "m",
            "content": [
                {"type": "thinking", "thinking": "hm", "signature": "rh1.o.gAAA"},
                {"type": "text", "text": "see", "citations": [{
                    "type": "web_search_result_location", "url": "https://a", "title": "A", "cited_text": "", "encrypted_index": "",
                }]},
                {"type": "tool_use", "id": "call_1__rhs_gUTJsUg", "name": "f", "input": {"a": 1}},
            ],
            "stop_reason": "tool_use", "stop_sequence": null,
            "usage": {"input_tokens": 0, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 0},
        })
    );
}

#[test]
fn refusals_filters_and_media_are_told() {
    let refused = written(&answer(vec![Part::Refusal("no".to_owned())], Some(Finish::Stop)));
    assert_eq!((&refused["stop_reason"], &refused["content"][0]["text"]), (&json!("refusal"), &json!("no")));
    assert_eq!(written(&answer(Vec::new(), Some(Finish::ContentFilter)))["stop_reason"], "refusal");
    assert_eq!(written(&Answer::default())["stop_reason"], "end_turn");
    let image = Source::Bytes { mime: "image/png".to_owned(), data: "AA==".to_owned() };
    let drawn = written(&answer(vec![Part::Media(Media::new(MediaKind::Image, image))], None));
    assert_eq!(drawn["content"][0]["text"], "![image](data:image/png;base64,AA==)");
}

#[test]
fn odd_answers_are_read_as_far_as_they_go() {
    let read = |body: &str| read_answer(body.as_bytes());
    let odd = r#"{"content":[{"type":"text","text":null},{"type":"tool_use","id":"a","name":"f","input":null},5,{"type":"new"}],
        "stop_reason":"end_turn","usage":{"input_tokens":"12","output_tokens":3.0,"cache_read_input_tokens":null}}"#;
    let answer = read(odd).unwrap();
    let choice = &answer.choices[0];
    assert_eq!((choice.parts.len(), &choice.finish), (3, &Some(Finish::ToolCalls)));
    assert!(matches!(&choice.parts[1], Part::ToolCall(call) if call.arguments == "{}"));
    assert_eq!(answer.usage.unwrap().tokens.input, 12);
    for (body, status) in [
        (r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, Some(529)),
        (r#"{"error":{"message":"slow down","type":"rate_limit_error"}}"#, Some(429)),
        ("{}", None),
        ("<html>", None),
    ] {
        assert_eq!(read(body).unwrap_err().status, status, "{body}");
    }
}

#[test]
fn what_only_clients_of_this_dialect_know_passes_through() {
    let body = json!({
        "id": "msg_x", "type": "message", "role": "assistant", "model": "m", "content": [
            {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "q"}},
            {"type": "tool_use", "id": "t", "name": "click", "input": {}, "toolset_name": "computer"},
        ],
        "stop_reason": "refusal", "stop_sequence": null, "stop_details": {"type": "refusal", "category": "cyber"},
        "container": {"id": "c", "expires_at": "2026-01-01T00:00:00Z"},
        "usage": {"input_tokens": 1, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 2},
    });
    let answer = read_answer(body.to_string().as_bytes()).unwrap();
    assert_eq!(written(&answer), body);
}
