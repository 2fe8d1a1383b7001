//! Google's generateContent, its streams, and token counts (ai.google.dev/api/generate-content, 2026-07).

use serde_json::{Value, json};

use super::DemoRequest;
use super::ask::Ask;
use super::behaviour::Behaviour;
use super::fields::{Fields, Read, parse};
use super::play::{Content, Draft};
use super::reply::{Finish, Reply, reply};
use super::seed::Seed;
use super::tools::Call;

pub(super) mod read;
mod stream;

/// What every part of one answer says about it.
#[derive(Clone, Debug)]
struct Head {
    id: String,
    model: String,
    signature: String,
}

/// The answer to `generateContent`.
pub(super) fn generate(request: &DemoRequest<'_>, seed: &Seed) -> Read<Draft> {
    let (ask, behaviour, head) = prepare(request, seed)?;
    let reply = reply(&ask, &behaviour, seed);
    let mut parts: Vec<Value> = Vec::new();
    if !reply.thinking.is_empty() {
        parts.push(json!({ "text": reply.thinking, "thought": true }));
    }
    if !reply.text.is_empty() {
        parts.push(json!({ "text": reply.text }));
    }
    parts.extend(reply.calls.iter().map(call));
    if !reply.thinking.is_empty() && parts.len() > 1 {
        parts[1]["thoughtSignature"] = json!(head.signature);
    }
    let candidates = (0..ask.n).map(|index| candidate(index, &parts, Some(finish(&reply.finish))));
    let usage = usage(&reply, reply.thinking_tokens, reply.output_tokens - reply.thinking_tokens, ask.n);
    Ok(Draft::json(behaviour, &head.answer(&candidates.collect(), &usage)))
}

/// The answer to `streamGenerateContent`: server-sent events with `alt=sse`, else one JSON array.
pub(super) fn stream(request: &DemoRequest<'_>, seed: &Seed) -> Read<Draft> {
    let (ask, behaviour, head) = prepare(request, seed)?;
    let reply = reply(&ask, &behaviour, seed);
    let is_sse = request.query.unwrap_or_default().split('&').any(|pair| pair == "alt=sse");
    let stream = if is_sse { stream::events(head, reply, ask.n) } else { stream::array(head, reply, ask.n) };
    Ok(Draft { behaviour, content: Content::Stream(stream) })
}

/// The answer to `countTokens`.
pub(super) fn count(request: &DemoRequest<'_>) -> Read<Draft> {
    let body = parse(request.body)?;
    let fields = Fields::root(&body)?;
    let inner = fields.fields("generateContentRequest")?;
    let ask = read::conversation(&inner.unwrap_or(fields))?;
    let details = json!([{ "modality": "TEXT", "tokenCount": ask.input_tokens }]);
    let counted = json!({ "totalTokens": ask.input_tokens, "promptTokensDetails": details });
    Ok(Draft::json(Behaviour::read(request.model, &ask.prompt), &counted))
}

fn prepare(request: &DemoRequest<'_>, seed: &Seed) -> Read<(Ask, Behaviour, Head)> {
    let body = parse(request.body)?;
    let fields = Fields::root(&body)?;
    let mut ask = read::conversation(&fields)?;
    read::options(&mut ask, &fields)?;
    let behaviour = Behaviour::read(request.model, &ask.prompt);
    let head = Head { id: seed.id("", 0), model: request.model.to_owned(), signature: seed.id("demo", 0) };
    Ok((ask, behaviour, head))
}

fn call(call: &Call) -> Value {
    json!({ "functionCall": { "id": call.id, "name": call.name, "args": call.arguments } })
}

fn candidate(index: usize, parts: &[Value], finish: Option<&str>) -> Value {
    let mut candidate = json!({ "content": { "parts": parts, "role": "model" } });
    if let Some(finish) = finish {
        candidate["finishReason"] = json!(finish);
    }
    candidate["index"] = json!(index);
    candidate
}

impl Head {
    fn answer(&self, candidates: &Value, usage: &Value) -> Value {
        json!({
            "candidates": candidates,
            "usageMetadata": usage,
            "modelVersion": self.model,
            "responseId": self.id,
        })
    }
}

const fn finish(finish: &Finish) -> &'static str {
    match finish {
        Finish::Length => "MAX_TOKENS",
        _ => "STOP",
    }
}

/// The usage after so many tokens of thought and of text in each of `n` candidates.
fn usage(reply: &Reply, thoughts: u64, text: u64, n: usize) -> Value {
    let (thoughts, text) = (thoughts * n as u64, text * n as u64);
    let mut usage = json!({
        "promptTokenCount": reply.input_tokens,
        "candidatesTokenCount": text,
        "totalTokenCount": reply.input_tokens + thoughts + text,
        "promptTokensDetails": [{ "modality": "TEXT", "tokenCount": reply.input_tokens }],
    });
    if thoughts > 0 {
        usage["thoughtsTokenCount"] = json!(thoughts);
    }
    usage
}
