//! Logged requests as the API tells them.

use crate::api::choices::ShownChoices;
use roundhouse_domain::{AttemptRecord, RequestRecord, Timestamp, TokenUsage};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A logged request.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownRequest {
    id: Uuid,
    #[schema(value_type = String)]
    started_at: Timestamp,
    duration_ms: u32,
    first_byte_ms: Option<u32>,
    access_key: String,
    access_key_id: Option<Uuid>,
    user_id: Option<Uuid>,
    group: Option<String>,
    session: Option<String>,
    tags: Vec<String>,
    /// What guardrails did, such as `pii:masked`.
    guardrails: Vec<String>,
    operation: String,
    model: String,
    stream: bool,
    status: u16,
    outcome: &'static str,
    error: Option<String>,
    #[schema(value_type = TokensByKind)]
    usage: TokenUsage,
    /// Whether the tokens are our estimate, since the provider did not count them.
    estimated: bool,
    /// What it cost, in billionths of a US dollar; null where a price is not known.
    cost_nanousd: Option<i64>,
    /// Whether the response cache answered.
    cache_hit: bool,
    client_ip: Option<String>,
    attempts: Vec<ShownAttempt>,
    /// Why each attempt went where it went, told of a single request; empty where there was nobody else.
    pub(super) choices: Vec<ShownChoices>,
    /// Whether bodies were captured; only told of a single request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) has_bodies: Option<bool>,
}

/// Tokens by kind.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used: TokenUsage is the value")]
pub struct TokensByKind {
    input: u64,
    output: u64,
    cached: u64,
    cache_write: u64,
    reasoning: u64,
    audio_input: u64,
    audio_output: u64,
}

/// An upstream call made for a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownAttempt {
    provider: String,
    model: String,
    /// Names the provider key without telling it.
    key: Option<String>,
    status: Option<u16>,
    verdict: String,
    error: Option<String>,
    started_ms: u32,
    first_byte_ms: Option<u32>,
    duration_ms: u32,
    /// What it cost, in billionths of a US dollar.
    cost_nanousd: Option<i64>,
}

impl From<RequestRecord> for ShownRequest {
    fn from(record: RequestRecord) -> Self {
        Self {
            id: record.id.0,
            started_at: record.started_at,
            duration_ms: record.duration_ms,
            first_byte_ms: record.first_byte_ms,
            access_key: record.access_key.to_string(),
            access_key_id: record.access_key_id.map(|id| id.0),
            user_id: record.user_id.map(|id| id.0),
            group: record.group.map(|group| group.to_string()),
            session: record.session.map(|session| session.to_string()),
            tags: record.tags.iter().map(ToString::to_string).collect(),
            guardrails: record.guardrails.iter().map(ToString::to_string).collect(),
            operation: record.operation.into_owned(),
            model: record.model.to_string(),
            stream: record.stream,
            status: record.status,
            outcome: record.outcome.as_str(),
            error: record.error.map(|error| error.to_string()),
            usage: record.usage,
            estimated: record.estimated,
            cost_nanousd: record.cost.map(|cost| cost.0),
            cache_hit: record.cache_hit,
            client_ip: record.client_ip.map(|ip| ip.to_string()),
            attempts: record.attempts.into_iter().map(ShownAttempt::from).collect(),
            choices: Vec::new(),
            has_bodies: None,
        }
    }
}

impl From<AttemptRecord> for ShownAttempt {
    fn from(attempt: AttemptRecord) -> Self {
        Self {
            provider: attempt.provider.to_string(),
            model: attempt.model.to_string(),
            key: attempt.key_hash.map(|hash| hash.to_string()),
            status: attempt.status,
            verdict: attempt.verdict.into_owned(),
            error: attempt.error.map(|error| error.to_string()),
            started_ms: attempt.started_ms,
            first_byte_ms: attempt.first_byte_ms,
            duration_ms: attempt.duration_ms,
            cost_nanousd: attempt.cost.map(|cost| cost.0),
        }
    }
}
