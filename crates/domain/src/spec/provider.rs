//! Providers and pools as declared.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    CaptureSpec, ClientDialect, CooldownSpec, KeyLimitSpec, KeySpec, Name, ProbeSpec, ProviderKeySpec,
    ProviderKind, Span, TimeoutSpec,
};
use crate::secret::Secret;

/// An upstream that serves models.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderSpec {
    /// Unique; stands in paths and logs.
    pub name: Name,
    /// Which API it speaks; inferred from the base URL when absent.
    #[serde(default)]
    pub kind: Option<ProviderKind>,
    /// Where it is, with the version path (`https://api.openai.com/v1`); the kind's public address when absent.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Several addresses with weights, instead of `base_url`.
    #[serde(default)]
    pub base_urls: Vec<BaseUrl>,
    /// Its credentials, used in turn. For `bedrock`: `ACCESS_KEY_ID:SECRET_ACCESS_KEY[:SESSION_TOKEN]`, JSON with the names that
    /// AWS gives them, or an API key. For `vertex`: a service account's JSON (also in base64), an API key, or an access token.
    /// Each is a text, or has settings: `{ key: …, weight: 10, limits: { requests_per_minute: 60 }, proxy: …, note: …, tags: [] }`.
    #[serde(default)]
    pub keys: Vec<ProviderKeySpec>,
    /// A file with one credential a line (`#` comments, blank lines ignored), or with the JSON of one service account; read
    /// again whenever it changes.
    #[serde(default)]
    pub keys_file: Option<PathBuf>,
    /// Limits of each of its keys that says nothing else; a key at its limit is passed over.
    #[serde(default)]
    pub key_limits: KeyLimitSpec,
    /// What it offers; when absent, the provider is asked.
    #[serde(default)]
    pub models: Option<Vec<ModelSpec>>,
    /// Time between two times that it is asked for its models; the gateway's when absent.
    #[serde(default)]
    pub discovery_interval: Option<Span>,
    /// Lower tiers are used first; the next only when nothing healthy is left. Default 0.
    #[serde(default)]
    pub tier: u32,
    /// Share among providers of the same tier; 0 switches it off for implicit routes. Default 10.
    #[serde(default = "default_weight")]
    #[schemars(range(max = 1_000_000))]
    pub weight: u32,
    /// Whether it is used at all. Default true.
    #[serde(default = "default_true")]
    pub enabled: bool,
    /// Outbound proxy: `http://`, `https://` or `socks5://`, with user and password if needed.
    #[serde(default)]
    pub proxy: Option<Secret>,
    /// Headers set on each request; values may use `{{client_ip}}`, `{{provider}}`, `{{model}}`, `{{access_key}}`,
    /// `{{api_key}}`, `{{request_id}}`, `{{timestamp_s}}` and `{{timestamp_ms}}`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Headers taken off each request.
    #[serde(default)]
    pub remove_headers: Vec<String>,
    /// When given, only these of the caller's headers are passed on; else all but credentials, cookies and addresses.
    #[serde(default)]
    pub forward_headers: Option<Vec<String>>,
    /// Changes to the JSON body of each request.
    #[serde(default)]
    pub body: BodyRules,
    /// Timeouts that differ from the gateway's.
    #[serde(default)]
    pub timeouts: TimeoutSpec,
    /// Failure counting that differs from the gateway's.
    #[serde(default)]
    pub failures: KeySpec,
    /// Cooldowns that differ from the gateway's.
    #[serde(default)]
    pub cooldowns: CooldownSpec,
    /// Probing of invalid keys that differs from the gateway's.
    #[serde(default)]
    pub probes: ProbeSpec,
    /// Azure's `api-version`; without it a base URL that ends in `/openai/v1` is used as it is.
    #[serde(default)]
    pub api_version: Option<String>,
    /// The clients' languages that it speaks itself (`chat`, `completions`, `responses`, `messages`, `gemini`): requests in
    /// these go on as they are, all others are translated. Default what its kind is known to speak.
    #[serde(default)]
    pub dialects: Option<Vec<ClientDialect>>,
    /// The Google Cloud project of `vertex`; that of the service account when absent.
    #[serde(default)]
    pub project: Option<String>,
    /// The location of `vertex` (`global`, `us`, `europe-west1`); that of the base URL when absent, else `global`.
    #[serde(default)]
    pub location: Option<String>,
    /// Which bodies of requests that it answers are kept. Default none.
    #[serde(default)]
    pub capture: CaptureSpec,
    /// The AWS region of `bedrock` (`us-east-1`); that of the base URL when absent.
    #[serde(default)]
    pub region: Option<String>,
}

/// One address of a provider.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BaseUrl {
    /// The address, with the version path.
    pub url: String,
    /// Its share of the requests; 0 is off. Default 1.
    #[serde(default = "default_one")]
    #[schemars(range(max = 1_000_000))]
    pub weight: u32,
}

/// A model that a provider offers: its upstream name alone, or with details.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(from = "ModelEntry")]
#[schemars(with = "ModelEntry")]
pub struct ModelSpec {
    /// The upstream's name for it.
    pub name: String,
    /// The name callers use; the upstream's when absent.
    pub public_name: Option<String>,
    /// Changes to the JSON body, after the provider's.
    pub body: BodyRules,
    /// Timeouts that differ from the provider's.
    pub timeouts: TimeoutSpec,
}

impl ModelSpec {
    /// The name that callers use.
    pub fn public(&self) -> &str {
        self.public_name.as_deref().unwrap_or(&self.name)
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum ModelEntry {
    /// The upstream's name, which is the public one too.
    Name(String),
    /// With details.
    Details(ModelDetails),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ModelDetails {
    /// The upstream's name for it.
    name: String,
    /// The name callers use.
    #[serde(default, rename = "as")]
    public_name: Option<String>,
    /// Changes to the JSON body of each request for it.
    #[serde(default)]
    body: BodyRules,
    /// Timeouts that differ from the provider's.
    #[serde(default)]
    timeouts: TimeoutSpec,
}

impl From<ModelEntry> for ModelSpec {
    fn from(entry: ModelEntry) -> Self {
        match entry {
            ModelEntry::Name(name) => {
                Self { name, public_name: None, body: BodyRules::default(), timeouts: TimeoutSpec::default() }
            }
            ModelEntry::Details(ModelDetails { name, public_name, body, timeouts }) => {
                Self { name, public_name, body, timeouts }
            }
        }
    }
}

/// Changes to a JSON body: fields set (objects are merged), then fields removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BodyRules {
    /// Fields to set; an object is merged into one that is there.
    pub set: Map<String, Value>,
    /// Fields to remove; a dot leads into an object (`stream_options.include_usage`).
    pub remove: Vec<String>,
}

impl BodyRules {
    /// True when nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }
}

/// A named set of providers, reachable as `/proxy/{pool}/…` with native paths.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolSpec {
    /// Unique among pools and providers.
    pub name: Name,
    /// Who answers, by weight.
    #[schemars(length(min = 1))]
    pub providers: Vec<PoolMember>,
}

/// A provider in a pool.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolMember {
    /// The provider.
    pub provider: Name,
    /// Its share of the requests; 0 is off. Default 1.
    #[serde(default = "default_one")]
    #[schemars(range(max = 1_000_000))]
    pub weight: u32,
}

const fn default_weight() -> u32 {
    10
}

const fn default_one() -> u32 {
    1
}

const fn default_true() -> bool {
    true
}
