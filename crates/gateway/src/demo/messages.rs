//! Anthropic's messages and token counts (docs.anthropic.com/en/api/messages, 2026-07).

use serde_json::{Value, json};

use super::DemoRequest;
use super::behaviour::Behaviour;
use super::fields::{Fields, Read, parse};
use super::play::{Content, Draft};
use super::reply::{Finish, Reply, reply};
use super::seed::Seed;

mod read;
mod stream;

pub(super) fn answer(request: &DemoRequest<'_>, seed: &Seed) -> Read<Draft> {
    let body = parse(request.body)?;
    let fields = Fields::root(&body)?;
    let mut ask = read::conversation(&fields)?;
    read::options(&mut ask, &fields)?;
    let behaviour = Behaviour::read(request.model, &ask.prompt);
    let reply = reply(&ask, &behaviour, seed);
    let message = json!({
        "id": seed.id("msg_", 0),
        "type": "message",
        "role": "assistant",
        "model": request.model,
        "content": [],
        "stop_reason": null,
        "stop_sequence": null,
        "usage": usage(&reply, 1),
    });
    if ask.stream {
        let signature = seed.id("demo", 0);
        return Ok(Draft {
            behaviour,
            content: Content::Stream(stream::stream(&message, reply, &signature)),
        });
    }
    Ok(Draft::json(behaviour, &whole(message, &reply, seed)))
}

/// The answer to `count_tokens`.
pub(super) fn count(request: &DemoRequest<'_>) -> Read<Draft> {
    let body = parse(request.body)?;
    let ask = read::conversation(&Fields::root(&body)?)?;
    let behaviour = Behaviour::read(request.model, &ask.prompt);
    Ok(Draft::json(behaviour, &json!({ "input_tokens": ask.input_tokens })))
}

fn whole(mut message: Value, reply: &Reply, seed: &Seed) -> Value {
    let mut content = Vec::new();
    if !reply.thinking.is_empty() {
        let signature = seed.id("demo", 0);
        content.push(json!({ "type": "thinking", "thinking": reply.thinking, "signature": signature }));
    }
    if !reply.text.is_empty() {
        content.push(json!({ "type": "text", "text": reply.text }));
    }
    content.extend(reply.calls.iter().map(|call| {
        let id = format!("toolu_{}", call.id);
        json!({ "type": "tool_use", "id": id, "name": call.name, "input": call.arguments })
    }));
    let (reason, sequence) = stop(&reply.finish);
    message["content"] = json!(content);
    message["stop_reason"] = json!(reason);
    message["stop_sequence"] = json!(sequence);
    message["usage"] = usage(reply, reply.output_tokens);
    message
}

/// The reason to stop, and the sequence that was one.
fn stop(finish: &Finish) -> (&'static str, Option<&str>) {
    match finish {
        Finish::Done => ("end_turn", None),
        Finish::StopSequence(sequence) => ("stop_sequence", Some(sequence)),
        Finish::Length => ("max_tokens", None),
        Finish::Calls => ("tool_use", None),
    }
}

fn usage(reply: &Reply, output_tokens: u64) -> Value {
    json!({
        "input_tokens": reply.input_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": output_tokens,
        "service_tier": "standard",
    })
}
