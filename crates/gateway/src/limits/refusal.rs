//! Why a call is not let in.

use std::sync::Arc;
use std::time::Duration;

use roundhouse_domain::{HolderId, NanoUsd, Timestamp};

use super::Holder;

/// The kinds of limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Requests under way.
    Concurrent,
    /// Requests within 60 seconds.
    RequestsPerMinute,
    /// Requests of a day.
    RequestsPerDay,
    /// Tokens within 60 seconds.
    TokensPerMinute,
    /// Tokens of a day.
    TokensPerDay,
    /// Tokens of a month.
    TokensPerMonth,
    /// Money of a day.
    CostPerDay,
    /// Money of a month.
    CostPerMonth,
}

/// A limit that is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Which.
    pub limit: Limit,
    /// What it allows; billionths of a dollar where it is for money.
    pub allowed: u64,
    /// Until when.
    pub until: Until,
}

/// Until when a limit stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Until some request under way ends: what is left is reserved for those.
    Soon,
    /// For so long, at least.
    After(Duration),
    /// Until a day or a month is over: all of it is used.
    Renewed(Timestamp),
}

/// Why a call is not let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Whose limit.
    pub holder: HolderId,
    /// Its name.
    pub name: Arc<str>,
    /// What is reached.
    pub reached: Reached,
    /// When the call was refused.
    pub at: Timestamp,
}

/// How soon a call may come back that waits for others to end.
const SOON: Duration = Duration::from_secs(1);

impl Refusal {
    pub(super) fn new(holder: &Holder, reached: Reached, at: Timestamp) -> Self {
        Self { holder: holder.id.clone(), name: holder.name.clone(), reached, at }
    }

    /// A stable code: budgets that are used up are told apart from limits that a moment heals.
    pub const fn code(&self) -> &'static str {
        match self.reached.until {
            Until::Renewed(_) => "insufficient_quota",
            Until::Soon | Until::After(_) => "rate_limit_exceeded",
        }
    }

    /// When to come back.
    pub fn retry_after(&self) -> Duration {
        match self.reached.until {
            Until::Soon => SOON,
            Until::After(wait) => wait,
            Until::Renewed(time) => time.since(self.at),
        }
    }

    /// The limit, whose it is, and when it is open again.
    pub fn message(&self) -> String {
        let Reached { limit, allowed, until } = self.reached;
        let whose = match &self.holder {
            HolderId::AccessKey(_) | HolderId::DeclaredKey(_) => "this access key".to_owned(),
            HolderId::User(_) => "this access key's owner".to_owned(),
            HolderId::Group(_) => format!("the group {:?}", &*self.name),
        };
        let what = format!("the limit of {} of {whose}", limit.of(allowed));
        match until {
            Until::Soon if limit == Limit::Concurrent => format!("{what} is reached; try again in a moment"),
            Until::Soon => {
                format!("what is left of {what} is reserved by requests under way; try again in a moment")
            }
            Until::After(wait) => format!("{what} is reached; try again in {} s", wait.as_secs().max(1)),
            Until::Renewed(time) => format!("{what} is used up; it is renewed at {time}"),
        }
    }
}

impl Limit {
    fn of(self, allowed: u64) -> String {
        let usd = NanoUsd(i64::try_from(allowed).unwrap_or(i64::MAX));
        match self {
            Self::Concurrent => format!("{allowed} requests at the same time"),
            Self::RequestsPerMinute => format!("{allowed} requests per minute"),
            Self::RequestsPerDay => format!("{allowed} requests per day"),
            Self::TokensPerMinute => format!("{allowed} tokens per minute"),
            Self::TokensPerDay => format!("{allowed} tokens per day"),
            Self::TokensPerMonth => format!("{allowed} tokens per month"),
            Self::CostPerDay => format!("{usd} USD per day"),
            Self::CostPerMonth => format!("{usd} USD per month"),
        }
    }
}
