//! What providers answer, whole and in events.

use serde_json::{Value, json};

fn data(value: &Value) -> String {
    format!("data: {value}\n\n")
}

fn named(value: &Value) -> String {
    format!("event: {}\ndata: {value}\n\n", value["type"].as_str().expect("a type"))
}

pub(super) fn chat_stream(words: &[&str]) -> Vec<String> {
    let chunk = |delta: Value, finish: Value| {
        data(&json!({
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "m-1",
            "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }],
        }))
    };
    let mut events = vec![chunk(json!({ "role": "assistant", "content": "" }), Value::Null)];
    events.extend(words.iter().map(|word| chunk(json!({ "content": word }), Value::Null)));
    events.push(chunk(json!({}), "stop".into()));
    events.push(data(&json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "m-1", "choices": [],
        "usage": { "prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18 },
    })));
    events.push("data: [DONE]\n\n".to_owned());
    events
}

pub(super) fn response(status: &str, text: &str) -> Value {
    let output = json!([{
        "id": "msg_1", "type": "message", "role": "assistant", "status": status,
        "content": [{ "type": "output_text", "text": text, "annotations": [] }],
    }]);
    json!({
        "id": "resp_1", "object": "response", "created_at": 1_700_000_000, "status": status, "model": "m-1", "error": null,
        "output": if status == "completed" { output } else { json!([]) },
        "usage": if status == "completed" { json!({ "input_tokens": 11, "output_tokens": 7, "total_tokens": 18 }) } else { Value::Null },
    })
}

pub(super) fn responses_stream(words: &[&str], text: &str) -> Vec<String> {
    let mut all = vec![
        json!({ "type": "response.created", "response": response("in_progress", "") }),
        json!({ "type": "response.in_progress", "response": response("in_progress", "") }),
    ];
    all.extend(words.iter().map(|word| {
        json!({ "type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": word })
    }));
    all.push(json!({ "type": "response.output_text.done", "item_id": "msg_1", "output_index": 0, "content_index": 0, "text": text }));
    all.push(json!({ "type": "response.completed", "response": response("completed", text) }));
    for (number, event) in all.iter_mut().enumerate() {
        event["sequence_number"] = number.into();
    }
    all.iter().map(named).collect()
}

pub(super) fn messages_stream(words: &[&str]) -> Vec<String> {
    let mut all = vec![
        json!({ "type": "message_start", "message": {
            "id": "msg_1", "type": "message", "role": "assistant", "model": "m-1", "content": [], "stop_reason": null,
            "stop_sequence": null, "usage": { "input_tokens": 11, "output_tokens": 1 },
        } }),
        json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
    ];
    all.extend(words.iter().map(|word| {
        json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": word } })
    }));
    all.push(json!({ "type": "content_block_stop", "index": 0 }));
    all.push(json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn", "stop_sequence": null }, "usage": { "output_tokens": 7 } }));
    all.push(json!({ "type": "message_stop" }));
    all.iter().map(named).collect()
}

pub(super) fn gemini(text: &str, finish: Option<&str>) -> Value {
    let mut candidate = json!({ "content": { "parts": [{ "text": text }], "role": "model" }, "index": 0 });
    if let Some(finish) = finish {
        candidate["finishReason"] = finish.into();
    }
    json!({
        "candidates": [candidate], "modelVersion": "m-1", "responseId": "r-1",
        "usageMetadata": { "promptTokenCount": 11, "candidatesTokenCount": 7, "totalTokenCount": 18 },
    })
}

pub(super) fn gemini_stream(words: &[&str]) -> Vec<String> {
    let last = words.len().saturating_sub(1);
    words.iter().enumerate().map(|(at, word)| data(&gemini(word, (at == last).then_some("STOP")))).collect()
}
