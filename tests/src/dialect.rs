//! The four languages that callers generate text in: how to ask, what providers answer, and what of it a caller understands.

mod answers;

use serde_json::{Value, json};

use crate::client::{Answer, Ask, Client};
use crate::fake::{Reply, Seen};

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `/v1/chat/completions`.
    Chat,
    /// `/v1/responses`.
    Responses,
    /// `/v1/messages`.
    Messages,
    /// `/v1beta/models/{model}:generateContent`.
    Gemini,
}

/// A server-sent event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its name; empty where it has none.
    pub name: String,
    /// Its data.
    pub data: String,
}

impl Event {
    /// Its data as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap_or_else(|error| panic!("{error}: {}", self.data))
    }
}

/// The events of a stream; fails the test where the stream ends within one.
pub fn events(stream: &str) -> Vec<Event> {
    let stream = stream.replace("\r\n", "\n");
    let Some(body) = stream.strip_suffix("\n\n") else {
        assert!(stream.is_empty(), "the stream ends within an event: {stream:?}");
        return Vec::new();
    };
    body.split("\n\n").filter_map(event).collect()
}

fn event(block: &str) -> Option<Event> {
    let values = |field: &str| {
        let lines = block.lines().filter_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        lines.map(|value| value.strip_prefix(' ').unwrap_or(value)).collect::<Vec<_>>().join("\n")
    };
    let data = values("data");
    (!data.is_empty()).then(|| Event { name: values("event"), data })
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Chat, Self::Responses, Self::Messages, Self::Gemini];

    /// The provider kind that speaks it.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Chat => "openai-compatible",
            Self::Responses => "openai",
            Self::Messages => "anthropic",
            Self::Gemini => "gemini",
        }
    }

    /// The name of its operation in the request log.
    pub const fn operation(self, stream: bool) -> &'static str {
        match self {
            Self::Chat => "chat.completions",
            Self::Responses => "responses",
            Self::Messages => "messages",
            Self::Gemini if stream => "streamGenerateContent",
            Self::Gemini => "generateContent",
        }
    }

    /// The path of a call.
    pub fn path(self, model: &str, stream: bool) -> String {
        match self {
            Self::Chat => "/v1/chat/completions".to_owned(),
            Self::Responses => "/v1/responses".to_owned(),
            Self::Messages => "/v1/messages".to_owned(),
            Self::Gemini if stream => format!("/v1beta/models/{model}:streamGenerateContent?alt=sse"),
            Self::Gemini => format!("/v1beta/models/{model}:generateContent"),
        }
    }

    /// The body of a call.
    pub fn request(self, model: &str, stream: bool) -> Value {
        let mut body = match self {
            Self::Chat => json!({ "model": model, "messages": [{ "role": "user", "content": "hi" }] }),
            Self::Responses => json!({ "model": model, "input": "hi" }),
            Self::Messages => {
                json!({ "model": model, "max_tokens": 64, "messages": [{ "role": "user", "content": "hi" }] })
            }
            Self::Gemini => return json!({ "contents": [{ "role": "user", "parts": [{ "text": "hi" }] }] }),
        };
        if stream {
            body["stream"] = true.into();
        }
        body
    }

    /// A call, with the credential where this language's clients put it.
    pub fn ask(self, client: &Client, key: &str, model: &str, stream: bool) -> Ask {
        let ask = client.post(&self.path(model, stream)).json(&self.request(model, stream));
        match self {
            Self::Chat | Self::Responses => ask.bearer(key),
            Self::Messages => ask.header("x-api-key", key).header("anthropic-version", "2023-06-01"),
            Self::Gemini => ask.header("x-goog-api-key", key),
        }
    }

    /// Which language a provider was asked in.
    pub fn of(seen: &Seen) -> Self {
        match seen.path() {
            path if path.ends_with("/responses") => Self::Responses,
            path if path.ends_with("/messages") => Self::Messages,
            path if path.contains("enerateContent") => Self::Gemini,
            _ => Self::Chat,
        }
    }

    /// A provider's good answer to what it was asked.
    pub fn answer(seen: &Seen, text: &str) -> Reply {
        let dialect = Self::of(seen);
        if seen.wants_stream() {
            Reply::events(dialect.stream(text))
        } else {
            Reply::json(200, &dialect.whole(text))
        }
    }

    /// A provider's whole answer.
    pub fn whole(self, text: &str) -> Value {
        match self {
            Self::Chat => json!({
                "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": "m-1",
                "choices": [{ "index": 0, "message": { "role": "assistant", "content": text }, "finish_reason": "stop" }],
                "usage": { "prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18 },
            }),
            Self::Responses => answers::response("completed", text),
            Self::Messages => json!({
                "id": "msg_1", "type": "message", "role": "assistant", "model": "m-1",
                "content": [{ "type": "text", "text": text }], "stop_reason": "end_turn", "stop_sequence": null,
                "usage": { "input_tokens": 11, "output_tokens": 7 },
            }),
            Self::Gemini => answers::gemini(text, Some("STOP")),
        }
    }

    /// A provider's stream, a word an event.
    pub fn stream(self, text: &str) -> Vec<String> {
        let words: Vec<&str> = text.split_inclusive(' ').collect();
        match self {
            Self::Chat => answers::chat_stream(&words),
            Self::Responses => answers::responses_stream(&words, text),
            Self::Messages => answers::messages_stream(&words),
            Self::Gemini => answers::gemini_stream(&words),
        }
    }

    /// How many of the events of [`Self::stream`] say nothing that a caller could use.
    pub const fn silent_events(self) -> usize {
        match self {
            Self::Gemini => 0,
            Self::Chat => 1,
            Self::Responses | Self::Messages => 2,
        }
    }

    /// The text that a caller reads off an answer, whole or streamed.
    pub fn text(self, answer: &Answer) -> String {
        if answer.header("content-type").starts_with("text/event-stream") {
            return events(answer.text()).iter().map(|event| self.delta(event)).collect();
        }
        let body = answer.json();
        let text = match self {
            Self::Chat => &body["choices"][0]["message"]["content"],
            Self::Responses => &body["output"][0]["content"][0]["text"],
            Self::Messages => &body["content"][0]["text"],
            Self::Gemini => &body["candidates"][0]["content"]["parts"][0]["text"],
        };
        text.as_str().unwrap_or_default().to_owned()
    }

    fn delta(self, event: &Event) -> String {
        if event.data == "[DONE]" {
            return String::new();
        }
        let data = event.json();
        let text = match self {
            Self::Chat => &data["choices"][0]["delta"]["content"],
            Self::Responses if data["type"] != "response.output_text.delta" => &Value::Null,
            Self::Responses => &data["delta"],
            Self::Messages => &data["delta"]["text"],
            Self::Gemini => &data["candidates"][0]["content"]["parts"][0]["text"],
        };
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Whether a stream ended as its language says a whole answer ends.
    pub fn ended_well(self, stream: &str) -> bool {
        let events = events(stream);
        let Some(last) = events.last() else { return false };
        match self {
            Self::Chat => last.data == "[DONE]",
            Self::Responses => last.name == "response.completed",
            Self::Messages => last.name == "message_stop",
            Self::Gemini => last.json()["candidates"][0]["finishReason"] == "STOP",
        }
    }

    /// The message of the error event that a stream ends with; none where it ends otherwise.
    pub fn error_event(self, stream: &str) -> Option<String> {
        let last = events(stream).pop().filter(|last| last.data != "[DONE]")?;
        let data = last.json();
        let (told, message) = match self {
            Self::Chat => {
                (last.name.is_empty() && data["error"]["type"].is_string(), &data["error"]["message"])
            }
            Self::Responses => (last.name == "error" && data["type"] == "error", &data["message"]),
            Self::Messages => (last.name == "error" && data["type"] == "error", &data["error"]["message"]),
            Self::Gemini => (
                data["error"]["code"].is_u64() && data["error"]["status"].is_string(),
                &data["error"]["message"],
            ),
        };
        told.then(|| message.as_str().expect("an error has a message").to_owned())
    }

    /// Fails the test unless `answer` is an error of `status` as this language's SDKs expect it.
    #[track_caller]
    pub fn assert_error(self, answer: &Answer, status: u16, kind: &str) {
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "application/json");
        let body = answer.json();
        let told = match self {
            Self::Chat | Self::Responses => &body["error"]["type"],
            Self::Messages => {
                assert_eq!(body["type"], "error", "{body}");
                &body["error"]["type"]
            }
            Self::Gemini => {
                assert_eq!(body["error"]["code"], status, "{body}");
                &body["error"]["status"]
            }
        };
        assert_eq!(told, kind, "{body}");
        assert!(body["error"]["message"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
    }

    /// What this language calls an error of `status`.
    pub fn error_kind(self, status: u16) -> &'static str {
        let kinds = match status {
            400 => ["invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT"],
            401 => ["authentication_error", "authentication_error", "UNAUTHENTICATED"],
            403 => ["permission_error", "permission_error", "PERMISSION_DENIED"],
            404 => ["invalid_request_error", "not_found_error", "NOT_FOUND"],
            413 => ["invalid_request_error", "request_too_large", "INVALID_ARGUMENT"],
            429 => ["rate_limit_error", "rate_limit_error", "RESOURCE_EXHAUSTED"],
            502 => ["server_error", "api_error", "UNAVAILABLE"],
            503 => ["server_error", "overloaded_error", "UNAVAILABLE"],
            504 => ["timeout_error", "timeout_error", "DEADLINE_EXCEEDED"],
            other => panic!("no test expects {other}"),
        };
        match self {
            Self::Chat | Self::Responses => kinds[0],
            Self::Messages => kinds[1],
            Self::Gemini => kinds[2],
        }
    }
}
