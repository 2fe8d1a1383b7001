//! How providers fare.

use serde::{Deserialize, Serialize};

/// What asking a provider has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// It answered as it should.
    Works,
    /// It answered, but not as it should: a key was refused, limited or missing. The provider itself is up.
    Doubtful,
    /// It did not answer, or said that it is in trouble.
    Failed,
}

impl CheckOutcome {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Doubtful => "doubtful",
            Self::Failed => "failed",
        }
    }

    /// The outcome of that name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Works, Self::Doubtful, Self::Failed].into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// How a provider fares, checks and real traffic taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// As it should.
    Healthy,
    /// It serves, but slowly, or not all of it.
    Warning,
    /// It does not serve, or too slowly or too seldom.
    Unhealthy,
}

impl HealthStatus {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Warning => "warning",
            Self::Unhealthy => "unhealthy",
        }
    }

    /// The status of that name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Healthy, Self::Warning, Self::Unhealthy].into_iter().find(|status| status.as_str() == text)
    }
}
