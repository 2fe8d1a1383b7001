//! Money as an integer, so that sums are exact.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount in billionths of a US dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NanoUsd(pub i64);

impl NanoUsd {
    /// An amount of dollars, to the nearest billionth; none for what is no amount or too large.
    pub fn from_usd(usd: f64) -> Option<Self> {
        let nano = (usd * 1e9).round();
        #[allow(clippy::cast_precision_loss, reason = "a bound need not be exact")]
        let fits = nano.abs() < i64::MAX as f64;
        #[allow(clippy::cast_possible_truncation, reason = "the bounds are checked")]
        fits.then_some(Self(nano as i64))
    }

    /// The sum of both; the largest amount where it is too large.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left of this amount without `other`.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The amount in dollars, as near as a float comes.
    #[allow(clippy::cast_precision_loss, reason = "for people and charts")]
    pub fn as_usd(self) -> f64 {
        self.0 as f64 / 1e9
    }
}

impl fmt::Display for NanoUsd {
    /// Writes dollars with as many decimals as it takes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (dollars, rest) = (self.0.unsigned_abs() / 1_000_000_000, self.0.unsigned_abs() % 1_000_000_000);
        if rest == 0 {
            return write!(f, "{sign}{dollars}");
        }
        let decimals = format!("{rest:09}");
        write!(f, "{sign}{dollars}.{}", decimals.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_in_dollars() {
        for (nano, text) in [
            (0, "0"),
            (1, "0.000000001"),
            (-2_500_000_000, "-2.5"),
            (120_000, "0.00012"),
            (3_000_000_000, "3"),
        ] {
            assert_eq!(NanoUsd(nano).to_string(), text);
        }
    }

    #[test]
    fn dollars_become_whole_billionths() {
        assert_eq!(NanoUsd::from_usd(5.0), Some(NanoUsd(5_000_000_000)));
        assert_eq!(NanoUsd::from_usd(0.1), Some(NanoUsd(100_000_000)));
        assert_eq!(NanoUsd::from_usd(f64::NAN), None);
        assert_eq!(NanoUsd::from_usd(1e12), None);
    }
}
