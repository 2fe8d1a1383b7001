use serde_json::{Value, json};

use super::super::{read_answer, write_answer};
use super::asked;
use crate::generation::{
    Answer, Choice, Citation, Finish, Issuer, Part, Signature, Text, Thought, ToolCall, Usage,
};

fn read(output: &Value, more: &Value) -> Answer {
    let mut body = json!({ "id": "resp_1", "object": "response", "created_at": 5, "status": "completed",
        "model": "up", "output": output, "error": null, "incomplete_details": null });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    read_answer(body.to_string().as_bytes()).unwrap()
}

fn write(parts: Vec<Part>, finish: Finish, request: &Value, custom_tools: &[&str]) -> Value {
    let choices = vec![Choice { parts, finish: Some(finish), logprobs: None }];
    let answer = Answer { choices, ..Answer::default() };
    serde_json::from_slice(&write_answer(&answer, &asked(request, custom_tools))).unwrap()
}

#[test]
fn an_answer_of_every_kind_of_item_comes_back_as_it_was() {
    let output = json!([
        { "type": "reasoning", "id": "rs_1", "summary": [{ "type": "summary_text", "text": "hm" }],
          "encrypted_content": "e" },
        { "type": "web_search_call", "id": "ws_1", "status": "completed",
          "action": { "type": "search", "query": "q" } },
        { "type": "message", "id": "msg_a1_2", "status": "completed", "role": "assistant", "phase": "final_answer",
          "content": [{ "type": "output_text", "text": "see", "logprobs": [{ "token": "see", "logprob": -1.0,
            "bytes": [115], "top_logprobs": [] }], "annotations": [
            { "type": "url_citation", "start_index": 0, "end_index": 3, "url": "https://x", "title": "X" },
            { "type": "file_citation", "file_id": "file-1", "filename": "a.pdf", "index": 3 }] }] },
        { "type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{}",
          "status": "completed" },
        { "type": "custom_tool_call", "id": "ctc_1", "call_id": "c2", "name": "p", "input": "x",
          "status": "completed" },
        { "type": "image_generation_call", "id": "ig_1", "status": "completed", "output_format": "png",
          "size": "1024x1024", "result": "QQ==" },
        { "type": "reasoning", "id": "rs_2", "summary": [] },
    ]);
    let usage = json!({ "input_tokens": 10, "input_tokens_details": { "cached_tokens": 4, "cache_write_tokens": 3 },
        "output_tokens": 9, "output_tokens_details": { "reasoning_tokens": 5 }, "total_tokens": 19 });
    let answer = read(&output, &json!({ "usage": usage, "service_tier": "flex" }));
    assert_eq!(answer.choices[0].finish, Some(Finish::ToolCalls));
    assert_eq!(answer.usage.map(|usage| usage.web_searches), Some(1));
    let request = json!({ "model": "m", "instructions": "i", "tools": [{ "type": "web_search" }] });
    let written: Value = serde_json::from_slice(&write_answer(&answer, &asked(&request, &["p"]))).unwrap();
    assert_eq!(written["output"], output);
    assert_eq!(written["usage"], usage);
    for (field, value) in [
        ("id", json!("resp_1")),
        ("created_at", json!(5)),
        ("status", json!("completed")),
        ("model", json!("m")),
        ("service_tier", json!("flex")),
        ("instructions", json!("i")),
        ("tools", json!([{ "type": "web_search" }])),
        ("tool_choice", json!("auto")),
        ("parallel_tool_calls", json!(true)),
        ("text", json!({ "format": { "type": "text" } })),
    ] {
        assert_eq!(written[field], value, "{field}");
    }
}

#[test]
fn how_an_answer_ended_survives() {
    let message = json!([{ "type": "message", "role": "assistant", "content": [
        { "type": "output_text", "text": "x" }] }]);
    let refused = json!([{ "type": "message", "role": "assistant", "content": [
        { "type": "refusal", "refusal": "no" }] }]);
    for (output, status, reason, finish) in [
        (&message, "completed", Value::Null, Finish::Stop),
        (&message, "incomplete", json!("max_output_tokens"), Finish::Length),
        (&message, "incomplete", json!("content_filter"), Finish::ContentFilter),
        (&message, "incomplete", json!("steered"), Finish::Other("steered".to_owned())),
        (&refused, "completed", Value::Null, Finish::Refusal),
    ] {
        let more = json!({ "status": status, "incomplete_details": { "reason": reason } });
        let answer = read(output, &more);
        assert_eq!(answer.choices[0].finish.as_ref(), Some(&finish));
        let parts = answer.choices[0].parts.clone();
        let written = write(parts, finish, &Value::Null, &[]);
        assert_eq!(written["status"], status);
        assert_eq!(written["incomplete_details"].get("reason").cloned().unwrap_or_default(), reason);
        assert_eq!(written["output"][0]["status"], status);
    }
    let written = write(Vec::new(), Finish::Refusal, &Value::Null, &[]);
    assert_eq!(written["incomplete_details"]["reason"], "content_filter");
}

#[test]
fn failures_are_errors() {
    for (body, code) in [
        (
            r#"{"status":"failed","output":[],"error":{"code":"rate_limit_exceeded","message":"m"}}"#,
            Some("rate_limit_exceeded"),
        ),
        (r#"{"error":{"message":"m","code":"x"}}"#, Some("x")),
        (r#"{"status":"failed","output":[],"error":null}"#, None),
        (r#"{"object":"list"}"#, None),
        ("<html><title>Bad Gateway</title>", None),
        ("", None),
    ] {
        let error = read_answer(body.as_bytes()).unwrap_err();
        assert_eq!(error.code.as_deref(), code, "{body}");
        assert!(!error.message.is_empty(), "{body}");
    }
}

#[test]
fn odd_answers_are_read_as_far_as_they_go() {
    for output in [
        json!([null, 1, "x", [], {}, { "type": 1 }, { "type": "message", "content": null },
            { "type": "message", "content": [null, 1, { "type": "output_text", "text": 1 }] },
            { "type": "reasoning", "summary": "x" }, { "type": "reasoning", "summary": [null], "content": 1 }]),
        json!([{ "type": "function_call" }]),
    ] {
        let answer =
            read(&output, &json!({ "usage": "x", "created_at": 1.5, "id": 3, "service_tier": null }));
        assert_eq!(answer.usage, None);
        assert_eq!(answer.created, Some(1));
    }
}

#[test]
fn what_other_providers_answer_has_its_place() {
    let thought = Thought {
        text: "hm".to_owned(),
        signature: Some(Signature::new(Issuer::Anthropic, "s")),
        ..Thought::default()
    };
    let call = ToolCall {
        id: "t1".to_owned(),
        name: "crm__get".to_owned(),
        signature: Some(Signature::new(Issuer::Gemini, "s")),
        ..ToolCall::default()
    };
    let cited = Text {
        text: "häh".to_owned(),
        citations: vec![Citation { url: Some("https://x".to_owned()), ..Citation::default() }],
        signature: Some(Signature::new(Issuer::Gemini, "t")),
        ..Text::default()
    };
    let wrapped = |name: &str, arguments: &str| {
        Part::ToolCall(ToolCall {
            id: name.to_owned(),
            name: name.to_owned(),
            arguments: arguments.to_owned(),
            ..ToolCall::default()
        })
    };
    let request = json!({ "tools": [{ "type": "namespace", "name": "crm", "tools": [{ "name": "get" }] }] });
    let parts = vec![
        Part::Thought(thought),
        Part::Thought(Thought::default()),
        Part::text("a"),
        Part::Text(cited),
        Part::ToolCall(call),
        wrapped("p", r#"{"input":"*** Begin"}"#),
        wrapped("p", "not json"),
    ];
    let written = write(parts, Finish::ToolCalls, &request, &["p"]);
    let packed = written["output"][3]["call_id"].as_str().unwrap();
    assert!(packed.starts_with("t1__rhs_g"));
    assert_eq!(
        written["output"],
        json!([
            { "type": "reasoning", "id": "rs_a1_0", "summary": [{ "type": "summary_text", "text": "hm" }],
              "encrypted_content": "rh1.a.s" },
            { "type": "message", "id": "msg_a1_1", "status": "completed", "role": "assistant", "content": [
              { "type": "output_text", "text": "a", "annotations": [], "logprobs": [] },
              { "type": "output_text", "text": "häh", "logprobs": [], "annotations": [
                { "type": "url_citation", "start_index": 0, "end_index": 3, "url": "https://x", "title": "" }] }] },
            { "type": "reasoning", "id": "rs_a1_2", "summary": [], "encrypted_content": "rh1.g.t" },
            { "type": "function_call", "id": "fc_a1_3", "status": "completed", "call_id": packed,
              "namespace": "crm", "name": "get", "arguments": "{}" },
            { "type": "custom_tool_call", "id": "ctc_a1_4", "status": "completed", "call_id": "p", "name": "p",
              "input": "*** Begin" },
            { "type": "custom_tool_call", "id": "ctc_a1_5", "status": "completed", "call_id": "p", "name": "p",
              "input": "not json" },
        ])
    );
    assert_eq!(written["id"], "resp_a1");
}

#[test]
fn reasoning_of_any_provider_survives_a_turn_of_the_caller() {
    for issuer in [Issuer::Openai, Issuer::Anthropic, Issuer::Gemini, Issuer::Amazon] {
        let thought = Thought {
            text: "a\n\nb".to_owned(),
            signature: Some(Signature::new(issuer, "x/+=")),
            id: Some("rs_a1_0".to_owned()),
            ..Thought::default()
        };
        let written = write(vec![Part::Thought(thought.clone())], Finish::Stop, &Value::Null, &[]);
        let body = json!({ "model": "m", "input": written["output"] });
        let read = super::super::read_request(body).unwrap();
        assert_eq!(read.messages[0].parts, [Part::Thought(thought)]);
    }
}

#[test]
fn what_the_caller_left_out_has_its_default_in_the_answer() {
    let told = json!({ "text": { "verbosity": "low" }, "temperature": null, "top_logprobs": 2 });
    let told = asked(&told, &[]);
    let told: Value = serde_json::from_slice(&write_answer(&Answer::default(), &told)).unwrap();
    assert_eq!(told["text"], json!({ "verbosity": "low", "format": { "type": "text" } }));
    assert_eq!(told["temperature"], 1.0);
    assert_eq!(told["top_logprobs"], 2);
    assert_eq!(told["store"], false);
    assert_eq!(told.get("prompt"), None);
    let answer = Answer { usage: Some(Usage::default()), ..Answer::default() };
    let bare: Value = serde_json::from_slice(&write_answer(&answer, &asked(&Value::Null, &[]))).unwrap();
    assert_eq!(
        (&bare["tools"], &bare["output"], &bare["tool_choice"]),
        (&json!([]), &json!([]), &json!("auto"))
    );
}
