//! What differs by model.

use super::{Fields, Model, TokenLimit};
use crate::generation::Effort::{self, High, Low, Medium, Minimal, None as Off, XHigh};

/// Most servers.
pub(super) const LOW_TO_HIGH: &[Effort] = &[Low, Medium, High];

/// OpenAI's words, all models together.
pub(super) const OPENAI_WORDS: &[Effort] = &[Off, Minimal, Low, Medium, High, XHigh];

/// OpenAI's models that think draw tokens in one way, know no stop texts, take `max_completion_tokens` only, and differ in
/// their words; those of the o series refuse `parallel_tool_calls` too, and older ones any word.
///
/// Sources: <https://platform.openai.com/docs/guides/reasoning>, <https://platform.openai.com/docs/guides/latest-model>,
/// <https://learn.microsoft.com/azure/ai-foundry/openai/how-to/reasoning>, <https://github.com/BerriAI/litellm/pull/15244>;
/// 2026-11.
pub(super) const OPENAI: &[Model] = &[
    Model {
        refuses: THINKERS_REFUSE.with(Fields::PARALLEL),
        ..thinks(&["o1", "o3", "o4", "codex-mini"], LOW_TO_HIGH)
    },
    Model { starts: &["gpt-5-chat", "gpt-5.1-chat", "gpt-5.2-chat", "gpt-5.3-chat"], ..CHAT },
    thinks(&["gpt-5-", "gpt-5"], OPENAI_5).without(&["gpt-5."]),
    thinks(&["gpt-5."], &[Off, Low, Medium, High, XHigh]),
    thinks(&["gpt-6", "gpt-7"], &[Off, Low, Medium, High, XHigh]),
    Model { starts: &["gpt-4", "gpt-3.5", "chatgpt-4o"], words: Some(&[]), token_limit: None, ..CHAT },
];

const THINKERS_REFUSE: Fields = Fields::DRAWING.with(Fields::STOP);

const OPENAI_5: &[Effort] = &[Minimal, Low, Medium, High];

const CHAT: Model = Model {
    starts: &[],
    without: &[],
    refuses: Fields::NONE,
    words: None,
    token_limit: Some(TokenLimit::MaxCompletionTokens),
};

/// Kimi's models draw tokens in one way; Moonshot's older ones do not.
///
/// Source: <https://platform.moonshot.ai/docs/api/chat>, 2026-11.
pub(super) const MOONSHOT: &[Model] = &[Model {
    starts: &["kimi-"],
    refuses: Fields::DRAWING.with(Fields::ANSWERS),
    token_limit: None,
    ..CHAT
}];

/// Grok's models that think refuse penalties and stop texts.
///
/// Source: <https://docs.x.ai/docs/guides/reasoning>, 2026-11.
pub(super) const XAI: &[Model] = &[
    Model {
        starts: &["grok-3-mini"],
        refuses: Fields::PENALTIES.with(Fields::STOP),
        words: Some(&[Low, High]),
        token_limit: None,
        ..CHAT
    },
    Model {
        starts: &["grok-4", "grok-5", "grok-code", "grok-latest"],
        without: &["non-reasoning"],
        refuses: Fields::PENALTIES.with(Fields::STOP),
        token_limit: None,
        ..CHAT
    },
];

/// `DeepSeek`'s first thinking model refuses probabilities of tokens.
///
/// Source: <https://api-docs.deepseek.com/guides/thinking_mode>, 2026-11.
pub(super) const DEEPSEEK: &[Model] =
    &[Model { starts: &["deepseek-reasoner"], refuses: Fields::LOGPROBS, token_limit: None, ..CHAT }];

const fn thinks(starts: &'static [&'static str], words: &'static [Effort]) -> Model {
    Model { starts, refuses: THINKERS_REFUSE, words: Some(words), ..CHAT }
}

impl Model {
    const fn without(self, without: &'static [&'static str]) -> Self {
        Self { without, ..self }
    }
}
