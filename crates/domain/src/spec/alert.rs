//! Alerts as declared: what is looked for, and who is told how.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Name, Span};
use crate::secret::Secret;

/// A rule that tells people when something is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertSpec {
    /// Unique.
    pub name: Name,
    /// What is looked for.
    pub when: AlertCondition,
    /// What is too much, or too little: keys for `few_keys` (fewer fire; default 1), percent for `provider_errors` and
    /// `request_errors` (more fires; default 10) and for `budget` (default 80), milliseconds for `latency` (default 5000).
    #[serde(default)]
    #[schemars(range(min = 1, max = 3_600_000))]
    pub threshold: Option<u32>,
    /// Which percentile of latencies counts. Default 95.
    #[serde(default = "default_percentile")]
    #[schemars(range(min = 1, max = 99))]
    pub percentile: u32,
    /// How far back is looked: for errors, latency, dropped records and failed jobs. Default 5m.
    #[serde(default = "default_window")]
    pub window: Span,
    /// Fewer requests than this within the window say nothing about errors or latency. Default 20.
    #[serde(default = "default_minimum")]
    #[schemars(range(min = 1))]
    pub minimum_requests: u32,
    /// Only these providers, kinds of jobs, or owners of budgets. Default all.
    #[serde(default)]
    pub only: Vec<String>,
    /// How long it must last before somebody is told. Default 0.
    #[serde(default)]
    pub hold: Span,
    /// Time after which it is told again while it lasts; 0 is never. Default 4h.
    #[serde(default = "default_repeat")]
    pub repeat: Span,
    /// Who is told: names of alert channels.
    #[serde(default)]
    pub channels: Vec<Name>,
    /// Whether it is looked for. Default true.
    #[serde(default = "default_true")]
    pub enabled: bool,
}

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertCondition {
    /// A provider is unhealthy, or disabled by health checks.
    ProviderUnhealthy,
    /// A provider has few keys that work.
    FewKeys,
    /// Many calls to a provider fail.
    ProviderErrors,
    /// Many requests fail for good.
    RequestErrors,
    /// A provider is slow.
    Latency,
    /// A budget is near its end.
    Budget,
    /// Records of requests were dropped, since the database did not take them.
    RecordsDropped,
    /// A background job failed for good.
    JobFailed,
}

/// A way to tell people.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertChannelSpec {
    /// Unique.
    pub name: Name,
    /// How.
    pub kind: AlertChannelKind,
    /// The address that messages are posted to; for all kinds but `email`.
    #[serde(default)]
    pub url: Option<Secret>,
    /// What messages are signed with: for `webhook`, and for `feishu` and `dingtalk` whose robot has a signing secret.
    #[serde(default)]
    pub secret: Option<Secret>,
    /// E-mail addresses; for `email`.
    #[serde(default)]
    pub to: Vec<String>,
    /// The language of messages. Default en.
    #[serde(default)]
    pub language: AlertLanguage,
}

/// The kinds of ways to tell people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertChannelKind {
    /// JSON, posted to an address.
    Webhook,
    /// A letter.
    Email,
    /// A message to an incoming webhook of Slack.
    Slack,
    /// A message of a custom bot of Feishu or Lark.
    Feishu,
    /// A message of a custom robot of `DingTalk`.
    Dingtalk,
    /// A message of a group robot of `WeCom`.
    Wecom,
}

/// The languages of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertLanguage {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

impl AlertCondition {
    /// What is too much, or too little, unless the rule says otherwise.
    pub const fn default_threshold(self) -> u32 {
        match self {
            Self::ProviderErrors | Self::RequestErrors => 10,
            Self::Latency => 5_000,
            Self::Budget => 80,
            _ => 1,
        }
    }

    /// Whether the threshold is in percent.
    pub const fn is_in_percent(self) -> bool {
        matches!(self, Self::ProviderErrors | Self::RequestErrors | Self::Budget)
    }
}

impl AlertSpec {
    /// What is too much, or too little.
    pub fn threshold(&self) -> u32 {
        self.threshold.unwrap_or_else(|| self.when.default_threshold())
    }

    /// Whether it is about this provider, job or owner.
    pub fn is_about(&self, object: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == object)
    }
}

const fn default_percentile() -> u32 {
    95
}

const fn default_window() -> Span {
    Span::secs(300)
}

const fn default_minimum() -> u32 {
    20
}

const fn default_repeat() -> Span {
    Span::secs(4 * 3_600)
}

const fn default_true() -> bool {
    true
}
