//! Responses.

use serde_json::{Value, json};

use super::{SIGNATURE, Said};

pub(super) fn whole(said: &Said) -> Value {
    response("completed", &items(said))
}

/// Each item opens, comes in pieces and is done before the next one; the response comes whole at the end.
pub(super) fn stream(said: &Said) -> Vec<Value> {
    let mut events = vec![json!({ "type": "response.created", "response": response("in_progress", &[]) })];
    for (index, item) in items(said).iter().enumerate() {
        let mut started = item.clone();
        started["status"] = "in_progress".into();
        let (name, pieces): (_, Vec<String>) = match item["type"].as_str() {
            Some("message") => {
                started["content"] = json!([]);
                ("response.output_text.delta", said.words().map(str::to_owned).collect())
            }
            Some("function_call") => {
                started["arguments"] = "".into();
                let call =
                    said.calls.iter().find(|call| item["call_id"] == call.id.as_str()).expect("it is said");
                ("response.function_call_arguments.delta", call.fragments())
            }
            _ => {
                started["summary"] = json!([]);
                ("response.reasoning_summary_text.delta", vec![said.thought.clone()])
            }
        };
        let place = |name: &str| json!({ "type": name, "output_index": index, "item_id": item["id"] });
        events.push(json!({ "type": "response.output_item.added", "output_index": index, "item": started }));
        events.extend(pieces.into_iter().map(|piece| {
            let mut event = place(name);
            event[if name.contains("summary") { "summary_index" } else { "content_index" }] = 0.into();
            event["delta"] = piece.into();
            event
        }));
        events.push(json!({ "type": "response.output_item.done", "output_index": index, "item": item }));
    }
    events.push(json!({ "type": "response.completed", "response": whole(said) }));
    for (number, event) in events.iter_mut().enumerate() {
        event["sequence_number"] = number.into();
    }
    events
}

fn items(said: &Said) -> Vec<Value> {
    let mut items = Vec::new();
    if !said.thought.is_empty() {
        let summary = json!([{ "type": "summary_text", "text": said.thought }]);
        items.push(
            json!({ "id": "rs_1", "type": "reasoning", "summary": summary, "encrypted_content": SIGNATURE }),
        );
    }
    if !said.text.is_empty() {
        let content = json!([{ "type": "output_text", "text": said.text, "annotations": [] }]);
        items.push(json!({ "id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": content }));
    }
    items.extend(said.calls.iter().map(|call| {
        json!({ "id": format!("fc_{}", call.id), "type": "function_call", "status": "completed", "call_id": call.id,
            "name": call.name, "arguments": call.arguments.to_string() })
    }));
    items
}

fn response(status: &str, output: &[Value]) -> Value {
    let usage = json!({ "input_tokens": 11, "output_tokens": 7, "total_tokens": 18,
        "input_tokens_details": { "cached_tokens": 3 } });
    json!({
        "id": "resp_1", "object": "response", "created_at": 1_700_000_000, "status": status, "model": "m-1", "error": null,
        "output": output, "usage": if status == "completed" { usage } else { Value::Null },
    })
}
