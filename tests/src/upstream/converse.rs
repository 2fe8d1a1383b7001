//! Bedrock's Converse.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{SIGNATURE, Said, aws};

pub(super) fn whole(said: &Said) -> Value {
    let mut content = Vec::new();
    if !said.thought.is_empty() {
        let text = json!({ "text": said.thought, "signature": SIGNATURE });
        content.push(json!({ "reasoningContent": { "reasoningText": text } }));
    }
    if !said.text.is_empty() {
        content.push(json!({ "text": said.text }));
    }
    content.extend(said.calls.iter().map(
        |call| json!({ "toolUse": { "toolUseId": call.id, "name": call.name, "input": call.arguments } }),
    ));
    json!({
        "output": { "message": { "role": "assistant", "content": content } }, "stopReason": stop_reason(said),
        "usage": usage(), "metrics": { "latencyMs": 5 },
    })
}

pub(super) fn stream(said: &Said) -> Vec<Bytes> {
    let mut blocks: Vec<(Option<Value>, Vec<Value>)> = Vec::new();
    if !said.thought.is_empty() {
        let deltas = [json!({ "text": said.thought }), json!({ "signature": SIGNATURE })];
        blocks.push((None, deltas.map(|delta| json!({ "reasoningContent": delta })).to_vec()));
    }
    if !said.text.is_empty() {
        blocks.push((None, said.words().map(|word| json!({ "text": word })).collect()));
    }
    for call in &said.calls {
        let start = json!({ "toolUse": { "toolUseId": call.id, "name": call.name } });
        let deltas = call.fragments().iter().map(|piece| json!({ "toolUse": { "input": piece } })).collect();
        blocks.push((Some(start), deltas));
    }
    let mut events = vec![aws::event("messageStart", &json!({ "role": "assistant" }))];
    for (index, (start, deltas)) in blocks.iter().enumerate() {
        if let Some(start) = start {
            events.push(aws::event(
                "contentBlockStart",
                &json!({ "contentBlockIndex": index, "start": start }),
            ));
        }
        events.extend(deltas.iter().map(|delta| {
            aws::event("contentBlockDelta", &json!({ "contentBlockIndex": index, "delta": delta }))
        }));
        events.push(aws::event("contentBlockStop", &json!({ "contentBlockIndex": index })));
    }
    events.push(aws::event("messageStop", &json!({ "stopReason": stop_reason(said) })));
    events.push(aws::event("metadata", &json!({ "usage": usage(), "metrics": { "latencyMs": 5 } })));
    events
}

fn stop_reason(said: &Said) -> &'static str {
    if said.calls.is_empty() { "end_turn" } else { "tool_use" }
}

fn usage() -> Value {
    json!({ "inputTokens": 8, "cacheReadInputTokens": 3, "cacheWriteInputTokens": 0, "outputTokens": 7, "totalTokens": 18 })
}
