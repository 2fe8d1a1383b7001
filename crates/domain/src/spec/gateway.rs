//! Settings of the data plane. A provider may set any of the optional ones for itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CacheSpec, Lossy, Network, Span};

/// How the gateway treats requests.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GatewaySpec {
    /// Upstream calls made for one client call at the most. Default 12.
    #[schemars(range(min = 1, max = 100))]
    pub max_attempts: u32,
    /// Largest request body in bytes. Default 64 MiB.
    #[schemars(range(min = 1))]
    pub max_request_body_bytes: u64,
    /// Largest answer in bytes that is read before it is passed on, to see whether it is one; a larger one is
    /// streamed through. Default 16 MiB.
    #[schemars(range(min = 1))]
    pub max_inspected_body_bytes: u64,
    /// Client calls served at the same time; beyond it callers get 503. Default 20000.
    #[schemars(range(min = 1))]
    pub max_concurrent_requests: u32,
    /// Time after which a waiting streaming client gets a comment, and again each time; 0 is never. Default 15s.
    pub keepalive_interval: Span,
    /// Requests with the same `prompt_cache_key`, `x-session-id` or user prefer the same target and key. Default true.
    pub affinity: bool,
    /// Timeouts.
    pub timeouts: TimeoutSpec,
    /// What failures do to keys.
    pub failures: KeySpec,
    /// How long keys rest.
    pub cooldowns: CooldownSpec,
    /// How failing providers are passed over.
    pub breaker: BreakerSpec,
    /// How invalid keys come back.
    pub probes: ProbeSpec,
    /// How repeated requests with an `Idempotency-Key` are answered.
    pub idempotency: IdempotencySpec,
    /// How answers are kept for the next one who asks the same.
    pub cache: CacheSpec,
    /// How files are read that callers name by their address, for providers that want the bytes.
    pub fetch: FetchSpec,
    /// Texts in an answer with status 400, 413 or 422 that mean the provider is at fault, not the caller (any case);
    /// such answers are retried elsewhere.
    pub provider_fault_texts: Vec<String>,
    /// What happens when a request must be translated for a provider and something of it cannot be said there: `warn` serves it
    /// without that and names it in `x-roundhouse-warnings`, `refuse` answers 400. Default warn.
    pub lossy: Lossy,
}

impl Default for GatewaySpec {
    fn default() -> Self {
        Self {
            max_attempts: 12,
            max_request_body_bytes: 64 << 20,
            max_inspected_body_bytes: 16 << 20,
            max_concurrent_requests: 20_000,
            keepalive_interval: Span::secs(15),
            affinity: true,
            timeouts: TimeoutSpec::default(),
            failures: KeySpec::default(),
            cooldowns: CooldownSpec::default(),
            breaker: BreakerSpec::default(),
            probes: ProbeSpec::default(),
            idempotency: IdempotencySpec::default(),
            cache: CacheSpec::default(),
            fetch: FetchSpec::default(),
            provider_fault_texts: [
                "model price not configured",
                "is not supported when using codex with a chatgpt account",
                "user location is not supported",
                "no available channel",
                "model is overloaded",
            ]
            .map(str::to_owned)
            .to_vec(),
            lossy: Lossy::default(),
        }
    }
}

/// Time limits of one upstream call, and of the whole client call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TimeoutSpec {
    /// To open a connection. Default 10s.
    pub connect: Option<Span>,
    /// From sending the request to the first semantic event of a stream, or to the whole answer. Default 120s.
    pub first_byte: Option<Span>,
    /// Between two pieces of a started answer. Default 120s.
    pub idle: Option<Span>,
    /// For the client call with all its attempts; a started stream may go on. Default 600s.
    pub total: Option<Span>,
}

/// How failures of a key are counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KeySpec {
    /// Counted failures after which a key is invalid; 0 is never. Default 3.
    pub threshold: Option<u32>,
    /// Whether a success leaves the count as it is, instead of setting it to zero. Default false.
    pub cumulative: Option<bool>,
}

/// How long a key rests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CooldownSpec {
    /// After a 402, or a text that says the quota is used up. Default 6h.
    pub quota: Option<Span>,
    /// After the first 429 that does not say how long; doubled each time. Default 30s.
    pub rate_limit: Option<Span>,
    /// The longest rest after a 429, whatever it says. Default 30m.
    pub rate_limit_max: Option<Span>,
}

/// When a target (a provider's model) is passed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BreakerSpec {
    /// Consecutive failures that open the breaker; 0 is never. Default 5.
    pub failures: u32,
    /// Time until one request is let through to try it again. Default 30s.
    pub open: Span,
}

impl Default for BreakerSpec {
    fn default() -> Self {
        Self { failures: 5, open: Span::secs(30) }
    }
}

/// How invalid keys are tried again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProbeSpec {
    /// Time between two probes of an invalid key; 0 is never. Default 60m.
    pub interval: Option<Span>,
    /// Keys of one provider probed at the same time. Default 10.
    #[schemars(range(min = 1, max = 1000))]
    pub concurrency: Option<u32>,
    /// Time limit of one probe. Default 20s.
    pub timeout: Option<Span>,
    /// The model to probe with; without it the provider's model list is asked for.
    pub model: Option<String>,
}

/// How answers are kept for repeated requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct IdempotencySpec {
    /// Time an answer is kept; 0 switches the feature off. Default 15m.
    pub ttl: Span,
    /// Bytes of answers kept in all. Default 128 MiB.
    pub max_bytes: u64,
    /// Bytes of the largest answer kept. Default 16 MiB.
    pub max_answer_bytes: u64,
    /// Time a repeated request waits for the first one. Default 10m.
    pub wait: Span,
}

impl Default for IdempotencySpec {
    fn default() -> Self {
        Self { ttl: Span::secs(900), max_bytes: 128 << 20, max_answer_bytes: 16 << 20, wait: Span::secs(600) }
    }
}

/// How files are read that callers name by their address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FetchSpec {
    /// Bytes of the largest file. Default 20 MiB.
    #[schemars(range(min = 1))]
    pub max_bytes: u64,
    /// Files of one request at the most. Default 20.
    #[schemars(range(min = 1))]
    pub max_files: u32,
    /// Bytes of all files of one request together. Default 64 MiB.
    #[schemars(range(min = 1))]
    pub max_total_bytes: u64,
    /// Time limit of one file, redirects included. Default 15s.
    pub timeout: Span,
    /// Networks that are not public and may be read from all the same. Default none.
    pub allowed_networks: Vec<Network>,
}

impl Default for FetchSpec {
    fn default() -> Self {
        Self {
            max_bytes: 20 << 20,
            max_files: 20,
            max_total_bytes: 64 << 20,
            timeout: Span::secs(15),
            allowed_networks: Vec::new(),
        }
    }
}
