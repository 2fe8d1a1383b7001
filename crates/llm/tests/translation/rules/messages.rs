//! Anthropic's `POST /messages`, on its own host, Vertex and Bedrock.
//!
//! Sources: <https://platform.claude.com/docs/en/api/messages>,
//! <https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use>,
//! <https://platform.claude.com/docs/en/build-with-claude/extended-thinking>; 2026-11.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Broken, list, word};

const FIELDS: &str = "model messages max_tokens system metadata stop_sequences stream temperature thinking tool_choice tools top_k \
    top_p service_tier container context_management mcp_servers output_config inference_geo cache_control speed";

/// Rules that `body` breaks; `is_cloud`: the model stands in the path, a version in the body.
pub fn broken(body: &Value, is_cloud: bool) -> Broken {
    let mut broken = Broken::default();
    let clouds = if is_cloud { &["anthropic_version", "anthropic_beta"][..] } else { &[] };
    let known: Vec<_> = FIELDS.split_whitespace().chain(clouds.iter().copied()).collect();
    broken.only(body, "body", &known);
    broken.unless(body["model"].is_string() != is_cloud, || format!("model {}", body["model"]));
    broken.unless(body["anthropic_version"].is_string() == is_cloud, || "anthropic_version".into());
    broken.unless(body["max_tokens"].is_u64(), || "no max_tokens".into());
    broken.count(&body["max_tokens"], "max_tokens", 1);
    broken.range(&body["temperature"], "temperature", 0.0, 1.0);
    broken.range(&body["top_p"], "top_p", 0.0, 1.0);
    for stop in list(&body["stop_sequences"]) {
        broken.text(stop, "stop_sequences");
    }
    for block in list(&body["system"]) {
        broken.only(block, "system", &["type", "text", "cache_control", "citations"]);
        broken.text(&block["text"], "system");
    }
    thinking(&mut broken, body);
    tools(&mut broken, body);
    turns(&mut broken, list(&body["messages"]));
    let hints = body.to_string().matches("\"cache_control\":{").count();
    broken.unless(hints <= 4, || format!("{hints} cache breakpoints"));
    broken
}

fn thinking(broken: &mut Broken, body: &Value) {
    let thinking = &body["thinking"];
    broken.one_of(&thinking["type"], "thinking", &["enabled", "disabled", "adaptive"]);
    if thinking["type"] == "enabled" {
        broken.count(&thinking["budget_tokens"], "budget_tokens", 1024);
        let is_less = thinking["budget_tokens"].as_u64() < body["max_tokens"].as_u64();
        broken.unless(is_less, || "thinks more than it says".into());
        broken.unless(body["temperature"].is_null() || body["temperature"] == 1.0, || {
            "draws and thinks".into()
        });
        broken.unless(body["top_k"].is_null(), || "top_k and thinks".into());
        let choice = word(&body["tool_choice"]["type"]);
        broken.unless(!matches!(choice, "any" | "tool"), || "forced and thinks".into());
    }
}

fn tools(broken: &mut Broken, body: &Value) {
    let tools = list(&body["tools"]);
    let mut names = Vec::new();
    for (at, tool) in tools.iter().enumerate() {
        let place = format!("tools[{at}]");
        broken.name(&tool["name"], &place, 128, "_-");
        names.push(word(&tool["name"]));
        if tool["type"].is_null() || tool["type"] == "custom" {
            let known = [
                "type",
                "name",
                "description",
                "input_schema",
                "cache_control",
                "strict",
                "defer_loading",
                "allowed_callers",
                "input_examples",
                "eager_input_streaming",
            ];
            broken.only(tool, &place, &known);
            broken.schema(&tool["input_schema"], &place);
            for word in ["anyOf", "oneOf", "allOf"] {
                broken.unless(tool["input_schema"].get(word).is_none(), || {
                    format!("{place} has {word} on top")
                });
            }
        }
    }
    broken.distinct(names.iter().copied(), "tools");
    let choice = &body["tool_choice"];
    if !choice.is_null() {
        broken.unless(!tools.is_empty(), || "tool_choice without tools".into());
        broken.only(choice, "tool_choice", &["type", "name", "disable_parallel_tool_use"]);
        broken.one_of(&choice["type"], "tool_choice", &["auto", "any", "tool", "none"]);
        broken.unless(choice["type"] != "tool" || names.contains(&word(&choice["name"])), || {
            format!("{choice}")
        });
    }
    let uses = body["messages"].to_string().contains("\"type\":\"tool_use\"");
    broken.unless(!uses || !tools.is_empty(), || "calls in messages without tools".into());
}

fn turns(broken: &mut Broken, messages: &[Value]) {
    broken.unless(!messages.is_empty(), || "no messages".into());
    broken.unless(messages.first().is_none_or(|first| first["role"] == "user"), || {
        "begins with the model".into()
    });
    let mut open: BTreeSet<&str> = BTreeSet::new();
    let mut before = "";
    for (at, message) in messages.iter().enumerate() {
        let place = format!("messages[{at}]");
        let role = word(&message["role"]);
        broken.only(message, &place, &["role", "content"]);
        broken.one_of(&message["role"], &place, &["user", "assistant"]);
        broken.unless(role != before, || format!("{place} does not alternate"));
        before = role;
        if let Some(text) = message["content"].as_str() {
            broken.unless(!text.trim().is_empty(), || format!("{place} is empty"));
        } else {
            broken.unless(!list(&message["content"]).is_empty(), || format!("{place} is empty"));
        }
        let mut is_past_results = false;
        for block in list(&message["content"]) {
            let kind = word(&block["type"]);
            if kind == "tool_result" {
                broken.unless(role == "user" && !is_past_results, || format!("{place}: results come first"));
                let id = word(&block["tool_use_id"]);
                broken.unless(open.remove(id), || format!("{place} answers {id}, which nobody called"));
                result(broken, &block["content"], &place);
                continue;
            }
            is_past_results = true;
            if role == "user" || kind == "text" {
                broken.unless(open.is_empty() || role == "assistant", || {
                    format!("{place}: results of {open:?} are missing")
                });
            }
            self::block(broken, block, &place);
            if kind == "tool_use" {
                broken.unless(role == "assistant", || format!("{place}: the user calls"));
                let id = word(&block["id"]);
                broken.name(&block["id"], &place, 64, "_-");
                broken.unless(open.insert(id), || format!("{place} has the id {id} twice"));
            }
        }
        if role == "user" {
            broken.unless(open.is_empty(), || format!("{place}: results of {open:?} are missing"));
            open.clear();
        }
    }
    let last = messages.last().map_or(&Value::Null, |last| last);
    if last["role"] == "assistant" {
        let text = last["content"].as_str().or_else(|| list(&last["content"]).last()?["text"].as_str());
        broken.unless(text.is_none_or(|text| text.trim_end() == text), || {
            "the last text ends in a blank".into()
        });
    }
}

fn block(broken: &mut Broken, block: &Value, place: &str) {
    match word(&block["type"]) {
        "text" => {
            broken.only(block, place, &["type", "text", "cache_control", "citations"]);
            broken.text(&block["text"], place);
        }
        "image" | "document" => {
            let source = &block["source"];
            broken.one_of(&source["type"], place, &["base64", "url", "file", "text", "content"]);
            match word(&source["type"]) {
                "base64" => {
                    broken.base64(&source["data"], place);
                    let kinds = ["image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"];
                    broken.one_of(&source["media_type"], place, &kinds);
                }
                "url" => broken.url(&source["url"], place),
                _ => {}
            }
        }
        "tool_use" => {
            broken.name(&block["name"], place, 200, "_-");
            broken.unless(block["input"].is_object(), || format!("{place} input {}", block["input"]));
        }
        "thinking" => {
            broken.unless(block["signature"].is_string(), || format!("{place} thinks without a signature"));
        }
        "redacted_thinking" => broken.text(&block["data"], place),
        "server_tool_use" | "web_search_tool_result" | "mcp_tool_use" | "mcp_tool_result" => {}
        other => broken.unless(false, || format!("{place} has a {other:?}")),
    }
}

fn result(broken: &mut Broken, content: &Value, place: &str) {
    for part in list(content) {
        broken.one_of(
            &part["type"],
            place,
            &["text", "image", "document", "search_result", "tool_reference"],
        );
        block(broken, part, place);
    }
}
