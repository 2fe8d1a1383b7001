//! Chat completions, and legacy ones.

use serde_json::{Value, json};

use super::{Heard, add, list, push, text};
use crate::dialect::events;
use crate::upstream::Call;

pub(super) fn show(question: &mut Value, text: &str, image: &str) {
    question["messages"][0]["content"] =
        json!([{ "type": "text", "text": text }, { "type": "image_url", "image_url": { "url": image } }]);
}

pub(super) fn go_on(question: &mut Value, whole: &Value, results: &[(&Call, &str)]) {
    push(&mut question["messages"], whole["choices"][0]["message"].clone());
    for (call, result) in results {
        push(
            &mut question["messages"],
            json!({ "role": "tool", "tool_call_id": call.id, "content": result }),
        );
    }
}

pub(super) fn hear(whole: &Value) -> Heard {
    let choice = &whole["choices"][0];
    let message = &choice["message"];
    let calls = list(&message["tool_calls"]).iter().map(|call| Call {
        id: text(&call["id"]).to_owned(),
        name: text(&call["function"]["name"]).to_owned(),
        arguments: serde_json::from_str(text(&call["function"]["arguments"])).expect("arguments are JSON"),
    });
    let usage = &whole["usage"];
    let count = |value: &Value| value.as_u64().unwrap_or_default();
    Heard {
        text: format!("{}{}", text(&message["content"]), text(&choice["text"])),
        thought: text(&message["reasoning_content"]).to_owned(),
        calls: calls.collect(),
        finish: text(&choice["finish_reason"]).to_owned(),
        usage: (
            count(&usage["prompt_tokens"]),
            count(&usage["completion_tokens"]),
            count(&usage["prompt_tokens_details"]["cached_tokens"]),
        ),
    }
}

pub(super) fn join(stream: &str) -> Value {
    let mut events = events(stream);
    assert_eq!(events.pop().map(|last| last.data).as_deref(), Some("[DONE]"), "{stream}");
    let mut whole = json!({ "choices": [{ "message": {} }] });
    for chunk in events.iter().map(crate::dialect::Event::json) {
        if chunk["usage"].is_object() {
            whole["usage"] = chunk["usage"].clone();
        }
        let Some(piece) = chunk["choices"].get(0) else { continue };
        let choice = &mut whole["choices"][0];
        if piece["text"].is_string() {
            add(&mut choice["text"], &piece["text"]);
        }
        if !piece["finish_reason"].is_null() {
            assert!(choice["finish_reason"].is_null(), "it ends once: {stream}");
            choice["finish_reason"] = piece["finish_reason"].clone();
        }
        merge(&mut choice["message"], &piece["delta"]);
    }
    whole
}

/// Adds a delta to a message, as the official SDKs do with fields that they know and those that they do not.
fn merge(message: &mut Value, delta: &Value) {
    for (name, value) in delta.as_object().into_iter().flatten() {
        match (name.as_str(), value) {
            (_, Value::Null) => {}
            ("role", _) => message["role"] = value.clone(),
            (_, Value::String(_)) => add(&mut message[name], value),
            (_, Value::Array(items)) => {
                if message[name].is_null() {
                    message[name] = json!([]);
                }
                for item in items {
                    merge_item(&mut message[name], item);
                }
            }
            _ => message[name] = value.clone(),
        }
    }
}

fn merge_item(items: &mut Value, item: &Value) {
    let known = items.as_array_mut().expect("a list");
    let Some(there) =
        known.iter_mut().find(|known| !item["index"].is_null() && known["index"] == item["index"])
    else {
        known.push(item.clone());
        return;
    };
    for (name, value) in item.as_object().expect("an object") {
        match (name.as_str(), value) {
            ("index" | "id" | "type", _) => there[name] = value.clone(),
            ("function", _) => add(&mut there["function"]["arguments"], &value["arguments"]),
            (_, Value::String(_)) => add(&mut there[name], value),
            _ => there[name] = value.clone(),
        }
    }
}
