//! Redis' settings.

use std::path::PathBuf;

use roundhouse_domain::Secret;
use schemars::JsonSchema;
use serde::Deserialize;

/// What several replicas share; one replica needs none.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RedisConfig {
    /// `redis://` or `rediss://` address. Default none.
    pub url: Option<Secret>,
    /// A file whose first line is the address, instead of `url`.
    pub url_file: Option<PathBuf>,
}
