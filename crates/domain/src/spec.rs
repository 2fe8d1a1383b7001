//! What an operator declares: providers, pools, routes, access keys and the gateway's settings, as plain values.
//! A configuration file and the console make the same values; `gateway` compiles them to a snapshot.

mod access_key;
mod alert;
mod cache;
mod capture;
mod catalogue;
mod duration;
mod effort;
mod gateway;
mod guardrail;
mod kind;
mod model;
mod model_rule;
mod name;
mod network;
mod normalisation;
mod provider;
mod provider_key;
mod route;

pub use access_key::{AccessKeySpec, LimitSpec};
pub use alert::{AlertChannelKind, AlertChannelSpec, AlertCondition, AlertLanguage, AlertSpec};
pub use cache::{CacheChoice, CacheScope, CacheSpec, CacheStore};
pub use capture::CaptureSpec;
pub use catalogue::{
    Factor, LongPrices, Modality, ModelFactsSpec, Price, PriceWindow, Prices, ReasoningSpec, ThinkingSpec,
    TimeOfDay,
};
pub use duration::Span;
pub use effort::Effort;
pub use gateway::{
    BreakerSpec, CooldownSpec, FetchSpec, GatewaySpec, IdempotencySpec, KeySpec, ProbeSpec, TimeoutSpec,
};
pub use guardrail::{
    EndpointSpec, GuardedTexts, GuardrailSpec, ModerationSpec, OnError, PatternAction, PatternSpec, Stage,
};
pub use kind::{ClientDialect, Dialects, Family, ProviderKind, UnknownKind};
pub use model::{DiscoverySpec, ModelEditSpec};
pub use model_rule::ModelRule;
pub use name::Name;
pub use network::Network;
pub use normalisation::{
    DATE, NormalisationRule, NormalisationSpec, Normalised, Normaliser, RuleError, RuleKind, expression,
};
pub use provider::{BaseUrl, BodyRules, ModelSpec, PoolMember, PoolSpec, ProviderSpec};
pub use provider_key::{KeyLimitSpec, KeySettingsSpec, ProviderKeySpec};
pub use route::{Lossy, RouteSpec, Strategy, TargetSpec};
