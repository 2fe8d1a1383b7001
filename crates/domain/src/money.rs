//! Money as an integer, so that sums are exact.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount in billionths of a US dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NanoUsd(pub i64);

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
}
