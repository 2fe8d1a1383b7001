//! Access keys as declared.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CacheChoice, ModelRule};
use crate::secret::Secret;
use crate::time::Timestamp;

/// A credential handed to a client of ours.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessKeySpec {
    /// Unique; shown in logs.
    #[schemars(length(min = 1, max = 100))]
    pub name: String,
    /// The credential itself.
    #[serde(default)]
    pub key: Option<Secret>,
    /// A file whose first line is the credential, instead of `key`.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// What it may use. Default all.
    #[serde(default = "all_models")]
    pub models: Vec<ModelRule>,
    /// How much it may use.
    #[serde(default)]
    pub limits: LimitSpec,
    /// What it has otherwise of the answers that are kept.
    #[serde(default)]
    pub cache: CacheChoice,
    /// When it ends.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// Whether it works at all. Default true.
    #[serde(default = "default_true")]
    pub enabled: bool,
}

/// Limits of an access key; what is absent is unlimited.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitSpec {
    /// Requests begun within any 60 seconds.
    #[schemars(range(min = 1))]
    pub requests_per_minute: Option<u32>,
    /// Tokens, in and out, within any 60 seconds; a request is let in while the sum is below.
    #[schemars(range(min = 1))]
    pub tokens_per_minute: Option<u64>,
    /// Requests open at the same time.
    #[schemars(range(min = 1))]
    pub concurrent: Option<u32>,
    /// US dollars per day (UTC).
    #[schemars(range(min = 0.0))]
    pub usd_per_day: Option<f64>,
    /// US dollars per calendar month (UTC).
    #[schemars(range(min = 0.0))]
    pub usd_per_month: Option<f64>,
}

fn all_models() -> Vec<ModelRule> {
    vec![ModelRule::All]
}

const fn default_true() -> bool {
    true
}
