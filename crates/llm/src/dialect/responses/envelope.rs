//! The response object around the output.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses/object>, 2026-11.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::wire::Status;
use crate::convert::Asked;
use crate::generation::{Finish, Usage};

/// The caller's fields that an answer repeats, each with what stands there where the caller said nothing.
///
/// The one default that is not the provider's is `store`: nothing is, unless the caller says so.
const ECHOED: [(&str, &str); 22] = [
    ("background", "false"),
    ("conversation", ""),
    ("instructions", "null"),
    ("max_output_tokens", "null"),
    ("max_tool_calls", "null"),
    ("metadata", "{}"),
    ("parallel_tool_calls", "true"),
    ("previous_response_id", "null"),
    ("prompt", ""),
    ("prompt_cache_key", "null"),
    ("prompt_cache_retention", ""),
    ("reasoning", r#"{"effort":null,"summary":null}"#),
    ("safety_identifier", "null"),
    ("store", "false"),
    ("temperature", "1.0"),
    ("text", r#"{"format":{"type":"text"}}"#),
    ("tool_choice", r#""auto""#),
    ("tools", "[]"),
    ("top_p", "1.0"),
    ("truncation", r#""disabled""#),
    ("user", "null"),
    ("top_logprobs", "0"),
];

/// The caller's fields that an answer repeats, as [`Asked::echo`] keeps them: those that were told.
pub(crate) fn echo(body: &Value) -> Map<String, Value> {
    let told = |name: &str| body.get(name).filter(|value| !value.is_null()).cloned();
    let mut echo: Map<_, _> =
        ECHOED.iter().filter_map(|(name, _)| Some(((*name).to_owned(), told(name)?))).collect();
    if let Some(Value::Object(text)) = echo.get_mut("text") {
        text.entry("format").or_insert_with(|| json!({ "type": "text" }));
    }
    echo
}

/// What every object of one response says.
#[derive(Debug)]
pub(super) struct Envelope {
    /// The response's id.
    pub(super) id: String,
    created: i64,
    model: String,
    /// The fields that are repeated, without braces.
    echo: Vec<u8>,
}

impl Envelope {
    /// The envelope of an answer that the provider calls `id`.
    pub(super) fn new(asked: &Asked, id: Option<&str>, created: Option<i64>) -> Self {
        let own = id.filter(|id| id.starts_with("resp_"));
        Self {
            id: own.map_or_else(|| format!("resp_{}", asked.id), str::to_owned),
            created: created.unwrap_or(asked.created),
            model: asked.model.clone(),
            echo: repeated(&asked.echo),
        }
    }

    /// Writes the response object; `items` is the output without brackets.
    pub(super) fn write(&self, state: &State<'_>, items: &[u8], out: &mut Vec<u8>) {
        let head = Head {
            id: &self.id,
            object: "response",
            created_at: self.created,
            status: state.status,
            error: state.error.as_ref(),
            incomplete_details: state.reason.map(|reason| Reason { reason }),
            model: &self.model,
            usage: state.usage.map(written),
            service_tier: state.service_tier.unwrap_or("default"),
        };
        let start = out.len();
        // A struct with text keys always has a JSON form, and a vector takes all of it.
        if serde_json::to_writer(&mut *out, &head).is_err() {
            out.truncate(start);
            return;
        }
        out.pop();
        out.extend_from_slice(b",\"output\":[");
        out.extend_from_slice(items);
        out.push(b']');
        out.push(b',');
        out.extend_from_slice(&self.echo);
        out.push(b'}');
    }
}

/// The fields that are repeated, without braces.
fn repeated(told: &Map<String, Value>) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    for (name, default) in ECHOED {
        let value = told.get(name);
        if value.is_none() && default.is_empty() {
            continue;
        }
        out.extend_from_slice(if out.is_empty() { b"\"" } else { b",\"" });
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        match value {
            // A value that is there has a JSON form, and a vector takes all of it.
            Some(value) => drop(serde_json::to_writer(&mut out, value)),
            None => out.extend_from_slice(default.as_bytes()),
        }
    }
    out
}

/// How far a response has come.
#[derive(Debug, Default)]
pub(super) struct State<'a> {
    /// `in_progress`, `completed`, `incomplete` or `failed`.
    pub(super) status: &'a str,
    /// Why it is incomplete.
    pub(super) reason: Option<&'a str>,
    /// Why it failed.
    pub(super) error: Option<Value>,
    /// What it took.
    pub(super) usage: Option<Usage>,
    /// The tier that served it.
    pub(super) service_tier: Option<&'a str>,
}

impl<'a> State<'a> {
    /// The state of an answer that has ended; `is_refused` where it holds a refusal in words.
    pub(super) fn ended(finish: Option<&'a Finish>, is_refused: bool) -> Self {
        let reason = match finish {
            Some(Finish::Length | Finish::ContextFull) => Some("max_output_tokens"),
            Some(Finish::ContentFilter) => Some("content_filter"),
            Some(Finish::Refusal) if !is_refused => Some("content_filter"),
            Some(Finish::Other(reason)) => Some(reason.as_str()),
            _ => None,
        };
        Self { status: if reason.is_some() { "incomplete" } else { "completed" }, reason, ..Self::default() }
    }

    /// How the last item of such an answer ended.
    pub(super) fn of_item(&self) -> Status {
        if self.reason.is_some() { Status::Incomplete } else { Status::Completed }
    }
}

#[derive(Serialize)]
struct Head<'a> {
    id: &'a str,
    object: &'static str,
    created_at: i64,
    status: &'a str,
    error: Option<&'a Value>,
    incomplete_details: Option<Reason<'a>>,
    model: &'a str,
    usage: Option<WrittenUsage>,
    service_tier: &'a str,
}

#[derive(Serialize)]
struct Reason<'a> {
    reason: &'a str,
}

#[derive(Serialize)]
struct WrittenUsage {
    input_tokens: u64,
    input_tokens_details: InputDetails,
    output_tokens: u64,
    output_tokens_details: OutputDetails,
    total_tokens: u64,
}

#[derive(Serialize)]
struct InputDetails {
    cached_tokens: u64,
    cache_write_tokens: u64,
}

#[derive(Serialize)]
struct OutputDetails {
    reasoning_tokens: u64,
}

fn written(usage: Usage) -> WrittenUsage {
    let tokens = usage.tokens;
    WrittenUsage {
        input_tokens: tokens.input,
        input_tokens_details: InputDetails {
            cached_tokens: tokens.cached,
            cache_write_tokens: tokens.cache_write,
        },
        output_tokens: tokens.output,
        output_tokens_details: OutputDetails { reasoning_tokens: tokens.reasoning },
        total_tokens: tokens.total(),
    }
}
