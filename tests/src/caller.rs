//! Clients of every protocol: how each asks, hears, and goes on with what it heard, as the official SDKs do.

mod chat;
mod gemini;
mod messages;
mod responses;

use serde_json::{Value, json};

use crate::client::{Answer, Ask, Client};
use crate::house::KEY;
use crate::upstream::Call;

/// A client's protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Chat completions.
    Chat,
    /// Legacy completions.
    Completions,
    /// Responses.
    Responses,
    /// Messages.
    Messages,
    /// `generateContent`, streamed as server-sent events.
    Gemini,
    /// `generateContent`, streamed as one JSON array.
    GeminiArray,
}

/// What an answer told its caller.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// All text, joined.
    pub text: String,
    /// All thoughts, joined.
    pub thought: String,
    /// What it calls.
    pub calls: Vec<Call>,
    /// Why it ended, in the protocol's own word.
    pub finish: String,
    /// Input with what was cached, output, and what was cached.
    pub usage: (u64, u64, u64),
}

/// A tool that tests offer; it takes `city`, a text.
pub fn weather_schema() -> Value {
    json!({ "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"] })
}

impl Caller {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Chat, Self::Completions, Self::Responses, Self::Messages, Self::Gemini, Self::GeminiArray];

    /// Those that can call tools and see images.
    pub const RICH: [Self; 5] =
        [Self::Chat, Self::Responses, Self::Messages, Self::Gemini, Self::GeminiArray];

    /// A question.
    pub fn question(self, model: &str, text: &str) -> Value {
        match self {
            Self::Chat => json!({ "model": model, "messages": [{ "role": "user", "content": text }] }),
            Self::Completions => json!({ "model": model, "prompt": text, "max_tokens": 64 }),
            Self::Responses => {
                json!({ "model": model, "input": [{ "role": "user", "content": text }], "store": false })
            }
            Self::Messages => {
                json!({ "model": model, "max_tokens": 4_096, "messages": [{ "role": "user", "content": text }] })
            }
            Self::Gemini | Self::GeminiArray => {
                json!({ "contents": [{ "role": "user", "parts": [{ "text": text }] }] })
            }
        }
    }

    /// A question about an image.
    pub fn question_about(self, model: &str, text: &str, image: &str) -> Value {
        let mut question = self.question(model, text);
        match self {
            Self::Chat => chat::show(&mut question, text, image),
            Self::Responses => responses::show(&mut question, text, image),
            Self::Messages => messages::show(&mut question, text, image),
            Self::Gemini | Self::GeminiArray => gemini::show(&mut question, image),
            Self::Completions => panic!("completions see nothing"),
        }
        question
    }

    /// Offers functions that take a city.
    pub fn offer(self, question: &mut Value, names: &[&str]) {
        let tools = names.iter().map(|name| match self {
            Self::Chat => {
                json!({ "type": "function", "function": { "name": name, "parameters": weather_schema() } })
            }
            Self::Responses => {
                json!({ "type": "function", "name": name, "parameters": weather_schema(), "strict": false })
            }
            Self::Messages => json!({ "name": name, "input_schema": weather_schema() }),
            _ => json!({ "name": name, "parametersJsonSchema": weather_schema() }),
        });
        let tools: Value = tools.collect();
        question["tools"] = if self.is_gemini() { json!([{ "functionDeclarations": tools }]) } else { tools };
    }

    /// Asks for JSON of a schema.
    pub fn want(self, question: &mut Value, schema: &Value) {
        match self {
            Self::Chat => {
                let format = json!({ "name": "answer", "schema": schema, "strict": true });
                question["response_format"] = json!({ "type": "json_schema", "json_schema": format });
            }
            Self::Responses => {
                question["text"] = json!({ "format": { "type": "json_schema", "name": "answer", "schema": schema, "strict": true } });
            }
            Self::Messages => {
                question["output_config"] = json!({ "format": { "type": "json_schema", "schema": schema } });
            }
            _ => {
                question["generationConfig"] =
                    json!({ "responseMimeType": "application/json", "responseJsonSchema": schema });
            }
        }
    }

    /// The path of a call.
    pub fn path(self, model: &str, stream: bool) -> String {
        match self {
            Self::Chat => "/v1/chat/completions".to_owned(),
            Self::Completions => "/v1/completions".to_owned(),
            Self::Responses => "/v1/responses".to_owned(),
            Self::Messages => "/v1/messages".to_owned(),
            Self::Gemini if stream => format!("/v1beta/models/{model}:streamGenerateContent?alt=sse"),
            Self::GeminiArray if stream => format!("/v1beta/models/{model}:streamGenerateContent"),
            _ => format!("/v1beta/models/{model}:generateContent"),
        }
    }

    /// A call, with the credential where this protocol's clients put it.
    pub fn ask(self, client: &Client, model: &str, question: &Value, stream: bool) -> Ask {
        let mut question = question.clone();
        if stream && !self.is_gemini() {
            question["stream"] = true.into();
        }
        if stream && matches!(self, Self::Chat | Self::Completions) {
            question["stream_options"] = json!({ "include_usage": true });
        }
        let ask = client.post(&self.path(model, stream)).json(&question);
        match self {
            Self::Messages => ask.header("x-api-key", KEY).header("anthropic-version", "2023-06-01"),
            Self::Gemini | Self::GeminiArray => ask.header("x-goog-api-key", KEY),
            _ => ask.bearer(KEY),
        }
    }

    /// The answer as one document, however it came.
    pub fn whole(self, answer: &Answer) -> Value {
        assert_eq!((answer.status, answer.complete), (200, true), "{self:?}: {}", answer.text());
        let is_stream = answer.header("content-type") == "text/event-stream";
        match self {
            Self::GeminiArray if answer.text().starts_with('[') => {
                gemini::join(answer.json().as_array().expect("an array"))
            }
            _ if !is_stream => answer.json(),
            Self::Chat | Self::Completions => chat::join(answer.text()),
            Self::Responses => responses::join(answer.text()),
            Self::Messages => messages::join(answer.text()),
            Self::Gemini | Self::GeminiArray => {
                let events: Vec<_> =
                    crate::dialect::events(answer.text()).iter().map(crate::dialect::Event::json).collect();
                gemini::join(&events)
            }
        }
    }

    /// What an answer tells.
    pub fn hear(self, answer: &Answer) -> Heard {
        let whole = self.whole(answer);
        match self {
            Self::Chat | Self::Completions => chat::hear(&whole),
            Self::Responses => responses::hear(&whole),
            Self::Messages => messages::hear(&whole),
            Self::Gemini | Self::GeminiArray => gemini::hear(&whole),
        }
    }

    /// The next turn: what was answered, as it came, and a result for each of its calls.
    pub fn go_on(self, question: &Value, answer: &Answer, results: &[&str]) -> Value {
        let (whole, calls) = (self.whole(answer), self.hear(answer).calls);
        assert_eq!(calls.len(), results.len(), "{self:?}: {whole:#}");
        let mut next = question.clone();
        let results: Vec<_> = calls.iter().zip(results.iter().copied()).collect();
        match self {
            Self::Chat => chat::go_on(&mut next, &whole, &results),
            Self::Responses => responses::go_on(&mut next, &whole, &results),
            Self::Messages => messages::go_on(&mut next, &whole, &results),
            _ => gemini::go_on(&mut next, &whole, &results),
        }
        next
    }

    /// What ends an answer that was finished, and one that calls tools.
    pub const fn ends(self) -> (&'static str, &'static str) {
        match self {
            Self::Chat | Self::Completions => ("stop", "tool_calls"),
            Self::Responses => ("completed", "completed"),
            Self::Messages => ("end_turn", "tool_use"),
            Self::Gemini | Self::GeminiArray => ("STOP", "STOP"),
        }
    }

    /// The message of an error, which must have this protocol's form.
    pub fn error(self, answer: &Answer) -> String {
        let body = answer.json();
        let error = &body["error"];
        let has_form = match self {
            Self::Messages => body["type"] == "error" && error["type"].is_string(),
            Self::Gemini | Self::GeminiArray => error["code"] == answer.status && error["status"].is_string(),
            _ => error["type"].is_string(),
        };
        assert!(has_form, "{self:?} {}: {body:#}", answer.status);
        error["message"].as_str().expect("a message").to_owned()
    }

    /// The name of its operation in the request log.
    pub const fn operation(self, stream: bool) -> &'static str {
        match self {
            Self::Chat => "chat.completions",
            Self::Completions => "completions",
            Self::Responses => "responses",
            Self::Messages => "messages",
            Self::Gemini | Self::GeminiArray if stream => "streamGenerateContent",
            Self::Gemini | Self::GeminiArray => "generateContent",
        }
    }

    /// Whether it is one of Google's.
    pub const fn is_gemini(self) -> bool {
        matches!(self, Self::Gemini | Self::GeminiArray)
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn push(list: &mut Value, value: Value) {
    list.as_array_mut().expect("a list").push(value);
}

fn add(text: &mut Value, more: &Value) {
    *text = format!("{}{}", self::text(text), self::text(more)).into();
}
