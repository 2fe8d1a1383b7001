//! The keys that people entered, as a plan takes them: read again only where they changed, and opened only where the data plane does
//! not have them yet.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use parking_lot::Mutex;
use roundhouse_domain::spec::{KeySettingsSpec, ProviderSpec};
use roundhouse_domain::{KeyHash, Secret};
use roundhouse_gateway::compile::StoredKey;
use roundhouse_storage::provider_keys::{self, PROXY_CONTEXT, Planned, SEALING_CONTEXT};
use roundhouse_storage::{ConnectionTrait, MasterKey, StorageError};

use crate::control::Control;

/// So many keys to be opened, and all of a provider are read rather than each by its name.
const MANY: usize = 5_000;

/// Keys of providers as they were when last read; credentials are not among them.
#[derive(Default)]
pub(crate) struct StoredKeys(Mutex<HashMap<String, Known>>);

struct Known {
    version: i64,
    keys: Arc<[StoredKey]>,
}

/// What a plan says of keys that people entered.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) stored: HashMap<Arc<str>, Arc<[StoredKey]>>,
    pub(crate) fresh: HashMap<KeyHash, Secret>,
    pub(crate) disabled: HashSet<(Arc<str>, KeyHash)>,
}

/// Gathers the keys of `providers` that people entered; whoever calls makes the next snapshot from them.
pub(crate) async fn gather(
    control: &Control,
    connection: &impl ConnectionTrait,
    providers: &[ProviderSpec],
) -> Result<Gathered, StorageError> {
    let mut gathered = Gathered::default();
    let versions = provider_keys::versions(connection).await?;
    for spec in providers.iter().filter(|spec| spec.enabled) {
        let name = spec.name.as_str();
        let Some(version) = versions.get(name).copied() else { continue };
        let keys = match control.inner().stored_keys.find(name, version) {
            Some(keys) => keys,
            None => read(control, connection, name, version).await?,
        };
        gathered.fresh.extend(fresh(control, connection, name, &keys).await?);
        gathered.stored.insert(spec.name.shared(), keys);
    }
    let disabled = provider_keys::list_disabled(connection).await?;
    gathered.disabled = disabled.into_iter().map(|(provider, hash)| (provider.into(), hash)).collect();
    Ok(gathered)
}

impl StoredKeys {
    fn find(&self, provider: &str, version: i64) -> Option<Arc<[StoredKey]>> {
        let known = self.0.lock();
        known.get(provider).filter(|known| known.version == version).map(|known| known.keys.clone())
    }
}

async fn read(
    control: &Control,
    connection: &impl ConnectionTrait,
    provider: &str,
    version: i64,
) -> Result<Arc<[StoredKey]>, StorageError> {
    let planned = provider_keys::list_planned(connection, provider).await?;
    let master = &control.inner().parts.master;
    let keys: Arc<[StoredKey]> = planned.into_iter().map(|key| stored_key(key, provider, master)).collect();
    // What a transaction sees may never come to be, and another one count up to the same number.
    let committed = provider_keys::versions(control.database().reader()).await?;
    if committed.get(provider) == Some(&version) {
        let known = Known { version, keys: keys.clone() };
        control.inner().stored_keys.0.lock().insert(provider.to_owned(), known);
    }
    Ok(keys)
}

fn stored_key(key: Planned, provider: &str, master: &MasterKey) -> StoredKey {
    let open = |sealed: Vec<u8>| {
        let opened = master.open_text(&sealed, PROXY_CONTEXT);
        opened.inspect_err(|error| tracing::error!(provider, key = %key.key_hash, %error, "the proxy of a provider key cannot be read")).ok()
    };
    let had_proxy = key.sealed_proxy.is_some();
    let proxy = key.sealed_proxy.and_then(open);
    // A key whose proxy cannot be read must not go out another way.
    let enabled = key.enabled && proxy.is_some() == had_proxy;
    let settings =
        KeySettingsSpec { weight: key.weight, limits: key.limits, proxy, ..KeySettingsSpec::default() };
    let settings = (settings != KeySettingsSpec::default()).then(|| Box::new(settings));
    StoredKey { hash: key.key_hash, enabled, settings }
}

/// The credentials of keys that the data plane does not have.
async fn fresh(
    control: &Control,
    connection: &impl ConnectionTrait,
    provider: &str,
    keys: &[StoredKey],
) -> Result<Vec<(KeyHash, Secret)>, StorageError> {
    let snapshot = control.gateway().snapshot_full();
    let known = snapshot.providers.get(provider).map(|provider| &provider.keys);
    let is_fresh = |hash: &KeyHash| known.is_none_or(|known| known.find(*hash).is_none());
    let fresh: Vec<KeyHash> = keys.iter().map(|key| key.hash).filter(is_fresh).collect();
    if fresh.is_empty() {
        return Ok(Vec::new());
    }
    let sealed = if fresh.len() > MANY {
        let fresh: HashSet<KeyHash> = fresh.into_iter().collect();
        let mut all = provider_keys::list_sealed(connection, provider).await?;
        all.retain(|(hash, _)| fresh.contains(hash));
        all
    } else {
        provider_keys::find_sealed(connection, provider, &fresh).await?
    };
    let (master, provider) = (control.inner().parts.master.clone(), provider.to_owned());
    let opened = tokio::task::spawn_blocking(move || open_all(sealed, &provider, &master)).await;
    Ok(opened.unwrap_or_default())
}

fn open_all(sealed: Vec<(KeyHash, Vec<u8>)>, provider: &str, master: &MasterKey) -> Vec<(KeyHash, Secret)> {
    let count = sealed.len();
    let open =
        |(hash, sealed): (KeyHash, Vec<u8>)| Some((hash, master.open_text(&sealed, SEALING_CONTEXT).ok()?));
    let opened: Vec<_> = sealed.into_iter().filter_map(open).collect();
    if opened.len() < count {
        let unreadable = count - opened.len();
        tracing::error!(
            provider,
            unreadable,
            "stored provider keys were sealed under another encryption key and are not used"
        );
    }
    opened
}
