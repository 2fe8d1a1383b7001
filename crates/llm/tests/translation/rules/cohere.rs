//! Cohere's `POST /v2/chat`.
//!
//! Source: <https://docs.cohere.com/reference/chat>, 2026-11.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Broken, list, word};

const FIELDS: &str = "stream model messages tools strict_tools documents citation_options response_format safety_mode max_tokens \
    stop_sequences temperature seed frequency_penalty presence_penalty k p logprobs tool_choice thinking priority raw_prompting";

/// Rules that `body` breaks.
pub fn broken(body: &Value) -> Broken {
    let mut broken = Broken::default();
    broken.only(body, "body", &FIELDS.split_whitespace().collect::<Vec<_>>());
    broken.text(&body["model"], "model");
    broken.unless(body["stream"].is_boolean(), || "no stream".into());
    broken.range(&body["temperature"], "temperature", 0.0, f64::MAX);
    broken.range(&body["p"], "p", 0.01, 0.99);
    broken.range(&body["k"], "k", 0.0, 500.0);
    broken.range(&body["frequency_penalty"], "frequency_penalty", 0.0, 1.0);
    broken.range(&body["presence_penalty"], "presence_penalty", 0.0, 1.0);
    broken.count(&body["max_tokens"], "max_tokens", 1);
    broken.unless(list(&body["stop_sequences"]).len() <= 5, || "more than five stops".into());
    broken.one_of(&body["tool_choice"], "tool_choice", &["REQUIRED", "NONE"]);
    let tools = list(&body["tools"]);
    broken.unless(!tools.is_empty() || body["tool_choice"].is_null(), || "tool_choice without tools".into());
    broken.one_of(&body["response_format"]["type"], "response_format", &["text", "json_object"]);
    broken.unless(tools.is_empty() || body["response_format"].is_null(), || "a format and tools".into());
    for (at, tool) in tools.iter().enumerate() {
        let place = format!("tools[{at}]");
        broken.only(tool, &place, &["type", "function"]);
        broken.only(&tool["function"], &place, &["name", "description", "parameters"]);
        broken.name(&tool["function"]["name"], &place, 64, "_-");
        broken.unless(tool["function"]["parameters"].is_object(), || format!("{place} has no parameters"));
    }
    messages(&mut broken, list(&body["messages"]));
    broken
}

fn messages(broken: &mut Broken, messages: &[Value]) {
    broken.unless(!messages.is_empty(), || "no messages".into());
    let mut open: BTreeSet<&str> = BTreeSet::new();
    for (at, message) in messages.iter().enumerate() {
        let place = format!("messages[{at}]");
        let role = word(&message["role"]);
        broken.one_of(&message["role"], &place, &["system", "user", "assistant", "tool"]);
        if role != "tool" {
            broken.unless(open.is_empty(), || format!("{place} comes before results of {open:?}"));
        }
        for call in list(&message["tool_calls"]) {
            broken.unless(role == "assistant", || format!("{place} calls"));
            broken.unless(open.insert(word(&call["id"])), || format!("{place} has an id twice"));
            let arguments: Value =
                serde_json::from_str(word(&call["function"]["arguments"])).unwrap_or_default();
            broken.unless(arguments.is_object(), || format!("{place} arguments {call}"));
        }
        if role == "tool" {
            let id = word(&message["tool_call_id"]);
            broken.unless(open.remove(id), || format!("{place} answers {id}, which nobody called"));
        }
        let is_empty = match &message["content"] {
            Value::String(text) => text.trim().is_empty() && role != "tool",
            Value::Array(parts) => parts.is_empty(),
            _ => list(&message["tool_calls"]).is_empty(),
        };
        broken.unless(!is_empty, || format!("{place} is empty"));
        for part in list(&message["content"]) {
            broken.one_of(&part["type"], &place, &["text", "image_url", "document", "thinking"]);
            if part["type"] == "image_url" {
                broken.url(&part["image_url"]["url"], &place);
            }
        }
    }
}
