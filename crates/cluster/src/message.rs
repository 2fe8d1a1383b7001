//! What processes tell each other.

use std::sync::Arc;

use roundhouse_domain::{Amounts, Day, HolderId, KeyHash, KeyStateRecord, KeyStatus, NanoUsd, Timestamp};
use roundhouse_gateway::limits::Shared;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A message, and who tells it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    /// Which process.
    pub(crate) from: Uuid,
    /// What it tells.
    pub(crate) body: Body,
}

/// What is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Body {
    /// A process has come: all tell it everything.
    Hello,
    /// What a process counted of some holders, or of all that it knows.
    Counted {
        /// Whether of all: what is not there is nothing.
        is_all: bool,
        /// By holder.
        holders: Vec<(String, Counted)>,
    },
    /// A provider key's state changed.
    Key(Key),
    /// A process goes.
    Gone,
}

/// What one process counted of a holder. Short names: this is told ten times a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Counted {
    #[serde(rename = "d")]
    day: i32,
    #[serde(rename = "o", skip_serializing_if = "is_zero")]
    open: u64,
    #[serde(rename = "r", skip_serializing_if = "is_zero")]
    minute_requests: u64,
    #[serde(rename = "t", skip_serializing_if = "is_zero")]
    minute_tokens: u64,
    #[serde(rename = "h", skip_serializing_if = "is_nothing")]
    reserved: Sum,
    #[serde(rename = "y", skip_serializing_if = "is_nothing")]
    today: Sum,
    #[serde(rename = "m", skip_serializing_if = "is_nothing")]
    this_month: Sum,
}

/// Requests, tokens, nano-dollars.
type Sum = (u64, u64, i64);

/// A provider key's state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Key {
    provider: Arc<str>,
    hash: KeyHash,
    status: KeyStatus,
    cooling_until_ms: Option<i64>,
    failures: u32,
    rate_limits: u32,
    last_error: Option<Arc<str>>,
    changed_at_ms: i64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

fn is_nothing(sum: &Sum) -> bool {
    *sum == Sum::default()
}

const fn sum(amounts: Amounts) -> Sum {
    (amounts.requests, amounts.tokens, amounts.cost.0)
}

const fn amounts((requests, tokens, cost): Sum) -> Amounts {
    Amounts { requests, tokens, cost: NanoUsd(cost) }
}

impl From<Shared> for Counted {
    fn from(shared: Shared) -> Self {
        Self {
            day: shared.day.0,
            open: shared.open,
            minute_requests: shared.minute_requests,
            minute_tokens: shared.minute_tokens,
            reserved: sum(shared.reserved),
            today: sum(shared.today),
            this_month: sum(shared.this_month),
        }
    }
}

impl From<Counted> for Shared {
    fn from(counted: Counted) -> Self {
        Self {
            day: Day(counted.day),
            open: counted.open,
            minute_requests: counted.minute_requests,
            minute_tokens: counted.minute_tokens,
            reserved: amounts(counted.reserved),
            today: amounts(counted.today),
            this_month: amounts(counted.this_month),
        }
    }
}

impl From<KeyStateRecord> for Key {
    fn from(record: KeyStateRecord) -> Self {
        Self {
            provider: record.provider,
            hash: record.key_hash,
            status: record.status,
            cooling_until_ms: record.cooling_until.map(Timestamp::as_millis),
            failures: record.failures,
            rate_limits: record.rate_limits,
            last_error: record.last_error,
            changed_at_ms: record.changed_at.as_millis(),
        }
    }
}

impl From<Key> for KeyStateRecord {
    fn from(key: Key) -> Self {
        Self {
            provider: key.provider,
            key_hash: key.hash,
            status: key.status,
            cooling_until: key.cooling_until_ms.map(Timestamp::from_millis),
            failures: key.failures,
            rate_limits: key.rate_limits,
            last_error: key.last_error,
            changed_at: Timestamp::from_millis(key.changed_at_ms),
        }
    }
}

/// A holder by its text; none for what only a newer version knows.
pub(crate) fn holder(text: &str) -> Option<HolderId> {
    text.parse().ok()
}
