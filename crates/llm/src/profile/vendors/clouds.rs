//! Providers elsewhere.

use super::{CHOICES, EFFORT, GENERIC, OWN_SERVERS};
use crate::generation::Effort;
use crate::profile::models::{self, LOW_TO_HIGH, OPENAI_WORDS};
use crate::profile::{
    Asking, BudgetField, CallIds, Documents, EffortField, Fields, Formats, History, Prefill, Profile, Switch,
    TokenLimit, Turns, WebSearch,
};

/// <https://docs.mistral.ai/api/#tag/chat>, 2026-11. Fields that it does not know are refused, and a user who speaks right
/// after a tool (<https://github.com/zed-industries/zed/pull/31736>).
pub(super) const MISTRAL: Profile = Profile {
    name: "mistral",
    aliases: &["mistralai", "codestral"],
    hosts: &["api.mistral.ai", "codestral.mistral.ai"],
    takes: Fields::COMMON
        .with(CHOICES)
        .with(Fields::PENALTIES)
        .with(Fields::SEED)
        .with(Fields::ANSWERS)
        .with(Fields::PARALLEL)
        .with(Fields::STRICT)
        .with(Fields::IMAGE_URLS)
        .with(Fields::AUDIO)
        .with(Fields::METADATA),
    refuses: &["web_search_options", "prompt_cache_retention", "safety_identifier"],
    temperature: (0.0, 1.5),
    seed: "random_seed",
    reasoning: Asking {
        switch: Switch::None,
        effort: EffortField::ReasoningEffort,
        words: &[Effort::None, Effort::High],
        budget: BudgetField::None,
    },
    history: History::Parts,
    required: Some("any"),
    call_ids: CallIds::Nine,
    turns: Turns::ToolsAnswered,
    prefill: Prefill::Flag("prefix"),
    documents: Documents::DocumentUrl,
    models: &[],
    ..GENERIC
};

/// <https://console.groq.com/docs/openai>, <https://console.groq.com/docs/api-reference>; 2026-11.
pub(super) const GROQ: Profile = Profile {
    name: "groq",
    aliases: &[],
    hosts: &["api.groq.com"],
    takes: Fields::COMMON
        .with(CHOICES)
        .with(Fields::PENALTIES)
        .with(Fields::SEED)
        .with(Fields::STREAM_OPTIONS)
        .with(Fields::PARALLEL)
        .with(Fields::STRICT)
        .with(Fields::IMAGE_URLS)
        .with(Fields::USER),
    token_limit: TokenLimit::MaxCompletionTokens,
    max_stops: 4,
    tiers: &["auto", "on_demand", "flex", "performance"],
    reasoning: Asking { words: &[Effort::None, Effort::Low, Effort::Medium, Effort::High], ..EFFORT },
    call_ids: CallIds::Any,
    prefill: Prefill::GoesOn,
    documents: Documents::None,
    models: &[],
    ..GENERIC
};

/// <https://docs.x.ai/docs/api-reference>, <https://docs.x.ai/docs/guides/reasoning>; 2026-11.
pub(super) const XAI: Profile = Profile {
    name: "xai",
    aliases: &["grok"],
    hosts: &["api.x.ai", ".api.x.ai"],
    takes: Fields::COMMON
        .with(CHOICES)
        .with(Fields::PENALTIES)
        .with(Fields::SEED)
        .with(Fields::LOGPROBS)
        .with(Fields::ANSWERS)
        .with(Fields::STREAM_OPTIONS)
        .with(Fields::PARALLEL)
        .with(Fields::STRICT)
        .with(Fields::NAMES)
        .with(Fields::IMAGE_URLS)
        .with(Fields::USER),
    token_limit: TokenLimit::MaxCompletionTokens,
    max_stops: 4,
    reasoning: Asking { words: &[Effort::None, Effort::Low, Effort::Medium, Effort::High], ..EFFORT },
    history: History::Field,
    documents: Documents::None,
    models: models::XAI,
    ..GENERIC
};

/// <https://openrouter.ai/docs/api-reference/parameters>, <https://openrouter.ai/docs/use-cases/reasoning-tokens>; 2026-11.
pub(super) const OPENROUTER: Profile = Profile {
    name: "openrouter",
    aliases: &[],
    hosts: &["openrouter.ai"],
    takes: OWN_SERVERS
        .with(Fields::STRICT)
        .with(Fields::IMAGE_URLS)
        .with(Fields::VIDEO)
        .with(Fields::SPEECH)
        .with(Fields::USER)
        .with(Fields::VERBOSITY)
        .with(Fields::CACHE_CONTROL)
        .with(Fields::OWN_IMAGES)
        .without(Fields::ANSWERS),
    reasoning: Asking {
        switch: Switch::Reasoning,
        effort: EffortField::Reasoning,
        words: OPENAI_WORDS,
        budget: BudgetField::Reasoning,
    },
    history: History::Details,
    call_ids: CallIds::Any,
    prefill: Prefill::GoesOn,
    documents: Documents::FileOrUrl,
    web_search: WebSearch::Options,
    models: &[],
    ..GENERIC
};

/// <https://docs.together.ai/reference/chat-completions-1>, 2026-11.
pub(super) const TOGETHER: Profile = Profile {
    name: "together",
    aliases: &["togetherai"],
    hosts: &["api.together.xyz", "api.together.ai"],
    takes: OWN_SERVERS.with(Fields::IMAGE_URLS).with(Fields::VIDEO).without(Fields::AUDIO),
    reasoning: Asking { switch: Switch::Reasoning, words: LOW_TO_HIGH, ..EFFORT },
    documents: Documents::None,
    models: &[],
    ..GENERIC
};

/// <https://docs.fireworks.ai/api-reference/post-chatcompletions>, <https://docs.fireworks.ai/guides/reasoning>; 2026-11.
pub(super) const FIREWORKS: Profile = Profile {
    name: "fireworks",
    aliases: &["fireworks-ai"],
    hosts: &["api.fireworks.ai"],
    takes: OWN_SERVERS
        .with(Fields::IMAGE_URLS)
        .with(Fields::USER)
        .without(Fields::AUDIO)
        .without(Fields::PARALLEL),
    max_stops: 4,
    reasoning: Asking { words: &[Effort::None, Effort::Low, Effort::Medium, Effort::High], ..EFFORT },
    history: History::Field,
    required: Some("any"),
    prefill: Prefill::GoesOn,
    documents: Documents::None,
    models: &[],
    ..GENERIC
};

/// <https://docs.perplexity.ai/api-reference/chat-completions-post>, 2026-11.
pub(super) const PERPLEXITY: Profile = Profile {
    name: "perplexity",
    aliases: &["sonar"],
    hosts: &["api.perplexity.ai"],
    takes: Fields::TEMPERATURE
        .with(Fields::TOP_P)
        .with(Fields::TOP_K)
        .with(Fields::PENALTIES)
        .with(Fields::IMAGES)
        .with(Fields::IMAGE_URLS),
    reasoning: Asking { words: &[Effort::Minimal, Effort::Low, Effort::Medium, Effort::High], ..EFFORT },
    has_think_tags: true,
    format: Formats::SchemaOnly,
    required: None,
    turns: Turns::Alternating,
    documents: Documents::FileUrl,
    web_search: WebSearch::Always,
    models: &[],
    ..GENERIC
};

/// <https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility/>, 2026-11.
pub(super) const CLOUDFLARE: Profile = Profile {
    name: "cloudflare",
    aliases: &["workers-ai"],
    hosts: &["api.cloudflare.com"],
    takes: Fields::COMMON
        .with(CHOICES)
        .with(Fields::PENALTIES)
        .with(Fields::REPETITION)
        .with(Fields::SEED)
        .with(Fields::TOP_K)
        .with(Fields::STREAM_OPTIONS),
    reasoning: Asking { words: LOW_TO_HIGH, ..EFFORT },
    documents: Documents::None,
    models: &[],
    ..GENERIC
};
