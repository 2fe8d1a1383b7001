//! Chat completions, with thoughts as DeepSeek tells them.

use serde_json::{Value, json};

use super::{Call, Said, data};

pub(super) fn whole(said: &Said) -> Value {
    let mut message = json!({ "role": "assistant", "content": said.text });
    if !said.thought.is_empty() {
        message["reasoning_content"] = said.thought.as_str().into();
    }
    if !said.calls.is_empty() {
        message["tool_calls"] =
            said.calls.iter().map(|call| opened(call, &call.arguments.to_string())).collect();
    }
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": "m-1",
        "choices": [{ "index": 0, "message": message, "finish_reason": finish(said) }],
        "usage": usage(),
    })
}

/// The arguments of several calls come interleaved.
pub(super) fn stream(said: &Said) -> Vec<String> {
    let chunk = |delta: Value, finish: Value| {
        data(&json!({
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "m-1",
            "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }],
        }))
    };
    let delta = |delta: Value| chunk(delta, Value::Null);
    let mut events = vec![delta(json!({ "role": "assistant", "content": "" }))];
    if !said.thought.is_empty() {
        events.push(delta(json!({ "reasoning_content": said.thought })));
    }
    events.extend(said.words().map(|word| delta(json!({ "content": word }))));
    for (index, call) in said.calls.iter().enumerate() {
        let mut opened = opened(call, "");
        opened["index"] = index.into();
        events.push(delta(json!({ "tool_calls": [opened] })));
    }
    let fragments: Vec<_> = said.calls.iter().map(Call::fragments).collect();
    for round in 0..fragments.iter().map(Vec::len).max().unwrap_or_default() {
        let pieces =
            fragments.iter().enumerate().filter_map(|(index, pieces)| Some((index, pieces.get(round)?)));
        events.extend(pieces.map(|(index, piece)| {
            delta(json!({ "tool_calls": [{ "index": index, "function": { "arguments": piece } }] }))
        }));
    }
    events.push(chunk(json!({}), finish(said).into()));
    events.push(data(&json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "m-1", "choices": [],
        "usage": usage(),
    })));
    events.push("data: [DONE]\n\n".to_owned());
    events
}

fn opened(call: &Call, arguments: &str) -> Value {
    json!({ "id": call.id, "type": "function", "function": { "name": call.name, "arguments": arguments } })
}

fn finish(said: &Said) -> &'static str {
    if said.calls.is_empty() { "stop" } else { "tool_calls" }
}

fn usage() -> Value {
    json!({ "prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18,
        "prompt_tokens_details": { "cached_tokens": 3 } })
}
