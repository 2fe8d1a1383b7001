//! Messages.

use serde_json::{Value, json};

use super::{Heard, add, list, push, text};
use crate::dialect::{Event, events};
use crate::upstream::Call;

pub(super) fn show(question: &mut Value, text: &str, image: &str) {
    let source = match image.strip_prefix("data:").and_then(|data| data.split_once(";base64,")) {
        Some((mime, data)) => json!({ "type": "base64", "media_type": mime, "data": data }),
        None => json!({ "type": "url", "url": image }),
    };
    question["messages"][0]["content"] =
        json!([{ "type": "text", "text": text }, { "type": "image", "source": source }]);
}

pub(super) fn go_on(question: &mut Value, whole: &Value, results: &[(&Call, &str)]) {
    push(&mut question["messages"], json!({ "role": "assistant", "content": whole["content"] }));
    let results = results
        .iter()
        .map(|(call, result)| json!({ "type": "tool_result", "tool_use_id": call.id, "content": result }));
    push(&mut question["messages"], json!({ "role": "user", "content": results.collect::<Value>() }));
}

pub(super) fn hear(whole: &Value) -> Heard {
    let mut heard = Heard { finish: text(&whole["stop_reason"]).to_owned(), ..Heard::default() };
    for block in list(&whole["content"]) {
        match text(&block["type"]) {
            "text" => heard.text.push_str(text(&block["text"])),
            "thinking" => heard.thought.push_str(text(&block["thinking"])),
            "tool_use" => heard.calls.push(Call {
                id: text(&block["id"]).to_owned(),
                name: text(&block["name"]).to_owned(),
                arguments: block["input"].clone(),
            }),
            _ => {}
        }
    }
    let usage = |name: &str| whole["usage"][name].as_u64().unwrap_or_default();
    let cached = usage("cache_read_input_tokens");
    heard.usage = (
        usage("input_tokens") + cached + usage("cache_creation_input_tokens"),
        usage("output_tokens"),
        cached,
    );
    heard
}

/// What the official SDKs gather from the events; they throw at events out of order.
pub(super) fn join(stream: &str) -> Value {
    let events: Vec<Value> = events(stream).iter().map(Event::json).collect();
    assert_eq!(
        (&events[0]["type"], &events.last().expect("events")["type"]),
        (&json!("message_start"), &json!("message_stop"))
    );
    let mut whole = events[0]["message"].clone();
    for event in &events[1..] {
        let index = usize::try_from(event["index"].as_u64().unwrap_or_default()).expect("a small number");
        match text(&event["type"]) {
            "content_block_start" => {
                assert_eq!(list(&whole["content"]).len(), index, "{stream}");
                let mut block = event["content_block"].clone();
                block["partial"] = "".into();
                push(&mut whole["content"], block);
            }
            "content_block_delta" => grow(&mut whole["content"][index], &event["delta"]),
            "content_block_stop" => close(&mut whole["content"][index]),
            "message_delta" => {
                whole["stop_reason"] = event["delta"]["stop_reason"].clone();
                for (name, value) in event["usage"].as_object().into_iter().flatten() {
                    whole["usage"][name] = value.clone();
                }
            }
            "message_stop" | "ping" => {}
            other => panic!("{other}: {stream}"),
        }
    }
    whole
}

fn grow(block: &mut Value, delta: &Value) {
    match text(&delta["type"]) {
        "text_delta" => add(&mut block["text"], &delta["text"]),
        "thinking_delta" => add(&mut block["thinking"], &delta["thinking"]),
        "signature_delta" => block["signature"] = delta["signature"].clone(),
        "input_json_delta" => add(&mut block["partial"], &delta["partial_json"]),
        "citations_delta" => {}
        other => panic!("{other}"),
    }
}

fn close(block: &mut Value) {
    let partial = block.as_object_mut().and_then(|block| block.remove("partial")).expect("it is open");
    if block["type"] == "tool_use" && partial != "" {
        block["input"] = serde_json::from_str(text(&partial)).expect("arguments are JSON");
    }
}
