//! Providers in China.

use super::{CHOICES, GENERIC};
use crate::generation::Effort;
use crate::profile::models::{self};
use crate::profile::{
    Asking, BudgetField, CallIds, Documents, EffortField, Fields, Formats, History, Prefill, Profile, Switch,
    TokenLimit, Turns, WebSearch,
};

/// <https://api-docs.deepseek.com/api/create-chat-completion>, <https://api-docs.deepseek.com/guides/thinking_mode>; 2026-11.
pub(super) const DEEPSEEK: Profile = Profile {
    name: "deepseek",
    aliases: &[],
    hosts: &["api.deepseek.com"],
    takes: Fields::COMMON
        .without(Fields::IMAGES)
        .with(CHOICES)
        .with(Fields::PENALTIES)
        .with(Fields::LOGPROBS)
        .with(Fields::STREAM_OPTIONS)
        .with(Fields::NAMES),
    max_stops: 16,
    reasoning: Asking {
        switch: Switch::Thinking("enabled"),
        effort: EffortField::ReasoningEffort,
        words: &[Effort::Low, Effort::High, Effort::Max],
        budget: BudgetField::None,
    },
    history: History::RequiredField,
    format: Formats::Object,
    documents: Documents::None,
    models: models::DEEPSEEK,
    ..GENERIC
};

/// <https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-openai-chat-completions>,
/// <https://www.alibabacloud.com/help/en/model-studio/deep-thinking>; 2026-11.
pub(super) const DASHSCOPE: Profile = Profile {
    name: "dashscope",
    aliases: &["qwen", "alibaba", "bailian", "model-studio"],
    hosts: &["dashscope.aliyuncs.com", ".aliyuncs.com"],
    takes: Fields::COMMON
        .with(CHOICES)
        .with(Fields::PENALTIES)
        .with(Fields::SEED)
        .with(Fields::TOP_K)
        .with(Fields::REPETITION)
        .with(Fields::LOGPROBS)
        .with(Fields::ANSWERS)
        .with(Fields::STREAM_OPTIONS)
        .with(Fields::PARALLEL)
        .with(Fields::IMAGE_URLS)
        .with(Fields::AUDIO)
        .with(Fields::VIDEO)
        .with(Fields::SPEECH)
        .with(Fields::CACHE_CONTROL),
    reasoning: SWITCH_AND_BUDGET,
    history: History::Field,
    format: Formats::Object,
    required: None,
    prefill: Prefill::Flag("partial"),
    documents: Documents::None,
    web_search: WebSearch::EnableSearch,
    models: &[],
    ..GENERIC
};

const SWITCH_AND_BUDGET: Asking = Asking {
    switch: Switch::EnableThinking,
    effort: EffortField::ReasoningEffortOfSome,
    words: &[Effort::High, Effort::Max],
    budget: BudgetField::ThinkingBudget,
};

/// <https://platform.moonshot.ai/docs/api/chat>, <https://platform.moonshot.ai/docs/api/partial>; 2026-11.
pub(super) const MOONSHOT: Profile = Profile {
    name: "moonshot",
    aliases: &["kimi"],
    hosts: &["api.moonshot.ai", "api.moonshot.cn", "api.kimi.com"],
    takes: Fields::COMMON
        .with(CHOICES)
        .with(Fields::PENALTIES)
        .with(Fields::ANSWERS)
        .with(Fields::STREAM_OPTIONS)
        .with(Fields::NAMES)
        .with(Fields::VIDEO)
        .with(Fields::CACHE_KEY),
    token_limit: TokenLimit::MaxCompletionTokens,
    temperature: (0.0, 1.0),
    max_stops: 5,
    reasoning: Asking {
        switch: Switch::Thinking("enabled"),
        effort: EffortField::ReasoningEffortOfSome,
        words: &[Effort::Low, Effort::High, Effort::Max],
        budget: BudgetField::None,
    },
    history: History::RequiredField,
    format: Formats::Object,
    required: None,
    call_ids: CallIds::Any,
    prefill: Prefill::Flag("partial"),
    documents: Documents::None,
    models: models::MOONSHOT,
    ..GENERIC
};

/// <https://docs.z.ai/api-reference/llm/chat-completion>, <https://docs.bigmodel.cn/api-reference>; 2026-11.
pub(super) const ZHIPU: Profile = Profile {
    name: "zhipu",
    aliases: &["glm", "zai", "z.ai", "bigmodel"],
    hosts: &["api.z.ai", "open.bigmodel.cn"],
    takes: Fields::COMMON
        .with(Fields::CHOICE_NAMED)
        .with(Fields::STREAM_OPTIONS)
        .with(Fields::IMAGE_URLS)
        .with(Fields::VIDEO),
    temperature: (0.0, 1.0),
    max_stops: 1,
    reasoning: Asking {
        switch: Switch::Thinking("enabled"),
        effort: EffortField::ReasoningEffortOfSome,
        words: &[Effort::Low, Effort::High, Effort::Max],
        budget: BudgetField::None,
    },
    history: History::Field,
    format: Formats::Object,
    required: None,
    call_ids: CallIds::Any,
    documents: Documents::FileUrl,
    web_search: WebSearch::Tool,
    models: &[],
    ..GENERIC
};

/// <https://www.volcengine.com/docs/82379/1494384>, 2026-11.
pub(super) const VOLCENGINE: Profile = Profile {
    name: "volcengine",
    aliases: &["doubao", "ark", "byteplus"],
    hosts: &[".volces.com", ".bytepluses.com"],
    takes: Fields::COMMON
        .with(CHOICES)
        .with(Fields::PENALTIES)
        .with(Fields::LOGIT_BIAS)
        .with(Fields::LOGPROBS)
        .with(Fields::STREAM_OPTIONS)
        .with(Fields::PARALLEL)
        .with(Fields::STRICT)
        .with(Fields::IMAGE_URLS)
        .with(Fields::VIDEO),
    max_stops: 4,
    tiers: &["auto", "default"],
    reasoning: Asking {
        switch: Switch::Thinking("enabled"),
        effort: EffortField::ReasoningEffort,
        words: &[Effort::Minimal, Effort::Low, Effort::Medium, Effort::High],
        budget: BudgetField::None,
    },
    history: History::Field,
    prefill: Prefill::GoesOn,
    documents: Documents::None,
    models: &[],
    ..GENERIC
};

/// <https://platform.minimax.io/docs/api-reference/text-openai-api>, 2026-11. What it thought stands in the text, and must
/// come back there.
pub(super) const MINIMAX: Profile = Profile {
    name: "minimax",
    aliases: &[],
    hosts: &["api.minimax.io", "api.minimaxi.com", "api.minimax.chat"],
    takes: Fields::COMMON.with(Fields::STREAM_OPTIONS).with(Fields::IMAGE_URLS).with(Fields::NAMES),
    token_limit: TokenLimit::MaxCompletionTokens,
    temperature: (0.01, 1.0),
    reasoning: Asking {
        switch: Switch::Thinking("adaptive"),
        effort: EffortField::None,
        words: &[],
        budget: BudgetField::None,
    },
    history: History::Tags,
    has_think_tags: true,
    format: Formats::Words,
    required: None,
    turns: Turns::SystemFirst,
    documents: Documents::None,
    models: &[],
    ..GENERIC
};

/// <https://docs.siliconflow.cn/docs/api/chat-completions-post>, 2026-11.
pub(super) const SILICONFLOW: Profile = Profile {
    name: "siliconflow",
    aliases: &[],
    hosts: &["api.siliconflow.cn", "api.siliconflow.com"],
    takes: Fields::COMMON
        .with(CHOICES)
        .with(Fields::TOP_K)
        .with(Fields::MIN_P)
        .with(Fields::PENALTIES)
        .with(Fields::ANSWERS)
        .with(Fields::STREAM_OPTIONS)
        .with(Fields::STRICT)
        .with(Fields::IMAGE_URLS)
        .with(Fields::VIDEO),
    max_stops: 4,
    reasoning: SWITCH_AND_BUDGET,
    history: History::RequiredField,
    format: Formats::Object,
    call_ids: CallIds::Any,
    documents: Documents::None,
    models: &[],
    ..GENERIC
};
