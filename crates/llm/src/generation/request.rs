//! A request for generated content.

use serde_json::{Map, Value};

use super::{Message, Reasoning, Tool, ToolChoice};
use crate::dialect::Dialect;

/// A request for generated content, in the common meaning of all dialects.
///
/// An absent option means that the caller said nothing: the writer leaves the field out, unless its dialect needs one.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The dialect it was read from.
    pub dialect: Dialect,
    /// The model, as the caller named it.
    pub model: String,
    /// About how many bytes it has, so that what is written of it need not be moved as it grows.
    pub bytes: usize,
    /// System and developer prompts included, in order; see [`Message`] for what may stand in which.
    pub messages: Vec<Message>,
    /// What the model may call.
    pub tools: Vec<Tool>,
    /// Whether it must call something.
    pub tool_choice: Option<ToolChoice>,
    /// Whether several calls may be in one answer.
    pub parallel_tool_calls: Option<bool>,
    /// The form of the text.
    pub format: Option<Format>,
    /// How much the model is to think, and what of it to show.
    pub reasoning: Option<Reasoning>,
    /// How tokens are drawn.
    pub sampling: Sampling,
    /// Texts that end the answer.
    pub stop: Vec<String>,
    /// The most tokens of the answer, reasoning included.
    pub max_tokens: Option<u64>,
    /// How many alternative answers (`n`, `candidateCount`).
    pub answers: Option<u32>,
    /// Whether the answer is to come as a stream.
    pub stream: bool,
    /// Whether a stream is to tell usage where the dialect tells it only when asked (`stream_options.include_usage`).
    pub wants_usage: bool,
    /// What the answer may consist of: `text`, `audio`, `image`. Empty: the model's default.
    pub modalities: Vec<String>,
    /// The voice of spoken answers.
    pub speech: Option<Speech>,
    /// `low`, `medium` or `high`.
    pub verbosity: Option<String>,
    /// `auto`, `default`, `flex`, `priority`, `scale`, `batch` or `standard_only`, as the caller's dialect spells it.
    pub service_tier: Option<String>,
    /// What the caller notes about the request.
    pub metadata: Map<String, Value>,
    /// The end user (`user`, `metadata.user_id`, `safety_identifier`).
    pub user: Option<String>,
    /// Which requests share a cached prefix.
    pub prompt_cache_key: Option<String>,
    /// Whether the provider is to store the answer.
    pub store: Option<bool>,
    /// The stored answer that this one goes on from.
    pub previous_response_id: Option<String>,
    /// Gemini's safety settings, as they came.
    pub safety: Vec<Value>,
    /// Fields of the caller's dialect that have no common meaning, under their own names; the path of a nested one is
    /// joined with dots (`generationConfig.mediaResolution`). A writer of the same family copies what its target may know,
    /// all else is a loss.
    pub extra: Map<String, Value>,
}

impl Request {
    /// An empty request of `dialect`.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            model: String::new(),
            bytes: 0,
            messages: Vec::new(),
            tools: Vec::new(),
            tool_choice: None,
            parallel_tool_calls: None,
            format: None,
            reasoning: None,
            sampling: Sampling::default(),
            stop: Vec::new(),
            max_tokens: None,
            answers: None,
            stream: false,
            wants_usage: false,
            modalities: Vec::new(),
            speech: None,
            verbosity: None,
            service_tier: None,
            metadata: Map::new(),
            user: None,
            prompt_cache_key: None,
            store: None,
            previous_response_id: None,
            safety: Vec::new(),
            extra: Map::new(),
        }
    }
}

/// How tokens are drawn, each as OpenAI's or Gemini's field of that name has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sampling {
    /// 0 to 2; Anthropic's ends at 1.
    pub temperature: Option<f64>,
    /// 0 to 1.
    pub top_p: Option<f64>,
    /// At least 1.
    pub top_k: Option<u64>,
    /// 0 to 1.
    pub min_p: Option<f64>,
    /// -2 to 2.
    pub presence_penalty: Option<f64>,
    /// -2 to 2.
    pub frequency_penalty: Option<f64>,
    /// Above 0; 1 is none.
    pub repetition_penalty: Option<f64>,
    /// Repeats a draw, as far as the provider can.
    pub seed: Option<i64>,
    /// Token ids to biases, as they came.
    pub logit_bias: Option<Value>,
    /// How many alternatives to tell of each token; 0 tells only the chosen one's probability.
    pub logprobs: Option<u32>,
}

/// The form of the answer's text.
#[derive(Clone, Debug, PartialEq)]
pub enum Format {
    /// Any text.
    Text,
    /// Any JSON object.
    JsonObject,
    /// JSON of a schema.
    JsonSchema {
        /// Its name; writers that need one use `response`.
        name: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// The schema, as it came.
        schema: Value,
        /// Whether the answer must keep to it.
        strict: Option<bool>,
    },
}

/// The voice of a spoken answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Speech {
    /// The voice's name.
    pub voice: Option<String>,
    /// `wav`, `mp3`, `flac`, `opus` or `pcm16`.
    pub format: Option<String>,
    /// What only the caller's dialect knows, as it came.
    pub native: Option<Value>,
}
