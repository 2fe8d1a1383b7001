//! Settings of health checks.

use roundhouse_domain::spec::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How providers are looked after. What is asked, and how long that may take, is said by `probes`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HealthConfig {
    /// Time between two checks of a provider; 0 is never. Default 5m.
    pub interval: Span,
    /// Answers that take longer are a warning. Default 2s.
    pub warning_latency: Span,
    /// A provider whose answers take longer is unhealthy. Default 5s.
    pub unhealthy_latency: Span,
    /// Share of real requests that may fail, in percent; more is a warning. Default 10.
    #[schemars(range(max = 100))]
    pub warning_errors_percent: u32,
    /// A provider of whose real requests more than this share fail, in percent, is unhealthy. Default 50.
    #[schemars(range(max = 100))]
    pub unhealthy_errors_percent: u32,
    /// Checks in a row that fail before a provider gets no requests any more, until one succeeds; 0 is never. A provider that
    /// answers real requests is left alone. Default 3.
    pub disable_after: u32,
    /// Time between two checks of a provider that was disabled so. Default 30s.
    pub recheck_interval: Span,
    /// Time between two looks at what alerts are about. Default 15s.
    pub alert_interval: Span,
    /// Time results of checks are kept; 0 is for ever. Default 30d.
    pub retention: Span,
}

impl Default for HealthConfig {
    fn default() -> Self {
        Self {
            interval: Span::secs(300),
            warning_latency: Span::secs(2),
            unhealthy_latency: Span::secs(5),
            warning_errors_percent: 10,
            unhealthy_errors_percent: 50,
            disable_after: 3,
            recheck_interval: Span::secs(30),
            alert_interval: Span::secs(15),
            retention: Span::secs(30 * 86_400),
        }
    }
}
