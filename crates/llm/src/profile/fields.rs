//! Which fields and abilities a server has.

/// A set of fields and abilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields(u64);

/// Names each field once, and numbers them.
macro_rules! fields {
    ($($(#[doc = $doc:literal])+ $name:ident = $bit:literal;)+) => {
        impl Fields { $($(#[doc = $doc])+ pub const $name: Self = Self(1 << $bit);)+ }
    };
}

fields! {
    /// `temperature`.
    TEMPERATURE = 0;
    /// `top_p`.
    TOP_P = 1;
    /// `top_k`.
    TOP_K = 2;
    /// `min_p`.
    MIN_P = 3;
    /// `presence_penalty` and `frequency_penalty`.
    PENALTIES = 4;
    /// `repetition_penalty`.
    REPETITION = 5;
    /// A seed.
    SEED = 6;
    /// `logit_bias`.
    LOGIT_BIAS = 7;
    /// `logprobs` and `top_logprobs`.
    LOGPROBS = 8;
    /// `stop`.
    STOP = 9;
    /// `n` above 1.
    ANSWERS = 10;
    /// `stream_options`.
    STREAM_OPTIONS = 11;
    /// `tools`.
    TOOLS = 12;
    /// `parallel_tool_calls`.
    PARALLEL = 13;
    /// `strict` in functions.
    STRICT = 14;
    /// Tools of type `custom`.
    CUSTOM_TOOLS = 15;
    /// `tool_choice: "none"`.
    CHOICE_NONE = 16;
    /// A `tool_choice` that names a function.
    CHOICE_NAMED = 17;
    /// A `tool_choice` of type `allowed_tools`.
    CHOICE_ALLOWED = 18;
    /// `name` in messages.
    NAMES = 19;
    /// The role `developer`.
    DEVELOPER = 20;
    /// Images.
    IMAGES = 21;
    /// Images by URL.
    IMAGE_URLS = 22;
    /// Sound.
    AUDIO = 23;
    /// Films, as `video_url`.
    VIDEO = 24;
    /// `modalities` and `audio`.
    SPEECH = 25;
    /// `user`.
    USER = 26;
    /// `metadata`.
    METADATA = 27;
    /// `store`.
    STORE = 28;
    /// `prompt_cache_key`.
    CACHE_KEY = 29;
    /// `cache_control` in parts.
    CACHE_CONTROL = 30;
    /// `verbosity`.
    VERBOSITY = 31;
    /// Images of the assistant's own, as `images` of its message.
    OWN_IMAGES = 32;
    /// `refusal` in messages.
    REFUSALS = 33;
}

impl Fields {
    /// No field.
    pub const NONE: Self = Self(0);

    /// What each server of OpenAI's shape has, or does not mind.
    pub const COMMON: Self =
        Self::TEMPERATURE.with(Self::TOP_P).with(Self::STOP).with(Self::TOOLS).with(Self::IMAGES);

    /// How tokens are drawn, as models refuse it that have one way of drawing.
    pub const DRAWING: Self =
        Self::TEMPERATURE.with(Self::TOP_P).with(Self::PENALTIES).with(Self::LOGIT_BIAS).with(Self::LOGPROBS);

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set but for the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether all of the other set is in this one.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}
