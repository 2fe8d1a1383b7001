//! Responses.

use serde_json::{Value, json};

use super::{Heard, list, push, text};
use crate::dialect::{Event, events};
use crate::upstream::Call;

pub(super) fn show(question: &mut Value, text: &str, image: &str) {
    question["input"][0]["content"] =
        json!([{ "type": "input_text", "text": text }, { "type": "input_image", "image_url": image }]);
}

pub(super) fn go_on(question: &mut Value, whole: &Value, results: &[(&Call, &str)]) {
    for item in list(&whole["output"]) {
        push(&mut question["input"], item.clone());
    }
    for (call, result) in results {
        let is_custom = list(&whole["output"])
            .iter()
            .any(|item| item["call_id"] == call.id.as_str() && item["type"] == "custom_tool_call");
        let kind = if is_custom { "custom_tool_call_output" } else { "function_call_output" };
        push(&mut question["input"], json!({ "type": kind, "call_id": call.id, "output": result }));
    }
}

pub(super) fn hear(whole: &Value) -> Heard {
    let mut heard = Heard { finish: text(&whole["status"]).to_owned(), ..Heard::default() };
    for item in list(&whole["output"]) {
        match text(&item["type"]) {
            "message" => heard.text.extend(list(&item["content"]).iter().map(|part| text(&part["text"]))),
            "reasoning" => {
                heard.thought.extend(
                    list(&item["summary"])
                        .iter()
                        .chain(list(&item["content"]))
                        .map(|part| text(&part["text"])),
                );
            }
            "function_call" | "custom_tool_call" => heard.calls.push(Call {
                id: text(&item["call_id"]).to_owned(),
                name: text(&item["name"]).to_owned(),
                arguments: match item.get("input") {
                    Some(input) => input.clone(),
                    None => serde_json::from_str(text(&item["arguments"])).expect("arguments are JSON"),
                },
            }),
            _ => {}
        }
    }
    let usage = &whole["usage"];
    let count = |value: &Value| value.as_u64().unwrap_or_default();
    heard.usage = (
        count(&usage["input_tokens"]),
        count(&usage["output_tokens"]),
        count(&usage["input_tokens_details"]["cached_tokens"]),
    );
    heard
}

/// The response that the last event has, which must be what the events before it told.
pub(super) fn join(stream: &str) -> Value {
    let events: Vec<Value> = events(stream).iter().map(Event::json).collect();
    for (number, event) in events.iter().enumerate() {
        assert_eq!(event["sequence_number"], number, "{stream}");
    }
    assert_eq!(events[0]["type"], "response.created", "{stream}");
    let whole = events.last().expect("events")["response"].clone();
    assert!(["completed", "incomplete"].contains(&text(&whole["status"])), "{stream}");
    let joined = |name: &str| -> String {
        events.iter().filter(|event| event["type"] == name).map(|event| text(&event["delta"])).collect()
    };
    let done: Vec<&Value> = events
        .iter()
        .filter(|event| event["type"] == "response.output_item.done")
        .map(|event| &event["item"])
        .collect();
    assert_eq!(done, list(&whole["output"]).iter().collect::<Vec<_>>(), "{stream}");
    assert_eq!(joined("response.output_text.delta"), hear(&whole).text, "{stream}");
    let arguments = |kind: &str, field: &str| -> String {
        list(&whole["output"])
            .iter()
            .filter(|item| item["type"] == kind)
            .map(|item| text(&item[field]))
            .collect()
    };
    assert_eq!(
        joined("response.function_call_arguments.delta"),
        arguments("function_call", "arguments"),
        "{stream}"
    );
    assert_eq!(
        joined("response.custom_tool_call_input.delta"),
        arguments("custom_tool_call", "input"),
        "{stream}"
    );
    whole
}
