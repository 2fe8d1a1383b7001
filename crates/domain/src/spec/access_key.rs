//! Access keys as declared.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CacheChoice, CaptureSpec, ModelRule, Network};
use crate::money::NanoUsd;
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
    /// Whose it is: a user's e-mail address or id. What that user and the user's groups are limited to counts for it too.
    #[serde(default)]
    pub owner: Option<String>,
    /// Which bodies of its requests are kept. Default none.
    #[serde(default)]
    pub capture: CaptureSpec,
    /// Where it may be used from: addresses and networks such as `10.0.0.0/8`. Default anywhere.
    #[serde(default)]
    pub allowed_networks: Vec<Network>,
    /// Whether only administrators may change what it may use; its owner may still rotate it and switch it off. Default false.
    #[serde(default)]
    pub locked: bool,
    /// What it is for, in words for people.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub description: Option<String>,
    /// Words to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// Limits of an access key, a user or a group; what is absent is unlimited.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitSpec {
    /// Requests begun within any 60 seconds.
    #[schemars(range(min = 1))]
    pub requests_per_minute: Option<u32>,
    /// Requests begun in a day (UTC).
    #[schemars(range(min = 1))]
    pub requests_per_day: Option<u64>,
    /// Tokens, in and out, within any 60 seconds; a request is let in while the sum is below, with what requests under way
    /// are expected to take.
    #[schemars(range(min = 1))]
    pub tokens_per_minute: Option<u64>,
    /// Tokens, in and out, per day (UTC).
    #[schemars(range(min = 1))]
    pub tokens_per_day: Option<u64>,
    /// Tokens, in and out, per calendar month (UTC).
    #[schemars(range(min = 1))]
    pub tokens_per_month: Option<u64>,
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

impl LimitSpec {
    /// True when nothing is limited.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The first field in which these limits allow more than `most` does, by name.
    pub fn beyond(&self, most: &Self) -> Option<&'static str> {
        fn over<T: PartialOrd>(own: Option<T>, most: Option<T>) -> bool {
            most.is_some_and(|most| own.is_none_or(|own| own > most))
        }
        let fields = [
            ("requests_per_minute", over(self.requests_per_minute, most.requests_per_minute)),
            ("requests_per_day", over(self.requests_per_day, most.requests_per_day)),
            ("tokens_per_minute", over(self.tokens_per_minute, most.tokens_per_minute)),
            ("tokens_per_day", over(self.tokens_per_day, most.tokens_per_day)),
            ("tokens_per_month", over(self.tokens_per_month, most.tokens_per_month)),
            ("concurrent", over(self.concurrent, most.concurrent)),
            ("usd_per_day", over(self.usd_per_day, most.usd_per_day)),
            ("usd_per_month", over(self.usd_per_month, most.usd_per_month)),
        ];
        fields.into_iter().find(|(_, beyond)| *beyond).map(|(name, _)| name)
    }

    /// The first field whose value means nothing, by name: a count of zero, or money that is no amount.
    pub fn invalid(&self) -> Option<&'static str> {
        let counts = [
            ("requests_per_minute", self.requests_per_minute.map(u64::from)),
            ("requests_per_day", self.requests_per_day),
            ("tokens_per_minute", self.tokens_per_minute),
            ("tokens_per_day", self.tokens_per_day),
            ("tokens_per_month", self.tokens_per_month),
            ("concurrent", self.concurrent.map(u64::from)),
        ];
        let money = [("usd_per_day", self.usd_per_day), ("usd_per_month", self.usd_per_month)];
        let zero = counts.into_iter().find(|(_, count)| *count == Some(0)).map(|(name, _)| name);
        let no_amount = |usd: f64| !usd.is_finite() || usd < 0.0 || NanoUsd::from_usd(usd).is_none();
        zero.or_else(|| money.into_iter().find(|(_, usd)| usd.is_some_and(no_amount)).map(|(name, _)| name))
    }
}

fn all_models() -> Vec<ModelRule> {
    vec![ModelRule::All]
}

const fn default_true() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_allow_more_name_the_field() {
        let most = LimitSpec { usd_per_day: Some(5.0), concurrent: Some(4), ..LimitSpec::default() };
        let beyond = |concurrent, usd_per_day| {
            LimitSpec { concurrent, usd_per_day, ..LimitSpec::default() }.beyond(&most)
        };
        assert_eq!(beyond(Some(4), Some(5.0)), None);
        assert_eq!(beyond(Some(5), Some(5.0)), Some("concurrent"));
        assert_eq!(beyond(Some(1), None), Some("usd_per_day"));
        assert_eq!(LimitSpec::default().beyond(&LimitSpec::default()), None);
    }

    #[test]
    fn values_that_mean_nothing_are_named() {
        let invalid = |usd| LimitSpec { usd_per_month: Some(usd), ..LimitSpec::default() }.invalid();
        assert_eq!((invalid(0.0), invalid(12.5)), (None, None));
        for usd in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(invalid(usd), Some("usd_per_month"), "{usd}");
        }
        let zero = LimitSpec { tokens_per_day: Some(0), ..LimitSpec::default() };
        assert_eq!(zero.invalid(), Some("tokens_per_day"));
    }
}
