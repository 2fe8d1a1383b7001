//! What each dialect calls the fields that may be lost here.

use crate::dialect::Dialect;

/// Chat's, Responses', Messages' and Gemini's name.
const NAMES: &[[&str; 4]] = &[
    ["max_tokens", "max_output_tokens", "max_tokens", "generationConfig.maxOutputTokens"],
    ["temperature", "temperature", "temperature", "generationConfig.temperature"],
    ["top_p", "top_p", "top_p", "generationConfig.topP"],
    ["top_k", "top_k", "top_k", "generationConfig.topK"],
    ["seed", "seed", "seed", "generationConfig.seed"],
    ["presence_penalty", "presence_penalty", "presence_penalty", "generationConfig.presencePenalty"],
    ["frequency_penalty", "frequency_penalty", "frequency_penalty", "generationConfig.frequencyPenalty"],
    ["logprobs", "top_logprobs", "logprobs", "generationConfig.responseLogprobs"],
    ["n", "n", "n", "generationConfig.candidateCount"],
    ["stop", "stop", "stop_sequences", "generationConfig.stopSequences"],
    ["modalities", "modalities", "modalities", "generationConfig.responseModalities"],
    ["audio", "audio", "audio", "generationConfig.speechConfig"],
    ["response_format", "text.format", "output_config.format", "generationConfig.responseSchema"],
    ["reasoning_effort", "reasoning", "thinking", "generationConfig.thinkingConfig"],
    ["verbosity", "text.verbosity", "verbosity", "verbosity"],
    ["tool_choice", "tool_choice", "tool_choice", "toolConfig.functionCallingConfig"],
    ["messages", "input", "messages", "contents"],
    ["user", "safety_identifier", "metadata.user_id", "user"],
];

/// What `dialect` calls the field that chat calls `field`.
pub(super) fn of(dialect: Dialect, field: &'static str) -> &'static str {
    let column = match dialect {
        Dialect::Responses => 1,
        Dialect::Messages => 2,
        Dialect::Gemini => 3,
        _ => 0,
    };
    NAMES.iter().find(|names| names[0] == field).map_or(field, |names| names[column])
}
