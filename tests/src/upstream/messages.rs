//! Messages.

use serde_json::{Value, json};

use super::{SIGNATURE, Said};

pub(super) fn whole(said: &Said) -> Value {
    let mut content = Vec::new();
    if !said.thought.is_empty() {
        content.push(json!({ "type": "thinking", "thinking": said.thought, "signature": SIGNATURE }));
    }
    if !said.text.is_empty() {
        content.push(json!({ "type": "text", "text": said.text }));
    }
    content.extend(said.calls.iter().map(
        |call| json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments }),
    ));
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m-1", "content": content,
        "stop_reason": stop_reason(said), "stop_sequence": null,
        "usage": { "input_tokens": 8, "cache_read_input_tokens": 3, "cache_creation_input_tokens": 0, "output_tokens": 7 },
    })
}

pub(super) fn stream(said: &Said) -> Vec<Value> {
    let mut blocks = Vec::new();
    if !said.thought.is_empty() {
        let deltas = vec![
            json!({ "type": "thinking_delta", "thinking": said.thought }),
            json!({ "type": "signature_delta", "signature": SIGNATURE }),
        ];
        blocks.push((json!({ "type": "thinking", "thinking": "", "signature": "" }), deltas));
    }
    if !said.text.is_empty() {
        let deltas = said.words().map(|word| json!({ "type": "text_delta", "text": word })).collect();
        blocks.push((json!({ "type": "text", "text": "" }), deltas));
    }
    for call in &said.calls {
        let deltas = call
            .fragments()
            .iter()
            .map(|piece| json!({ "type": "input_json_delta", "partial_json": piece }))
            .collect();
        blocks.push((json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": {} }), deltas));
    }
    let mut events = vec![json!({ "type": "message_start", "message": {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m-1", "content": [], "stop_reason": null,
        "stop_sequence": null, "usage": { "input_tokens": 8, "cache_read_input_tokens": 3, "output_tokens": 1 },
    } })];
    for (index, (block, deltas)) in blocks.into_iter().enumerate() {
        events.push(json!({ "type": "content_block_start", "index": index, "content_block": block }));
        events.extend(
            deltas
                .iter()
                .map(|delta| json!({ "type": "content_block_delta", "index": index, "delta": delta })),
        );
        events.push(json!({ "type": "content_block_stop", "index": index }));
    }
    let delta = json!({ "stop_reason": stop_reason(said), "stop_sequence": null });
    events.push(json!({ "type": "message_delta", "delta": delta, "usage": { "output_tokens": 7 } }));
    events.push(json!({ "type": "message_stop" }));
    events
}

fn stop_reason(said: &Said) -> &'static str {
    if said.calls.is_empty() { "end_turn" } else { "tool_use" }
}
