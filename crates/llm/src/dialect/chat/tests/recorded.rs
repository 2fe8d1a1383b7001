//! Recorded traffic of real providers: all of it is understood. Skipped where there are no recordings.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::*;
use crate::catalogue::{Facts, ReasoningStyle};
use crate::dialect::{Target, chat, completions};
use crate::generation::{Choice, Finish, Losses, Part, call_id};
use crate::profile;

pub(super) struct Recording {
    pub(super) name: String,
    pub(super) provider: String,
    pub(super) is_chat: bool,
    pub(super) is_stream: bool,
    pub(super) request: Value,
    answer: String,
}

/// What an answer says, in words that every way of reading it shares.
#[derive(Debug, Default, PartialEq)]
struct Told {
    text: String,
    thought: String,
    refusal: String,
    calls: Vec<(String, String, String)>,
    finish: String,
    usage: [u64; 3],
}

pub(super) fn recordings() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/provider-traffic");
    let mut all = Vec::new();
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        let provider = file.path().file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(file.path()).unwrap_or_default();
        all.extend(text.lines().enumerate().filter_map(|(n, line)| recording(&provider, n, line)));
    }
    all
}

fn recording(provider: &str, n: usize, line: &str) -> Option<Recording> {
    let record: Value = serde_json::from_str(line).ok()?;
    let path = record["path"].as_str()?;
    if !path.ends_with("/completions") || record["status"] != 200 {
        return None;
    }
    Some(Recording {
        name: format!("{provider}:{n}"),
        provider: provider.to_owned(),
        is_chat: path.ends_with("/chat/completions"),
        is_stream: record["resp_ct"].as_str().unwrap_or_default().contains("event-stream"),
        request: serde_json::from_str(record["req"].as_str()?).ok()?,
        answer: record["resp"].as_str()?.to_owned(),
    })
}

fn data(answer: &str) -> Vec<&str> {
    answer.lines().filter_map(|line| line.strip_prefix("data:")).map(str::trim).collect()
}

/// What the documents of a recording say, read the slow and simple way.
fn plain(documents: &[Value]) -> Told {
    let mut told = Told::default();
    let mut usage = &Value::Null;
    for document in documents {
        let places = [&document["usage"], &document["x_groq"]["usage"]];
        usage = places.into_iter().find(|place| place.is_object()).unwrap_or(usage);
        let mut choices = document["choices"].as_array().into_iter().flatten();
        let Some(choice) = choices.find(|choice| choice["index"].as_u64().unwrap_or(0) == 0) else {
            continue;
        };
        let message = if choice["delta"].is_object() { &choice["delta"] } else { &choice["message"] };
        told.text += message["content"].as_str().or(choice["text"].as_str()).unwrap_or_default();
        let thought = message["reasoning_content"].as_str().or(message["reasoning"].as_str());
        told.thought += thought.unwrap_or_default();
        told.refusal += message["refusal"].as_str().unwrap_or_default();
        if let Some(call) = message["function_call"].as_object() {
            let text = |name: &str| call[name].as_str().unwrap().to_owned();
            told.calls.push((String::new(), text("name"), text("arguments")));
        }
        for (at, call) in message["tool_calls"].as_array().into_iter().flatten().enumerate() {
            let at = call["index"].as_u64().map_or(at, |index| usize::try_from(index).unwrap());
            told.calls.resize(told.calls.len().max(at + 1), Default::default());
            if let Some(id) = call["id"].as_str().filter(|id| !id.is_empty()) {
                told.calls[at].0 = call_id::unpack(id).0;
            }
            if let Some(name) = call["function"]["name"].as_str().filter(|name| !name.is_empty()) {
                told.calls[at].1 = name.to_owned();
            }
            told.calls[at].2 += call["function"]["arguments"].as_str().unwrap_or_default();
        }
        if let Some(finish) = choice["finish_reason"].as_str() {
            finish.clone_into(&mut told.finish);
        }
    }
    let count = |name: &str| usage[name].as_u64().unwrap_or(0);
    let (input, output, total) = (count("prompt_tokens"), count("completion_tokens"), count("total_tokens"));
    let cached = usage["prompt_tokens_details"]["cached_tokens"].as_u64().unwrap_or(0);
    told.usage = [input, output.max(total.saturating_sub(input)), cached];
    told
}

fn told(answer: &Answer) -> Told {
    let mut told = Told::default();
    let Some(Choice { parts, finish, .. }) = answer.choices.first() else { return told };
    for part in parts {
        match part {
            Part::Text(text) => told.text += &text.text,
            Part::Thought(thought) => told.thought += &thought.text,
            Part::Refusal(text) => told.refusal += text,
            Part::ToolCall(call) => {
                let (id, _) = call_id::unpack(&call.id);
                told.calls.push((id, call.name.clone(), call.arguments.clone()));
            }
            other => panic!("{other:?}"),
        }
    }
    told.finish = match finish {
        Some(Finish::Stop | Finish::Refusal) => "stop",
        Some(Finish::Length) => "length",
        Some(Finish::ToolCalls) => "tool_calls",
        Some(Finish::ContentFilter) => "content_filter",
        other => panic!("{other:?}"),
    }
    .to_owned();
    let usage = answer.usage.unwrap_or_default().tokens;
    told.usage = [usage.input, usage.output, usage.cached];
    told
}

fn read(recording: &Recording) -> Answer {
    if recording.is_stream {
        let mut out = Vec::new();
        let mut chat = StreamReader::default();
        let mut completions = completions::StreamReader::default();
        for data in data(&recording.answer) {
            if recording.is_chat {
                chat.event(b"", data.as_bytes(), &mut out).unwrap();
            } else {
                completions.event(b"", data.as_bytes(), &mut out).unwrap();
            }
        }
        assert_eq!(out.last(), Some(&Event::End), "{}", recording.name);
        return collected(out);
    }
    let body = recording.answer.as_bytes();
    if recording.is_chat { chat::read_answer(body) } else { completions::read_answer(body) }.unwrap()
}

/// The same, but for what the dialect itself changes: ids that were missing, and `stop` beside tool calls.
fn same(name: &str, mut told: Told, mut plain: Told) {
    if !plain.calls.is_empty() {
        plain.finish = "tool_calls".to_owned();
    }
    if plain.finish.is_empty() {
        plain.finish = "stop".to_owned();
    }
    for (call, plain) in told.calls.iter_mut().zip(&mut plain.calls) {
        if plain.0.is_empty() {
            call.0 = String::new();
        }
    }
    assert_eq!(told, plain, "{name}");
}

fn documents(recording: &Recording) -> Vec<Value> {
    if recording.is_stream {
        data(&recording.answer).into_iter().filter_map(|data| serde_json::from_str(data).ok()).collect()
    } else {
        vec![serde_json::from_str(&recording.answer).unwrap()]
    }
}

#[test]
fn recorded_answers_say_what_they_said() {
    for recording in recordings() {
        let documents = documents(&recording);
        if documents[0]["error"].is_object() {
            assert!(chat::read_answer(recording.answer.as_bytes()).is_err(), "{}", recording.name);
            continue;
        }
        same(&recording.name, told(&read(&recording)), plain(&documents));
    }
}

#[test]
fn recorded_answers_written_again_say_the_same_whole_and_streamed() {
    for recording in recordings().iter().filter(|recording| recording.is_chat) {
        if documents(recording)[0]["error"].is_object() {
            continue;
        }
        let answer = read(recording);
        let wanted = told(&answer);
        let whole = chat::write_answer(&answer, &asked());
        let again = chat::read_answer(&whole).unwrap();
        assert_eq!(told(&again), wanted, "{}", recording.name);
        let (chunks, is_done) = written(asked(), answer.into_events());
        assert!(is_done);
        same(&recording.name, wanted, plain(&chunks));
    }
}

/// A request without what says the same in other words: names of the limit, usage that is told anyway, defaults.
fn normal(mut request: Value) -> Value {
    let fields = request.as_object_mut().unwrap();
    if let Some(limit) = fields.shift_remove("max_completion_tokens") {
        fields.insert("max_tokens".to_owned(), limit);
    }
    if let Some(functions) = fields.shift_remove("functions") {
        let tool = |function: &Value| json!({"type": "function", "function": function});
        let tools: Vec<_> = functions.as_array().unwrap().iter().map(tool).collect();
        fields.insert("tools".to_owned(), tools.into());
    }
    if let Some(choice) = fields.shift_remove("function_call") {
        fields.insert("tool_choice".to_owned(), choice);
    }
    // Usage is asked for in any case, and who thinks is told that it is to.
    fields.shift_remove("stream_options");
    fields.shift_remove("thinking");
    for tool in fields.get_mut("tools").and_then(Value::as_array_mut).into_iter().flatten() {
        let function = tool["function"].as_object_mut().unwrap();
        function.retain(|name, value| name != "strict" || *value != false);
    }
    fields.retain(|name, value| {
        let is_default = [json!(null), json!(false), json!({})].contains(value);
        !(is_default && ["stream", "logprobs", "logit_bias", "stop"].contains(&name.as_str()))
    });
    if fields.get("prompt").and_then(Value::as_array).is_some_and(|prompts| prompts.len() == 1) {
        fields["prompt"] = fields["prompt"][0].take();
    }
    for message in fields.get_mut("messages").and_then(Value::as_array_mut).into_iter().flatten() {
        message_in_brief(message.as_object_mut().unwrap());
    }
    numbers(&mut request);
    request
}

fn message_in_brief(message: &mut Map<String, Value>) {
    message.retain(|_, value| !value.is_null());
    // A hint on a message is one on its last part.
    if let Some(hint) = message.shift_remove("cache_control") {
        let text = message["content"].take();
        message["content"] = json!([{"type": "text", "text": text, "cache_control": hint}]);
    }
    message.shift_remove("annotations");
    if let Some(details) = message.get_mut("reasoning_details").and_then(Value::as_array_mut) {
        let is_told = |detail: &Value| detail["text"].is_string() || detail["signature"].is_string();
        // Proofs of an unknown form are nobody's that we know.
        let is_ours = |detail: &Value| detail["data"].is_string() && detail["format"] != "xai-responses-v1";
        details.retain(|detail| is_told(detail) || is_ours(detail));
        for detail in details.iter_mut().filter(|detail| detail["format"] == "unknown") {
            detail.as_object_mut().unwrap().shift_remove("format");
        }
        // The same text stands beside the details.
        let beside = if details.is_empty() { "reasoning_details" } else { "reasoning" };
        message.shift_remove(beside);
    }
    if message.get("content") == Some(&json!("")) {
        message.shift_remove("content");
    }
}

/// `1.0` is 1.
fn numbers(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(numbers),
        Value::Object(fields) => fields.values_mut().for_each(numbers),
        Value::Number(number) => *value = number.as_f64().unwrap().into(),
        _ => {}
    }
}

fn own_profile(provider: &str) -> &'static profile::Profile {
    match provider {
        "azure-openai" => profile::named("azure"),
        "zai" => profile::named("zhipu"),
        name => profile::named(name),
    }
}

#[test]
fn recorded_requests_come_back_as_they_were() {
    for recording in recordings() {
        let facts = Facts { reasoning: ReasoningStyle::Effort, ..Facts::default() };
        let model = recording.request["model"].as_str().unwrap().to_owned();
        let mut losses = Losses::default();
        let target = Target {
            family: roundhouse_domain::spec::Family::OpenaiCompatible,
            model: &model,
            profile: own_profile(&recording.provider),
            facts: &facts,
        };
        let body = recording.request.clone();
        let written = if recording.is_chat {
            chat::write_request(&chat::read_request(body).unwrap(), &target, &mut losses)
        } else {
            completions::write_request(&completions::read_request(body).unwrap(), &target, &mut losses)
        };
        let written = serde_json::from_slice(&written.unwrap()).unwrap();
        assert_eq!(normal(written), normal(recording.request), "{}: {losses:?}", recording.name);
    }
}
