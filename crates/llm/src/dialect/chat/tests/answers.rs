//! Whole answers.

use serde_json::json;

use super::*;
use crate::dialect::chat::{read_answer, write_answer};
use crate::generation::{
    Choice, Citation, Finish, Issuer, Media, MediaKind, Part, Signature, Source, Text, Thought, ToolCall,
    call_id,
};

fn read(message: &Value, finish: &str) -> Choice {
    let document = json!({"choices": [{"message": message, "finish_reason": finish}]});
    read_answer(document.to_string().as_bytes()).unwrap().choices.remove(0)
}

fn write(parts: Vec<Part>, finish: Finish, asked: &Asked) -> Value {
    let choice = Choice { parts, finish: Some(finish), logprobs: None };
    let answer = Answer { choices: vec![choice], ..Answer::default() };
    serde_json::from_slice::<Value>(&write_answer(&answer, asked)).unwrap()["choices"][0].take()
}

fn call(id: &str, name: &str, arguments: &str) -> ToolCall {
    ToolCall { id: id.into(), name: name.into(), arguments: arguments.into(), ..ToolCall::default() }
}

#[test]
fn odd_answers_of_many_servers_are_understood() {
    for (message, finish, parts, wanted) in [
        (json!({"content": "a"}), "stop", vec![Part::text("a")], Finish::Stop),
        (
            json!({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "h"}]},
                {"type": "text", "text": "a"}]}),
            "stop",
            vec![Part::Thought(Thought { text: "h".into(), ..Thought::default() }), Part::text("a")],
            Finish::Stop,
        ),
        (
            json!({"content": "", "reasoning": "h", "tool_calls": [
                {"function": {"name": "f", "arguments": {"x": 1}}},
                {"id": "b", "type": "function", "function": {"name": "g", "arguments": ""}}]}),
            "stop",
            vec![
                Part::Thought(Thought { text: "h".into(), ..Thought::default() }),
                Part::ToolCall(call("call_0_0", "f", r#"{"x": 1}"#)),
                Part::ToolCall(call("b", "g", "")),
            ],
            Finish::ToolCalls,
        ),
        (
            json!({"content": null, "function_call": {"name": "f", "arguments": "{}"}}),
            "function_call",
            vec![Part::ToolCall(call("call_0_0", "f", "{}"))],
            Finish::ToolCalls,
        ),
        (json!({"refusal": "no"}), "stop", vec![Part::Refusal("no".into())], Finish::Refusal),
        (
            json!({"content": null, "tool_calls": [{"id": "c", "type": "custom",
                "custom": {"name": "sh", "input": "ls \"x\""}}]}),
            "tool_calls",
            vec![Part::ToolCall(ToolCall { is_custom: true, ..call("c", "sh", "ls \"x\"") })],
            Finish::ToolCalls,
        ),
        (json!({"content": 5, "tool_calls": "x", "role": []}), "length", vec![], Finish::Length),
    ] {
        let text = message.to_string().replace("{\"x\":1}", "{\"x\": 1}");
        let document = format!(r#"{{"choices":[{{"message":{text},"finish_reason":"{finish}"}}]}}"#);
        let choice = read_answer(document.as_bytes()).unwrap().choices.remove(0);
        assert_eq!((choice.parts, choice.finish), (parts, Some(wanted)), "{message}");
    }
}

#[test]
fn errors_and_what_is_no_answer_are_refused() {
    for (body, message) in [
        (r#"{"error":{"message":"m","code":429}}"#, "m"),
        (r#"{"choices":[{"error":{"message":"m"}}]}"#, "m"),
        (r#"{"choices":null,"base_resp":{"status_code":1004,"status_msg":"m"}}"#, "m"),
        (r#"{"code":20015,"message":"m","data":null}"#, "m"),
        (r#"{"object":"error","message":"m"}"#, "m"),
        ("{}", "the provider's answer has no choices"),
        (r#"{"choices":[]}"#, "the provider's answer has no choices"),
        ("<html><title>m</title>", "m"),
        ("", "status 200 without a message"),
    ] {
        assert_eq!(read_answer(body.as_bytes()).unwrap_err().message, message, "{body}");
    }
}

#[test]
fn openrouters_details_keep_signatures_and_google_signs_the_call_it_names() {
    let message = json!({"reasoning": "hm", "reasoning_details": [
        {"type": "reasoning.text", "text": "hm", "signature": "S", "format": "anthropic-claude-v1", "index": 0},
        {"type": "reasoning.encrypted", "data": "R", "format": "anthropic-claude-v1", "index": 1},
        {"type": "reasoning.encrypted", "data": "G", "format": "google-gemini-v1", "id": "c1", "index": 2},
        {"type": "reasoning.encrypted", "data": "O", "format": "openai-responses-v1", "id": "rs_1", "index": 3}],
        "tool_calls": [{"id": "c1", "function": {"name": "f", "arguments": "{}"}}]});
    let parts = read(&message, "tool_calls").parts;
    let sign = |issuer, data: &str| Some(Signature::new(issuer, data));
    assert_eq!(
        parts,
        [
            Part::Thought(Thought {
                text: "hm".into(),
                signature: sign(Issuer::Anthropic, "S"),
                ..Thought::default()
            }),
            Part::Thought(Thought {
                signature: sign(Issuer::Anthropic, "R"),
                is_redacted: true,
                ..Thought::default()
            }),
            Part::Thought(Thought {
                signature: sign(Issuer::Openai, "O"),
                id: Some("rs_1".into()),
                ..Thought::default()
            }),
            Part::ToolCall(ToolCall { signature: sign(Issuer::Gemini, "G"), ..call("c1", "f", "{}") }),
        ]
    );
    let again = write(parts.clone(), Finish::ToolCalls, &asked());
    let mut back = read(&again["message"], "tool_calls").parts;
    let Some(Part::ToolCall(packed)) = back.last_mut() else { panic!() };
    let (id, signature) = call_id::unpack(&packed.id);
    (packed.id, packed.signature) = (id, signature);
    assert_eq!(back, parts);
}

#[test]
fn sources_become_citations_and_citations_annotations() {
    let document = json!({"choices": [{"message": {"content": "a[1]"}, "finish_reason": "stop"}],
        "citations": ["https://x"], "search_results": [{"title": "X", "url": "https://x", "snippet": "q"}]});
    let mut answer = read_answer(document.to_string().as_bytes()).unwrap();
    let citation = Citation {
        url: Some("https://x".into()),
        title: Some("X".into()),
        quote: Some("q".into()),
        ..Citation::default()
    };
    let part = Part::Text(Text { text: "a[1]".into(), citations: vec![citation], ..Text::default() });
    assert_eq!(answer.choices[0].parts, [part]);
    let written: Value = serde_json::from_slice(&write_answer(&answer, &asked())).unwrap();
    assert_eq!(written["citations"][0], "https://x");
    assert_eq!(written["choices"][0]["message"]["annotations"][0]["url_citation"]["url"], "https://x");

    let placed = Citation { start: Some(1), end: Some(2), ..Citation::default() };
    let placed = Citation { url: Some("u".into()), title: Some(String::new()), ..placed };
    let text = Part::Text(Text { text: "bc".into(), citations: vec![placed], ..Text::default() });
    answer.choices[0].parts = vec![Part::text("你好"), text];
    let written: Value = serde_json::from_slice(&write_answer(&answer, &asked())).unwrap();
    let cited = &written["choices"][0]["message"]["annotations"][0]["url_citation"];
    assert_eq!((&cited["start_index"], &cited["end_index"]), (&json!(3), &json!(4)));
}

#[test]
fn sound_and_images_of_an_answer_come_back() {
    let message = json!({"content": null, "refusal": null, "role": "assistant",
        "audio": {"id": "a1", "data": "UklGRiQ", "transcript": "hi", "expires_at": 9},
        "images": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]});
    let parts = read(&message, "stop").parts;
    let image = Source::Bytes { mime: "image/png".into(), data: "AAAA".into() };
    assert_eq!(parts[0], Part::Media(Media::new(MediaKind::Image, image)));
    assert_eq!(write(parts, Finish::Stop, &asked())["message"], message);
}

#[test]
fn a_function_that_stands_for_a_free_form_tool_is_turned_back() {
    let asked = Asked { custom_tools: vec!["sh".into()], ..asked() };
    let parts = vec![
        Part::ToolCall(call("1", "sh", r#"{"input":"ls"}"#)),
        Part::ToolCall(call("2", "sh", "cut off {")),
        Part::ToolCall(call("3", "f", "{}")),
    ];
    let calls = write(parts, Finish::ToolCalls, &asked)["message"]["tool_calls"].take();
    assert_eq!(
        calls,
        json!([
            {"id": "1", "type": "custom", "custom": {"name": "sh", "input": "ls"}},
            {"id": "2", "type": "custom", "custom": {"name": "sh", "input": "cut off {"}},
            {"id": "3", "type": "function", "function": {"name": "f", "arguments": "{}"}},
        ])
    );
}

#[test]
fn who_asked_with_functions_is_answered_with_a_function_call() {
    let mut asked = asked();
    asked.echo.insert("functions".into(), json!([]));
    let choice = write(vec![Part::ToolCall(call("1", "f", "{}"))], Finish::ToolCalls, &asked);
    assert_eq!(choice["message"]["function_call"], json!({"name": "f", "arguments": "{}"}));
    assert_eq!(choice["message"].get("tool_calls"), None);
    assert_eq!(choice["finish_reason"], "function_call");
}
