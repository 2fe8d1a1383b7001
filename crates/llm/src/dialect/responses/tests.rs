mod answer;
mod recorded;
mod request;
mod stream;

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{StreamReader, StreamWriter, echo};
use crate::catalogue::Facts;
use crate::convert::Asked;
use crate::dialect::{Dialect, Target};
use crate::generation::{Answer, Collector, Event};
use crate::profile::Profile;

/// What a caller asked, with `tools` in the request.
fn asked(body: &Value, custom_tools: &[&str]) -> Asked {
    Asked {
        dialect: Dialect::Responses,
        model: "m".to_owned(),
        stream: false,
        wants_usage: true,
        is_array: false,
        custom_tools: custom_tools.iter().map(|name| (*name).to_owned()).collect(),
        echo: if body.is_null() { Map::new() } else { echo(body) },
        id: "a1".to_owned(),
        created: 7,
    }
}

fn with_target<T>(facts: &Facts, run: impl FnOnce(&Target<'_>) -> T) -> T {
    run(&Target {
        family: roundhouse_domain::spec::Family::Openai,
        model: "up",
        profile: &Profile::default(),
        facts,
    })
}

/// The data of server-sent events, checked for their form and numbers.
fn data(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.is_empty() || text.ends_with("\n\n"), "{text}");
    let event = |(number, event): (usize, &str)| {
        let (name, data) = event.split_once('\n').unwrap();
        let data: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        assert_eq!(data["type"], name.strip_prefix("event: ").unwrap());
        assert_eq!(data["sequence_number"], number, "{data}");
        data
    };
    text.split_terminator("\n\n").enumerate().map(event).collect()
}

fn written(events: impl IntoIterator<Item = Event>, asked: Asked) -> Vec<Value> {
    let (mut writer, mut out) = (StreamWriter::new(Arc::new(asked)), Vec::new());
    for event in events {
        writer.event(event, &mut out);
    }
    data(&out)
}

fn read<'a>(events: impl IntoIterator<Item = &'a Value>) -> Vec<Event> {
    let (mut reader, mut out) = (StreamReader::default(), Vec::new());
    for event in events {
        reader.event(b"", event.to_string().as_bytes(), &mut out).unwrap();
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
