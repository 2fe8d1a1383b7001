//! What an answer means, read the slow and simple way, without any code of the crate.

use roundhouse_llm::dialect::Dialect;
use serde_json::{Map, Value};

/// What an answer means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meaning {
    pub text: String,
    /// Names and arguments, in order.
    pub tools: Vec<(String, Value)>,
    pub finish: String,
    /// Whether the model refused in words.
    pub is_refused: bool,
    pub input: u64,
    pub output: u64,
    pub cached: u64,
}

/// The meaning of a whole answer.
pub fn of_document(dialect: Dialect, document: &Value) -> Meaning {
    match dialect {
        Dialect::Chat => chat(std::slice::from_ref(document), "message"),
        Dialect::Completions => completions(std::slice::from_ref(document)),
        Dialect::Responses => responses(document),
        Dialect::Messages => messages(document),
        Dialect::Gemini => gemini(std::slice::from_ref(document)),
        Dialect::Converse => converse(document),
        Dialect::Cohere => cohere(document),
    }
}

/// The meaning of a stream, by the documents of its events.
pub fn of_events(dialect: Dialect, events: &[(String, Value)]) -> Meaning {
    let documents: Vec<Value> = events.iter().map(|(_, document)| document.clone()).collect();
    match dialect {
        Dialect::Chat => chat(&documents, "delta"),
        Dialect::Completions => completions(&documents),
        Dialect::Responses => {
            let last = documents.iter().rev().find(|event| event["response"]["output"].is_array());
            let mut whole = last.map(|event| event["response"].clone()).unwrap_or_default();
            // Some servers leave the output out of the last event: the items tell it.
            if whole["output"].as_array().is_none_or(Vec::is_empty) {
                let done = documents.iter().filter(|event| event["type"] == "response.output_item.done");
                whole["output"] = done.map(|event| event["item"].clone()).collect();
            }
            responses(&whole)
        }
        Dialect::Messages => messages(&message_of(&documents)),
        Dialect::Gemini => gemini(&documents),
        Dialect::Converse => converse(&converse_of(events)),
        Dialect::Cohere => cohere(&cohere_of(&documents)),
    }
}

/// The events of a stream of server-sent events, or of a JSON array.
pub fn events(bytes: &[u8]) -> Vec<(String, Value)> {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    if text.trim_start().starts_with('[') {
        let items: Vec<Value> = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        return items.into_iter().map(|item| (String::new(), item)).collect();
    }
    let blocks = text.split("\n\n").filter_map(|block| {
        let name = block.lines().find_map(|line| line.strip_prefix("event:")).unwrap_or_default().trim();
        let data: Vec<_> = block.lines().filter_map(|line| line.strip_prefix("data:")).collect();
        let data = data.join("\n");
        let data = data.trim();
        let is_event = !data.is_empty() && data != "[DONE]";
        is_event.then(|| {
            (name.to_owned(), serde_json::from_str(data).unwrap_or_else(|error| panic!("{error}: {data}")))
        })
    });
    blocks.collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn arguments(text: &str) -> Value {
    if text.trim().is_empty() {
        Value::Object(Map::new())
    } else {
        serde_json::from_str(text).unwrap_or_else(|_| text.into())
    }
}

fn chat(documents: &[Value], place: &str) -> Meaning {
    let mut meaning = Meaning::default();
    let mut calls: Vec<(u64, String, String)> = Vec::new();
    for document in documents {
        for choice in list(&document["choices"]).iter().filter(|choice| number(&choice["index"]) == 0) {
            let said = &choice[place];
            meaning.text += text(&said["content"]);
            for part in list(&said["content"]) {
                meaning.text += text(&part["text"]);
            }
            meaning.text += text(&said["refusal"]);
            meaning.is_refused |= !text(&said["refusal"]).is_empty();
            for (at, call) in list(&said["tool_calls"]).iter().enumerate() {
                let key =
                    if place == "delta" { call["index"].as_u64().unwrap_or(at as u64) } else { at as u64 };
                let body = if call["custom"].is_object() { &call["custom"] } else { &call["function"] };
                let more = match &body["arguments"] {
                    Value::Null => text(&body["input"]).to_owned(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                match calls.iter_mut().find(|(known, _, _)| *known == key) {
                    Some((_, name, arguments)) => {
                        if name.is_empty() {
                            text(&body["name"]).clone_into(name);
                        }
                        arguments.push_str(&more);
                    }
                    None => calls.push((key, text(&body["name"]).to_owned(), more)),
                }
            }
            if let Some(finish) = choice["finish_reason"].as_str() {
                finish.clone_into(&mut meaning.finish);
            }
        }
        let usage =
            [&document["usage"], &document["x_groq"]["usage"]].into_iter().find(|usage| usage.is_object());
        if let Some(usage) = usage {
            let (input, output) = (number(&usage["prompt_tokens"]), number(&usage["completion_tokens"]));
            let reasoning = number(&usage["completion_tokens_details"]["reasoning_tokens"]);
            // xAI counts reasoning beside the completion.
            let beside = number(&usage["total_tokens"]) == input + output + reasoning;
            meaning.input = input;
            meaning.output = if beside { output + reasoning } else { output };
            meaning.cached = number(&usage["prompt_tokens_details"]["cached_tokens"])
                .max(number(&usage["prompt_cache_hit_tokens"]));
        }
    }
    meaning.tools = calls.into_iter().map(|(_, name, text)| (name, arguments(&text))).collect();
    meaning.finish = plain_finish(&meaning.finish, &meaning.tools);
    meaning
}

fn completions(documents: &[Value]) -> Meaning {
    let mut meaning = Meaning::default();
    for document in documents {
        for choice in list(&document["choices"]).iter().filter(|choice| number(&choice["index"]) == 0) {
            meaning.text += text(&choice["text"]);
            if let Some(finish) = choice["finish_reason"].as_str() {
                finish.clone_into(&mut meaning.finish);
            }
        }
        if document["usage"].is_object() {
            meaning.input = number(&document["usage"]["prompt_tokens"]);
            meaning.output = number(&document["usage"]["completion_tokens"]);
        }
    }
    meaning.finish = plain_finish(&meaning.finish, &meaning.tools);
    meaning
}

fn responses(document: &Value) -> Meaning {
    let mut meaning = Meaning::default();
    for item in list(&document["output"]) {
        match text(&item["type"]) {
            "message" => {
                for part in list(&item["content"]) {
                    meaning.text += text(&part["text"]);
                    meaning.text += text(&part["refusal"]);
                    meaning.is_refused |= !text(&part["refusal"]).is_empty();
                }
            }
            "function_call" => {
                meaning.tools.push((text(&item["name"]).to_owned(), arguments(text(&item["arguments"]))));
            }
            "custom_tool_call" => meaning.tools.push((text(&item["name"]).to_owned(), item["input"].clone())),
            _ => {}
        }
    }
    let reason = text(&document["incomplete_details"]["reason"]);
    let finish = match (text(&document["status"]), reason) {
        ("incomplete", "max_output_tokens") => "length",
        ("incomplete", "content_filter") => "content_filter",
        ("incomplete", _) => "other",
        _ => "stop",
    };
    meaning.finish = plain_finish(finish, &meaning.tools);
    let usage = &document["usage"];
    meaning.input = number(&usage["input_tokens"]);
    meaning.output = number(&usage["output_tokens"]);
    meaning.cached = number(&usage["input_tokens_details"]["cached_tokens"]);
    meaning
}

fn messages(document: &Value) -> Meaning {
    let mut meaning = Meaning::default();
    for block in list(&document["content"]) {
        match text(&block["type"]) {
            "text" => meaning.text += text(&block["text"]),
            "tool_use" => meaning.tools.push((text(&block["name"]).to_owned(), block["input"].clone())),
            _ => {}
        }
    }
    meaning.finish = plain_finish(text(&document["stop_reason"]), &meaning.tools);
    let usage = &document["usage"];
    meaning.cached = number(&usage["cache_read_input_tokens"]);
    meaning.input =
        number(&usage["input_tokens"]) + meaning.cached + number(&usage["cache_creation_input_tokens"]);
    meaning.output = number(&usage["output_tokens"]);
    meaning
}

fn message_of(events: &[Value]) -> Value {
    let mut message = Value::Null;
    let mut partial: Vec<String> = Vec::new();
    for event in events {
        match text(&event["type"]) {
            "message_start" if message.is_null() => message = event["message"].clone(),
            "content_block_start" => {
                message["content"].as_array_mut().unwrap().push(event["content_block"].clone());
                partial.push(String::new());
            }
            "content_block_delta" => {
                let at = usize::try_from(number(&event["index"])).unwrap();
                let block = &mut message["content"][at];
                match text(&event["delta"]["type"]) {
                    "text_delta" => {
                        block["text"] =
                            (text(&block["text"]).to_owned() + text(&event["delta"]["text"])).into();
                    }
                    "input_json_delta" => {
                        partial[at] += text(&event["delta"]["partial_json"]);
                        block["input"] = arguments(&partial[at]);
                    }
                    _ => {}
                }
            }
            "message_delta" => {
                message["stop_reason"] = event["delta"]["stop_reason"].clone();
                for (name, count) in event["usage"].as_object().into_iter().flatten() {
                    if number(count) > 0 || message["usage"][name].is_null() {
                        message["usage"][name] = count.clone();
                    }
                }
            }
            _ => {}
        }
    }
    message
}

fn gemini(documents: &[Value]) -> Meaning {
    let mut meaning = Meaning::default();
    for document in documents {
        for candidate in
            list(&document["candidates"]).iter().filter(|candidate| number(&candidate["index"]) == 0)
        {
            for part in list(&candidate["content"]["parts"]).iter().filter(|part| part["thought"] != true) {
                meaning.text += text(&part["text"]);
                if part["functionCall"].is_object() {
                    let call = &part["functionCall"];
                    let arguments =
                        if call["args"].is_null() { Value::Object(Map::new()) } else { call["args"].clone() };
                    meaning.tools.push((text(&call["name"]).to_owned(), arguments));
                }
            }
            if let Some(finish) = candidate["finishReason"].as_str() {
                finish.clone_into(&mut meaning.finish);
            }
        }
        if let Some(reason) = document["promptFeedback"]["blockReason"].as_str() {
            reason.clone_into(&mut meaning.finish);
        }
        let usage = &document["usageMetadata"];
        if usage.is_object() {
            meaning.input = number(&usage["promptTokenCount"]) + number(&usage["toolUsePromptTokenCount"]);
            meaning.output = number(&usage["candidatesTokenCount"]) + number(&usage["thoughtsTokenCount"]);
            meaning.cached = number(&usage["cachedContentTokenCount"]);
        }
    }
    meaning.finish = plain_finish(&meaning.finish, &meaning.tools);
    meaning
}

fn converse(document: &Value) -> Meaning {
    let mut meaning = Meaning::default();
    for part in list(&document["output"]["message"]["content"]) {
        meaning.text += text(&part["text"]);
        if part["toolUse"].is_object() {
            meaning.tools.push((text(&part["toolUse"]["name"]).to_owned(), part["toolUse"]["input"].clone()));
        }
    }
    meaning.finish = plain_finish(text(&document["stopReason"]), &meaning.tools);
    let usage = &document["usage"];
    meaning.cached = number(&usage["cacheReadInputTokens"]);
    meaning.input = number(&usage["inputTokens"]) + meaning.cached + number(&usage["cacheWriteInputTokens"]);
    meaning.output = number(&usage["outputTokens"]);
    meaning
}

fn converse_of(events: &[(String, Value)]) -> Value {
    let mut document = serde_json::json!({ "output": { "message": { "content": [] } } });
    let mut partial = String::new();
    for (name, event) in events {
        let content = document["output"]["message"]["content"].as_array_mut().unwrap();
        match name.as_str() {
            "contentBlockStart" => {
                partial.clear();
                content.push(event["start"].clone());
            }
            "contentBlockDelta" => {
                if let Some(text) = event["delta"]["text"].as_str() {
                    content.push(serde_json::json!({ "text": text }));
                }
                if let Some(more) = event["delta"]["toolUse"]["input"].as_str() {
                    partial += more;
                    content.last_mut().unwrap()["toolUse"]["input"] = arguments(&partial);
                }
            }
            "messageStop" => document["stopReason"] = event["stopReason"].clone(),
            "metadata" => document["usage"] = event["usage"].clone(),
            _ => {}
        }
    }
    document
}

fn cohere(document: &Value) -> Meaning {
    let mut meaning = Meaning::default();
    for part in list(&document["message"]["content"]) {
        meaning.text += text(&part["text"]);
    }
    for call in list(&document["message"]["tool_calls"]) {
        let function = &call["function"];
        meaning.tools.push((text(&function["name"]).to_owned(), arguments(text(&function["arguments"]))));
    }
    meaning.finish = plain_finish(text(&document["finish_reason"]), &meaning.tools);
    let usage = &document["usage"];
    meaning.input = number(&usage["tokens"]["input_tokens"]);
    meaning.output = number(&usage["tokens"]["output_tokens"]);
    meaning.cached = number(&usage["cached_tokens"]);
    meaning
}

fn cohere_of(events: &[Value]) -> Value {
    let mut document = serde_json::json!({ "message": { "content": [], "tool_calls": [] } });
    for event in events {
        let message = &event["delta"]["message"];
        match text(&event["type"]) {
            "content-delta" => {
                let part = serde_json::json!({ "text": text(&message["content"]["text"]) });
                document["message"]["content"].as_array_mut().unwrap().push(part);
            }
            "tool-call-start" => {
                document["message"]["tool_calls"].as_array_mut().unwrap().push(message["tool_calls"].clone());
            }
            "tool-call-delta" => {
                let call = document["message"]["tool_calls"].as_array_mut().unwrap().last_mut().unwrap();
                let known = text(&call["function"]["arguments"]).to_owned();
                call["function"]["arguments"] =
                    (known + text(&message["tool_calls"]["function"]["arguments"])).into();
            }
            "message-end" => {
                document["finish_reason"] = event["delta"]["finish_reason"].clone();
                document["usage"] = event["delta"]["usage"].clone();
            }
            _ => {}
        }
    }
    document
}

/// Every dialect's word in four plain ones; that tools are called counts more than how the provider spells a plain end.
fn plain_finish(word: &str, tools: &[(String, Value)]) -> String {
    let plain = match word.to_ascii_lowercase().as_str() {
        "stop" | "end_turn" | "stop_sequence" | "complete" | "eos" => "stop",
        "length" | "max_tokens" | "model_context_window_exceeded" | "model_length" => "length",
        "tool_calls" | "tool_use" | "function_call" | "tool_call" => "tools",
        "content_filter"
        | "refusal"
        | "safety"
        | "recitation"
        | "prohibited_content"
        | "blocklist"
        | "spii"
        | "guardrail_intervened"
        | "content_filtered"
        | "image_safety"
        | "sensitive" => "filter",
        "" => "none",
        _ => "other",
    };
    if matches!(plain, "stop" | "none") && !tools.is_empty() { "tools".to_owned() } else { plain.to_owned() }
}
