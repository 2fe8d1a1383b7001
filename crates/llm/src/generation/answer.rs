//! A whole answer.

use roundhouse_domain::TokenUsage;
use serde_json::{Map, Value};

use super::Part;

/// A whole answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The provider's id for it.
    pub id: Option<String>,
    /// The model, as the provider calls it.
    pub model: Option<String>,
    /// When it was made, in seconds since 1970.
    pub created: Option<i64>,
    /// One, or as many as were asked for, by index.
    pub choices: Vec<Choice>,
    /// What it took, where the provider told.
    pub usage: Option<Usage>,
    /// The tier that served it, as the provider spells it.
    pub service_tier: Option<String>,
    /// What only the provider's dialect knows of it (`system_fingerprint`, `promptFeedback`).
    pub extra: Map<String, Value>,
}

impl Answer {
    /// True when it says nothing and ended as if it were whole: no client can use it.
    pub fn is_empty(&self) -> bool {
        self.choices.iter().all(|choice| {
            let is_plain = matches!(choice.finish, None | Some(Finish::Stop | Finish::Other(_)));
            is_plain && choice.parts.iter().all(says_nothing)
        })
    }
}

/// One alternative.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// Text, thoughts, calls, refusals, media, in order.
    pub parts: Vec<Part>,
    /// Why it ended; none: the provider did not say.
    pub finish: Option<Finish>,
    /// OpenAI's `logprobs` object (`{"content":[…]}`).
    pub logprobs: Option<Value>,
}

/// Why an answer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// It was finished.
    Stop,
    /// One of the caller's stop texts came; which, where it was told.
    StopSequence(Option<String>),
    /// The most tokens were reached.
    Length,
    /// The context window was full.
    ContextFull,
    /// Tools are to be called.
    ToolCalls,
    /// A filter held it back.
    ContentFilter,
    /// The model refused.
    Refusal,
    /// The provider's own tools need another turn (Anthropic's `pause_turn`).
    Pause,
    /// The provider failed, or says something that nobody else says.
    Other(String),
}

/// Tokens of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// The counts that are paid for; `input` and `output` are totals.
    pub tokens: TokenUsage,
    /// Of `input`: sound.
    pub audio_input: u64,
    /// Of `output`: sound.
    pub audio_output: u64,
    /// Of `input`: images.
    pub image_input: u64,
    /// Of `output`: images.
    pub image_output: u64,
    /// Of `cache_write`: kept for an hour (Anthropic).
    pub cache_write_1h: u64,
    /// Of `input`: what the provider's own tools brought (Gemini).
    pub tool_input: u64,
    /// Of `output`: predicted and taken.
    pub accepted_prediction: u64,
    /// Of `output`: predicted and thrown away.
    pub rejected_prediction: u64,
    /// How often the provider searched the web.
    pub web_searches: u64,
}

impl Usage {
    /// The counts that are recorded: those that are paid for, sound among them.
    pub const fn counted(&self) -> TokenUsage {
        TokenUsage { audio_input: self.audio_input, audio_output: self.audio_output, ..self.tokens }
    }
}

fn says_nothing(part: &Part) -> bool {
    match part {
        Part::Text(text) => text.text.is_empty(),
        Part::Refusal(text) => text.is_empty(),
        Part::Thought(thought) => thought.text.is_empty() && thought.signature.is_none(),
        _ => false,
    }
}
