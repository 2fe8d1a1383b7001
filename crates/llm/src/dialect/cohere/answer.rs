//! Whole answers, and what streams share with them.
//!
//! Source: <https://docs.cohere.com/reference/chat>, 2026-11.

use roundhouse_domain::TokenUsage;
use serde_json::{Value, json};

use crate::dialect::Dialect;
use crate::generation::{Answer, Choice, Citation, Finish, Native, Part, Text, Thought, ToolCall, Usage};
use crate::{UpstreamError, errors, number};

/// Reads the answer of `POST /v2/chat`.
pub(crate) fn read_answer(body: &[u8]) -> Result<Answer, UpstreamError> {
    let mut document: Value =
        serde_json::from_slice(body).map_err(|_| errors::read_error(200, None, body))?;
    let mut message = taken(&mut document, "message");
    if !message.is_object() {
        return Err(errors::read_error(200, None, body));
    }
    let reason = document["finish_reason"].as_str();
    if let Some(error) = reason.and_then(|reason| failure(reason, None)) {
        return Err(error);
    }
    let parts = parts(&mut message);
    let has_calls = parts.iter().any(|part| matches!(part, Part::ToolCall(_)));
    let choice = Choice {
        parts,
        finish: reason.map(|reason| finish(reason, has_calls)),
        logprobs: logprobs(&document["logprobs"]),
    };
    Ok(Answer {
        id: document["id"].as_str().map(str::to_owned),
        choices: vec![choice],
        usage: usage(&document["usage"]),
        ..Answer::default()
    })
}

/// Why it ended.
pub(super) fn finish(reason: &str, has_calls: bool) -> Finish {
    match reason {
        "COMPLETE" if has_calls => Finish::ToolCalls,
        "COMPLETE" => Finish::Stop,
        "STOP_SEQUENCE" => Finish::StopSequence(None),
        "MAX_TOKENS" => Finish::Length,
        "TOOL_CALL" => Finish::ToolCalls,
        "ERROR_TOXIC" => Finish::ContentFilter,
        "ERROR_LIMIT" => Finish::ContextFull,
        other => Finish::Other(other.to_ascii_lowercase()),
    }
}

/// The error that a reason to end is, in Cohere's words where there are any.
pub(super) fn failure(reason: &str, words: Option<&str>) -> Option<UpstreamError> {
    let (status, usual) = match reason {
        "ERROR" => (500, "the provider failed while it answered"),
        "TIMEOUT" => (504, "the provider took too long to answer"),
        _ => return None,
    };
    Some(UpstreamError {
        status: Some(status),
        message: words.filter(|words| !words.is_empty()).unwrap_or(usual).to_owned(),
        code: None,
        kind: Some(reason.to_owned()),
    })
}

/// The counts of what the model read and wrote, which is more than Cohere bills.
pub(super) fn usage(told: &Value) -> Option<Usage> {
    let counts = [&told["tokens"], &told["billed_units"]].into_iter().find(|counts| counts.is_object())?;
    Some(Usage {
        tokens: TokenUsage {
            input: count(&counts["input_tokens"]),
            output: count(&counts["output_tokens"]),
            cached: count(&told["cached_tokens"]),
            ..TokenUsage::default()
        },
        ..Usage::default()
    })
}

/// Where a text is from, once for each source.
pub(super) fn citations(cited: &Value) -> Vec<Citation> {
    let place = |name: &str| cited[name].as_u64();
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let sources = cited["sources"].as_array().map_or(&[][..], Vec::as_slice);
    let mut citations: Vec<_> = sources
        .iter()
        .map(|source| {
            let (document, output) = (&source["document"], &source["tool_output"]);
            let told = |name: &str| text(&document[name]).or_else(|| text(&output[name]));
            Citation {
                url: told("url"),
                title: told("title"),
                quote: told("snippet").or_else(|| told("text")).or_else(|| told("content")),
                start: place("start"),
                end: place("end"),
                native: None,
            }
        })
        .collect();
    if citations.is_empty() {
        citations.push(Citation { start: place("start"), end: place("end"), ..Citation::default() });
    }
    // All of it stands beside the first one.
    citations[0].native = Some(Native { dialect: Dialect::Cohere, value: cited.clone() });
    citations
}

/// Whether a citation is of the answer's text, and not of a plan or a thought.
pub(super) fn is_of_text(cited: &Value) -> bool {
    cited.is_object() && cited["type"].as_str().is_none_or(|kind| kind == "TEXT_CONTENT")
}

/// The probabilities in OpenAI's form, a piece of text as a token.
pub(super) fn logprobs(told: &Value) -> Option<Value> {
    let items = told.as_array()?.iter().filter_map(logprob).collect::<Vec<_>>();
    (!items.is_empty()).then(|| json!({ "content": items }))
}

/// One of them.
pub(super) fn logprob(item: &Value) -> Option<Value> {
    let text = item["text"].as_str()?;
    let sum: f64 = item["logprobs"].as_array()?.iter().filter_map(Value::as_f64).sum();
    Some(json!({ "token": text, "logprob": sum, "bytes": text.as_bytes(), "top_logprobs": [] }))
}

fn count(value: &Value) -> u64 {
    number::count(value).unwrap_or_default()
}

/// Takes a member out; null where there is none.
fn taken(value: &mut Value, name: &str) -> Value {
    value.get_mut(name).map(Value::take).unwrap_or_default()
}

fn member(value: &mut Value, name: &str) -> Option<String> {
    match taken(value, name) {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

fn list(value: &mut Value, name: &str) -> Vec<Value> {
    match taken(value, name) {
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}

/// Thoughts and text, the plan, then calls: as a stream has them.
fn parts(message: &mut Value) -> Vec<Part> {
    let mut parts = Vec::new();
    let cited = list(message, "citations");
    for (index, mut block) in list(message, "content").into_iter().enumerate() {
        if let Some(text) = member(&mut block, "thinking") {
            parts.push(Part::Thought(Thought { text, ..Thought::default() }));
        } else if let Some(text) = member(&mut block, "text") {
            let own = cited.iter().filter(|cited| is_of_text(cited) && is_at(cited, index));
            let citations = own.flat_map(citations).collect();
            parts.push(Part::Text(Text { text, citations, ..Text::default() }));
        }
    }
    if let Some(text) = member(message, "tool_plan") {
        parts.push(Part::Thought(Thought { text, ..Thought::default() }));
    }
    parts.extend(list(message, "tool_calls").into_iter().map(tool_call).map(Part::ToolCall));
    parts
}

/// Whether a citation belongs to the block of that number; older models do not tell, and have one block.
fn is_at(cited: &Value, index: usize) -> bool {
    cited["content_index"].as_u64().is_none_or(|told| told == index as u64)
}

fn tool_call(mut call: Value) -> ToolCall {
    let mut function = taken(&mut call, "function");
    ToolCall {
        id: member(&mut call, "id").unwrap_or_default(),
        name: member(&mut function, "name").unwrap_or_default(),
        arguments: member(&mut function, "arguments").unwrap_or_else(|| "{}".to_owned()),
        ..ToolCall::default()
    }
}
