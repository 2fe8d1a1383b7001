//! What a snapshot says of a provider key beyond its credential.

use roundhouse_domain::spec::{KeyLimitSpec, KeySettingsSpec};

use crate::upstream::Client;

/// Settings of one key; most keys have none.
#[derive(Clone)]
pub struct KeySettings {
    /// Share among the usable keys of its provider; 0 is off.
    pub weight: u32,
    /// Its limits; the provider's are filled in.
    pub limits: KeyLimitSpec,
    /// The connections through its own proxy.
    pub(crate) client: Option<Client>,
}

impl KeySettings {
    /// Settings of a key that goes the provider's way.
    pub const fn new(weight: u32, limits: KeyLimitSpec) -> Self {
        Self { weight, limits, client: None }
    }
}

impl Default for KeySettings {
    fn default() -> Self {
        Self::new(KeySettingsSpec::DEFAULT_WEIGHT, KeyLimitSpec::default())
    }
}

impl std::fmt::Debug for KeySettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeySettings")
            .field("weight", &self.weight)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
