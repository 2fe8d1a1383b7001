//! Redis' settings.

use std::path::PathBuf;
use std::time::Duration;

use roundhouse_domain::Secret;
use roundhouse_domain::spec::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// What several replicas share; one replica needs none.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RedisConfig {
    /// `redis://` or `rediss://` address. Default none.
    pub url: Option<Secret>,
    /// A file whose first line is the address, instead of `url`.
    pub url_file: Option<PathBuf>,
    /// What all names there begin with; installations that share a Redis need one each. Default roundhouse.
    #[schemars(length(min = 1, max = 100))]
    pub prefix: String,
    /// Time limit of one look for a shared value; what does not come in time counts as not there. Default 500ms.
    pub timeout: Span,
}

impl Default for RedisConfig {
    fn default() -> Self {
        Self {
            url: None,
            url_file: None,
            prefix: "roundhouse".to_owned(),
            timeout: Span(Duration::from_millis(500)),
        }
    }
}
