//! Token counts of one answer.

use serde::{Deserialize, Serialize};

/// Tokens by kind. `input` and `output` are totals; the others say how much of them was of a special kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUsage {
    /// All tokens read, cached and cache-written ones included.
    pub input: u64,
    /// All tokens written, reasoning included.
    pub output: u64,
    /// Of `input`: read from the provider's cache.
    pub cached: u64,
    /// Of `input`: written to the provider's cache.
    pub cache_write: u64,
    /// Of `output`: reasoning.
    pub reasoning: u64,
    /// Of `input`: sound.
    #[serde(default)]
    pub audio_input: u64,
    /// Of `output`: sound.
    #[serde(default)]
    pub audio_output: u64,
}

impl TokenUsage {
    /// True when nothing was counted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// All tokens together.
    pub const fn total(&self) -> u64 {
        self.input.saturating_add(self.output)
    }
}
