//! What alerts find.

use serde::{Deserialize, Serialize};

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// A provider is unhealthy.
    ProviderUnhealthy {
        /// Which.
        provider: String,
        /// Whether it gets no requests for that.
        disabled: bool,
        /// Why.
        reason: Option<String>,
    },
    /// A provider has few keys that work.
    FewKeys {
        /// Which.
        provider: String,
        /// Keys that work.
        usable: usize,
        /// All of its keys.
        total: usize,
    },
    /// Calls to a provider fail.
    ProviderErrors {
        /// Which.
        provider: String,
        /// How many of a hundred.
        percent: u64,
        /// Of how many calls.
        calls: u64,
    },
    /// Requests fail for good.
    RequestErrors {
        /// How many of a hundred.
        percent: u64,
        /// Of how many requests.
        requests: u64,
    },
    /// A provider is slow.
    Latency {
        /// Which.
        provider: String,
        /// Which percentile.
        percentile: u32,
        /// How slow, in milliseconds.
        milliseconds: u64,
        /// Of how many requests.
        requests: u64,
    },
    /// A budget is near its end.
    Budget {
        /// Whose.
        owner: String,
        /// How much of it is used, of a hundred.
        percent: u64,
        /// What is limited: `usd_per_day`, `usd_per_month`, `tokens_per_day` or `tokens_per_month`.
        limit: String,
    },
    /// Records of requests were dropped.
    RecordsDropped {
        /// How many.
        records: u64,
    },
    /// Background jobs failed for good.
    JobFailed {
        /// What they do.
        job: String,
        /// How many.
        jobs: u64,
        /// Why the last one did.
        error: Option<String>,
    },
    /// Nothing: somebody wants to see whether messages arrive.
    Test,
}
