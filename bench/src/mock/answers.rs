//! The mock's answers, built once.

use serde_json::{Value, json};

use crate::stamp;

/// Events in [`Answers::closing`]: finish reason, usage and `[DONE]`.
pub(super) const CLOSING_EVENTS: u64 = 3;

/// What the mock has served.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Requests of any kind.
    pub(super) requests: u64,
    /// Those whose credential was refused.
    pub(super) rejected: u64,
    /// Streams begun.
    pub(super) streams: u64,
    /// Events sent.
    pub(super) events: u64,
}

impl Counts {
    /// The counts as an answer.
    pub(super) fn answer(&self) -> Vec<u8> {
        let Self { requests, rejected, streams, events } = self;
        let body =
            json!({ "requests": requests, "rejected": rejected, "streams": streams, "events": events });
        whole("200 OK", &body.to_string())
    }
}

/// Answers as bytes, heads and chunk sizes included.
#[derive(Debug)]
pub(super) struct Answers {
    /// A chat completion of about 1 KB.
    pub(super) completion: Vec<u8>,
    /// A list of one model.
    pub(super) models: Vec<u8>,
    /// 401.
    pub(super) rejection: Vec<u8>,
    /// 404.
    pub(super) unknown: Vec<u8>,
    /// A stream's head and its first event, which names the role.
    pub(super) opening: Vec<u8>,
    /// A stream's last three events and its end.
    pub(super) closing: Vec<u8>,
    content: Vec<u8>,
    stamp_at: usize,
}

impl Answers {
    /// Builds them.
    pub(super) fn new() -> Self {
        let content = chunk(&delta(&json!({ "content": stamp::EMPTY }), &Value::Null));
        let stamp_at = stamp::find(&content).unwrap_or_default();
        let opening =
            [STREAM_HEAD, &chunk(&delta(&json!({ "role": "assistant", "content": "" }), &Value::Null))];
        let finish = chunk(&delta(&json!({}), &json!("stop")));
        let closing = [&finish, &chunk(&usage_event()), &chunk("[DONE]"), b"0\r\n\r\n".as_slice()];
        Self {
            completion: whole("200 OK", &completion()),
            models: whole(
                "200 OK",
                r#"{"object":"list","data":[{"id":"mock","object":"model","owned_by":"mock"}]}"#,
            ),
            rejection: whole("401 Unauthorized", &error("Incorrect API key provided.", "invalid_api_key")),
            unknown: whole("404 Not Found", &error("Unknown request URL.", "unknown_url")),
            opening: opening.concat(),
            closing: closing.concat(),
            content,
            stamp_at,
        }
    }

    /// An event with content, marked with the time it was due.
    pub(super) fn content(&mut self, due_ns: u64) -> &[u8] {
        stamp::write(&mut self.content[self.stamp_at..], due_ns);
        &self.content
    }
}

const STREAM_HEAD: &[u8] =
    b"HTTP/1.1 200 OK\r\nserver: mock\r\ncontent-type: text/event-stream; charset=utf-8\r\n\
cache-control: no-cache\r\nx-request-id: req_0123456789abcdef\r\ntransfer-encoding: chunked\r\n\r\n";

fn whole(status: &str, body: &str) -> Vec<u8> {
    let headers = "server: mock\r\ncontent-type: application/json\r\nx-request-id: req_0123456789abcdef";
    format!("HTTP/1.1 {status}\r\n{headers}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn chunk(data: &str) -> Vec<u8> {
    let event = format!("data: {data}\n\n");
    format!("{:x}\r\n{event}\r\n", event.len()).into_bytes()
}

fn completion() -> String {
    let text = "The quick brown fox jumps over the lazy dog. ".repeat(12);
    json!({
        "id": "chatcmpl-mock0123456789", "object": "chat.completion", "created": 1_700_000_000, "model": "mock",
        "choices": [{
            "index": 0, "message": { "role": "assistant", "content": text.trim_end(), "refusal": null, "annotations": [] },
            "logprobs": null, "finish_reason": "stop"
        }],
        "usage": usage(), "service_tier": "default", "system_fingerprint": "fp_mock"
    })
    .to_string()
}

fn delta(delta: &Value, finish_reason: &Value) -> String {
    event(
        &json!([{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish_reason }]),
        &Value::Null,
    )
}

fn usage_event() -> String {
    event(&json!([]), &usage())
}

fn event(choices: &Value, usage: &Value) -> String {
    json!({
        "id": "chatcmpl-mock0123456789", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "mock",
        "service_tier": "default", "system_fingerprint": "fp_mock", "choices": choices, "usage": usage
    })
    .to_string()
}

fn usage() -> Value {
    json!({
        "prompt_tokens": 200, "completion_tokens": 120, "total_tokens": 320,
        "prompt_tokens_details": { "cached_tokens": 0, "audio_tokens": 0 },
        "completion_tokens_details": { "reasoning_tokens": 0, "audio_tokens": 0 }
    })
}

fn error(message: &str, code: &str) -> String {
    json!({ "error": { "message": message, "type": "invalid_request_error", "param": null, "code": code } })
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_the_promised_sizes() {
        let mut answers = Answers::new();
        assert!((900..1_300).contains(&answers.completion.len()), "{}", answers.completion.len());
        let event = answers.content(123_456_789_000);
        assert!((200..300).contains(&event.len()), "{}", event.len());
        assert_eq!(stamp::read(event), Some(123_456_789_000));
    }
}
