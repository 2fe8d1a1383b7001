//! Tests of the dialect as a whole.

mod answers;
mod properties;
mod read;
mod recorded;
mod streams;
mod write;

use roundhouse_domain::spec::Family;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::catalogue::Facts;
use crate::convert::Asked;
use crate::dialect::{Dialect, Target};
use crate::generation::{Answer, Collector, Event, Losses, Request};
use crate::profile::Profile;

use super::{StreamReader, StreamWriter, read_request, write_request};

fn read(body: Value) -> Request {
    read_request(body, "m", false).unwrap()
}

/// What is written for `model`, and the fields that are lost.
fn write_for(family: Family, request: &Request, model: &str, facts: &Facts) -> (Value, Vec<String>) {
    let (profile, mut losses) = (Profile::default(), Losses::default());
    let target = Target { family, model, profile: &profile, facts };
    let body = write_request(request, &target, &mut losses).unwrap();
    let lost = losses.iter().map(|(field, _)| field.to_owned()).collect();
    (serde_json::from_slice(&body).unwrap(), lost)
}

fn write(request: &Request, model: &str) -> (Value, Vec<String>) {
    write_for(Family::Gemini, request, model, &Facts::default())
}

fn asked(is_array: bool) -> Arc<Asked> {
    Arc::new(Asked {
        dialect: Dialect::Gemini,
        model: "m".to_owned(),
        stream: true,
        wants_usage: false,
        is_array,
        custom_tools: Vec::new(),
        echo: Map::new(),
        id: "r1".to_owned(),
        created: 0,
    })
}

fn events(documents: &[Value]) -> Vec<Event> {
    let (mut reader, mut out) = (StreamReader::default(), Vec::new());
    for document in documents {
        reader.event(b"", document.to_string().as_bytes(), &mut out).unwrap();
    }
    reader.finish(&mut out);
    out
}

fn collected(events: Vec<Event>) -> Answer {
    let mut collector = Collector::default();
    for event in events {
        collector.push(event);
    }
    collector.finish().unwrap()
}

/// The documents of a stream that is written from `events`.
fn streamed(events: Vec<Event>, is_array: bool) -> Vec<Value> {
    let (mut writer, mut out) = (StreamWriter::new(asked(is_array)), Vec::new());
    for event in events {
        writer.event(event, &mut out);
    }
    let text = String::from_utf8(out).unwrap();
    if is_array {
        return serde_json::from_str(&text).unwrap();
    }
    let events = text.split_terminator("\r\n\r\n").map(|event| event.strip_prefix("data: ").unwrap());
    events.map(|data| serde_json::from_str(data).unwrap()).collect()
}

fn chunk(parts: &Value) -> Value {
    json!({ "candidates": [{ "content": { "parts": parts, "role": "model" }, "index": 0 }], "modelVersion": "v", "responseId": "i" })
}

fn last(finish: &str) -> Value {
    json!({ "candidates": [{ "content": { "parts": [{ "text": "" }], "role": "model" }, "finishReason": finish, "index": 0 }],
        "usageMetadata": { "promptTokenCount": 3, "candidatesTokenCount": 5, "thoughtsTokenCount": 7 } })
}
