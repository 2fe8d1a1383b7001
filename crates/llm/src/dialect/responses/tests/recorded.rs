//! Recorded traffic of real providers; skipped where there are no recordings.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::super::{StreamReader, StreamWriter, read_answer, read_request, write_answer, write_request};
use super::{asked, collected, data, with_target};
use crate::catalogue::Facts;
use crate::generation::{Answer, Finish, Losses, Part};

struct Recording {
    name: String,
    request: Value,
    answer: String,
    is_stream: bool,
}

fn recordings() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/provider-traffic");
    let names = ["openai", "azure-openai", "openrouter", "xai", "groq"];
    let files = names
        .iter()
        .filter_map(|name| Some((*name, fs::read_to_string(folder.join(format!("{name}.jsonl"))).ok()?)));
    files
        .flat_map(|(name, text)| {
            text.lines()
                .enumerate()
                .filter_map(|(n, line)| recording(&format!("{name}:{n}"), line))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn recording(name: &str, line: &str) -> Option<Recording> {
    let record: Value = serde_json::from_str(line).ok()?;
    let is_ours = record["path"].as_str()?.ends_with("/responses") && record["status"] == 200;
    is_ours.then(|| Recording {
        name: name.to_owned(),
        request: serde_json::from_str(record["req"].as_str().unwrap()).unwrap(),
        answer: record["resp"].as_str().unwrap().to_owned(),
        is_stream: record["resp_ct"].as_str().unwrap().contains("event-stream"),
    })
}

fn documents(recording: &Recording) -> Vec<Value> {
    let data = recording.answer.lines().filter_map(|line| line.strip_prefix("data:"));
    data.filter_map(|data| serde_json::from_str(data).ok()).collect()
}

fn read(recording: &Recording) -> Answer {
    if !recording.is_stream {
        return read_answer(recording.answer.as_bytes()).unwrap();
    }
    let (mut reader, mut out) = (StreamReader::default(), Vec::new());
    for line in recording.answer.lines().filter_map(|line| line.strip_prefix("data:")) {
        reader.event(b"", line.trim().as_bytes(), &mut out).unwrap();
    }
    reader.finish(&mut out);
    collected(out)
}

/// The response object of a recording. A stream has it in its last event; the items are taken from their own, since the
/// encrypted reasoning there is another one.
fn response(recording: &Recording) -> Value {
    if !recording.is_stream {
        return serde_json::from_str(&recording.answer).unwrap();
    }
    let mut documents = documents(recording);
    let mut response = documents.pop().unwrap()["response"].take();
    documents.retain(|document| document["type"] == "response.output_item.done");
    response["output"] = documents.into_iter().map(|mut document| document["item"].take()).collect();
    response
}

/// What the recording itself says, taken out the slow and simple way: texts, thoughts, calls, ending, tokens.
fn told(response: &Value) -> Value {
    let (mut texts, mut thoughts, mut calls) = (Vec::new(), Vec::new(), Vec::new());
    for item in response["output"].as_array().unwrap() {
        match item["type"].as_str().unwrap() {
            "message" => texts.extend(item["content"].as_array().unwrap().iter().map(|part| {
                (
                    part["text"].as_str().or(part["refusal"].as_str()).unwrap().to_owned(),
                    part["annotations"].as_array().map_or(0, Vec::len),
                )
            })),
            "reasoning" => {
                let text: Vec<_> = item["summary"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|part| part["text"].as_str().unwrap())
                    .collect();
                let proof = item["encrypted_content"].as_str().unwrap_or_default();
                if !text.is_empty() || !proof.is_empty() {
                    thoughts.push((text.join("\n\n"), proof.to_owned()));
                }
            }
            "function_call" => {
                calls.push([&item["call_id"], &item["name"], &item["arguments"]].map(Value::clone));
            }
            _ => {}
        }
    }
    let usage = &response["usage"];
    json!({
        "texts": texts,
        "thoughts": thoughts,
        "calls": calls,
        "length": response["incomplete_details"]["reason"] == "max_output_tokens",
        "usage": [&usage["input_tokens"], &usage["output_tokens"], &usage["input_tokens_details"]["cached_tokens"],
            &usage["output_tokens_details"]["reasoning_tokens"]],
        "model": response["model"],
        "tier": response["service_tier"],
    })
}

fn found(answer: &Answer) -> Value {
    let choice = &answer.choices[0];
    let (mut texts, mut thoughts, mut calls) = (Vec::new(), Vec::new(), Vec::new());
    for part in &choice.parts {
        match part {
            Part::Text(text) => texts.push((text.text.clone(), text.citations.len())),
            Part::Refusal(text) => texts.push((text.clone(), 0)),
            Part::Thought(thought) => {
                let proof = thought.signature.as_ref().map(|signature| signature.data.clone());
                thoughts.push((thought.text.clone(), proof.unwrap_or_default()));
            }
            Part::ToolCall(call) => calls.push([&call.id, &call.name, &call.arguments]),
            _ => {}
        }
    }
    assert_eq!(choice.finish == Some(Finish::ToolCalls), !calls.is_empty());
    let tokens = answer.usage.unwrap().tokens;
    json!({
        "texts": texts,
        "thoughts": thoughts,
        "calls": calls,
        "length": choice.finish == Some(Finish::Length),
        "usage": [tokens.input, tokens.output, tokens.cached, tokens.reasoning],
        "model": answer.model,
        "tier": answer.service_tier.clone().map_or_else(|| answer.extra["service_tier"].clone(), Value::String),
    })
}

#[test]
fn recorded_answers_mean_what_they_say() {
    for recording in recordings() {
        assert_eq!(found(&read(&recording)), told(&response(&recording)), "{}", recording.name);
    }
}

#[test]
fn recorded_answers_come_back_as_they_were() {
    for recording in recordings() {
        let answer = read(&recording);
        let wanted = told(&response(&recording));
        let asked = asked(&recording.request, &[]);
        let mut whole: Value = serde_json::from_slice(&write_answer(&answer, &asked)).unwrap();
        let mut writer = StreamWriter::new(std::sync::Arc::new(asked));
        let mut out = Vec::new();
        answer.into_events().into_iter().for_each(|event| writer.event(event, &mut out));
        let mut streamed = data(&out).pop().unwrap()["response"].take();
        for written in [&mut whole, &mut streamed] {
            written["model"] = wanted["model"].clone();
            written["service_tier"] = wanted["tier"].clone();
            assert_eq!(told(written), wanted, "{}", recording.name);
        }
    }
}

/// A request in the one form among those that mean the same.
fn plain(mut request: Value) -> Value {
    let fields = request.as_object_mut().unwrap();
    let mut input = match fields.remove("input").unwrap() {
        Value::String(text) => vec![json!({ "role": "user", "content": text })],
        Value::Array(items) => items,
        _ => panic!(),
    };
    if let Some(text) = fields.remove("instructions").filter(Value::is_string) {
        input.insert(0, json!({ "role": "system", "content": text }));
    }
    for item in &mut input {
        plain_item(item.as_object_mut().unwrap());
    }
    fields.insert("input".to_owned(), input.into());
    for added in ["store", "include", "stream", "model"] {
        fields.remove(added);
    }
    fields
        .values_mut()
        .filter_map(Value::as_object_mut)
        .for_each(|inner| inner.retain(|_, value| !value.is_null()));
    fields.retain(|_, value| !value.is_null() && *value != json!([]));
    request
}

fn plain_item(item: &mut Map<String, Value>) {
    for incidental in ["id", "status"] {
        item.remove(incidental);
    }
    if let Some(role) = item.get("role").cloned() {
        item.insert("type".to_owned(), "message".into());
        let kind = if role == "assistant" { "output_text" } else { "input_text" };
        if let Some(text) = item["content"].as_str().map(str::to_owned) {
            item.insert("content".to_owned(), json!([{ "type": kind, "text": text }]));
        }
    }
}

#[test]
fn recorded_requests_come_back_as_they_were() {
    for recording in recordings() {
        let request = read_request(recording.request.clone()).unwrap();
        let mut losses = Losses::default();
        let facts = Facts::default();
        let body = with_target(&facts, |target| write_request(&request, target, &mut losses)).unwrap();
        let written: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(written.get("stream").is_some(), recording.is_stream, "{}", recording.name);
        assert_eq!(plain(written), plain(recording.request), "{}", recording.name);
        assert!(losses.is_empty(), "{}: {losses:?}", recording.name);
    }
}
