//! Recorded traffic: streams and whole answers say what an independent reading of the record says. Skipped where there are
//! no recordings.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::super::{StreamReader, read_answer};
use crate::Wire;
use crate::dialect::Unreadable;
use crate::generation::{Answer, Collector, Event, Finish, Part};
use crate::stream::Sink;
use crate::stream::framing::Framing;

#[derive(Default)]
struct Reading {
    reader: StreamReader,
    events: Vec<Event>,
    fault: Option<Unreadable>,
}

impl Sink for Reading {
    fn event(&mut self, name: &[u8], data: &[u8]) {
        self.fault = self.reader.event(name, data, &mut self.events).err().or(self.fault.take());
    }

    fn opaque(&mut self) {}

    fn whole(&mut self) {}
}

fn streamed(bytes: &[u8], step: usize) -> Answer {
    let (mut framing, mut reading) = (Framing::new(Wire::Converse), Reading::default());
    for piece in bytes.chunks(step) {
        framing.push(piece, &mut reading);
    }
    framing.finish(&mut reading);
    reading.reader.finish(&mut reading.events);
    assert_eq!((reading.fault, reading.events.last()), (None, Some(&Event::End)));
    let mut collector = Collector::default();
    for event in reading.events {
        collector.push(event);
    }
    collector.finish().unwrap()
}

type Told = (String, Vec<(String, Value)>, String, (u64, u64));

/// Text, names and arguments of calls, why it ended, and the tokens, from the documents of the record.
fn told(documents: &[Value]) -> Told {
    let (mut text, mut calls, mut reason, mut usage) = (String::new(), Vec::new(), String::new(), (0, 0));
    for document in documents {
        let content = document["output"]["message"]["content"].as_array();
        for block in content.into_iter().flatten() {
            text.push_str(block["text"].as_str().unwrap_or_default());
            if let Some(name) = block["toolUse"]["name"].as_str() {
                calls.push((name.to_owned(), block["toolUse"]["input"].to_string()));
            }
        }
        text.push_str(document["delta"]["text"].as_str().unwrap_or_default());
        if let Some(name) = document["start"]["toolUse"]["name"].as_str() {
            calls.push((name.to_owned(), String::new()));
        }
        if let (Some(more), Some(call)) = (document["delta"]["toolUse"]["input"].as_str(), calls.last_mut()) {
            call.1.push_str(more);
        }
        reason.push_str(document["stopReason"].as_str().unwrap_or_default());
        let count = |name: &str| document["usage"][name].as_u64().unwrap_or_default();
        usage.0 += count("inputTokens") + count("cacheReadInputTokens") + count("cacheWriteInputTokens");
        usage.1 += count("outputTokens");
    }
    let calls =
        calls.into_iter().map(|(name, input)| (name, serde_json::from_str(&input).unwrap())).collect();
    (text, calls, reason, usage)
}

fn check(name: &str, answer: &Answer, documents: &[Value]) {
    let (text, calls, reason, usage) = told(documents);
    let choice = &answer.choices[0];
    let said: String = choice.parts.iter().filter_map(Part::as_text).collect();
    assert_eq!(said, text, "{name}");
    let called: Vec<_> = choice
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::ToolCall(call) => Some((call.name.clone(), serde_json::from_str(&call.arguments).unwrap())),
            _ => None,
        })
        .collect();
    assert_eq!(called, calls, "{name}");
    let finish = match reason.as_str() {
        "end_turn" => Finish::Stop,
        "tool_use" => Finish::ToolCalls,
        "max_tokens" => Finish::Length,
        "guardrail_intervened" => Finish::ContentFilter,
        other => panic!("{name}: {other}"),
    };
    assert_eq!(choice.finish, Some(finish), "{name}");
    let tokens = answer.usage.unwrap_or_default().tokens;
    assert_eq!((tokens.input, tokens.output), usage, "{name}");
}

/// The payloads of a stream, told apart by lengths alone.
fn payloads(mut bytes: &[u8]) -> Vec<Value> {
    let mut documents = Vec::new();
    while let Some(total) = bytes.first_chunk().map(|length| u32::from_be_bytes(*length) as usize) {
        let headers = u32::from_be_bytes(bytes[4..8].try_into().unwrap()) as usize;
        documents.push(serde_json::from_slice(&bytes[12 + headers..total - 4]).unwrap());
        bytes = &bytes[total..];
    }
    documents
}

#[test]
fn recorded_answers_keep_their_meaning() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/provider-traffic");
    let Ok(text) = fs::read_to_string(folder.join("bedrock.jsonl")) else { return };
    for (n, line) in text.lines().enumerate() {
        let record: Value = serde_json::from_str(line).unwrap();
        let path = record["path"].as_str().unwrap();
        let name = format!("bedrock:{n}");
        if path.ends_with("/converse-stream") {
            let bytes = BASE64_STANDARD.decode(record["resp_b64"].as_str().unwrap()).unwrap();
            for step in [bytes.len(), 1, 100] {
                check(&name, &streamed(&bytes, step), &payloads(&bytes));
            }
        } else if path.ends_with("/converse") {
            let body = record["resp"].as_str().unwrap();
            let answer = read_answer(body.as_bytes()).unwrap();
            check(&name, &answer, &[serde_json::from_str(body).unwrap()]);
        }
    }
}
