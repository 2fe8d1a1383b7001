//! Guardrails as declared: what is looked for in what callers send and models answer, and what then happens.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Name, Span};
use crate::secret::Secret;

/// One thing to look for. It has exactly one of `patterns`, `moderation` and `endpoint`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardrailSpec {
    /// Unique; callers are told of it when it blocks.
    pub name: Name,
    /// Whether it is in use. Default true.
    #[serde(default = "default_true")]
    pub enabled: bool,
    /// Where it looks. Default both.
    #[serde(default = "both")]
    #[schemars(length(min = 1))]
    pub stages: Vec<Stage>,
    /// Names of the access keys that it is for. Default all.
    #[serde(default)]
    pub access_keys: Option<Vec<String>>,
    /// Whose texts of a request it looks at: the user's own, or also instructions, earlier answers and results of tools.
    /// Default `user`.
    #[serde(default)]
    pub texts: GuardedTexts,
    /// Regular expressions, and what happens where one matches.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub patterns: Vec<PatternSpec>,
    /// A model that judges, asked over our own routes.
    #[serde(default)]
    pub moderation: Option<ModerationSpec>,
    /// A service that judges.
    #[serde(default)]
    pub endpoint: Option<EndpointSpec>,
    /// Time for one judgement of a model or a service. Default 5s.
    #[serde(default = "five_seconds")]
    pub timeout: Span,
    /// What happens when there is no judgement. Default `block`.
    #[serde(default)]
    pub on_error: OnError,
    /// Bytes of a streamed text that are held back while a pattern may still match: longer matches across pieces may be missed.
    /// Default 256.
    #[serde(default = "default_hold_back")]
    #[schemars(range(min = 1, max = 65_536))]
    pub hold_back_bytes: u32,
    /// What callers are told when it blocks, besides its name.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub message: Option<String>,
}

/// Where a guardrail looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// At what a caller sends, before it goes out.
    Request,
    /// At what a model answers, before the caller gets it.
    Answer,
}

impl Stage {
    /// The stage as text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Answer => "answer",
        }
    }
}

/// Whose texts of a request are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GuardedTexts {
    /// The user's own.
    #[default]
    User,
    /// Instructions, earlier answers and results of tools too.
    All,
}

/// What happens when there is no judgement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// As if the text were bad.
    #[default]
    Block,
    /// As if it were good.
    Allow,
}

/// A regular expression and what happens where it matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PatternSpec {
    /// The expression, in the syntax of Rust's `regex` crate: no look-around and no back-references, and so linear time.
    #[schemars(length(min = 1, max = 4096))]
    pub pattern: String,
    /// What happens where it matches. Default `block`.
    #[serde(default)]
    pub action: PatternAction,
    /// What stands in the place of a masked match. Default `***`.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub replacement: Option<String>,
}

/// What happens where a pattern matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PatternAction {
    /// The request or the answer is refused.
    #[default]
    Block,
    /// The match is replaced.
    Mask,
}

/// A model that judges texts, as `/v1/moderations` asks it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModerationSpec {
    /// Its public name.
    #[schemars(length(min = 1))]
    pub model: String,
    /// Categories that count. Default all.
    #[serde(default)]
    pub categories: Option<Vec<String>>,
    /// Score from which a category counts, instead of the model's own verdict.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub threshold: Option<f64>,
}

/// A service that judges texts. It is sent `{"stage", "guardrail", "model", "access_key", "texts"}` by POST, and answers
/// `{"action": "allow" | "block" | "mask", "reason"?, "texts"?}`, where `texts` are as many as it was sent.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndpointSpec {
    /// Its address.
    #[schemars(length(min = 1))]
    pub url: String,
    /// A token that is sent as `Authorization: Bearer`.
    #[serde(default, skip_serializing)]
    pub token: Option<Secret>,
}

const fn default_true() -> bool {
    true
}

fn both() -> Vec<Stage> {
    vec![Stage::Request, Stage::Answer]
}

const fn five_seconds() -> Span {
    Span::secs(5)
}

const fn default_hold_back() -> u32 {
    256
}
