//! The whole configuration file as one value: what the schema and the reference page are made from.

mod part;

use std::path::PathBuf;

use roundhouse_domain::spec::{
    AccessKeySpec, AlertChannelSpec, AlertSpec, DiscoverySpec, GatewaySpec, GuardrailSpec, ModelFactsSpec,
    NormalisationSpec, PoolSpec, ProviderSpec, RouteSpec,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::section::{
    DatabaseConfig, ExportConfig, HealthConfig, JobsConfig, LogConfig, OidcConfig, OutboundConfig,
    RedisConfig, RequestsConfig, SecurityConfig, ServerConfig, SmtpConfig, TelemetryConfig,
};

pub(crate) use part::Part;

/// Roundhouse's configuration file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Roundhouse configuration")]
pub(crate) struct File {
    /// Folder of the database and everything else that is kept; relative to the working folder. Default data.
    pub(crate) data_dir: Part<Option<PathBuf>>,
    /// Adds a provider `demo` that answers offline from inside the process. Default false.
    pub(crate) demo: Part<bool>,
    /// How clients reach Roundhouse.
    pub(crate) server: Part<ServerConfig>,
    /// Where everything is kept.
    pub(crate) database: Part<DatabaseConfig>,
    /// What several replicas share; one replica needs none.
    pub(crate) redis: Part<RedisConfig>,
    /// What is logged, and how.
    pub(crate) log: Part<LogConfig>,
    /// Who gets in, and how secrets are kept.
    pub(crate) security: Part<SecurityConfig>,
    /// Logging in with accounts that people have elsewhere.
    pub(crate) oidc: Part<OidcConfig>,
    /// How letters are sent.
    pub(crate) smtp: Part<SmtpConfig>,
    /// Where traces go.
    pub(crate) telemetry: Part<TelemetryConfig>,
    /// How requests are recorded.
    pub(crate) requests: Part<RequestsConfig>,
    /// How providers are looked after.
    pub(crate) health: Part<HealthConfig>,
    /// How requests are made to addresses that people choose.
    pub(crate) outbound: Part<OutboundConfig>,
    /// How background work is done.
    pub(crate) jobs: Part<JobsConfig>,
    /// Other gateways that take what is configured here.
    pub(crate) export: Part<ExportConfig>,
    /// How the gateway treats requests.
    pub(crate) gateway: Part<GatewaySpec>,
    /// How providers are asked for their models.
    pub(crate) discovery: Part<DiscoverySpec>,
    /// How the names of models that providers list are brought into one form.
    pub(crate) normalisation: Part<NormalisationSpec>,
    /// Upstreams that serve models.
    pub(crate) providers: Vec<Part<ProviderSpec>>,
    /// Named sets of providers, reachable as `/proxy/{pool}/…`.
    pub(crate) pools: Vec<Part<PoolSpec>>,
    /// How single public model names are served, instead of by everyone who offers them.
    pub(crate) routes: Vec<Part<RouteSpec>>,
    /// Credentials handed to clients.
    pub(crate) access_keys: Vec<Part<AccessKeySpec>>,
    /// What is known of models better than by the built-in catalogue: limits, abilities and prices.
    pub(crate) catalogue: Vec<Part<ModelFactsSpec>>,
    /// What is looked for in what callers send and models answer, one after the other.
    pub(crate) guardrails: Vec<Part<GuardrailSpec>>,
    /// Ways to tell people that something is wrong.
    pub(crate) alert_channels: Vec<Part<AlertChannelSpec>>,
    /// What people are told of.
    pub(crate) alerts: Vec<Part<AlertSpec>>,
}
