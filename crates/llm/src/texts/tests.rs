//! Texts of every protocol, and that nothing but them changes.

use serde_json::json;

use super::*;

fn said(found: Option<Vec<Found>>) -> Vec<String> {
    found.unwrap().into_iter().map(|found| found.text).collect()
}

fn asked(body: &serde_json::Value, operation: Operation, whose: Whose) -> Vec<String> {
    said(of_request(body.to_string().as_bytes(), operation, whose))
}

#[test]
fn what_users_say_is_found_in_every_protocol() {
    let parts =
        json!([{ "type": "text", "text": "b" }, { "type": "image_url", "image_url": { "url": "x" } }]);
    for (operation, body, users, all) in [
        (
            Operation::ChatCompletions,
            json!({ "messages": [
                { "role": "system", "content": "s" }, { "content": "a", "role": "user" },
                { "role": "assistant", "content": "c" }, { "role": "user", "content": parts },
                { "role": "tool", "content": "t", "tool_call_id": "1" }
            ] }),
            vec!["a", "b"],
            vec!["s", "a", "c", "b", "t"],
        ),
        (
            Operation::Messages,
            json!({ "system": [{ "type": "text", "text": "s" }], "messages": [
                { "role": "user", "content": "a" }, { "role": "assistant", "content": [{ "type": "text", "text": "c" }] },
                { "role": "user", "content": [{ "type": "tool_result", "content": "t" }, { "type": "text", "text": "b" }] }
            ] }),
            vec!["a", "b"],
            vec!["s", "a", "c", "t", "b"],
        ),
        (
            Operation::Responses,
            json!({ "instructions": "s", "input": [
                { "role": "user", "content": [{ "type": "input_text", "text": "a" }] },
                { "type": "function_call_output", "call_id": "1", "output": "t" },
                { "role": "assistant", "content": "c" }
            ] }),
            vec!["a"],
            vec!["s", "a", "t", "c"],
        ),
        (Operation::Responses, json!({ "input": "a" }), vec!["a"], vec!["a"]),
        (
            Operation::GenerateContent,
            json!({ "systemInstruction": { "parts": [{ "text": "s" }] }, "contents": [
                { "parts": [{ "text": "a" }] }, { "role": "model", "parts": [{ "text": "c" }] }
            ] }),
            vec!["a"],
            vec!["s", "a", "c"],
        ),
        (Operation::Embeddings, json!({ "input": ["a", "b"] }), vec!["a", "b"], vec!["a", "b"]),
        (Operation::Completions, json!({ "prompt": "a" }), vec!["a"], vec!["a"]),
        (
            Operation::Rerank,
            json!({ "query": "a", "documents": ["b", { "text": "c" }] }),
            vec!["a", "b", "c"],
            vec!["a", "b", "c"],
        ),
        (Operation::Moderations, json!({ "input": "a" }), vec![], vec![]),
    ] {
        assert_eq!(asked(&body, operation, Whose::Users), users, "{operation:?}");
        assert_eq!(asked(&body, operation, Whose::All), all, "{operation:?}");
    }
}

#[test]
fn answers_are_found_without_the_arguments_of_tool_calls() {
    for (operation, body, texts) in [
        (
            Operation::ChatCompletions,
            json!({ "choices": [{ "message": { "content": "a", "tool_calls": [{ "function": { "arguments": "{\"text\":\"x\"}" } }] } }] }),
            vec!["a"],
        ),
        (
            Operation::Messages,
            json!({ "content": [{ "type": "thinking", "thinking": "x" }, { "type": "text", "text": "a" }] }),
            vec!["a"],
        ),
        (
            Operation::Responses,
            json!({ "output": [{ "content": [{ "type": "output_text", "text": "a" }] }] }),
            vec!["a"],
        ),
        (
            Operation::GenerateContent,
            json!({ "candidates": [{ "content": { "parts": [{ "text": "a" }] } }] }),
            vec!["a"],
        ),
    ] {
        assert_eq!(said(of_answer(body.to_string().as_bytes(), operation)), texts, "{operation:?}");
    }
}

#[test]
fn every_other_byte_stays() {
    let body = br#"{ "n" : 1.50, "messages":[ {"content":"a\u0062c" , "role":"user"} ],"big":12345678901234567890123 }"#;
    let found = of_request(body, Operation::ChatCompletions, Whose::Users).unwrap();
    assert_eq!(found[0].text, "abc");
    assert_eq!(replaced(body, &found, &[None]), body);
    let changed = String::from_utf8(replaced(body, &found, &[Some("x\"y".to_owned())])).unwrap();
    let expected = String::from_utf8(body.to_vec()).unwrap().replace(r#""a\u0062c""#, r#""x\"y""#);
    assert_eq!(changed, expected);
}

#[test]
fn events_tell_whose_text_they_go_on_with() {
    let piece = |operation, data: serde_json::Value| match of_event(data.to_string().as_bytes(), operation) {
        EventTexts::Piece { channel, found, is_last } => Some((channel, found[0].text.clone(), is_last)),
        _ => None,
    };
    let chat = Operation::ChatCompletions;
    let delta = json!({ "choices": [{ "index": 2, "delta": { "content": "a" }, "finish_reason": null }] });
    assert_eq!(piece(chat, delta), Some(((2, 0), "a".to_owned(), false)));
    let last = json!({ "choices": [{ "index": 0, "delta": { "content": "a" }, "finish_reason": "stop" }] });
    assert_eq!(piece(chat, last), Some(((0, 0), "a".to_owned(), true)));
    assert_eq!(
        piece(chat, json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] })),
        None
    );
    let delta =
        json!({ "type": "content_block_delta", "index": 1, "delta": { "type": "text_delta", "text": "a" } });
    assert_eq!(piece(Operation::Messages, delta), Some(((1, 0), "a".to_owned(), false)));
    let delta =
        json!({ "type": "response.output_text.delta", "output_index": 1, "content_index": 2, "delta": "a" });
    assert_eq!(piece(Operation::Responses, delta), Some(((1, 2), "a".to_owned(), false)));
    let arguments =
        json!({ "type": "response.function_call_arguments.delta", "output_index": 1, "delta": "a" });
    assert_eq!(piece(Operation::Responses, arguments), None);
    let done = json!({ "type": "response.output_text.done", "text": "whole" });
    let EventTexts::Whole(found) = of_event(done.to_string().as_bytes(), Operation::Responses) else {
        panic!()
    };
    assert_eq!(found[0].text, "whole");
    assert_eq!(of_event(br#"{"type":"ping"}"#, Operation::Messages), EventTexts::Aside);
}
