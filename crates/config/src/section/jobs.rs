//! Settings of background work.

use roundhouse_domain::spec::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How background work is done.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct JobsConfig {
    /// Jobs that one process does at the same time. Default 16.
    #[schemars(range(min = 1, max = 1000))]
    pub concurrent: u32,
    /// Time after which the jobs of a process that is gone are done by another one. Default 30s.
    pub lease: Span,
    /// Time between two looks for jobs that other processes have added. Default 1s.
    pub poll_interval: Span,
    /// Time that a job may take to end when it was cancelled or the process stops. Default 10s.
    pub grace: Span,
    /// Pause before a job that failed is tried again; doubled each time. Default 5s.
    pub retry_after: Span,
    /// The longest such pause. Default 10m.
    pub retry_after_max: Span,
    /// Time ended jobs are kept; 0 is for ever. Default 7d.
    pub retention: Span,
}

impl Default for JobsConfig {
    fn default() -> Self {
        Self {
            concurrent: 16,
            lease: Span::secs(30),
            poll_interval: Span::secs(1),
            grace: Span::secs(10),
            retry_after: Span::secs(5),
            retry_after_max: Span::secs(600),
            retention: Span::secs(7 * 86_400),
        }
    }
}
