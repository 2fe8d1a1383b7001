//! Chat completion chunks: for each answer its role, its pieces and its end; then the usage, then `[DONE]`.

use bytes::Bytes;
use roundhouse_llm::Operation;
use serde_json::{Value, json};

use super::super::reply::Reply;
use super::super::stream::{Event, Stream, data};
use super::super::tools::Call;
use super::super::words::pieces;
use super::{Head, finish, usage};

pub(super) fn stream(head: Head, reply: Reply, n: usize) -> Stream {
    let last = head.include_usage.then(|| {
        let mut chunk = head.chunk(&json!([]));
        chunk["usage"] = usage(&reply, n);
        Event::plain(data(&chunk))
    });
    let choices = (0..n).flat_map(move |index| choice(head.clone(), reply.clone(), index));
    let done = Event::plain(Bytes::from_static(b"data: [DONE]\n\n"));
    let events = choices.chain(last).chain(std::iter::once(done));
    Stream::sse(Operation::ChatCompletions, events)
}

fn choice(head: Head, reply: Reply, index: usize) -> impl Iterator<Item = Event> + Send + Sync {
    let Reply { thinking, text, calls, finish: end, .. } = reply;
    let content = if calls.is_empty() { json!("") } else { Value::Null };
    let role = (json!({ "role": "assistant", "content": content, "refusal": null }), None, false);
    let thoughts = pieces(thinking).map(|piece| (json!({ "reasoning_content": piece }), None, true));
    let words = pieces(text).map(|piece| (json!({ "content": piece }), None, true));
    let calls = calls.into_iter().enumerate().flat_map(|(nth, call)| call_deltas(nth, &call));
    let end = (json!({}), Some(finish(&end)), false);
    std::iter::once(role).chain(thoughts).chain(words).chain(calls).chain([end]).map(
        move |(delta, finish, is_token)| {
            let choice = json!({ "index": index, "delta": delta, "logprobs": null, "finish_reason": finish });
            Event { bytes: data(&head.chunk(&json!([choice]))), is_token }
        },
    )
}

type Delta = (Value, Option<&'static str>, bool);

/// The name of a call, then its arguments piece by piece.
fn call_deltas(nth: usize, call: &Call) -> impl Iterator<Item = Delta> + use<> {
    let function = json!({ "name": call.name, "arguments": "" });
    let id = format!("call_{}", call.id);
    let first = json!({ "index": nth, "id": id, "type": "function", "function": function });
    let rest = pieces(call.arguments.to_string())
        .map(move |piece| json!({ "index": nth, "function": { "arguments": piece } }));
    let first = std::iter::once((first, false)).chain(rest.map(|rest| (rest, true)));
    first.map(|(call, is_token)| (json!({ "tool_calls": [call] }), None, is_token))
}

impl Head {
    fn chunk(&self, choices: &Value) -> Value {
        let mut chunk = json!({
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created_s,
            "model": self.model,
            "service_tier": "default",
            "system_fingerprint": "fp_demo",
            "choices": choices,
        });
        if self.include_usage {
            chunk["usage"] = Value::Null;
        }
        chunk
    }
}
