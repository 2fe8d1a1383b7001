//! Google's `generateContent`, on its own host and Vertex.
//!
//! Sources: <https://ai.google.dev/api/generate-content>, <https://ai.google.dev/api/caching>,
//! <https://ai.google.dev/gemini-api/docs/function-calling>,
//! <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference>; 2026-11.

use serde_json::Value;

use super::{Broken, each_schema, list, word};

const CONFIG: &[&str] = &[
    "stopSequences",
    "responseMimeType",
    "responseSchema",
    "responseJsonSchema",
    "responseModalities",
    "candidateCount",
    "maxOutputTokens",
    "temperature",
    "topP",
    "topK",
    "seed",
    "presencePenalty",
    "frequencyPenalty",
    "responseLogprobs",
    "logprobs",
    "speechConfig",
    "thinkingConfig",
    "imageConfig",
    "mediaResolution",
    "routingConfig",
    "audioTimestamp",
];

/// The subset of `OpenAPI` that `parameters` and `responseSchema` are in (<https://ai.google.dev/api/caching#Schema>).
const SCHEMA: &[&str] = &[
    "type",
    "format",
    "title",
    "description",
    "nullable",
    "enum",
    "maxItems",
    "minItems",
    "properties",
    "required",
    "minProperties",
    "maxProperties",
    "minLength",
    "maxLength",
    "pattern",
    "example",
    "anyOf",
    "propertyOrdering",
    "default",
    "items",
    "minimum",
    "maximum",
    "additionalProperties",
    "$ref",
    "$defs",
    "ref",
    "defs",
];

/// Rules that `body` breaks.
pub fn broken(body: &Value, is_vertex: bool) -> Broken {
    let mut broken = Broken::default();
    let mut known = vec![
        "contents",
        "systemInstruction",
        "tools",
        "toolConfig",
        "generationConfig",
        "safetySettings",
        "cachedContent",
        "serviceTier",
        "store",
    ];
    if is_vertex {
        known.push("labels");
    }
    broken.only(body, "body", &known);
    let config = &body["generationConfig"];
    if !config.is_null() {
        broken.only(config, "generationConfig", CONFIG);
    }
    broken.range(&config["temperature"], "temperature", 0.0, 2.0);
    broken.range(&config["topP"], "topP", 0.0, 1.0);
    broken.count(&config["maxOutputTokens"], "maxOutputTokens", 1);
    broken.unless(list(&config["stopSequences"]).len() <= 5, || "more than five stops".into());
    broken.one_of(
        &config["responseMimeType"],
        "responseMimeType",
        &["text/plain", "application/json", "text/x.enum"],
    );
    let has_schema = config.get("responseSchema").is_some() || config.get("responseJsonSchema").is_some();
    broken.unless(!has_schema || config["responseMimeType"] != "text/plain", || {
        "a schema of plain text".into()
    });
    broken.unless(!has_schema || config["responseMimeType"].is_string(), || "a schema without a type".into());
    if let Some(schema) = config.get("responseSchema") {
        openapi(&mut broken, schema, "responseSchema");
    }
    let system = &body["systemInstruction"];
    if !system.is_null() {
        broken.unless(!list(&system["parts"]).is_empty(), || "an empty system instruction".into());
        for part in list(&system["parts"]) {
            broken.text(&part["text"], "systemInstruction");
        }
    }
    tools(&mut broken, body);
    contents(&mut broken, list(&body["contents"]), is_vertex);
    broken
}

fn tools(broken: &mut Broken, body: &Value) {
    let mut names = Vec::new();
    for tool in list(&body["tools"]) {
        for function in list(&tool["functionDeclarations"]) {
            let place = word(&function["name"]);
            names.push(place);
            let known = [
                "name",
                "description",
                "parameters",
                "parametersJsonSchema",
                "response",
                "responseJsonSchema",
                "behavior",
            ];
            broken.only(function, place, &known);
            broken.name(&function["name"], "function", 64, "_-.:");
            broken.unless(place.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'), || {
                format!("name {place}")
            });
            if let Some(parameters) = function.get("parameters") {
                openapi(broken, parameters, place);
                let is_empty = parameters["properties"].as_object().is_none_or(serde_json::Map::is_empty);
                broken.unless(!is_empty, || format!("{place} has an object without properties"));
            }
            broken.unless(
                function["parameters"].is_null() || function["parametersJsonSchema"].is_null(),
                || format!("{place} has two schemas"),
            );
        }
    }
    broken.distinct(names.iter().copied(), "functions");
    let calling = &body["toolConfig"]["functionCallingConfig"];
    broken.one_of(&calling["mode"], "mode", &["AUTO", "ANY", "NONE", "VALIDATED"]);
    let allowed = list(&calling["allowedFunctionNames"]);
    for name in allowed {
        broken.unless(names.contains(&word(name)), || format!("{name} is allowed and not declared"));
    }
    broken.unless(allowed.is_empty() || matches!(word(&calling["mode"]), "ANY" | "VALIDATED"), || {
        "allowed and free".into()
    });
}

fn openapi(broken: &mut Broken, schema: &Value, place: &str) {
    each_schema(schema, &mut |schema| {
        broken.only(schema, place, SCHEMA);
        broken.unless(schema.get("type").is_none_or(Value::is_string), || {
            format!("{place} type {}", schema["type"])
        });
        for value in list(&schema["enum"]) {
            broken.unless(value.is_string(), || format!("{place} enum of {value}"));
        }
        for name in list(&schema["required"]) {
            broken.unless(schema["properties"].get(word(name)).is_some(), || {
                format!("{place} requires {name}")
            });
        }
        broken.unless(schema["type"] != "array" || schema["items"].is_object(), || {
            format!("{place} array of nothing")
        });
    });
}

fn contents(broken: &mut Broken, contents: &[Value], is_vertex: bool) {
    broken.unless(!contents.is_empty(), || "no contents".into());
    let mut before = "";
    let mut called: Vec<(&str, &str)> = Vec::new();
    for (at, content) in contents.iter().enumerate() {
        let place = format!("contents[{at}]");
        let role = word(&content["role"]);
        broken.only(content, &place, &["role", "parts"]);
        broken.one_of(&content["role"], &place, &["user", "model"]);
        broken.unless(role != before, || format!("{place} does not alternate"));
        before = role;
        let parts = list(&content["parts"]);
        broken.unless(!parts.is_empty(), || format!("{place} is empty"));
        let answers = parts.iter().filter(|part| part["functionResponse"].is_object());
        let answers: Vec<_> = answers.map(|part| &part["functionResponse"]).collect();
        if role == "user" {
            broken.unless(answers.len() == called.len(), || {
                format!("{place}: {} answers to {} calls", answers.len(), called.len())
            });
            for (answer, (name, id)) in answers.iter().zip(&called) {
                broken.unless(
                    answer["name"] == *name && (answer["id"].is_null() || answer["id"] == *id),
                    || format!("{place} answers {}, not {name}", answer["name"]),
                );
                broken.unless(answer["response"].is_object(), || format!("{place} response {answer}"));
            }
            called.clear();
        }
        for part in parts {
            self::part(broken, part, &place, role, is_vertex);
            if part["functionCall"].is_object() {
                called.push((word(&part["functionCall"]["name"]), word(&part["functionCall"]["id"])));
            }
        }
    }
}

fn part(broken: &mut Broken, part: &Value, place: &str, role: &str, is_vertex: bool) {
    let kinds = [
        "text",
        "inlineData",
        "fileData",
        "functionCall",
        "functionResponse",
        "executableCode",
        "codeExecutionResult",
    ];
    let held: Vec<_> = kinds.into_iter().filter(|kind| part.get(*kind).is_some()).collect();
    broken.unless(held.len() == 1, || format!("{place} has {held:?} in one part"));
    let beside = ["thought", "thoughtSignature", "videoMetadata", "mediaResolution", "partMetadata"];
    broken.only(part, place, &[&kinds[..], &beside[..]].concat());
    if let Some(text) = part.get("text") {
        broken.unless(text.is_string(), || format!("{place} text {text}"));
        broken
            .unless(text != "" || part.get("thoughtSignature").is_some(), || format!("{place} says nothing"));
    }
    if part["inlineData"].is_object() {
        broken.only(&part["inlineData"], place, &["mimeType", "data", "displayName"]);
        broken.text(&part["inlineData"]["mimeType"], place);
        broken.base64(&part["inlineData"]["data"], place);
    }
    if part["functionCall"].is_object() {
        broken.unless(role == "model", || format!("{place}: the user calls"));
        let call = &part["functionCall"];
        broken.only(call, place, &["name", "args", "id"]);
        broken.unless(call["args"].is_null() || call["args"].is_object(), || format!("{place} args {call}"));
    }
    if part["functionResponse"].is_object() {
        broken.unless(role == "user", || format!("{place}: the model answers"));
        let known = ["name", "id", "response", "willContinue", "scheduling", "parts"];
        broken.only(&part["functionResponse"], place, &known);
    }
    let _ = is_vertex;
}
