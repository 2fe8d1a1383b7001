//! Other gateways that are kept beside this one.

use std::path::PathBuf;

use roundhouse_domain::Secret;
use roundhouse_domain::spec::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// Where what is configured is exported to.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ExportConfig {
    /// A gpt-load.
    pub gpt_load: GptLoadConfig,
    /// A uni-api.
    pub uni_api: UniApiConfig,
    /// Time between two looks whether those that are kept in step still are. Default 1m.
    pub interval: Span,
}

/// A gpt-load that takes what is configured here.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GptLoadConfig {
    /// Its address, such as `http://gpt-load:3001`.
    #[schemars(length(min = 1))]
    pub url: Option<String>,
    /// Its `AUTH_KEY`.
    #[schemars(length(min = 1))]
    pub auth_key: Option<Secret>,
    /// Whether it follows each change by itself. Default false.
    pub in_step: bool,
}

/// A uni-api that takes what is configured here.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UniApiConfig {
    /// Its address, such as `http://uni-api:8000`.
    #[schemars(length(min = 1))]
    pub url: Option<String>,
    /// The key of its administrator.
    #[schemars(length(min = 1))]
    pub api_key: Option<Secret>,
    /// Its `api.yaml`, when it is on this machine; used instead of `url`.
    pub file: Option<PathBuf>,
    /// Whether it follows each change by itself. Default false.
    pub in_step: bool,
}

impl Default for ExportConfig {
    fn default() -> Self {
        Self {
            gpt_load: GptLoadConfig::default(),
            uni_api: UniApiConfig::default(),
            interval: Span::secs(60),
        }
    }
}
