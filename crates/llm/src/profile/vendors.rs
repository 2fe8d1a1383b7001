//! The providers.

mod china;
mod clouds;
mod own;

use super::models::{self, OPENAI_WORDS};
use super::{
    Asking, BudgetField, CallIds, Documents, EffortField, Fields, Formats, History, Prefill, Profile, Switch,
    TokenLimit, Turns, WebSearch,
};

/// A server of which nothing is known but its dialect: it is sent what most servers take or pass over.
pub(super) const GENERIC: Profile = Profile {
    name: "generic",
    aliases: &["openai-compatible"],
    hosts: &[],
    takes: OWN_SERVERS.with(Fields::IMAGE_URLS).with(Fields::USER).with(Fields::STRICT),
    refuses: &[],
    token_limit: TokenLimit::MaxTokens,
    temperature: (0.0, 2.0),
    max_stops: usize::MAX,
    seed: "seed",
    tiers: &[],
    reasoning: EFFORT,
    history: History::Nothing,
    has_think_tags: false,
    format: Formats::Schema,
    required: Some("required"),
    call_ids: CallIds::Plain,
    turns: Turns::Any,
    prefill: Prefill::Answers,
    documents: Documents::File,
    web_search: WebSearch::None,
    models: models::OPENAI,
};

const EFFORT: Asking = Asking {
    switch: Switch::None,
    effort: EffortField::ReasoningEffort,
    words: OPENAI_WORDS,
    budget: BudgetField::None,
};

const CHOICES: Fields = Fields::CHOICE_NONE.with(Fields::CHOICE_NAMED);

/// What servers take that people run themselves.
const OWN_SERVERS: Fields = Fields::COMMON
    .with(CHOICES)
    .with(Fields::PENALTIES)
    .with(Fields::SEED)
    .with(Fields::TOP_K)
    .with(Fields::MIN_P)
    .with(Fields::REPETITION)
    .with(Fields::LOGIT_BIAS)
    .with(Fields::LOGPROBS)
    .with(Fields::ANSWERS)
    .with(Fields::STREAM_OPTIONS)
    .with(Fields::PARALLEL)
    .with(Fields::NAMES)
    .with(Fields::AUDIO);

/// <https://platform.openai.com/docs/api-reference/chat/create>, 2026-11.
const OPENAI: Profile = Profile {
    name: "openai",
    aliases: &[],
    hosts: &["api.openai.com", ".api.openai.com"],
    takes: OPENAI_FIELDS,
    token_limit: TokenLimit::MaxCompletionTokens,
    max_stops: 4,
    tiers: &["auto", "default", "flex", "scale", "priority"],
    web_search: WebSearch::OptionsOfSearchModels,
    ..GENERIC
};

const OPENAI_FIELDS: Fields = Fields::COMMON
    .with(CHOICES)
    .with(Fields::CHOICE_ALLOWED)
    .with(Fields::PENALTIES)
    .with(Fields::SEED)
    .with(Fields::LOGIT_BIAS)
    .with(Fields::LOGPROBS)
    .with(Fields::ANSWERS)
    .with(Fields::STREAM_OPTIONS)
    .with(Fields::PARALLEL)
    .with(Fields::STRICT)
    .with(Fields::CUSTOM_TOOLS)
    .with(Fields::NAMES)
    .with(Fields::DEVELOPER)
    .with(Fields::REFUSALS)
    .with(Fields::IMAGE_URLS)
    .with(Fields::AUDIO)
    .with(Fields::SPEECH)
    .with(Fields::USER)
    .with(Fields::METADATA)
    .with(Fields::STORE)
    .with(Fields::CACHE_KEY)
    .with(Fields::VERBOSITY);

/// <https://learn.microsoft.com/azure/ai-foundry/openai/reference>, 2026-11. Older versions of its API know
/// `max_completion_tokens` for models that think only.
const AZURE: Profile = Profile {
    name: "azure",
    hosts: &[".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com"],
    token_limit: TokenLimit::MaxTokens,
    tiers: &["auto", "default", "priority"],
    web_search: WebSearch::None,
    ..OPENAI
};

/// Every provider that is known.
pub(super) static ALL: [&Profile; 21] = [
    &OPENAI,
    &AZURE,
    &china::DEEPSEEK,
    &china::DASHSCOPE,
    &china::MOONSHOT,
    &china::ZHIPU,
    &china::VOLCENGINE,
    &china::MINIMAX,
    &china::SILICONFLOW,
    &clouds::MISTRAL,
    &clouds::GROQ,
    &clouds::XAI,
    &clouds::OPENROUTER,
    &clouds::TOGETHER,
    &clouds::FIREWORKS,
    &clouds::PERPLEXITY,
    &clouds::CLOUDFLARE,
    &own::OLLAMA,
    &own::VLLM,
    &own::LLAMA_CPP,
    &GENERIC,
];
