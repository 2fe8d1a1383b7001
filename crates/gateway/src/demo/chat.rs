//! OpenAI's chat completions (platform.openai.com/docs/api-reference/chat, 2026-07).

use serde_json::{Value, json};

use super::DemoRequest;
use super::behaviour::Behaviour;
use super::fields::{Fields, Read, parse};
use super::play::{Content, Draft};
use super::reply::{Finish, Reply, reply};
use super::seed::Seed;
use super::tools::Call;

pub(super) mod read;
mod stream;

/// What every part of one answer says about it.
#[derive(Clone, Debug)]
struct Head {
    id: String,
    created_s: i64,
    model: String,
    include_usage: bool,
}

pub(super) fn answer(request: &DemoRequest<'_>, seed: &Seed) -> Read<Draft> {
    let body = parse(request.body)?;
    let fields = Fields::root(&body)?;
    let ask = read::ask(&fields)?;
    let behaviour = Behaviour::read(request.model, &ask.prompt);
    let reply = reply(&ask, &behaviour, seed);
    let include_usage = match fields.fields("stream_options")? {
        Some(options) => options.flag("include_usage")?.unwrap_or(false),
        None => false,
    };
    let model = request.model.to_owned();
    let head = Head { id: seed.id("chatcmpl-", 0), created_s: seed.created_s(), model, include_usage };
    if ask.stream {
        return Ok(Draft { behaviour, content: Content::Stream(stream::stream(head, reply, ask.n)) });
    }
    Ok(Draft::json(behaviour, &whole(&head, &reply, ask.n)))
}

fn whole(head: &Head, reply: &Reply, n: usize) -> Value {
    let calls: Vec<Value> = reply.calls.iter().map(call).collect();
    let content = if reply.calls.is_empty() { json!(reply.text) } else { Value::Null };
    let mut message = json!({ "role": "assistant", "content": content, "refusal": null, "annotations": [] });
    if !reply.thinking.is_empty() {
        message["reasoning_content"] = json!(reply.thinking);
    }
    if !calls.is_empty() {
        message["tool_calls"] = json!(calls);
    }
    let choices = (0..n).map(|index| {
        json!({ "index": index, "message": message, "logprobs": null, "finish_reason": finish(&reply.finish) })
    });
    json!({
        "id": head.id,
        "object": "chat.completion",
        "created": head.created_s,
        "model": head.model,
        "choices": choices.collect::<Vec<_>>(),
        "usage": usage(reply, n),
        "service_tier": "default",
        "system_fingerprint": "fp_demo",
    })
}

fn call(call: &Call) -> Value {
    json!({
        "id": format!("call_{}", call.id),
        "type": "function",
        "function": { "name": call.name, "arguments": call.arguments.to_string() },
    })
}

const fn finish(finish: &Finish) -> &'static str {
    match finish {
        Finish::Done | Finish::StopSequence(_) => "stop",
        Finish::Length => "length",
        Finish::Calls => "tool_calls",
    }
}

/// The usage of `n` answers.
fn usage(reply: &Reply, n: usize) -> Value {
    let completion = reply.output_tokens * n as u64;
    json!({
        "prompt_tokens": reply.input_tokens,
        "completion_tokens": completion,
        "total_tokens": reply.input_tokens + completion,
        "prompt_tokens_details": { "cached_tokens": 0, "audio_tokens": 0 },
        "completion_tokens_details": {
            "reasoning_tokens": reply.thinking_tokens * n as u64,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    })
}
