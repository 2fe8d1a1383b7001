//! OpenAI's responses (platform.openai.com/docs/api-reference/responses, 2026-07).

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
    let ask = read::ask(&fields)?;
    let behaviour = Behaviour::read(request.model, &ask.prompt);
    let reply = reply(&ask, &behaviour, seed);
    let items = items(&reply, seed);
    let mut response = skeleton(request, &fields, seed);
    if ask.stream {
        return Ok(Draft { behaviour, content: Content::Stream(stream::stream(&response, items, &reply)) });
    }
    complete(&mut response, &items, &reply);
    Ok(Draft::json(behaviour, &response))
}

/// The response before anything was said; what the request set is repeated, as the original does.
fn skeleton(request: &DemoRequest<'_>, fields: &Fields<'_>, seed: &Seed) -> Value {
    let or = |name: &str, usual: Value| fields.value(name).cloned().unwrap_or(usual);
    json!({
        "id": seed.id("resp_", 0),
        "object": "response",
        "created_at": seed.created_s(),
        "status": "in_progress",
        "background": false,
        "error": null,
        "incomplete_details": null,
        "instructions": or("instructions", Value::Null),
        "max_output_tokens": or("max_output_tokens", Value::Null),
        "max_tool_calls": null,
        "model": request.model,
        "output": [],
        "parallel_tool_calls": or("parallel_tool_calls", json!(true)),
        "previous_response_id": or("previous_response_id", Value::Null),
        "reasoning": or("reasoning", json!({ "effort": null, "summary": null })),
        "service_tier": "default",
        "store": false,
        "temperature": or("temperature", json!(1.0)),
        "text": or("text", json!({ "format": { "type": "text" } })),
        "tool_choice": or("tool_choice", json!("auto")),
        "tools": or("tools", json!([])),
        "top_logprobs": 0,
        "top_p": or("top_p", json!(1.0)),
        "truncation": "disabled",
        "usage": null,
        "user": null,
        "metadata": or("metadata", json!({})),
    })
}

/// The items of the output, all complete.
fn items(reply: &Reply, seed: &Seed) -> Vec<Value> {
    let mut items = Vec::new();
    if !reply.thinking.is_empty() {
        let summary = json!([{ "type": "summary_text", "text": reply.thinking }]);
        items.push(json!({ "id": seed.id("rs_", 0), "type": "reasoning", "summary": summary }));
    }
    if !reply.text.is_empty() {
        let status = if reply.finish == Finish::Length { "incomplete" } else { "completed" };
        items.push(json!({
            "id": seed.id("msg_", 0), "type": "message", "status": status, "role": "assistant",
            "content": [{ "type": "output_text", "annotations": [], "logprobs": [], "text": reply.text }],
        }));
    }
    items.extend(reply.calls.iter().enumerate().map(|(nth, call)| {
        json!({
            "id": seed.id("fc_", nth), "type": "function_call", "status": "completed",
            "arguments": call.arguments.to_string(), "call_id": format!("call_{}", call.id), "name": call.name,
        })
    }));
    items
}

/// Ends `response` with what was said.
fn complete(response: &mut Value, items: &[Value], reply: &Reply) {
    let length = reply.finish == Finish::Length;
    response["status"] = json!(if length { "incomplete" } else { "completed" });
    if length {
        response["incomplete_details"] = json!({ "reason": "max_output_tokens" });
    }
    response["output"] = json!(items);
    response["usage"] = json!({
        "input_tokens": reply.input_tokens,
        "input_tokens_details": { "cached_tokens": 0, "cache_write_tokens": 0 },
        "output_tokens": reply.output_tokens,
        "output_tokens_details": { "reasoning_tokens": reply.thinking_tokens },
        "total_tokens": reply.input_tokens + reply.output_tokens,
    });
}
