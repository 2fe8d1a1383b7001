//! Provider keys as they are shown.

use roundhouse_control::provider_keys::{Added, BatchResult, Counts, KeyView};
use roundhouse_domain::spec::KeyLimitSpec;
use roundhouse_domain::{JobId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A provider key, masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownProviderKey {
    id: Uuid,
    /// The provider's name.
    provider: String,
    /// The key's first and last characters.
    masked_key: String,
    /// Names the key in the request log.
    hash: String,
    /// `active`, `cooling`, `invalid` or `disabled`.
    status: &'static str,
    /// When a cooling key is used again.
    #[schema(value_type = Option<String>)]
    cooling_until: Option<Timestamp>,
    /// Counted failures.
    failures: u32,
    /// What the provider said last.
    last_error: Option<String>,
    /// Whether people want it used.
    enabled: bool,
    /// Whether a configuration or keys file brought it, so that it is changed there.
    declared: bool,
    note: String,
    tags: Vec<String>,
    /// Share among the usable keys of its provider; 0 is off.
    weight: u32,
    /// Its own limits.
    #[schema(value_type = KeyLimits)]
    limits: KeyLimitSpec,
    /// Its own outbound proxy, without user and password.
    proxy: Option<String>,
    /// How much of its limits is used; null where it has none.
    used: Option<UsedLimits>,
    /// Requests under way.
    in_flight: u32,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = String)]
    updated_at: Timestamp,
}

/// Limits of a key; what is absent is as its provider's `key_limits` say.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used: KeyLimitSpec is the value")]
pub struct KeyLimits {
    /// Requests sent within any 60 seconds.
    requests_per_minute: Option<u32>,
    /// Tokens, in and out, within any 60 seconds.
    tokens_per_minute: Option<u64>,
    /// Requests sent on a day (UTC).
    requests_per_day: Option<u32>,
    /// Requests under way at the same time.
    concurrent: Option<u32>,
}

/// How much of its limits a key has used in this process.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsedLimits {
    requests_last_minute: u64,
    tokens_last_minute: u64,
    requests_today: u32,
}

/// What became of keys that were to be added.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddedKeys {
    /// Keys that are new.
    added: u64,
    /// Keys that were there already, stood there twice, or cannot be sent.
    ignored: u64,
    /// Keys that the provider has now.
    total: u64,
}

/// Work that goes on in the background; see `/jobs/{id}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueuedJob {
    job_id: Uuid,
}

/// How many keys are in which state.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyCounts {
    total: u64,
    active: u64,
    cooling: u64,
    invalid: u64,
    disabled: u64,
}

/// What a provider says of a key.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestedKey {
    /// `works`, `refused`, or `unclear` when the provider could not be asked.
    pub(super) result: &'static str,
    /// The status of the provider's answer.
    pub(super) status: Option<u16>,
    /// How long it took.
    pub(super) latency_ms: u64,
    /// What it said against the key.
    pub(super) error: Option<String>,
}

/// A key in full.
#[derive(Serialize, ToSchema)]
pub struct RevealedKey {
    pub(super) key: String,
}

/// What was done with many keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchDone {
    /// Keys that were meant.
    matched: u64,
    /// Keys that are different now.
    changed: u64,
    /// Keys that could not be: declared ones are not removed, and a provider has a key once.
    skipped: u64,
    /// Keys that were tested and work.
    works: u64,
    /// Keys that were tested and are refused.
    refused: u64,
    /// Keys that were tested without a clear answer.
    unclear: u64,
}

impl From<KeyView> for ShownProviderKey {
    fn from(KeyView { key, proxy, used, in_flight }: KeyView) -> Self {
        let used = used.map(|used| UsedLimits {
            requests_last_minute: used.requests_last_minute,
            tokens_last_minute: used.tokens_last_minute,
            requests_today: used.requests_today,
        });
        Self {
            id: key.id.0,
            provider: key.provider,
            masked_key: key.masked,
            hash: key.key_hash.to_string(),
            status: key.status.as_str(),
            cooling_until: key.cooling_until,
            failures: key.failures,
            last_error: key.last_error,
            enabled: key.enabled,
            declared: key.declared,
            note: key.settings.note,
            tags: key.settings.tags,
            weight: key.settings.weight,
            limits: key.settings.limits,
            proxy,
            used,
            in_flight,
            created_at: key.created_at,
            updated_at: key.updated_at,
        }
    }
}

impl From<Added> for AddedKeys {
    fn from(Added { added, ignored, total }: Added) -> Self {
        Self { added, ignored, total }
    }
}

impl From<JobId> for QueuedJob {
    fn from(job: JobId) -> Self {
        Self { job_id: job.0 }
    }
}

impl From<Counts> for KeyCounts {
    fn from(Counts { active, cooling, invalid, disabled }: Counts) -> Self {
        Self { total: active + cooling + invalid + disabled, active, cooling, invalid, disabled }
    }
}

impl From<BatchResult> for BatchDone {
    fn from(result: BatchResult) -> Self {
        let BatchResult { matched, changed, skipped, works, refused, unclear } = result;
        Self { matched, changed, skipped, works, refused, unclear }
    }
}
