//! Against recorded traffic of the provider, read a second time the slow and simple way.

use roundhouse_domain::spec::Family;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::{collected, events, streamed, write_for};
use crate::catalogue::Facts;
use crate::dialect::gemini::{read_answer, read_request, write_answer};
use crate::generation::{Answer, Finish, Part};

struct Record {
    name: String,
    host: Family,
    model: String,
    request: Value,
    documents: Vec<Value>,
    is_stream: bool,
    body: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/provider-traffic")
}

fn records() -> Vec<Record> {
    let files = [("gemini.jsonl", Family::Gemini), ("vertex.jsonl", Family::Vertex)];
    files.into_iter().flat_map(|(file, host)| of_file(file, host)).collect()
}

fn of_file(file: &str, host: Family) -> Vec<Record> {
    let text = fs::read_to_string(folder().join(file)).unwrap_or_default();
    let lines = text.lines().enumerate().filter_map(|(n, line)| {
        let record: Value = serde_json::from_str(line).unwrap();
        let (model, verb) = record["path"].as_str()?.rsplit('/').next()?.rsplit_once(':')?;
        if !verb.to_lowercase().ends_with("generatecontent") || record["status"] != 200 {
            return None;
        }
        let body = record["resp"].as_str()?.to_owned();
        Some(Record {
            name: format!("{file}:{n}"),
            host,
            model: model.to_owned(),
            request: serde_json::from_str(record["req"].as_str()?).unwrap(),
            documents: documents(&body),
            is_stream: verb.starts_with("stream"),
            body,
        })
    });
    lines.collect()
}

fn documents(body: &str) -> Vec<Value> {
    match serde_json::from_str(body) {
        Ok(Value::Array(list)) => list,
        Ok(one) => vec![one],
        Err(_) => body
            .lines()
            .filter_map(|line| line.strip_prefix("data:"))
            .map(|data| serde_json::from_str(data).unwrap())
            .collect(),
    }
}

/// Text, thoughts, calls, reason, and tokens in and out.
type Told = (String, String, Vec<(String, Value)>, String, (u64, u64));

fn plainly(documents: &[Value]) -> Told {
    let (mut text, mut thoughts, mut calls, mut reason, mut usage) = Default::default();
    for document in documents {
        let candidate = &document["candidates"][0];
        for part in candidate["content"]["parts"].as_array().into_iter().flatten() {
            let said = part["text"].as_str().unwrap_or_default();
            let into: &mut String = if part["thought"] == true { &mut thoughts } else { &mut text };
            into.push_str(said);
            if let Some(call) = part.get("functionCall") {
                let arguments = call.get("args").cloned().unwrap_or(json!({}));
                Vec::push(&mut calls, (call["name"].as_str().unwrap().to_owned(), arguments));
            }
        }
        if let Some(told) = candidate["finishReason"].as_str() {
            reason = told.to_owned();
        }
        let count = |name: &str| document["usageMetadata"][name].as_u64();
        if let Some(prompt) = count("promptTokenCount") {
            let output =
                count("candidatesTokenCount").unwrap_or(0) + count("thoughtsTokenCount").unwrap_or(0);
            usage = (prompt + count("toolUsePromptTokenCount").unwrap_or(0), output);
        }
    }
    (text, thoughts, calls, reason, usage)
}

fn read(answer: &Answer) -> Told {
    let (mut text, mut thoughts, mut calls) = (String::new(), String::new(), Vec::new());
    for part in &answer.choices[0].parts {
        match part {
            Part::Text(part) => text.push_str(&part.text),
            Part::Thought(part) => thoughts.push_str(&part.text),
            Part::ToolCall(call) => {
                calls.push((call.name.clone(), serde_json::from_str(&call.arguments).unwrap()));
            }
            other => panic!("{other:?}"),
        }
    }
    let finish = answer.choices[0].finish.clone().unwrap();
    assert_eq!(finish == Finish::ToolCalls, !calls.is_empty());
    let reason = if matches!(finish, Finish::Stop | Finish::ToolCalls) { "STOP" } else { "MAX_TOKENS" };
    let tokens = answer.usage.unwrap().tokens;
    (text, thoughts, calls, reason.to_owned(), (tokens.input, tokens.output))
}

#[test]
fn recorded_answers_say_what_they_say() {
    for Record { name, documents, is_stream, body, .. } in records() {
        let answer = if is_stream {
            collected(events(&documents))
        } else {
            read_answer(body.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error:?}"))
        };
        let told = plainly(&documents);
        assert_eq!(read(&answer), told, "{name}");
        // Written for clients of this dialect, whole or as a stream, they say it again.
        let whole: Value = serde_json::from_slice(&write_answer(&answer, &super::asked(false))).unwrap();
        assert_eq!(plainly(&[whole]), told, "{name}");
        assert_eq!(plainly(&streamed(answer.clone().into_events(), false)), told, "{name}");
        let again = collected(events(&streamed(answer.clone().into_events(), true)));
        // Doubles may come out of their text a hair apart, so what only this dialect knows is not compared.
        let plain =
            |answer: Answer| Answer { service_tier: None, created: None, extra: Map::new(), ..answer };
        assert_eq!(plain(again), plain(answer), "{name}");
    }
}

#[test]
fn recorded_requests_are_written_as_they_were() {
    for Record { name, host, model, request, is_stream, .. } in records() {
        let read = read_request(request.clone(), &model, is_stream)
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let (written, lost) = write_for(host, &read, &model, &Facts::default());
        assert_eq!(normal(written), normal(request), "{name}");
        assert_eq!(lost, Vec::<String>::new(), "{name}");
    }
}

/// A request without what makes no difference: spelling, ids, empty texts, roles of instructions, two names for one schema.
fn normal(request: Value) -> Value {
    let mut request = bare(request);
    if let Some(system) = request["systemInstruction"].as_object_mut() {
        system.remove("role");
    }
    for content in request["contents"].as_array_mut().into_iter().flatten() {
        for part in content["parts"].as_array_mut().into_iter().flatten() {
            for kind in ["functionCall", "functionResponse"] {
                if let Some(call) = part.get_mut(kind).and_then(Value::as_object_mut) {
                    call.remove("id");
                }
            }
            if part["thoughtSignature"] == "skip_thought_signature_validator" {
                part.as_object_mut().unwrap().remove("thoughtSignature");
            }
        }
        content["parts"].as_array_mut().unwrap().retain(|part| *part != json!({ "text": "" }));
    }
    request
}

fn bare(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            let fields: Map<_, _> = fields
                .map(|(name, value)| match (name.as_str(), bare(value)) {
                    ("type", Value::String(kind)) => (name, kind.to_lowercase().into()),
                    ("response_mime_type", value) => ("responseMimeType".to_owned(), value),
                    ("response_schema" | "responseSchema", value) => ("responseJsonSchema".to_owned(), value),
                    ("parametersJsonSchema", value) => ("parameters".to_owned(), value),
                    ("function_call", value) => ("functionCall".to_owned(), value),
                    ("function_response", value) => ("functionResponse".to_owned(), value),
                    (_, value) => (name, value),
                })
                .collect();
            Value::Object(fields)
        }
        Value::Array(items) => items.into_iter().map(bare).collect(),
        other => other,
    }
}
