//! The events of a response: every item of the output is added, told piece by piece, and done.

use roundhouse_llm::Operation;
use serde_json::{Value, json};

use super::super::reply::{Finish, Reply};
use super::super::stream::{Event, Stream, named};
use super::super::words::pieces;
use super::complete;

/// An event before it has its number: its type, its fields, whether it carries a token.
type Part = (&'static str, Value, bool);

type Parts = Box<dyn Iterator<Item = Part> + Send + Sync>;

pub(super) fn stream(response: &Value, items: Vec<Value>, reply: &Reply) -> Stream {
    let mut completed = response.clone();
    complete(&mut completed, &items, reply);
    let last = if reply.finish == Finish::Length { "response.incomplete" } else { "response.completed" };
    let first = [
        ("response.created", json!({ "response": response }), false),
        ("response.in_progress", json!({ "response": response }), false),
    ];
    let parts = items.into_iter().enumerate().flat_map(|(index, item)| told(index, &item));
    let parts = first.into_iter().chain(parts).chain([(last, json!({ "response": completed }), false)]);
    let events = parts.enumerate().map(|(number, (kind, fields, is_token))| {
        let mut event = json!({ "type": kind });
        if let (Some(event), Value::Object(fields)) = (event.as_object_mut(), fields) {
            event.extend(fields);
            event.insert("sequence_number".to_owned(), json!(number));
        }
        Event { bytes: named(kind, &event), is_token }
    });
    Stream::sse(Operation::Responses, events)
}

/// One item of the output from its beginning to its end.
fn told(index: usize, item: &Value) -> impl Iterator<Item = Part> + Send + Sync + use<> {
    let mut begun = item.clone();
    for (field, empty) in [("content", json!([])), ("summary", json!([])), ("arguments", json!(""))] {
        if let Some(value) = begun.get_mut(field) {
            *value = empty;
        }
    }
    if let Some(status) = begun.get_mut("status") {
        *status = json!("in_progress");
    }
    let inner: Parts = match item["type"].as_str() {
        Some("message") => message(index, item),
        Some("reasoning") => reasoning(index, item),
        _ => call(index, item),
    };
    let added = ("response.output_item.added", json!({ "output_index": index, "item": begun }), false);
    let done = ("response.output_item.done", json!({ "output_index": index, "item": item }), false);
    std::iter::once(added).chain(inner).chain([done])
}

fn message(index: usize, item: &Value) -> Parts {
    let at = json!({ "item_id": item["id"], "output_index": index, "content_index": 0 });
    let part = item["content"][0].clone();
    let mut begun = part.clone();
    begun["text"] = json!("");
    let text = part["text"].as_str().unwrap_or_default().to_owned();
    let delta = at.clone();
    let first = ("response.content_part.added", with(&at, &json!({ "part": begun })), false);
    let last = [
        ("response.output_text.done", with(&at, &json!({ "text": text, "logprobs": [] })), false),
        ("response.content_part.done", with(&at, &json!({ "part": part })), false),
    ];
    let words = pieces(text).map(move |piece| {
        ("response.output_text.delta", with(&delta, &json!({ "delta": piece, "logprobs": [] })), true)
    });
    Box::new(std::iter::once(first).chain(words).chain(last))
}

fn reasoning(index: usize, item: &Value) -> Parts {
    let at = json!({ "item_id": item["id"], "output_index": index, "summary_index": 0 });
    let part = item["summary"][0].clone();
    let text = part["text"].as_str().unwrap_or_default().to_owned();
    let begun = json!({ "part": { "type": "summary_text", "text": "" } });
    let delta = at.clone();
    let first = ("response.reasoning_summary_part.added", with(&at, &begun), false);
    let last = [
        ("response.reasoning_summary_text.done", with(&at, &json!({ "text": text })), false),
        ("response.reasoning_summary_part.done", with(&at, &json!({ "part": part })), false),
    ];
    let words = pieces(text).map(move |piece| {
        ("response.reasoning_summary_text.delta", with(&delta, &json!({ "delta": piece })), true)
    });
    Box::new(std::iter::once(first).chain(words).chain(last))
}

fn call(index: usize, item: &Value) -> Parts {
    let at = json!({ "item_id": item["id"], "output_index": index });
    let arguments = item["arguments"].as_str().unwrap_or_default().to_owned();
    let done = json!({ "arguments": arguments, "name": item["name"] });
    let last = ("response.function_call_arguments.done", with(&at, &done), false);
    let words = pieces(arguments).map(move |piece| {
        ("response.function_call_arguments.delta", with(&at, &json!({ "delta": piece })), true)
    });
    Box::new(words.chain([last]))
}

/// The fields of both.
fn with(at: &Value, more: &Value) -> Value {
    let fields = [at, more].into_iter().filter_map(Value::as_object).flatten();
    Value::Object(fields.map(|(name, value)| (name.clone(), value.clone())).collect())
}
