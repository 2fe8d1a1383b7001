//! Limits of callers, counted in memory.
//!
//! A call has several holders of limits: its access key, the key's owner and the owner's groups. All of them let it in, or none does.
//! What it is expected to take of tokens and money is reserved before anybody is asked, and what it took is counted when it
//! ends, so that no number of calls at the same time takes more than what is allowed and one call's expectation beyond.
//!
//! Counting is local, and never waits. Where several processes serve the same callers, each tells the others what it counted
//! ([`Usage::shared`]) and is told what they did ([`Usage::others`]); both happen beside the requests. What may be taken until the
//! next time is divided among them ([`Usage::divide`]).

mod headers;
mod permit;
mod portion;
mod refusal;
mod registry;
#[cfg(test)]
mod tests;
mod usage;
mod window;

use std::sync::Arc;

use roundhouse_domain::spec::LimitSpec;
use roundhouse_domain::{HolderId, NanoUsd};

pub use self::headers::{Quota, Standing};
pub use self::permit::Permit;
pub use self::portion::Taken;
pub use self::refusal::{Limit, Reached, Refusal, Until};
pub use self::registry::Usages;
pub use self::usage::{Division, Shared, Usage, Used};

/// Someone whose use of models is limited.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Who.
    pub id: HolderId,
    /// The name that callers know it by.
    pub name: Arc<str>,
    /// What it may use.
    pub limits: Limits,
    /// What it uses.
    pub usage: Arc<Usage>,
}

/// Limits in the units that are counted; what is absent is unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Requests within any 60 seconds.
    pub requests_per_minute: Option<u64>,
    /// Requests of a day.
    pub requests_per_day: Option<u64>,
    /// Tokens within any 60 seconds.
    pub tokens_per_minute: Option<u64>,
    /// Tokens of a day.
    pub tokens_per_day: Option<u64>,
    /// Tokens of a month.
    pub tokens_per_month: Option<u64>,
    /// Requests under way.
    pub concurrent: Option<u64>,
    /// Money of a day.
    pub cost_per_day: Option<NanoUsd>,
    /// Money of a month.
    pub cost_per_month: Option<NanoUsd>,
}

impl Limits {
    /// True when nothing is limited.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// True when it matters what a call is expected to take.
    pub const fn wants_estimate(&self) -> bool {
        self.tokens_per_minute.is_some()
            || self.tokens_per_day.is_some()
            || self.tokens_per_month.is_some()
            || self.wants_cost()
    }

    /// True when it matters what a call is expected to cost.
    pub const fn wants_cost(&self) -> bool {
        self.cost_per_day.is_some() || self.cost_per_month.is_some()
    }
}

impl From<&LimitSpec> for Limits {
    fn from(spec: &LimitSpec) -> Self {
        // An amount that is none allows nothing, rather than everything.
        let cost = |usd: f64| NanoUsd::from_usd(usd).unwrap_or_default();
        Self {
            requests_per_minute: spec.requests_per_minute.map(u64::from),
            requests_per_day: spec.requests_per_day,
            tokens_per_minute: spec.tokens_per_minute,
            tokens_per_day: spec.tokens_per_day,
            tokens_per_month: spec.tokens_per_month,
            concurrent: spec.concurrent.map(u64::from),
            cost_per_day: spec.usd_per_day.map(cost),
            cost_per_month: spec.usd_per_month.map(cost),
        }
    }
}
