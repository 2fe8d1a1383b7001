use std::time::Duration;

use serde_json::{Value, json};

use super::*;

mod behaviours;
mod bodies;
mod chat;
mod gemini;
mod messages;
mod others;
mod responses;
mod robust;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// What came of an answer once all its steps were played without waiting.
struct Played {
    status: u16,
    headers: Vec<(&'static str, String)>,
    head_after: Duration,
    waits: Vec<Duration>,
    text: String,
    bytes: Vec<u8>,
    was_cut: bool,
}

fn play(answer: DemoAnswer) -> Played {
    let DemoAnswer { head_after, status, headers, steps, .. } = answer;
    let (mut waits, mut bytes, mut was_cut) = (Vec::new(), Vec::new(), false);
    for step in steps {
        match step {
            Step::Wait(time) => waits.push(time),
            Step::Send(sent) => bytes.extend(sent),
            Step::Cut => was_cut = true,
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Played { status, headers, head_after, waits, text, bytes, was_cut }
}

fn ask(operation: Operation, model: &str, body: &Value) -> Played {
    let body = body.to_string();
    play(answer(&request(operation, model, body.as_bytes())))
}

fn request<'a>(operation: Operation, model: &'a str, body: &'a [u8]) -> DemoRequest<'a> {
    DemoRequest { operation, model, query: None, body, content_type: Some("application/json"), now: NOW }
}

impl Played {
    /// The JSON of a successful answer.
    fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        assert!(!self.was_cut);
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// The data of every server-sent event, checked to bear the name of its type where it has a name.
    fn events(&self) -> Vec<Value> {
        assert_eq!(self.status, 200, "{}", self.text);
        let text = self.text.replace("\r\n", "\n");
        let mut events = Vec::new();
        for event in text.split("\n\n").filter(|event| !event.is_empty()) {
            let mut name = None;
            for line in event.lines() {
                if let Some(data) = line.strip_prefix("data: ") {
                    let data = if data == "[DONE]" {
                        json!("[DONE]")
                    } else {
                        serde_json::from_str(data).expect(data)
                    };
                    assert!(name.is_none_or(|name| data["type"] == name), "{event}");
                    events.push(data);
                } else {
                    name = Some(line.strip_prefix("event: ").expect(line));
                }
            }
        }
        events
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }
}

/// The names of `events`, equal neighbours as one.
fn types(events: &[Value]) -> Vec<String> {
    let mut types: Vec<String> =
        events.iter().map(|event| event["type"].as_str().unwrap_or("?").to_owned()).collect();
    types.dedup();
    types
}

/// A tool's schema with something of everything.
fn weather_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "city": { "type": "string", "minLength": 2 },
            "days": { "type": "integer", "minimum": 1, "maximum": 7 },
            "unit": { "enum": ["celsius", "fahrenheit"] },
            "hours": { "type": "array", "items": { "type": "integer" }, "minItems": 2 },
            "place": { "type": "object", "properties": { "latitude": { "type": "number", "minimum": 40 } }, "required": ["latitude"] },
            "note": { "type": "string" },
        },
        "required": ["city", "days", "unit", "hours", "place"],
        "additionalProperties": false,
    })
}

fn assert_fits(schema: &Value, value: &Value) {
    let validator = jsonschema::validator_for(schema).expect("a schema");
    assert!(validator.is_valid(value), "{value} does not fit {schema}");
}

/// A request of every operation that makes sense, with `text` where a prompt goes; forms apart.
fn sensible(operation: Operation, text: &str) -> Option<Value> {
    Some(match operation {
        Operation::ChatCompletions | Operation::CountTokens => {
            json!({ "messages": [{ "role": "user", "content": text }] })
        }
        Operation::Messages => {
            json!({ "max_tokens": 1000, "messages": [{ "role": "user", "content": text }] })
        }
        Operation::Completions | Operation::ImagesGenerations => json!({ "prompt": text }),
        Operation::Responses | Operation::Embeddings | Operation::Moderations => json!({ "input": text }),
        Operation::Speech => json!({ "input": text, "voice": "alloy" }),
        Operation::Rerank => json!({ "query": text, "documents": ["one", "two"] }),
        Operation::GenerateContent | Operation::StreamGenerateContent | Operation::GeminiCountTokens => {
            json!({ "contents": [{ "role": "user", "parts": [{ "text": text }] }] })
        }
        Operation::EmbedContent => json!({ "content": { "parts": [{ "text": text }] } }),
        Operation::BatchEmbedContents => {
            json!({ "requests": [{ "content": { "parts": [{ "text": text }] } }] })
        }
        Operation::ImagesEdits | Operation::Transcriptions | Operation::Translations => return None,
    })
}

const ALL: [Operation; 18] = [
    Operation::ChatCompletions,
    Operation::Completions,
    Operation::Responses,
    Operation::Messages,
    Operation::CountTokens,
    Operation::Embeddings,
    Operation::Rerank,
    Operation::Moderations,
    Operation::ImagesGenerations,
    Operation::ImagesEdits,
    Operation::Speech,
    Operation::Transcriptions,
    Operation::Translations,
    Operation::GenerateContent,
    Operation::StreamGenerateContent,
    Operation::GeminiCountTokens,
    Operation::EmbedContent,
    Operation::BatchEmbedContents,
];

/// A form with the fields of every operation that takes one.
fn form(prompt: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let field = |(name, value): &(&str, &str)| {
        format!("--XyZ\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = |name: &str| {
        let disposition = format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"a.wav\"");
        format!("--XyZ\r\n{disposition}\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n")
    };
    let fields = [("model", "demo"), ("prompt", prompt)];
    let fields: String = fields.iter().chain(more).map(field).collect();
    (fields + &file("file") + &file("image[]") + "--XyZ--\r\n").into_bytes()
}

fn send_form(operation: Operation, model: &str, body: &[u8]) -> Played {
    let content_type = Some("multipart/form-data; boundary=XyZ");
    play(answer(&DemoRequest { content_type, ..request(operation, model, body) }))
}
