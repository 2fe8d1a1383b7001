//! Recorded traffic: streams and whole answers say what an independent reading of the record says. Skipped where there are
//! no recordings.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::super::{StreamReader, read_answer};
use crate::Wire;
use crate::generation::{Answer, Collector, Event, Finish, Part};
use crate::stream::Sink;
use crate::stream::framing::Framing;

#[derive(Default)]
struct Reading {
    reader: StreamReader,
    events: Vec<Event>,
}

impl Sink for Reading {
    fn event(&mut self, name: &[u8], data: &[u8]) {
        self.reader.event(name, data, &mut self.events).unwrap();
    }

    fn opaque(&mut self) {}

    fn whole(&mut self) {}
}

fn streamed(bytes: &[u8], step: usize) -> Answer {
    let (mut framing, mut reading) = (Framing::new(Wire::Cohere), Reading::default());
    for piece in bytes.chunks(step) {
        framing.push(piece, &mut reading);
    }
    framing.finish(&mut reading);
    reading.reader.finish(&mut reading.events);
    assert_eq!(reading.events.last(), Some(&Event::End));
    let mut collector = Collector::default();
    for event in reading.events {
        collector.push(event);
    }
    collector.finish().unwrap()
}

#[derive(Debug, Default, PartialEq)]
struct Told {
    text: String,
    thoughts: String,
    calls: Vec<(String, String, Value)>,
    citations: usize,
    finish: Option<Finish>,
    tokens: (u64, u64, u64),
}

/// What the documents of the record say, whole or in events.
fn told(documents: &[Value]) -> Told {
    let (mut told, mut calls) = (Told::default(), Vec::<(String, String, String)>::new());
    for document in documents {
        let document = if document["delta"].is_object() { &document["delta"] } else { document };
        let message = &document["message"];
        let list = |value: &Value| match value {
            Value::Array(items) => items.clone(),
            Value::Null => Vec::new(),
            other => vec![other.clone()],
        };
        for block in list(&message["content"]) {
            told.text.push_str(block["text"].as_str().unwrap_or_default());
            told.thoughts.push_str(block["thinking"].as_str().unwrap_or_default());
        }
        told.thoughts.push_str(message["tool_plan"].as_str().unwrap_or_default());
        for call in list(&message["tool_calls"]) {
            if let Some(id) = call["id"].as_str() {
                let name = call["function"]["name"].as_str().unwrap_or_default();
                calls.push((id.to_owned(), name.to_owned(), String::new()));
            }
            if let Some(call_told) = calls.last_mut() {
                call_told.2.push_str(call["function"]["arguments"].as_str().unwrap_or_default());
            }
        }
        told.citations +=
            list(&message["citations"]).iter().flat_map(|cited| list(&cited["sources"])).count();
        told.finish = match document["finish_reason"].as_str() {
            None => told.finish,
            Some("COMPLETE") => Some(Finish::Stop),
            Some("TOOL_CALL") => Some(Finish::ToolCalls),
            Some("MAX_TOKENS") => Some(Finish::Length),
            Some(other) => panic!("{other}"),
        };
        let usage = &document["usage"];
        let count = |value: &Value| value.as_u64().unwrap_or_default();
        told.tokens.0 += count(&usage["tokens"]["input_tokens"]);
        told.tokens.1 += count(&usage["tokens"]["output_tokens"]);
        told.tokens.2 += count(&usage["cached_tokens"]);
    }
    let parsed =
        |(id, name, arguments): (_, _, String)| (id, name, serde_json::from_str(&arguments).unwrap());
    told.calls = calls.into_iter().map(parsed).collect();
    told
}

fn read(answer: &Answer) -> Told {
    let choice = &answer.choices[0];
    let mut read = Told { finish: choice.finish.clone(), ..Told::default() };
    for part in &choice.parts {
        match part {
            Part::Text(text) => {
                read.text.push_str(&text.text);
                read.citations += text.citations.len();
            }
            Part::Thought(thought) => read.thoughts.push_str(&thought.text),
            Part::ToolCall(call) => {
                let arguments = serde_json::from_str(&call.arguments).unwrap();
                read.calls.push((call.id.clone(), call.name.clone(), arguments));
            }
            other => panic!("{other:?}"),
        }
    }
    let tokens = answer.usage.unwrap().tokens;
    read.tokens = (tokens.input, tokens.output, tokens.cached);
    read
}

#[test]
fn recorded_answers_keep_their_meaning() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/provider-traffic");
    let Ok(text) = fs::read_to_string(folder.join("cohere.jsonl")) else { return };
    for (n, line) in text.lines().enumerate() {
        let record: Value = serde_json::from_str(line).unwrap();
        if record["path"] != "/v2/chat" {
            continue;
        }
        let body = record["resp"].as_str().unwrap();
        if record["resp_ct"] == "application/json" {
            let answer = read_answer(body.as_bytes()).unwrap();
            assert_eq!(read(&answer), told(&[serde_json::from_str(body).unwrap()]), "cohere:{n}");
            continue;
        }
        let data = body.lines().filter_map(|line| line.strip_prefix("data:"));
        let documents: Vec<_> = data.filter_map(|data| serde_json::from_str(data).ok()).collect();
        for step in [body.len(), 1, 100] {
            assert_eq!(read(&streamed(body.as_bytes(), step)), told(&documents), "cohere:{n}");
        }
    }
}
