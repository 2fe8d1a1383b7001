//! Amazon Bedrock's `Converse`.
//!
//! Sources: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html>,
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html>; 2026-11.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Broken, list, word};

const FIELDS: &[&str] = &[
    "messages",
    "system",
    "inferenceConfig",
    "toolConfig",
    "guardrailConfig",
    "additionalModelRequestFields",
    "promptVariables",
    "additionalModelResponseFieldPaths",
    "requestMetadata",
    "performanceConfig",
    "serviceTier",
    "outputConfig",
];

const BLOCKS: &[&str] = &[
    "text",
    "image",
    "document",
    "video",
    "audio",
    "toolUse",
    "toolResult",
    "guardContent",
    "cachePoint",
    "reasoningContent",
    "citationsContent",
    "searchResult",
];

/// Rules that `body` breaks.
pub fn broken(body: &Value) -> Broken {
    let mut broken = Broken::default();
    broken.only(body, "body", FIELDS);
    for block in list(&body["system"]) {
        broken.only(block, "system", &["text", "guardContent", "cachePoint"]);
        if let Some(text) = block.get("text") {
            broken.text(text, "system");
        }
    }
    let config = &body["inferenceConfig"];
    if !config.is_null() {
        broken.only(config, "inferenceConfig", &["maxTokens", "temperature", "topP", "stopSequences"]);
    }
    broken.range(&config["temperature"], "temperature", 0.0, 1.0);
    broken.range(&config["topP"], "topP", 0.0, 1.0);
    broken.count(&config["maxTokens"], "maxTokens", 1);
    tools(&mut broken, body);
    turns(&mut broken, list(&body["messages"]));
    broken
}

fn tools(broken: &mut Broken, body: &Value) {
    let config = &body["toolConfig"];
    let uses = body["messages"].to_string().contains("\"toolUse\"");
    broken.unless(!uses || !config.is_null(), || "calls in messages without tools".into());
    if config.is_null() {
        return;
    }
    broken.only(config, "toolConfig", &["tools", "toolChoice"]);
    broken.unless(!list(&config["tools"]).is_empty(), || "no tools".into());
    let mut names = Vec::new();
    for tool in list(&config["tools"]).iter().filter(|tool| tool["toolSpec"].is_object()) {
        let spec = &tool["toolSpec"];
        broken.only(spec, "toolSpec", &["name", "description", "inputSchema", "strict"]);
        broken.name(&spec["name"], "toolSpec.name", 64, "_-");
        broken
            .unless(spec.get("description").is_none_or(|text| text != ""), || "an empty description".into());
        broken.schema(&spec["inputSchema"]["json"], "toolSpec");
        names.push(word(&spec["name"]));
    }
    broken.distinct(names.iter().copied(), "tools");
    if let Some(choice) = config.get("toolChoice") {
        broken.only(choice, "toolChoice", &["auto", "any", "tool"]);
        broken.unless(choice.as_object().is_some_and(|choice| choice.len() == 1), || format!("{choice}"));
        broken.unless(choice.get("tool").is_none_or(|tool| names.contains(&word(&tool["name"]))), || {
            format!("{choice}")
        });
    }
}

fn turns(broken: &mut Broken, messages: &[Value]) {
    broken.unless(!messages.is_empty(), || "no messages".into());
    broken.unless(messages.first().is_none_or(|first| first["role"] == "user"), || {
        "begins with the model".into()
    });
    let mut open: BTreeSet<&str> = BTreeSet::new();
    let mut before = "";
    for (at, message) in messages.iter().enumerate() {
        let place = format!("messages[{at}]");
        let role = word(&message["role"]);
        broken.only(message, &place, &["role", "content"]);
        broken.one_of(&message["role"], &place, &["user", "assistant"]);
        broken.unless(role != before, || format!("{place} does not alternate"));
        before = role;
        let blocks = list(&message["content"]);
        broken.unless(!blocks.is_empty(), || format!("{place} is empty"));
        let has_text = blocks.iter().any(|block| block.get("text").is_some());
        for block in blocks {
            broken.only(block, &place, BLOCKS);
            broken.unless(block.as_object().is_some_and(|block| block.len() == 1), || {
                format!("{place} {block}")
            });
            if let Some(text) = block.get("text") {
                broken.text(text, &place);
            }
            if let Some(call) = block.get("toolUse") {
                broken.unless(role == "assistant", || format!("{place}: the user calls"));
                broken.name(&call["toolUseId"], &place, 64, "_-.:");
                broken.name(&call["name"], &place, 64, "_-");
                broken.unless(call["input"].is_object(), || format!("{place} input {call}"));
                broken.unless(open.insert(word(&call["toolUseId"])), || format!("{place} has an id twice"));
            }
            if let Some(result) = block.get("toolResult") {
                let id = word(&result["toolUseId"]);
                broken.unless(open.remove(id), || format!("{place} answers {id}, which nobody called"));
                broken.one_of(&result["status"], &place, &["success", "error"]);
                broken.unless(result["content"].is_array(), || format!("{place} result {result}"));
                for part in list(&result["content"]) {
                    broken.only(
                        part,
                        &place,
                        &["text", "json", "image", "document", "video", "searchResult"],
                    );
                    broken.unless(part.get("json").is_none_or(Value::is_object), || {
                        format!("{place} json {part}")
                    });
                }
            }
            if let Some(image) = block.get("image") {
                broken.one_of(&image["format"], &place, &["png", "jpeg", "gif", "webp"]);
                bytes(broken, &image["source"], &place);
            }
            if let Some(document) = block.get("document") {
                let formats = ["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"];
                broken.one_of(&document["format"], &place, &formats);
                broken.name(&document["name"], &place, 200, " -()[]");
                broken.unless(has_text, || format!("{place} has a document without text"));
            }
        }
        if role == "user" {
            broken.unless(open.is_empty(), || format!("{place}: results of {open:?} are missing"));
            open.clear();
        }
    }
}

fn bytes(broken: &mut Broken, source: &Value, place: &str) {
    match source.get("bytes") {
        Some(data) => broken.base64(data, place),
        None => broken
            .unless(word(&source["s3Location"]["uri"]).starts_with("s3://"), || format!("{place} {source}")),
    }
}
