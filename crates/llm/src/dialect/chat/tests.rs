//! The dialect both ways.

mod answers;
mod profiles;
mod recorded;
mod requests;
mod streams;

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{StreamReader, StreamWriter};
use crate::convert::Asked;
use crate::dialect::Dialect;
use crate::generation::{Answer, Collector, Event};

fn asked() -> Asked {
    Asked {
        dialect: Dialect::Chat,
        model: "asked".to_owned(),
        stream: true,
        wants_usage: true,
        is_array: false,
        custom_tools: Vec::new(),
        echo: Map::new(),
        id: "r1".to_owned(),
        created: 7,
    }
}

/// The events of a stream whose events have these data.
fn events(mut reader: StreamReader, data: &[&str]) -> Vec<Event> {
    let mut out = Vec::new();
    for data in data {
        reader.event(b"", data.as_bytes(), &mut out).unwrap();
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

/// What a client is sent for events: the JSON of each chunk, and whether `[DONE]` came last.
fn written(asked: Asked, events: Vec<Event>) -> (Vec<Value>, bool) {
    let mut writer = StreamWriter::new(Arc::new(asked));
    let mut out = Vec::new();
    for event in events {
        writer.event(event, &mut out);
    }
    let text = String::from_utf8(out).unwrap();
    let data: Vec<_> =
        text.split_terminator("\n\n").map(|event| event.strip_prefix("data: ").unwrap()).collect();
    let is_done = data.last() == Some(&"[DONE]");
    let chunks = data.iter().filter(|data| **data != "[DONE]");
    (chunks.map(|chunk| serde_json::from_str(chunk).unwrap()).collect(), is_done)
}
