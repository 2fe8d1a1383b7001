//! The database's settings.

use std::path::PathBuf;

use roundhouse_domain::Secret;
use schemars::JsonSchema;
use serde::Deserialize;

/// Where everything is kept.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite://path` (three or four slashes for an absolute path), `postgres://` or `postgresql://`; with its password
    /// it is a secret. Default `sqlite://{data_dir}/roundhouse.db`.
    pub url: Secret,
    /// A file whose first line is the address, instead of `url`.
    pub url_file: Option<PathBuf>,
    /// Connections open at the same time. Default 10.
    #[schemars(range(min = 1, max = 10_000))]
    pub max_connections: u32,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self { url: Secret::new(""), url_file: None, max_connections: 10 }
    }
}
