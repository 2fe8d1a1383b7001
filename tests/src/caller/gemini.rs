//! Gemini's `generateContent`.

use serde_json::{Value, json};

use super::{Heard, list, push, text};
use crate::upstream::Call;

pub(super) fn show(question: &mut Value, image: &str) {
    let part = match image.strip_prefix("data:").and_then(|data| data.split_once(";base64,")) {
        Some((mime, data)) => json!({ "inlineData": { "mimeType": mime, "data": data } }),
        None => json!({ "fileData": { "mimeType": "image/png", "fileUri": image } }),
    };
    push(&mut question["contents"][0]["parts"], part);
}

pub(super) fn go_on(question: &mut Value, whole: &Value, results: &[(&Call, &str)]) {
    push(&mut question["contents"], whole["candidates"][0]["content"].clone());
    let results = results.iter().map(|(call, result)| {
        let mut response = json!({ "name": call.name, "response": { "result": result } });
        if !call.id.is_empty() {
            response["id"] = call.id.as_str().into();
        }
        json!({ "functionResponse": response })
    });
    push(&mut question["contents"], json!({ "role": "user", "parts": results.collect::<Value>() }));
}

pub(super) fn hear(whole: &Value) -> Heard {
    let candidate = &whole["candidates"][0];
    let mut heard = Heard { finish: text(&candidate["finishReason"]).to_owned(), ..Heard::default() };
    for part in list(&candidate["content"]["parts"]) {
        if part["thought"] == true {
            heard.thought.push_str(text(&part["text"]));
        } else if let Some(call) = part.get("functionCall") {
            heard.calls.push(Call {
                id: text(&call["id"]).to_owned(),
                name: text(&call["name"]).to_owned(),
                arguments: call["args"].clone(),
            });
        } else {
            heard.text.push_str(text(&part["text"]));
        }
    }
    let usage = |name: &str| whole["usageMetadata"][name].as_u64().unwrap_or_default();
    heard.usage = (
        usage("promptTokenCount"),
        usage("candidatesTokenCount") + usage("thoughtsTokenCount"),
        usage("cachedContentTokenCount"),
    );
    heard
}

/// All parts of all chunks; the last chunk says why it ended.
pub(super) fn join(chunks: &[Value]) -> Value {
    let parts = chunks.iter().flat_map(|chunk| list(&chunk["candidates"][0]["content"]["parts"]));
    let parts: Value = parts.cloned().collect();
    let mut whole = chunks.last().expect("chunks").clone();
    whole["candidates"][0]["content"] = json!({ "role": "model", "parts": parts });
    whole
}
