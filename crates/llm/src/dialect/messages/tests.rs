use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::catalogue::Facts;
use crate::convert::Asked;
use crate::dialect::{Dialect, Target};
use crate::generation::{Event, Losses, Request};
use crate::profile::Profile;

mod answers;
mod native;
mod parts;
mod recorded;
mod requests;
mod streams;

fn write(request: &Request, model: &str, facts: &Facts) -> (Value, Vec<String>) {
    let mut losses = Losses::default();
    let profile = Profile::default();
    let target =
        Target { family: roundhouse_domain::spec::Family::Anthropic, model, profile: &profile, facts };
    let body = write_request(request, &target, &mut losses).unwrap();
    let lost = losses.iter().map(|(field, _)| field.to_owned()).collect();
    (serde_json::from_slice(&body).unwrap(), lost)
}

fn asked() -> Asked {
    Asked {
        dialect: Dialect::Messages,
        model: "m".to_owned(),
        stream: true,
        wants_usage: true,
        is_array: false,
        custom_tools: Vec::new(),
        echo: serde_json::Map::new(),
        id: "1".to_owned(),
        created: 0,
    }
}

/// The events of a text of server-sent events, with their names.
fn frames(text: &str) -> Vec<(String, String)> {
    let mut frames = Vec::new();
    let mut name = String::new();
    for line in text.lines() {
        if let Some(told) = line.strip_prefix("event:") {
            told.trim().clone_into(&mut name);
        } else if let Some(data) = line.strip_prefix("data:") {
            frames.push((name.clone(), data.trim().to_owned()));
        }
    }
    frames
}

fn read_stream<'a>(frames: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<Event> {
    let (mut reader, mut events) = (StreamReader::default(), Vec::new());
    for (name, data) in frames {
        reader.event(name.as_bytes(), data.as_bytes(), &mut events).unwrap();
    }
    reader.finish(&mut events);
    events
}

fn write_stream(events: Vec<Event>) -> String {
    let (mut writer, mut out) = (StreamWriter::new(Arc::new(asked())), Vec::new());
    for event in events {
        writer.event(event, &mut out);
    }
    String::from_utf8(out).unwrap()
}
