//! The settings of trace export.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where traces go.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetryConfig {
    /// OTLP/HTTP address of an OpenTelemetry collector (`http://collector:4318`). Default none: nothing is exported.
    pub otlp_endpoint: Option<String>,
    /// Name of this service in traces. Default roundhouse.
    #[schemars(length(min = 1))]
    pub service_name: String,
    /// Share of requests that are traced when the caller does not say, from 0 to 1. Default 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub sample_ratio: f64,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self { otlp_endpoint: None, service_name: "roundhouse".to_owned(), sample_ratio: 1.0 }
    }
}
