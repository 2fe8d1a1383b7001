//! The settings as the rest of the program gets them.

use std::path::PathBuf;

use roundhouse_domain::spec::{
    AccessKeySpec, GatewaySpec, ModelFactsSpec, PoolSpec, ProviderSpec, RouteSpec,
};

use crate::section::{
    DatabaseConfig, JobsConfig, LogConfig, RedisConfig, RequestsConfig, SecurityConfig, ServerConfig,
    TelemetryConfig,
};

/// Everything that file, environment and flags say, checked and complete.
#[derive(Clone, Debug)]
pub struct Config {
    /// How clients reach Roundhouse.
    pub server: ServerConfig,
    /// Where everything is kept; the address is always there.
    pub database: DatabaseConfig,
    /// What several replicas share.
    pub redis: RedisConfig,
    /// What is logged, and how.
    pub log: LogConfig,
    /// Who gets in, and how secrets are kept.
    pub security: SecurityConfig,
    /// Where traces go.
    pub telemetry: TelemetryConfig,
    /// How requests are recorded.
    pub requests: RequestsConfig,
    /// How background work is done.
    pub jobs: JobsConfig,
    /// How the gateway treats requests.
    pub gateway: GatewaySpec,
    /// Whether the provider `demo` was asked for.
    pub demo: bool,
    /// What is declared, and so read-only in the console.
    pub declared: Declared,
    /// Files whose change means to load again; some may not exist yet.
    pub watched: Vec<PathBuf>,
    /// What was ignored, changed or looks wrong, one sentence each.
    pub warnings: Vec<String>,
    /// Folder of everything that is kept.
    pub data_dir: PathBuf,
}

/// What file and environment declare. Each provider has its `kind`, its addresses in `base_urls` (none for the demo),
/// and the keys of its file in `keys`; each access key has its `key`.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// Upstreams.
    pub providers: Vec<ProviderSpec>,
    /// Named sets of them.
    pub pools: Vec<PoolSpec>,
    /// How single public model names are served.
    pub routes: Vec<RouteSpec>,
    /// Credentials of clients.
    pub access_keys: Vec<AccessKeySpec>,
    /// What is known of models.
    pub catalogue: Vec<ModelFactsSpec>,
}
