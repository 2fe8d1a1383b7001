//! What callers call the fields that a conversion may lose.

use crate::dialect::Dialect;

/// The fields of a caller's dialect.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) messages: &'static str,
    pub(super) max_tokens: &'static str,
    pub(super) stop: &'static str,
    pub(super) reasoning: &'static str,
    pub(super) format: &'static str,
    /// Where the schema of the format stands.
    pub(super) schema: &'static str,
    pub(super) tool_choice: &'static str,
    /// Where the schema of a function stands in the function.
    pub(super) parameters: &'static str,
    pub(super) metadata: &'static str,
    pub(super) speech: &'static str,
    pub(super) presence_penalty: &'static str,
    pub(super) frequency_penalty: &'static str,
    pub(super) temperature: &'static str,
    pub(super) top_p: &'static str,
    pub(super) top_k: &'static str,
}

const CHAT: Places = Places {
    messages: "messages",
    max_tokens: "max_tokens",
    stop: "stop",
    reasoning: "reasoning_effort",
    format: "response_format",
    schema: "response_format.json_schema.schema",
    tool_choice: "tool_choice",
    parameters: "function.parameters",
    metadata: "metadata",
    speech: "audio",
    presence_penalty: "presence_penalty",
    frequency_penalty: "frequency_penalty",
    temperature: "temperature",
    top_p: "top_p",
    top_k: "top_k",
};

const RESPONSES: Places = Places {
    messages: "input",
    max_tokens: "max_output_tokens",
    reasoning: "reasoning",
    format: "text.format",
    schema: "text.format.schema",
    parameters: "parameters",
    ..CHAT
};

const MESSAGES: Places = Places {
    stop: "stop_sequences",
    reasoning: "thinking",
    format: "output_config.format",
    schema: "output_config.format.schema",
    parameters: "input_schema",
    ..CHAT
};

const GEMINI: Places = Places {
    messages: "contents",
    max_tokens: "generationConfig.maxOutputTokens",
    stop: "generationConfig.stopSequences",
    reasoning: "generationConfig.thinkingConfig",
    format: "generationConfig.responseMimeType",
    schema: "generationConfig.responseJsonSchema",
    tool_choice: "toolConfig.functionCallingConfig",
    parameters: "parameters",
    metadata: "labels",
    speech: "generationConfig.speechConfig",
    presence_penalty: "generationConfig.presencePenalty",
    frequency_penalty: "generationConfig.frequencyPenalty",
    temperature: "generationConfig.temperature",
    top_p: "generationConfig.topP",
    top_k: "generationConfig.topK",
};

impl Places {
    /// Those of `dialect`.
    pub(super) const fn of(dialect: Dialect) -> &'static Self {
        match dialect {
            Dialect::Chat | Dialect::Completions | Dialect::Cohere => &CHAT,
            Dialect::Responses => &RESPONSES,
            Dialect::Messages | Dialect::Converse => &MESSAGES,
            Dialect::Gemini => &GEMINI,
        }
    }
}
