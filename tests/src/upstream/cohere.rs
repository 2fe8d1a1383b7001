//! Cohere's second version.

use serde_json::{Value, json};

use super::Said;

pub(super) fn whole(said: &Said) -> Value {
    let mut content = Vec::new();
    if !said.thought.is_empty() {
        content.push(json!({ "type": "thinking", "thinking": said.thought }));
    }
    if !said.text.is_empty() {
        content.push(json!({ "type": "text", "text": said.text }));
    }
    let mut message = json!({ "role": "assistant", "content": content });
    if !said.calls.is_empty() {
        message["tool_calls"] = said
            .calls
            .iter()
            .map(|call| {
                json!({ "id": call.id, "type": "function",
            "function": { "name": call.name, "arguments": call.arguments.to_string() } })
            })
            .collect();
    }
    json!({ "id": "co-1", "finish_reason": finish(said), "message": message, "usage": usage() })
}

pub(super) fn stream(said: &Said) -> Vec<Value> {
    let mut events =
        vec![json!({ "type": "message-start", "id": "co-1", "delta": { "message": { "role": "assistant",
        "content": [], "tool_plan": "", "tool_calls": [], "citations": [] } } })];
    let mut blocks = Vec::new();
    if !said.thought.is_empty() {
        blocks.push(("thinking", vec![said.thought.as_str()]));
    }
    if !said.text.is_empty() {
        blocks.push(("text", said.words().collect()));
    }
    for (index, (kind, pieces)) in blocks.into_iter().enumerate() {
        let content = |mut content: Value, name: &str| {
            if name == "content-start" {
                content["type"] = kind.into();
            }
            json!({ "type": name, "index": index, "delta": { "message": { "content": content } } })
        };
        events.push(content(json!({ kind: "" }), "content-start"));
        events.extend(pieces.iter().map(|piece| content(json!({ kind: piece }), "content-delta")));
        events.push(json!({ "type": "content-end", "index": index }));
    }
    for (index, call) in said.calls.iter().enumerate() {
        let event = |name: &str, calls: Value| json!({ "type": name, "index": index, "delta": { "message": { "tool_calls": calls } } });
        let function = json!({ "name": call.name, "arguments": "" });
        events.push(event(
            "tool-call-start",
            json!({ "id": call.id, "type": "function", "function": function }),
        ));
        events.extend(
            call.fragments()
                .iter()
                .map(|piece| event("tool-call-delta", json!({ "function": { "arguments": piece } }))),
        );
        events.push(json!({ "type": "tool-call-end", "index": index }));
    }
    events
        .push(json!({ "type": "message-end", "delta": { "finish_reason": finish(said), "usage": usage() } }));
    events
}

fn finish(said: &Said) -> &'static str {
    if said.calls.is_empty() { "COMPLETE" } else { "TOOL_CALL" }
}

fn usage() -> Value {
    json!({ "billed_units": { "input_tokens": 8, "output_tokens": 7 }, "tokens": { "input_tokens": 11, "output_tokens": 7 },
        "cached_tokens": 3 })
}
