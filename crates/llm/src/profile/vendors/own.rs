//! Servers that people run themselves.

use super::{EFFORT, GENERIC, OWN_SERVERS};
use crate::generation::Effort;
use crate::profile::models::LOW_TO_HIGH;
use crate::profile::{
    Asking, BudgetField, CallIds, Documents, EffortField, Fields, History, Prefill, Profile, Switch, Turns,
};

/// <https://docs.ollama.com/api/openai-compatibility>, 2026-11. Images must be in the request; the choice of a tool, and how
/// many at once, are passed over.
pub(super) const OLLAMA: Profile = Profile {
    name: "ollama",
    aliases: &[],
    hosts: &["ollama.com"],
    takes: Fields::COMMON
        .with(Fields::PENALTIES)
        .with(Fields::SEED)
        .with(Fields::LOGPROBS)
        .with(Fields::STREAM_OPTIONS),
    reasoning: Asking { words: &[Effort::None, Effort::Low, Effort::Medium, Effort::High], ..EFFORT },
    history: History::Field,
    required: None,
    call_ids: CallIds::Any,
    prefill: Prefill::GoesOn,
    documents: Documents::None,
    models: &[],
    ..GENERIC
};

/// <https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html>, 2026-11.
pub(super) const VLLM: Profile = Profile {
    name: "vllm",
    aliases: &["sglang"],
    takes: OWN_SERVERS.with(Fields::IMAGE_URLS).with(Fields::VIDEO).with(Fields::USER),
    reasoning: Asking { switch: Switch::Template, words: LOW_TO_HIGH, ..EFFORT },
    history: History::Field,
    call_ids: CallIds::Any,
    turns: Turns::SystemFirst,
    documents: Documents::None,
    models: &[],
    ..GENERIC
};

/// <https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md>, 2026-11.
pub(super) const LLAMA_CPP: Profile = Profile {
    name: "llama-cpp",
    aliases: &["llama.cpp", "llamacpp", "llama-server"],
    takes: OWN_SERVERS.without(Fields::CHOICE_NAMED),
    reasoning: Asking {
        switch: Switch::Template,
        effort: EffortField::None,
        words: &[],
        budget: BudgetField::None,
    },
    history: History::Field,
    call_ids: CallIds::Any,
    turns: Turns::SystemFirst,
    prefill: Prefill::GoesOn,
    documents: Documents::None,
    models: &[],
    ..GENERIC
};
