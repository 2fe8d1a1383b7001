//! `POST /chat/completions` of many servers.
//!
//! Sources: the pages of each provider's API reference that `profile/vendors` names, 2026-11, read again for this list.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Broken, list, word};

/// What a server takes.
#[derive(Clone, Copy)]
pub struct Vendor {
    pub name: &'static str,
    pub model: &'static str,
    /// Fields beyond those that all have.
    fields: &'static str,
    temperature: f64,
    stops: usize,
    formats: &'static [&'static str],
    choices: &'static [&'static str],
    has_developer: bool,
    /// What ids of calls are.
    ids: fn(&str) -> bool,
    /// Whether a user may speak right after a tool.
    user_after_tool: bool,
}

const COMMON: &str = "model messages tools tool_choice temperature top_p stop stream";
const ALL_CHOICES: &[&str] = &["none", "auto", "required"];
const ALL_FORMATS: &[&str] = &["text", "json_object", "json_schema"];
const NO_SCHEMA: &[&str] = &["text", "json_object"];

const OPENAI: Vendor = Vendor {
    name: "openai",
    model: "gpt-4.1",
    fields: "max_completion_tokens n presence_penalty frequency_penalty seed logit_bias logprobs top_logprobs \
        stream_options parallel_tool_calls response_format user metadata store prompt_cache_key verbosity reasoning_effort \
        service_tier modalities audio prediction web_search_options safety_identifier prompt_cache_retention",
    temperature: 2.0,
    stops: 4,
    formats: ALL_FORMATS,
    choices: ALL_CHOICES,
    has_developer: true,
    ids: |id| id.len() <= 40,
    user_after_tool: true,
};

const GENERIC: Vendor = Vendor {
    name: "generic",
    model: "some-model",
    fields: "max_tokens n presence_penalty frequency_penalty seed logit_bias logprobs top_logprobs top_k min_p \
        repetition_penalty stream_options parallel_tool_calls response_format user reasoning_effort",
    stops: usize::MAX,
    has_developer: false,
    ..OPENAI
};

/// Each server that is checked.
pub const ALL: &[Vendor] = &[
    OPENAI,
    Vendor {
        name: "openai",
        model: "gpt-5",
        fields: "max_completion_tokens seed stream_options parallel_tool_calls response_format user metadata store n \
            prompt_cache_key verbosity reasoning_effort service_tier safety_identifier prompt_cache_retention prediction",
        temperature: 1.0,
        ..OPENAI
    },
    GENERIC,
    Vendor {
        name: "deepseek",
        model: "deepseek-chat",
        fields: "max_tokens presence_penalty frequency_penalty logprobs top_logprobs stream_options response_format \
            thinking reasoning_effort",
        stops: 16,
        formats: NO_SCHEMA,
        ..GENERIC
    },
    Vendor {
        name: "mistral",
        model: "mistral-large-latest",
        fields: "max_tokens n presence_penalty frequency_penalty random_seed parallel_tool_calls response_format metadata \
            prediction prompt_mode safe_prompt reasoning_effort",
        temperature: 1.5,
        choices: &["none", "auto", "any", "required"],
        ids: |id| id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        user_after_tool: false,
        ..GENERIC
    },
    Vendor {
        name: "groq",
        model: "openai/gpt-oss-120b",
        fields: "max_completion_tokens presence_penalty frequency_penalty seed stream_options parallel_tool_calls \
            response_format user reasoning_effort reasoning_format include_reasoning service_tier",
        stops: 4,
        ids: |_| true,
        ..GENERIC
    },
    Vendor {
        name: "xai",
        model: "grok-4",
        fields: "max_completion_tokens n seed logprobs top_logprobs stream_options parallel_tool_calls response_format \
            user reasoning_effort search_parameters",
        stops: 0,
        ..GENERIC
    },
    Vendor {
        name: "zhipu",
        model: "glm-4.6",
        fields: "max_tokens stream_options response_format thinking do_sample request_id user_id tool_stream",
        temperature: 1.0,
        stops: 1,
        formats: NO_SCHEMA,
        choices: &["auto"],
        ids: |_| true,
        ..GENERIC
    },
    Vendor {
        name: "dashscope",
        model: "qwen-plus",
        fields: "max_tokens n presence_penalty seed top_k repetition_penalty logprobs top_logprobs stream_options \
            parallel_tool_calls response_format enable_thinking thinking_budget modalities audio enable_search \
            frequency_penalty",
        formats: NO_SCHEMA,
        choices: &["none", "auto"],
        ..GENERIC
    },
    Vendor {
        name: "moonshot",
        model: "kimi-k2-0905-preview",
        fields: "max_completion_tokens n presence_penalty frequency_penalty stream_options response_format thinking \
            prompt_cache_key",
        temperature: 1.0,
        stops: 5,
        formats: NO_SCHEMA,
        choices: &["none", "auto"],
        ids: |_| true,
        ..GENERIC
    },
    Vendor {
        name: "openrouter",
        model: "anthropic/claude-sonnet-4.5",
        fields: "max_tokens presence_penalty frequency_penalty seed logit_bias logprobs top_logprobs top_k min_p \
            repetition_penalty stream_options parallel_tool_calls response_format user reasoning verbosity modalities audio \
            web_search_options usage",
        ids: |_| true,
        ..GENERIC
    },
    Vendor {
        name: "ollama",
        model: "qwen3:8b",
        fields: "max_tokens presence_penalty frequency_penalty seed logprobs top_logprobs stream_options response_format \
            reasoning_effort",
        choices: &["none", "auto"],
        ids: |_| true,
        ..GENERIC
    },
];

/// Rules that `body` breaks.
pub fn broken(vendor: &Vendor, body: &Value, own: &Value) -> Broken {
    let mut broken = Broken::default();
    let callers = own.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let known: Vec<_> =
        [COMMON, vendor.fields].into_iter().flat_map(str::split_whitespace).chain(callers).collect();
    broken.only(body, "body", &known);
    broken.unless(body["model"] == vendor.model, || format!("model {}", body["model"]));
    broken.range(&body["temperature"], "temperature", 0.0, vendor.temperature);
    broken.range(&body["top_p"], "top_p", 0.0, 1.0);
    broken.range(&body["presence_penalty"], "presence_penalty", -2.0, 2.0);
    broken.range(&body["frequency_penalty"], "frequency_penalty", -2.0, 2.0);
    broken.count(&body["max_tokens"], "max_tokens", 1);
    broken.count(&body["max_completion_tokens"], "max_completion_tokens", 1);
    broken.unless(body["max_tokens"].is_null() || body["max_completion_tokens"].is_null(), || {
        "two limits".into()
    });
    let stops = list(&body["stop"]).len() + usize::from(body["stop"].is_string());
    broken.unless(stops <= vendor.stops, || format!("{stops} stops"));
    broken.one_of(&body["response_format"]["type"], "response_format", vendor.formats);
    if body["response_format"]["type"] == "json_schema" {
        let schema = &body["response_format"]["json_schema"];
        broken.only(schema, "json_schema", &["name", "description", "schema", "strict"]);
        broken.name(&schema["name"], "json_schema.name", 64, "_-");
        broken.unless(schema["schema"].is_object(), || "json_schema.schema".into());
        strict(&mut broken, &schema["schema"], schema["strict"] == true);
    }
    broken
        .unless(body["stream"] == true || body["stream_options"].is_null(), || "stream_options alone".into());
    broken.unless(body["logprobs"] == true || body["top_logprobs"].is_null(), || "top_logprobs alone".into());
    tools(&mut broken, vendor, body);
    messages(&mut broken, vendor, list(&body["messages"]));
    broken
}

/// <https://platform.openai.com/docs/guides/structured-outputs#supported-schemas>, 2026-11.
pub fn strict(broken: &mut Broken, schema: &Value, is_strict: bool) {
    if is_strict {
        super::each_schema(schema, &mut |schema| {
            if schema["properties"].is_object() {
                let names = schema["properties"].as_object().unwrap().keys();
                let required: Vec<_> = list(&schema["required"]).iter().map(word).collect();
                broken.unless(schema["additionalProperties"] == false, || "strict and open".into());
                for name in names {
                    broken
                        .unless(required.contains(&name.as_str()), || format!("strict, {name} not required"));
                }
            }
        });
    }
}

fn tools(broken: &mut Broken, vendor: &Vendor, body: &Value) {
    let tools = list(&body["tools"]);
    broken.unless(body["tools"].is_null() || !tools.is_empty(), || "empty tools".into());
    broken.unless(!tools.is_empty() || body["tool_choice"].is_null(), || "tool_choice without tools".into());
    broken.unless(!tools.is_empty() || body["parallel_tool_calls"].is_null(), || {
        "parallel without tools".into()
    });
    let mut names = Vec::new();
    for (at, tool) in tools.iter().enumerate() {
        let place = format!("tools[{at}]");
        if tool["type"] != "function" {
            let is_own = (vendor.name, word(&tool["type"]));
            broken.unless(matches!(is_own, ("openai", "custom") | ("zhipu", "web_search")), || {
                format!("{place} {tool}")
            });
            continue;
        }
        broken.only(tool, &place, &["type", "function", "cache_control"]);
        let function = &tool["function"];
        broken.only(function, &place, &["name", "description", "parameters", "strict"]);
        broken.name(&function["name"], &place, 64, "_-");
        names.push(word(&function["name"]));
        if !function["parameters"].is_null() {
            broken.schema(&function["parameters"], &place);
        }
        strict(broken, &function["parameters"], function["strict"] == true);
    }
    broken.distinct(names.iter().copied(), "tools");
    match &body["tool_choice"] {
        Value::Null => {}
        Value::String(choice) => {
            broken.unless(vendor.choices.contains(&choice.as_str()), || format!("tool_choice {choice}"));
        }
        other => {
            let places = [&other["function"]["name"], &other["custom"]["name"]];
            let chosen = places.into_iter().find_map(Value::as_str).unwrap_or_default();
            broken.unless(
                names.contains(&chosen) || other["type"] == "allowed_tools" || other["type"] == "custom",
                || format!("{other}"),
            );
        }
    }
}

fn messages(broken: &mut Broken, vendor: &Vendor, messages: &[Value]) {
    broken.unless(!messages.is_empty(), || "no messages".into());
    let mut open: BTreeSet<&str> = BTreeSet::new();
    let mut before = "";
    for (at, message) in messages.iter().enumerate() {
        let place = format!("messages[{at}]");
        let role = word(&message["role"]);
        if role != "tool" {
            broken.unless(open.is_empty(), || format!("{place} comes before results of {open:?}"));
            open.clear();
        }
        match role {
            "system" => content(broken, &message["content"], &place, &["text"]),
            "developer" => {
                broken.unless(vendor.has_developer, || format!("{place} is a developer's"));
                content(broken, &message["content"], &place, &["text"]);
            }
            "user" => {
                broken.unless(vendor.user_after_tool || before != "tool", || format!("{place} after a tool"));
                let parts =
                    ["text", "image_url", "input_audio", "file", "video_url", "document_url", "file_url"];
                content(broken, &message["content"], &place, &parts);
            }
            "assistant" => {
                let calls = list(&message["tool_calls"]);
                broken.unless(message.get("tool_calls").is_none() || !calls.is_empty(), || {
                    format!("{place} calls")
                });
                for call in calls {
                    let id = word(&call["id"]);
                    broken.unless(!id.is_empty() && (vendor.ids)(id), || format!("{place} id {id:?}"));
                    broken.unless(open.insert(id), || format!("{place} has the id {id} twice"));
                    if call["type"] == "function" {
                        broken.name(&call["function"]["name"], &place, 64, "_-");
                        let arguments = word(&call["function"]["arguments"]);
                        let arguments: Value = serde_json::from_str(arguments).unwrap_or_default();
                        broken.unless(arguments.is_object(), || format!("{place} arguments {call}"));
                    }
                }
                let is_said =
                    !message["content"].is_null() || !calls.is_empty() || !message["refusal"].is_null();
                broken.unless(is_said || message["audio"].is_object(), || format!("{place} is empty"));
                if !message["content"].is_null() && calls.is_empty() {
                    content(broken, &message["content"], &place, &["text", "refusal", "thinking"]);
                }
            }
            "tool" => {
                let id = word(&message["tool_call_id"]);
                broken.unless(open.remove(id), || format!("{place} answers {id:?}, which nobody called"));
                broken.unless(!message["content"].is_null(), || format!("{place} has no content"));
            }
            other => broken.unless(false, || format!("{place} is of {other:?}")),
        }
        before = role;
    }
}

fn content(broken: &mut Broken, content: &Value, place: &str, kinds: &[&str]) {
    if content.is_string() {
        return;
    }
    broken.unless(!list(content).is_empty(), || format!("{place} has no content: {content}"));
    for part in list(content) {
        broken.one_of(&part["type"], place, kinds);
        match word(&part["type"]) {
            "text" => broken.text(&part["text"], place),
            "image_url" => {
                let url = if part["image_url"].is_string() {
                    &part["image_url"]
                } else {
                    &part["image_url"]["url"]
                };
                broken.url(url, place);
            }
            "input_audio" => broken.base64(&part["input_audio"]["data"], place),
            "file" if part["file"]["file_data"].is_string() => broken.url(&part["file"]["file_data"], place),
            _ => {}
        }
    }
}
