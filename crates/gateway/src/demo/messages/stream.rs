//! The events of a message: its start, every block from start to stop, why it ends, its stop.

use roundhouse_llm::Operation;
use serde_json::{Value, json};

use super::super::reply::Reply;
use super::super::stream::{Event, Stream, named};
use super::super::tools::Call;
use super::super::words::pieces;
use super::stop;

/// A block before it has its number: how it starts, and its deltas with whether they carry a token.
type Block = (Value, Box<dyn Iterator<Item = (Value, bool)> + Send + Sync>);

pub(super) fn stream(message: &Value, reply: Reply, signature: &str) -> Stream {
    let Reply { thinking, text, calls, finish, .. } = reply;
    let (reason, sequence) = stop(&finish);
    let last = json!({
        "type": "message_delta",
        "delta": { "stop_reason": reason, "stop_sequence": sequence },
        "usage": {
            "input_tokens": reply.input_tokens,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": reply.output_tokens,
        },
    });
    let first = plain(&json!({ "type": "message_start", "message": message }));
    let last = [plain(&last), plain(&json!({ "type": "message_stop" }))];
    let thought = (!thinking.is_empty()).then(|| thought(thinking, signature));
    let said = (!text.is_empty()).then(|| said(text));
    let blocks = thought.into_iter().chain(said).chain(calls.into_iter().map(|call| called(&call)));
    let blocks = blocks.enumerate().flat_map(|(index, block)| events(index, block));
    Stream::sse(Operation::Messages, std::iter::once(first).chain(blocks).chain(last))
}

fn thought(thinking: String, signature: &str) -> Block {
    let signed = (json!({ "type": "signature_delta", "signature": signature }), false);
    let thoughts =
        pieces(thinking).map(|piece| (json!({ "type": "thinking_delta", "thinking": piece }), true));
    let start = json!({ "type": "thinking", "thinking": "", "signature": "" });
    (start, Box::new(thoughts.chain([signed])))
}

fn said(text: String) -> Block {
    let words = pieces(text).map(|piece| (json!({ "type": "text_delta", "text": piece }), true));
    (json!({ "type": "text", "text": "" }), Box::new(words))
}

fn called(call: &Call) -> Block {
    let start =
        json!({ "type": "tool_use", "id": format!("toolu_{}", call.id), "name": call.name, "input": {} });
    let fragment = |text: String| json!({ "type": "input_json_delta", "partial_json": text });
    let fragments = pieces(call.arguments.to_string()).map(move |piece| (fragment(piece), true));
    (start, Box::new(std::iter::once((fragment(String::new()), false)).chain(fragments)))
}

/// One block; the first is followed by a ping, as at Anthropic.
fn events(index: usize, (start, deltas): Block) -> impl Iterator<Item = Event> + Send + Sync {
    let start = plain(&json!({ "type": "content_block_start", "index": index, "content_block": start }));
    let ping = (index == 0).then(|| plain(&json!({ "type": "ping" })));
    let deltas = deltas.map(move |(delta, is_token)| {
        let event = json!({ "type": "content_block_delta", "index": index, "delta": delta });
        Event { bytes: named("content_block_delta", &event), is_token }
    });
    let stop = plain(&json!({ "type": "content_block_stop", "index": index }));
    std::iter::once(start).chain(ping).chain(deltas).chain([stop])
}

fn plain(event: &Value) -> Event {
    Event::plain(named(event["type"].as_str().unwrap_or_default(), event))
}
