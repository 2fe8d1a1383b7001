//! Routes as declared.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CacheChoice, Name};

/// How a public model name is served, instead of by everyone who offers it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteSpec {
    /// The public model name.
    #[schemars(length(min = 1))]
    pub model: String,
    /// How to choose within a tier. Default weighted.
    #[serde(default)]
    pub strategy: Strategy,
    /// Targets, best tier first; the next tier only when nothing healthy is left.
    #[serde(default)]
    pub tiers: Vec<Vec<TargetSpec>>,
    /// Public names to serve instead when no target is left, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fallbacks: Vec<String>,
    /// What happens when a request must be translated and something of it cannot be said there; the gateway's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lossy: Option<Lossy>,
    /// What it has otherwise of the answers that are kept.
    #[serde(default)]
    pub cache: CacheChoice,
}

/// What happens to a request that can only be translated with a loss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lossy {
    /// It is served without what cannot be said, and `x-roundhouse-warnings` names that.
    #[default]
    Warn,
    /// It is refused with status 400.
    Refuse,
}

/// One way to serve a route.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetSpec {
    /// Who serves it.
    pub provider: Name,
    /// The upstream's name for the model.
    #[schemars(length(min = 1))]
    pub model: String,
    /// Share within the tier; 0 is off. Default 1.
    #[serde(default = "default_one")]
    #[schemars(range(max = 1_000_000))]
    pub weight: u32,
}

/// How a target is chosen within a tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Smooth weighted round robin.
    #[default]
    Weighted,
    /// In turn, whatever the weights.
    RoundRobin,
    /// Fewest requests in flight per weight.
    LeastBusy,
    /// Shortest recent time to first byte.
    LowestLatency,
    /// By chance, by weight.
    Random,
    /// Always the first that is healthy.
    Ordered,
}

const fn default_one() -> u32 {
    1
}
