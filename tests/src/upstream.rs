//! Providers of every kind that generates: how each is declared, and how each says the same thing in its own language.

mod aws;
mod chat;
mod cohere;
mod converse;
mod gemini;
mod messages;
mod responses;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::fake::{Reply, Seen};

/// What providers that prove their thinking prove it with; base64, as Google's clients want it.
pub const SIGNATURE: &str = "cHJvb2Ygb2YgdGhpbmtpbmc=";

/// A kind of provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upstream {
    /// Chat completions.
    Compatible,
    /// Responses and nothing else.
    Responses,
    /// Messages.
    Anthropic,
    /// Gemini's API.
    Gemini,
    /// Gemini on Vertex, in express mode.
    Vertex,
    /// Converse.
    Bedrock,
    /// Claude on Bedrock.
    BedrockClaude,
    /// Cohere's second version.
    Cohere,
}

/// What a provider says, in whichever language.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// What it thinks first; nothing where it is empty.
    pub thought: String,
    /// What it says; nothing where it is empty.
    pub text: String,
    /// What it calls.
    pub calls: Vec<Call>,
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Its id; Gemini has none of its own.
    pub id: String,
    /// The tool.
    pub name: String,
    /// An object.
    pub arguments: Value,
}

impl Said {
    /// A text.
    pub fn text(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// Calls of tools, with ids `call_1` and so on.
    pub fn calls(calls: &[(&str, Value)]) -> Self {
        let calls = calls.iter().zip(1..).map(|((name, arguments), number)| Call {
            id: format!("call_{number}"),
            name: (*name).to_owned(),
            arguments: arguments.clone(),
        });
        Self { calls: calls.collect(), ..Self::default() }
    }

    /// The same after a thought.
    #[must_use]
    pub fn after(mut self, thought: &str) -> Self {
        thought.clone_into(&mut self.thought);
        self
    }

    /// The text in pieces, a word each.
    fn words(&self) -> impl Iterator<Item = &str> {
        self.text.split_inclusive(' ')
    }
}

impl Call {
    /// The arguments as text, in pieces that respect nothing.
    fn fragments(&self) -> Vec<String> {
        let text: Vec<char> = self.arguments.to_string().chars().collect();
        text.chunks(5).map(String::from_iter).collect()
    }
}

impl Upstream {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Compatible,
        Self::Responses,
        Self::Anthropic,
        Self::Gemini,
        Self::Vertex,
        Self::Bedrock,
        Self::BedrockClaude,
        Self::Cohere,
    ];

    /// What tests call such a provider, and its model.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compatible => "compatible",
            Self::Responses => "responses",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Vertex => "vertex",
            Self::Bedrock => "bedrock",
            Self::BedrockClaude => "claude-on-bedrock",
            Self::Cohere => "cohere",
        }
    }

    /// Its kind in a configuration.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Compatible => "openai-compatible",
            Self::Responses => "openai-responses",
            Self::Bedrock | Self::BedrockClaude => "bedrock",
            _ => self.name(),
        }
    }

    /// What it calls its model.
    pub const fn model(self) -> &'static str {
        match self {
            Self::Compatible => "some-model",
            Self::Responses => "gpt-5",
            Self::Anthropic => "claude-sonnet-4-5",
            Self::Gemini | Self::Vertex => "gemini-2.5-flash",
            Self::Bedrock => "amazon.nova-pro-v1:0",
            Self::BedrockClaude => "anthropic.claude-sonnet-4-5-20250929-v1:0",
            Self::Cohere => "command-a-03-2025",
        }
    }

    /// Its declaration, at `url`, with one model that callers know by the provider's name, and keys enough for failures.
    pub fn provider(self, url: &str) -> Value {
        let key = match self {
            Self::Bedrock | Self::BedrockClaude => "AKIAEXAMPLE:secret",
            Self::Vertex => "AQ.express-key-",
            _ => "pk-",
        };
        let keys: Vec<String> = (0..16).map(|number| format!("{key}{number}")).collect();
        let mut provider = crate::provider(self.name(), self.kind(), url, &[], &[]);
        provider["keys"] = keys.into();
        provider["models"] = json!([{ "name": self.model(), "as": self.name() }]);
        if self.kind() == "bedrock" {
            provider["region"] = "us-east-1".into();
        }
        provider
    }

    /// Whose kind a provider was asked as.
    pub fn of(seen: &Seen) -> Self {
        match seen.path() {
            path if path.starts_with("/model/anthropic") => Self::BedrockClaude,
            path if path.starts_with("/model/") => Self::Bedrock,
            path if path.starts_with("/v2/chat") => Self::Cohere,
            path if path.contains("/publishers/") => Self::Vertex,
            path if path.contains("enerateContent") => Self::Gemini,
            path if path.ends_with("/responses") => Self::Responses,
            path if path.ends_with("/messages") => Self::Anthropic,
            _ => Self::Compatible,
        }
    }

    /// Its answer to what it was asked, whole or as a stream.
    pub fn answer(seen: &Seen, said: &Said) -> Reply {
        let upstream = Self::of(seen);
        if upstream.wants_stream(seen) {
            upstream.stream_reply(said)
        } else {
            Reply::json(200, &upstream.whole(said))
        }
    }

    /// Whether a stream is asked for.
    pub fn wants_stream(self, seen: &Seen) -> bool {
        seen.wants_stream() || seen.path().ends_with("-stream")
    }

    /// A stream, an event a chunk.
    pub fn stream_reply(self, said: &Said) -> Reply {
        let content_type = match self {
            Self::Bedrock | Self::BedrockClaude => "application/vnd.amazon.eventstream",
            _ => "text/event-stream",
        };
        Reply::pieces(content_type, self.stream(said))
    }

    /// A whole answer.
    pub fn whole(self, said: &Said) -> Value {
        match self {
            Self::Compatible => chat::whole(said),
            Self::Responses => responses::whole(said),
            Self::Anthropic | Self::BedrockClaude => messages::whole(said),
            Self::Gemini | Self::Vertex => gemini::whole(said),
            Self::Bedrock => converse::whole(said),
            Self::Cohere => cohere::whole(said),
        }
    }

    /// A stream's events.
    pub fn stream(self, said: &Said) -> Vec<Bytes> {
        let texts = |events: Vec<String>| events.into_iter().map(Bytes::from).collect();
        match self {
            Self::Compatible => texts(chat::stream(said)),
            Self::Responses => texts(responses::stream(said).iter().map(named).collect()),
            Self::Anthropic => texts(messages::stream(said).iter().map(named).collect()),
            Self::Gemini | Self::Vertex => texts(gemini::stream(said).iter().map(data).collect()),
            Self::Bedrock => converse::stream(said),
            Self::BedrockClaude => messages::stream(said).iter().map(aws::chunk).collect(),
            Self::Cohere => texts(cohere::stream(said).iter().map(named).collect()),
        }
    }

    /// An error with a status, as it says it.
    pub fn error(self, status: u16, message: &str) -> Value {
        match self {
            Self::Anthropic => {
                json!({ "type": "error", "error": { "type": "some_error", "message": message } })
            }
            Self::Gemini | Self::Vertex => {
                json!({ "error": { "code": status, "message": message, "status": "SOME_STATUS" } })
            }
            Self::Bedrock | Self::BedrockClaude | Self::Cohere => json!({ "message": message }),
            _ => {
                json!({ "error": { "message": message, "type": "some_error", "param": null, "code": null } })
            }
        }
    }

    /// An error as an event within a stream.
    pub fn error_event(self, message: &str) -> Bytes {
        match self {
            Self::Compatible => {
                data(&json!({ "error": { "message": message, "type": "server_error" } })).into()
            }
            Self::Responses => named(
                &json!({ "type": "error", "code": "server_error", "message": message, "sequence_number": 9 }),
            )
            .into(),
            Self::Anthropic => named(
                &json!({ "type": "error", "error": { "type": "overloaded_error", "message": message } }),
            )
            .into(),
            Self::Gemini | Self::Vertex => {
                data(&json!({ "error": { "code": 500, "message": message, "status": "INTERNAL" } })).into()
            }
            Self::Bedrock | Self::BedrockClaude => aws::exception("modelStreamErrorException", message),
            Self::Cohere => named(&json!({ "type": "error", "error": { "message": message } })).into(),
        }
    }

    /// Whether it proves what it thought, and wants the proof back.
    pub const fn signs(self) -> bool {
        !matches!(self, Self::Compatible | Self::Bedrock | Self::Cohere)
    }
}

fn data(value: &Value) -> String {
    format!("data: {value}\n\n")
}

fn named(value: &Value) -> String {
    format!("event: {}\ndata: {value}\n\n", value["type"].as_str().expect("a type"))
}
