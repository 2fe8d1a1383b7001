//! Keys as they are shown: as stored, in the state that the data plane has them in now.

use roundhouse_domain::{KeyStatus, Secret};
use roundhouse_gateway::key_pool::KeyCounts;
use roundhouse_gateway::key_usage::Used;
use roundhouse_storage::provider_keys::{PROXY_CONTEXT, ProviderKey, StatusCounts};

use crate::control::Control;

/// A key as it is shown.
#[derive(Clone, Debug)]
pub struct KeyView {
    /// As stored, in its present state.
    pub key: ProviderKey,
    /// Its own proxy, without user and password.
    pub proxy: Option<String>,
    /// How much of its limits is used here; none where it has none, or was not used yet.
    pub used: Option<Used>,
    /// Requests under way here.
    pub in_flight: u32,
}

/// How many keys of a provider are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In use.
    pub active: u64,
    /// Resting.
    pub cooling: u64,
    /// Refused by the provider.
    pub invalid: u64,
    /// Switched off.
    pub disabled: u64,
}

impl Control {
    /// The key with what the data plane knows of it.
    pub(super) fn key_view(&self, mut key: ProviderKey) -> KeyView {
        let now = self.now();
        let snapshot = self.gateway().snapshot_full();
        let cell = snapshot
            .providers
            .get(key.provider.as_str())
            .and_then(|provider| provider.keys.find(key.key_hash));
        let (mut used, mut in_flight) = (None, 0);
        if let Some(cell) = cell {
            let state = cell.state(now);
            key.status = if key.enabled { state.status } else { KeyStatus::Disabled };
            key.cooling_until = state.cooling_until;
            key.failures = state.failures;
            key.last_error = state.last_error.as_deref().map(str::to_owned);
            used = cell.used(now);
            in_flight = cell.in_flight().load(std::sync::atomic::Ordering::Relaxed);
        }
        let sealed = key.settings.sealed_proxy.as_deref();
        let open = |sealed| self.inner().parts.master.open_text(sealed, PROXY_CONTEXT).ok();
        let proxy =
            sealed.map(|sealed| open(sealed).map_or_else(|| "unreadable".to_owned(), |proxy| shown(&proxy)));
        KeyView { key, proxy, used, in_flight }
    }
}

/// An address without user and password.
fn shown(proxy: &Secret) -> String {
    match proxy.expose().split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
            format!("{scheme}://{host}")
        }
        None => "****".to_owned(),
    }
}

impl From<KeyCounts> for Counts {
    fn from(counts: KeyCounts) -> Self {
        Self {
            active: counts.active as u64,
            cooling: counts.cooling as u64,
            invalid: counts.invalid as u64,
            disabled: counts.disabled as u64,
        }
    }
}

impl From<StatusCounts> for Counts {
    fn from(counts: StatusCounts) -> Self {
        let StatusCounts { active, cooling, invalid, disabled } = counts;
        Self { active, cooling, invalid, disabled }
    }
}
