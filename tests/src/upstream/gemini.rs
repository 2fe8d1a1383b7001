//! Gemini's `generateContent`: calls without ids, and a signature on the first of them.

use serde_json::{Value, json};

use super::{SIGNATURE, Said};

pub(super) fn whole(said: &Said) -> Value {
    let mut parts = thought(said);
    if !said.text.is_empty() {
        parts.push(json!({ "text": said.text }));
    }
    parts.extend(calls(said));
    chunk(&parts, true)
}

pub(super) fn stream(said: &Said) -> Vec<Value> {
    let mut parts = thought(said);
    parts.extend(said.words().map(|word| json!({ "text": word })));
    parts.extend(calls(said));
    let last = parts.len().saturating_sub(1);
    parts.iter().enumerate().map(|(index, part)| chunk(std::slice::from_ref(part), index == last)).collect()
}

fn thought(said: &Said) -> Vec<Value> {
    if said.thought.is_empty() { Vec::new() } else { vec![json!({ "text": said.thought, "thought": true })] }
}

fn calls(said: &Said) -> Vec<Value> {
    let mut calls: Vec<Value> = said
        .calls
        .iter()
        .map(|call| json!({ "functionCall": { "name": call.name, "args": call.arguments } }))
        .collect();
    if let Some(first) = calls.first_mut().filter(|_| !said.thought.is_empty()) {
        first["thoughtSignature"] = SIGNATURE.into();
    }
    calls
}

fn chunk(parts: &[Value], is_last: bool) -> Value {
    let mut candidate = json!({ "content": { "role": "model", "parts": parts }, "index": 0 });
    if is_last {
        candidate["finishReason"] = "STOP".into();
    }
    json!({
        "candidates": [candidate], "modelVersion": "m-1", "responseId": "r-1",
        "usageMetadata": { "promptTokenCount": 11, "cachedContentTokenCount": 3, "candidatesTokenCount": 7, "totalTokenCount": 18 },
    })
}
