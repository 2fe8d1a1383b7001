//! OpenAI's `POST /responses`.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses/create>, 2026-11.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Broken, chat, list, word};

const FIELDS: &str = "background conversation include input instructions max_output_tokens max_tool_calls metadata model \
    parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_retention reasoning safety_identifier \
    service_tier store stream stream_options temperature text tool_choice tools top_logprobs top_p truncation user \
    context_management";

/// Rules that `body` breaks.
pub fn broken(body: &Value) -> Broken {
    let mut broken = Broken::default();
    broken.only(body, "body", &FIELDS.split_whitespace().collect::<Vec<_>>());
    broken.text(&body["model"], "model");
    broken.range(&body["temperature"], "temperature", 0.0, 2.0);
    broken.range(&body["top_p"], "top_p", 0.0, 1.0);
    broken.count(&body["max_output_tokens"], "max_output_tokens", 16);
    broken
        .unless(body["instructions"].is_null() || body["instructions"].is_string(), || "instructions".into());
    let format = &body["text"]["format"];
    broken.one_of(&format["type"], "text.format", &["text", "json_object", "json_schema"]);
    if format["type"] == "json_schema" {
        broken.name(&format["name"], "text.format.name", 64, "_-");
        broken.unless(format["schema"].is_object(), || "text.format.schema".into());
        chat::strict(&mut broken, &format["schema"], format["strict"] == true);
    }
    let tools = list(&body["tools"]);
    for (at, tool) in tools.iter().enumerate() {
        let place = format!("tools[{at}]");
        broken.text(&tool["type"], &place);
        if tool["type"] == "function" {
            broken.only(tool, &place, &["type", "name", "description", "parameters", "strict"]);
            broken.name(&tool["name"], &place, 64, "_-");
            if !tool["parameters"].is_null() {
                broken.schema(&tool["parameters"], &place);
            }
            chat::strict(&mut broken, &tool["parameters"], tool["strict"] == true);
        }
    }
    broken.distinct(tools.iter().filter_map(|tool| tool["name"].as_str()), "tools");
    broken.unless(
        !tools.is_empty() || body["tool_choice"].is_null() || body["tool_choice"].is_string(),
        || "tool_choice without tools".into(),
    );
    if body["input"].as_str().is_none() {
        items(&mut broken, list(&body["input"]));
    }
    broken
}

fn items(broken: &mut Broken, items: &[Value]) {
    broken.unless(!items.is_empty(), || "no input".into());
    let mut open: BTreeSet<&str> = BTreeSet::new();
    for (at, item) in items.iter().enumerate() {
        let place = format!("input[{at}]");
        match word(&item["type"]) {
            "" | "message" => {
                broken.one_of(&item["role"], &place, &["user", "assistant", "system", "developer"]);
                let is_own = item["role"] == "assistant";
                let kinds: &[&str] = if is_own {
                    &["output_text", "refusal"]
                } else {
                    &["input_text", "input_image", "input_file", "input_audio"]
                };
                broken.unless(item["content"].is_string() || !list(&item["content"]).is_empty(), || {
                    format!("{place} is empty")
                });
                for part in list(&item["content"]) {
                    broken.one_of(&part["type"], &place, kinds);
                    if let Some(url) = part.get("image_url") {
                        broken.url(url, &place);
                    }
                }
            }
            "function_call" => {
                broken.name(&item["name"], &place, 64, "_-");
                let arguments: Value = serde_json::from_str(word(&item["arguments"])).unwrap_or_default();
                broken.unless(arguments.is_object(), || format!("{place} arguments {item}"));
                call(broken, &mut open, item, &place);
            }
            "custom_tool_call" => call(broken, &mut open, item, &place),
            "function_call_output" | "custom_tool_call_output" => {
                let id = word(&item["call_id"]);
                broken.unless(open.remove(id), || format!("{place} answers {id}, which nobody called"));
                broken.unless(!item["output"].is_null(), || format!("{place} has no output"));
            }
            "reasoning" => {
                broken.unless(item["summary"].is_array(), || format!("{place} has no summary"));
            }
            _ => {}
        }
    }
    broken.unless(open.is_empty(), || format!("no output for {open:?}"));
}

fn call<'a>(broken: &mut Broken, open: &mut BTreeSet<&'a str>, item: &'a Value, place: &str) {
    let id = word(&item["call_id"]);
    broken.unless((1..=64).contains(&id.len()), || format!("{place} call_id {id:?}"));
    broken.unless(open.insert(id), || format!("{place} has {id} twice"));
}
