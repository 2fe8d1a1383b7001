//! What happened: requests with their attempts, and changes of key states. The data plane reports these to a sink;
//! storage keeps them.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::choice::Choices;
use crate::ids::{AccessKeyId, RequestId, UserId};
use crate::money::NanoUsd;
use crate::time::Timestamp;
use crate::tokens::TokenUsage;

/// Names a provider key without telling it: the first 16 bytes of a hash keyed with the master key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KeyHash(pub [u8; 16]);

impl KeyHash {
    /// Reads the 32 hexadecimal digits that `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let number = u128::from_str_radix(text, 16).ok()?;
        (text.len() == 32).then(|| Self(number.to_be_bytes()))
    }
}

impl fmt::Display for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyHash({self})")
    }
}

/// Whether a provider key may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum KeyStatus {
    /// In use.
    #[default]
    Active,
    /// Resting until a time.
    Cooling,
    /// Refused by the provider, or failed too often; probed until it works again.
    Invalid,
    /// Switched off by a person.
    Disabled,
}

impl KeyStatus {
    /// The status as text, as stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Cooling => "cooling",
            Self::Invalid => "invalid",
            Self::Disabled => "disabled",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Cooling, Self::Invalid, Self::Disabled]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// The state of one provider key at one moment; the newest replaces all before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyStateRecord {
    /// The provider's name.
    pub provider: Arc<str>,
    /// Which of its keys.
    pub key_hash: KeyHash,
    /// Whether it may be used.
    pub status: KeyStatus,
    /// When a cooling key is used again.
    pub cooling_until: Option<Timestamp>,
    /// Failures since the last success (or in all, where the provider counts so).
    pub failures: u32,
    /// Rate limits in a row without advice how long to wait: the exponent of the growing cooldown.
    pub rate_limits: u32,
    /// What the provider said last, without secrets.
    pub last_error: Option<Arc<str>>,
    /// When this became so.
    pub changed_at: Timestamp,
}

/// How a client call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Answered in full.
    Ok,
    /// Refused for what the caller sent, by us or by the provider.
    CallerFault,
    /// Nothing was left to try.
    Failed,
    /// A started stream ended early by the provider's fault.
    Broken,
    /// The caller went away.
    Cancelled,
}

impl Outcome {
    /// The outcome as text, as stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::CallerFault => "caller_fault",
            Self::Failed => "failed",
            Self::Broken => "broken",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Ok, Self::CallerFault, Self::Failed, Self::Broken, Self::Cancelled]
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
    }
}

/// One client call, as it stands in the request log.
///
/// It is written to disk as JSON while the database is away: what is added must have a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRecord {
    /// The answer's `x-request-id`.
    pub id: RequestId,
    /// When it arrived.
    pub started_at: Timestamp,
    /// From arrival to the answer's end, in milliseconds.
    pub duration_ms: u32,
    /// From arrival to the first byte of the answer, in milliseconds.
    pub first_byte_ms: Option<u32>,
    /// Whose access key, where it has a row of its own.
    pub access_key_id: Option<AccessKeyId>,
    /// The access key's name; empty where none was recognised.
    pub access_key: Arc<str>,
    /// Whose access key it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// The group that it counts for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Arc<str>>,
    /// The conversation, by the caller's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<Arc<str>>,
    /// Words by which the caller wants to find it again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Arc<str>>,
    /// What was asked for, such as `chat.completions`.
    pub operation: Cow<'static, str>,
    /// The public model name; empty where none was given.
    pub model: Arc<str>,
    /// Whether a stream was asked for.
    pub stream: bool,
    /// Status of the answer; 499 when the caller went away first.
    pub status: u16,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it did not end well, without secrets.
    pub error: Option<Arc<str>>,
    /// Tokens of all attempts.
    pub usage: TokenUsage,
    /// Whether the tokens are our estimate, since the provider did not count them.
    #[serde(default)]
    pub estimated: bool,
    /// What all attempts cost, at the prices of that moment; none where a price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<NanoUsd>,
    /// Whether it was answered from the response cache.
    #[serde(default)]
    pub cache_hit: bool,
    /// What guardrails did to it, such as `pii:masked`; never what they found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guardrails: Vec<Arc<str>>,
    /// Where the caller was.
    pub client_ip: Option<std::net::IpAddr>,
    /// The upstream calls made, in order; the last one made the answer.
    pub attempts: Vec<AttemptRecord>,
    /// Why each attempt went where it went.
    #[serde(default)]
    pub choices: Choices,
}

impl RequestRecord {
    /// A call that arrived, of which nothing more is known.
    pub fn new(id: RequestId, started_at: Timestamp) -> Self {
        Self {
            id,
            started_at,
            duration_ms: 0,
            first_byte_ms: None,
            access_key_id: None,
            access_key: "".into(),
            user_id: None,
            group: None,
            session: None,
            tags: Vec::new(),
            operation: "unknown".into(),
            model: "".into(),
            stream: false,
            status: 0,
            outcome: Outcome::Failed,
            error: None,
            usage: TokenUsage::default(),
            estimated: false,
            cost: None,
            cache_hit: false,
            guardrails: Vec::new(),
            client_ip: None,
            attempts: Vec::new(),
            choices: Choices::default(),
        }
    }
}

/// One upstream call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptRecord {
    /// The provider's name.
    pub provider: Arc<str>,
    /// The upstream's name for the model.
    pub model: Arc<str>,
    /// The key, where the provider has keys.
    pub key_hash: Option<KeyHash>,
    /// Status of the upstream's answer; none when there was no answer.
    pub status: Option<u16>,
    /// What it came to, such as `ok`, `rate_limited` or `timeout`.
    pub verdict: Cow<'static, str>,
    /// What the upstream said, without secrets.
    pub error: Option<Arc<str>>,
    /// From the request's arrival to the start of this attempt, in milliseconds.
    pub started_ms: u32,
    /// From the attempt's start to its first byte, in milliseconds.
    pub first_byte_ms: Option<u32>,
    /// From the attempt's start to its end, in milliseconds.
    pub duration_ms: u32,
    /// What it cost; none where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<NanoUsd>,
}
