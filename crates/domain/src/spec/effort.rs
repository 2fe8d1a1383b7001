//! How much a model is to think, in words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a model is to think, in words.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// Not at all.
    #[default]
    None,
    /// Hardly.
    Minimal,
    /// A little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// Very much.
    XHigh,
    /// As much as can be.
    Max,
}

impl Effort {
    /// Every word, least first.
    pub const ALL: [Self; 7] =
        [Self::None, Self::Minimal, Self::Low, Self::Medium, Self::High, Self::XHigh, Self::Max];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::XHigh => "xhigh",
            Self::Max => "max",
        }
    }

    /// The effort that a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effort| effort.as_str().eq_ignore_ascii_case(word))
    }

    /// The tokens that an effort is worth where a dialect counts them and thinks at most `most`.
    ///
    /// The shares are ours; none of the providers publishes any.
    pub fn budget(self, most: u64) -> u64 {
        match self {
            Self::None => 0,
            Self::Minimal => most / 32,
            Self::Low => most / 8,
            Self::Medium => most / 4,
            Self::High => most / 2,
            Self::XHigh => most / 4 * 3,
            Self::Max => most,
        }
    }

    /// The effort that a budget of tokens is worth: the largest whose share of `most` it reaches.
    pub fn of_budget(tokens: u64, most: u64) -> Self {
        if tokens == 0 {
            return Self::None;
        }
        let reached = Self::ALL.into_iter().rev().find(|effort| tokens >= effort.budget(most));
        reached.unwrap_or_default().max(Self::Minimal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_and_words_agree_both_ways() {
        for most in [24_576, 32_768, 128_000] {
            for effort in Effort::ALL {
                assert_eq!(Effort::of_budget(effort.budget(most), most), effort, "{most}");
            }
        }
        assert_eq!(Effort::of_budget(1, 32_768), Effort::Minimal);
        assert_eq!(Effort::of_budget(u64::MAX, 32_768), Effort::Max);
    }
}
