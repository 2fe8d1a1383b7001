//! The request log's settings.

use roundhouse_domain::spec::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How requests are recorded.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RequestsConfig {
    /// Longest time a record waits before it is written; what a killed process loses. Default 500ms.
    pub flush_interval: Span,
    /// Time records are kept; 0 is for ever. Default 30d.
    pub retention: Span,
    /// Time sums by minute are kept; 0 is for ever. Default 2d.
    pub minutes_retention: Span,
    /// Time sums by hour are kept; 0 is for ever. Those by day are kept for ever. Default 90d.
    pub hours_retention: Span,
    /// Records that may wait in memory to be written; beyond it the oldest are dropped and counted. Default 100000.
    #[schemars(range(min = 1))]
    pub max_queued_records: u32,
    /// Room on disk for records while the database is away, in bytes (`requests.spool` in the data folder); 0 is none.
    /// Default 268435456.
    pub max_spool_bytes: u64,
    /// Which bodies are kept, and for how long.
    pub capture: CaptureConfig,
}

/// How captured bodies are kept. What is captured is said by providers and access keys (`capture`).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CaptureConfig {
    /// Time bodies are kept; 0 is for ever. Default 7d.
    pub retention: Span,
    /// Regular expressions whose matches are replaced by `[redacted]`, besides what looks like a credential.
    pub redact: Vec<String>,
    /// Bytes of bodies that may wait in memory to be written; beyond it no more are captured. Default 67108864.
    pub max_waiting_bytes: u64,
}

impl Default for CaptureConfig {
    fn default() -> Self {
        Self { retention: Span::secs(7 * 86_400), redact: Vec::new(), max_waiting_bytes: 64 << 20 }
    }
}

impl Default for RequestsConfig {
    fn default() -> Self {
        Self {
            flush_interval: Span::millis(500),
            retention: Span::secs(30 * 86_400),
            minutes_retention: Span::secs(2 * 86_400),
            hours_retention: Span::secs(90 * 86_400),
            max_queued_records: 100_000,
            max_spool_bytes: 256 << 20,
            capture: CaptureConfig::default(),
        }
    }
}
