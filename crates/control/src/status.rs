//! How the configuration stands.

use roundhouse_domain::Timestamp;

/// Whether the newest configuration is in force, and what is wrong with it if not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigStatus {
    /// When the configuration in force was applied.
    pub applied_at: Timestamp,
    /// When it was last tried to apply one.
    pub checked_at: Timestamp,
    /// Why the newest is not in force, one problem each; empty when it is.
    pub problems: Vec<String>,
    /// What looks wrong in the one in force.
    pub warnings: Vec<String>,
    /// Settings that changed and take effect at the next start.
    pub needs_restart: Vec<&'static str>,
}

impl ConfigStatus {
    /// True when the newest configuration is in force.
    pub fn is_valid(&self) -> bool {
        self.problems.is_empty()
    }
}
