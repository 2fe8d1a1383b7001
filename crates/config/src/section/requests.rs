//! The request log's settings.

use roundhouse_domain::spec::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How requests are recorded.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RequestsConfig {
    /// Longest time a record waits before it is written. Default 500ms.
    pub flush_interval: Span,
    /// Time records are kept; 0 is for ever. Default 30d.
    pub retention: Span,
    /// Records that may wait to be written; beyond it the oldest are dropped and counted. Default 100000.
    #[schemars(range(min = 1))]
    pub max_queued_records: u32,
}

impl Default for RequestsConfig {
    fn default() -> Self {
        Self {
            flush_interval: Span::millis(500),
            retention: Span::secs(30 * 86_400),
            max_queued_records: 100_000,
        }
    }
}
