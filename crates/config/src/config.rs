//! The settings as the rest of the program gets them.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use roundhouse_domain::spec::{
    AccessKeySpec, AlertChannelSpec, AlertSpec, DiscoverySpec, GatewaySpec, GuardrailSpec, ModelFactsSpec,
    NormalisationSpec, PoolSpec, ProviderSpec, RouteSpec,
};

use crate::report::Source;
use crate::section::{
    DatabaseConfig, ExportConfig, HealthConfig, JobsConfig, LogConfig, OidcConfig, OutboundConfig,
    RedisConfig, RequestsConfig, SecurityConfig, ServerConfig, SmtpConfig, TelemetryConfig,
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
    /// Logging in with accounts that people have elsewhere.
    pub oidc: OidcConfig,
    /// How letters are sent.
    pub smtp: SmtpConfig,
    /// Where traces go.
    pub telemetry: TelemetryConfig,
    /// How requests are recorded.
    pub requests: RequestsConfig,
    /// How providers are looked after.
    pub health: HealthConfig,
    /// How requests are made to addresses that people choose.
    pub outbound: OutboundConfig,
    /// How background work is done.
    pub jobs: JobsConfig,
    /// Other gateways that take what is configured here.
    pub export: ExportConfig,
    /// How the gateway treats requests.
    pub gateway: GatewaySpec,
    /// How providers are asked for their models.
    pub discovery: DiscoverySpec,
    /// How the names of models that providers list are brought into one form.
    pub normalisation: NormalisationSpec,
    /// Whether the provider `demo` was asked for.
    pub demo: bool,
    /// What is declared, and what people configured.
    pub declared: Declared,
    /// Files whose change means to load again; some may not exist yet.
    pub watched: Vec<PathBuf>,
    /// What was ignored, changed or looks wrong, one sentence each.
    pub warnings: Vec<String>,
    /// Where everything comes from.
    pub sources: Sourced,
    /// Folder of everything that is kept.
    pub data_dir: PathBuf,
}

/// Where settings come from: what file, environment and flags say cannot be changed elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Sourced {
    /// Fields by JSON pointer; what is not there, nor anything above it, has its default.
    pub fields: BTreeMap<String, Source>,
    /// Entries of lists, by list and name.
    pub(crate) entries: HashMap<(String, String), Source>,
}

impl Sourced {
    /// Where an entry comes from; none where there is no such entry.
    pub fn entry(&self, list: &str, name: &str) -> Option<&Source> {
        self.entries.get(&(list.to_owned(), name.to_owned()))
    }

    /// Where a field comes from; none where it has its default.
    pub fn field(&self, pointer: &str) -> Option<&Source> {
        let mut end = pointer.len();
        loop {
            if let Some(source) = self.fields.get(&pointer[..end]) {
                return Some(source);
            }
            end = pointer[..end].rfind('/')?;
        }
    }
}

/// What is declared in file and environment, and what people configured. Each provider has its `kind`, its addresses in `base_urls` (none for the demo),
/// and the keys of its file in `keys`; each access key of file and environment has
/// its `key`.
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
    /// Ways to tell people that something is wrong.
    pub alert_channels: Vec<AlertChannelSpec>,
    /// What people are told of.
    pub alerts: Vec<AlertSpec>,
    /// What is looked for in requests and answers, in this order.
    pub guardrails: Vec<GuardrailSpec>,
}
