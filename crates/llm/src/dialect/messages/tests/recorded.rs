//! Recorded traffic of Anthropic, Vertex and Bedrock. Skipped where there are no recordings.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::*;
use crate::generation::Collector;
use crate::generation::{Answer, Finish, Part};

struct Recording {
    name: String,
    request: Value,
    answer: String,
    is_stream: bool,
}

fn recordings() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/provider-traffic");
    let mut found = Vec::new();
    for provider in ["anthropic", "vertex", "bedrock"] {
        let Ok(text) = fs::read_to_string(folder.join(format!("{provider}.jsonl"))) else { continue };
        for (line, record) in text.lines().enumerate() {
            let record: Value = serde_json::from_str(record).unwrap();
            let framed = record["resp_b64"].as_str().map(events_of_amazon);
            let is_framed = framed.is_some();
            let answer = framed.or_else(|| record["resp"].as_str().map(str::to_owned));
            let (Some(request), Some(answer)) = (record["req"].as_str(), answer) else { continue };
            let Ok(mut request) = serde_json::from_str::<Value>(request) else { continue };
            let path = record["path"].as_str().unwrap();
            let is_claude = path.ends_with("/messages")
                || (path.contains("claude") && (path.contains("/invoke") || path.contains("awPredict")));
            if !is_claude || request["messages"].is_null() || record["status"] != 200 {
                continue;
            }
            if request["model"].is_null() {
                request["model"] = path.rsplit('/').find(|part| part.contains("claude")).into();
            }
            found.push(Recording {
                name: format!("{provider}:{line}"),
                request,
                answer,
                is_stream: is_framed || record["resp_ct"].as_str().unwrap().contains("event-stream"),
            });
        }
    }
    found
}

/// The events in Amazon's frames, found by their look, as server-sent events.
fn events_of_amazon(frames: &str) -> String {
    let bytes = BASE64_STANDARD.decode(frames).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let events = text.split(r#"{"bytes":""#).skip(1).map(|rest| {
        let event = BASE64_STANDARD.decode(rest.split('"').next().unwrap()).unwrap();
        format!("data: {}\n\n", String::from_utf8(event).unwrap())
    });
    events.collect()
}

/// What an answer says, in a form that does not know how it was read.
#[derive(Debug, Default, PartialEq)]
struct Said {
    text: String,
    thinking: String,
    signatures: Vec<String>,
    calls: Vec<(String, String, Value)>,
    native: Vec<Value>,
    citations: usize,
    stop: String,
    tokens: [u64; 4],
}

/// Read the slow and simple way from a whole message.
fn told(message: &Value) -> Said {
    let mut said =
        Said { stop: message["stop_reason"].as_str().unwrap_or_default().to_owned(), ..Said::default() };
    for block in message["content"].as_array().unwrap() {
        let text = |name: &str| block[name].as_str().unwrap_or_default().to_owned();
        match block["type"].as_str().unwrap() {
            "text" => said.text += &text("text"),
            "thinking" => {
                said.thinking += &text("thinking");
                said.signatures.push(text("signature"));
            }
            "redacted_thinking" => said.signatures.push(text("data")),
            "tool_use" => said.calls.push((text("id"), text("name"), block["input"].clone())),
            _ => said.native.push(block.clone()),
        }
        said.citations += block["citations"].as_array().map_or(0, Vec::len);
    }
    let count = |name: &str| message["usage"][name].as_u64().unwrap_or(0);
    let (cached, written) = (count("cache_read_input_tokens"), count("cache_creation_input_tokens"));
    said.tokens = [count("input_tokens") + cached + written, count("output_tokens"), cached, written];
    said
}

/// A message put together from the events of a stream, the slow and simple way.
fn assembled(stream: &str) -> Value {
    let mut message = Value::Null;
    let mut inputs = std::collections::BTreeMap::<usize, String>::new();
    for (_, data) in frames(stream) {
        let event: Value = serde_json::from_str(&data).unwrap();
        let index = usize::try_from(event["index"].as_u64().unwrap_or(0)).unwrap();
        match event["type"].as_str().unwrap() {
            "message_start" => message = event["message"].clone(),
            "content_block_start" => {
                message["content"].as_array_mut().unwrap().push(event["content_block"].clone());
            }
            "content_block_delta" => {
                let block = &mut message["content"][index];
                let delta = &event["delta"];
                for name in ["text", "thinking", "signature"] {
                    if let Some(more) = delta[name].as_str() {
                        block[name] = (block[name].as_str().unwrap_or_default().to_owned() + more).into();
                    }
                }
                if let Some(more) = delta["partial_json"].as_str() {
                    inputs.entry(index).or_default().push_str(more);
                }
                if !delta["citation"].is_null() {
                    let mut list = block["citations"].as_array().cloned().unwrap_or_default();
                    list.push(delta["citation"].clone());
                    block["citations"] = list.into();
                }
            }
            "message_delta" => {
                message["stop_reason"] = event["delta"]["stop_reason"].clone();
                for (name, count) in event["usage"].as_object().unwrap() {
                    message["usage"][name] = count.clone();
                }
            }
            _ => {}
        }
    }
    for (index, input) in inputs.into_iter().filter(|(_, input)| !input.is_empty()) {
        message["content"][index]["input"] = serde_json::from_str(&input).unwrap();
    }
    message
}

fn meant(answer: &Answer) -> Said {
    let choice = &answer.choices[0];
    let (stop, _) = super::finish::written(choice.finish.as_ref(), super::finish::Said::of(&choice.parts));
    let mut said = Said { stop: stop.to_owned(), ..Said::default() };
    for part in &choice.parts {
        match part {
            Part::Text(text) => {
                said.text += &text.text;
                said.citations += text.citations.len();
            }
            Part::Thought(thought) => {
                said.thinking += &thought.text;
                said.signatures.extend(thought.signature.iter().map(|signature| signature.data.clone()));
            }
            Part::ToolCall(call) => {
                let input = serde_json::from_str(&call.arguments).unwrap();
                said.calls.push((call.id.clone(), call.name.clone(), input));
            }
            Part::Native(native) => said.native.push(native.value.clone()),
            other => panic!("{other:?}"),
        }
    }
    let tokens = answer.usage.unwrap().tokens;
    said.tokens = [tokens.input, tokens.output, tokens.cached, tokens.cache_write];
    said
}

fn collected(events: Vec<Event>) -> Answer {
    let mut collector = Collector::default();
    assert_eq!(events.last(), Some(&Event::End));
    for event in events {
        collector.push(event);
    }
    collector.finish().unwrap()
}

fn streamed(text: &str) -> Vec<Event> {
    let frames = frames(text);
    read_stream(frames.iter().map(|(name, data)| (name.as_str(), data.as_str())))
}

#[test]
fn recorded_answers_are_read_as_they_are_and_written_back() {
    for recording in recordings() {
        let Recording { name, answer, is_stream, .. } = &recording;
        let message = if *is_stream { assembled(answer) } else { serde_json::from_str(answer).unwrap() };
        let read =
            if *is_stream { collected(streamed(answer)) } else { read_answer(answer.as_bytes()).unwrap() };
        assert_eq!(meant(&read), told(&message), "{name}");
        let has_calls = read.choices[0].parts.iter().any(|part| matches!(part, Part::ToolCall(_)));
        assert_eq!(has_calls, read.choices[0].finish == Some(Finish::ToolCalls), "{name}");

        let whole: Value = serde_json::from_slice(&write_answer(&read, &asked())).unwrap();
        assert_eq!(told(&whole), told(&message), "{name}");
        let stream = write_stream(read.clone().into_events());
        assert_eq!(told(&assembled(&stream)), told(&message), "{name}");
        assert_eq!(meant(&collected(streamed(&stream))), meant(&read), "{name}");
    }
}

/// Texts as blocks, no empty or neutral fields: what does not matter to the meaning.
fn plain(mut request: Value) -> Value {
    fn blocks(content: &mut Value) {
        if let Value::String(text) = content {
            *content = json!([{ "type": "text", "text": text }]);
        }
        let Value::Array(list) = content else { return };
        list.retain(|block| block["type"] != "text" || !block["text"].as_str().unwrap().trim().is_empty());
        for block in list.iter_mut() {
            let fields = block.as_object_mut().unwrap();
            fields.retain(|name, value| !(name == "is_error" && *value == false));
            if let Some(content) = block.get_mut("content") {
                blocks(content);
            }
        }
    }
    blocks(&mut request["system"]);
    for message in request["messages"].as_array_mut().unwrap() {
        blocks(&mut message["content"]);
    }
    let messages = request["messages"].take().as_array().unwrap().clone();
    let mut turns: Vec<Value> = Vec::new();
    for message in messages {
        match turns.last_mut().filter(|last| last["role"] == message["role"]) {
            Some(last) => {
                last["content"]
                    .as_array_mut()
                    .unwrap()
                    .extend(message["content"].as_array().unwrap().clone());
            }
            None => turns.push(message),
        }
    }
    request["messages"] = turns.into();
    if let Some(format) = request.as_object_mut().unwrap().remove("output_format") {
        request["output_config"] = json!({ "format": format });
    }
    if let Some(choice) = request["tool_choice"].as_object_mut() {
        choice.retain(|_, value| *value != false);
    }
    request.as_object_mut().unwrap().retain(|name, value| {
        let is_ours = name != "anthropic_version";
        is_ours && !value.is_null() && *value != json!([])
    });
    request
}

#[test]
fn recorded_requests_are_read_and_written_back_with_the_same_meaning() {
    for recording in recordings() {
        let request = read_request(recording.request.clone()).unwrap();
        let (body, lost) = write(&request, &request.model, &Facts::default());
        assert_eq!(plain(body), plain(recording.request), "{}", recording.name);
        assert_eq!(lost, [""; 0], "{}", recording.name);
    }
}

#[test]
fn recorded_requests_of_another_dialect_could_have_been_theirs() {
    for recording in recordings() {
        let mut request = read_request(recording.request.clone()).unwrap();
        request.dialect = Dialect::Chat;
        request.extra.clear();
        let (body, _) = write(&request, "claude-opus-5-5", &Facts::default());
        assert!(body["temperature"].is_null() && body["top_p"].is_null(), "{}", recording.name);
        assert_eq!(
            body["messages"].as_array().unwrap().last().unwrap()["role"],
            "user",
            "{}",
            recording.name
        );
        assert!(!matches!(body["tool_choice"]["type"].as_str(), Some("any" | "tool")), "{}", recording.name);
    }
}
