//! Keys of providers in an import.

use std::collections::HashSet;
use std::sync::Arc;

use roundhouse_domain::{KeyHash, KeyStateRecord, KeyStatus, ProviderKeyId, Timestamp};
use roundhouse_interchange::{Notes, ProviderKey, ProviderKeys};
use roundhouse_storage::provider_keys::{self, NewProviderKey, PROXY_CONTEXT, SEALING_CONTEXT, Settings};
use roundhouse_storage::sealing::SealingError;
use roundhouse_storage::{MasterKey, provider_key_states};

use super::ImportError;
use super::outcome::KeysOutcome;
use crate::changes::{Change, ChangeError};
use crate::control::Control;
use crate::objects::ObjectKind;

/// The longest note of a key, in characters.
const MAX_NOTE: usize = 1_000;

/// A key on its way into the database.
struct Fresh {
    row: NewProviderKey,
    status: KeyStatus,
    failures: u32,
}

/// Adds the keys that their providers do not have yet; those that they have stay as they are.
pub(super) async fn put(
    control: &Control,
    change: &mut Change,
    all: &[ProviderKeys],
    notes: &mut Notes,
) -> Result<Vec<KeysOutcome>, ImportError> {
    let mut outcomes = Vec::new();
    for entry in all.iter().filter(|entry| !entry.keys.is_empty()) {
        let provider = entry.provider.as_str();
        let is_declared =
            control.config().declared.providers.iter().any(|spec| spec.name.as_str() == provider);
        if !is_declared && change.draft().get(ObjectKind::Provider, provider).is_none() {
            return Err(
                ChangeError::field("provider", format!("there is no provider named {provider:?}")).into()
            );
        }
        outcomes.push(put_provider(control, change, entry, notes).await?);
    }
    Ok(outcomes)
}

async fn put_provider(
    control: &Control,
    change: &Change,
    entry: &ProviderKeys,
    notes: &mut Notes,
) -> Result<KeysOutcome, ImportError> {
    let provider = entry.provider.as_str();
    let transaction = change.transaction();
    let stored = provider_keys::list_planned(transaction, provider).await?;
    let known: HashSet<KeyHash> = stored.into_iter().map(|key| key.key_hash).collect();
    let fresh = sealed(control, entry, known, notes).await?;
    let outcome = KeysOutcome {
        provider: provider.to_owned(),
        added: fresh.len() as u64,
        known: (entry.keys.len() - fresh.len()) as u64,
    };
    let rows: Vec<NewProviderKey> = fresh.iter().map(|key| key.row.clone()).collect();
    provider_keys::insert_many(transaction, provider, &rows).await?;
    let is_off = |key: &&Fresh| key.status == KeyStatus::Disabled;
    let off: Vec<ProviderKeyId> = fresh.iter().filter(is_off).map(|key| key.row.id).collect();
    provider_keys::set_enabled(transaction, &off, false, control.now()).await?;
    let name: Arc<str> = provider.into();
    let states: Vec<_> = fresh.iter().filter_map(|key| state(key, &name, control.now())).collect();
    provider_key_states::upsert_batch(transaction, &states).await?;
    provider_keys::bump_version(transaction, provider).await?;
    Ok(outcome)
}

/// The keys that are new, sealed; that takes a while for many, so it leaves the threads that serve.
async fn sealed(
    control: &Control,
    entry: &ProviderKeys,
    mut known: HashSet<KeyHash>,
    notes: &mut Notes,
) -> Result<Vec<Fresh>, ImportError> {
    let hasher = &control.inner().parts.hasher;
    let usable = |key: &&ProviderKey| {
        let text = key.secret.expose();
        !text.is_empty() && (text.starts_with('{') || text.bytes().all(|byte| byte.is_ascii_graphic()))
    };
    let count = entry.keys.iter().filter(|key| !usable(key)).count();
    if count > 0 {
        let message = format!("keys with characters that cannot be sent: {count}; they are left out");
        notes.skip(format!("keys[{}]", entry.provider), message);
    }
    let fresh: Vec<(KeyHash, ProviderKey)> = entry
        .keys
        .iter()
        .filter(usable)
        .map(|key| (hasher.provider_key(&entry.provider, &key.secret), key.clone()))
        .filter(|(hash, _)| known.insert(*hash))
        .collect();
    let (master, now, ids) =
        (control.inner().parts.master.clone(), control.now(), control.inner().parts.ids.clone());
    let sealing = tokio::task::spawn_blocking(move || {
        fresh
            .into_iter()
            .map(|(hash, key)| seal(hash, key, ids.next(), now, &master))
            .collect::<Result<Vec<_>, _>>()
    });
    Ok(sealing.await.map_err(|_| SealingError::Randomness)??)
}

fn seal(
    key_hash: KeyHash,
    key: ProviderKey,
    id: ProviderKeyId,
    created_at: Timestamp,
    master: &MasterKey,
) -> Result<Fresh, SealingError> {
    let sealed_proxy = match &key.settings.proxy {
        Some(proxy) => Some(master.seal(proxy.expose().as_bytes(), PROXY_CONTEXT)?),
        None => None,
    };
    let settings = Settings {
        note: key.settings.note.chars().take(MAX_NOTE).collect(),
        tags: key.settings.tags,
        weight: key.settings.weight,
        limits: key.settings.limits,
        sealed_proxy,
    };
    let sealed = master.seal(key.secret.expose().as_bytes(), SEALING_CONTEXT)?;
    let row = NewProviderKey { id, key_hash, sealed, masked: key.secret.masked(), settings, created_at };
    Ok(Fresh { row, status: key.status, failures: key.failures })
}

/// What the data plane is to know of a key that did not do well elsewhere: an invalid one is probed before it is used.
fn state(key: &Fresh, provider: &Arc<str>, now: Timestamp) -> Option<KeyStateRecord> {
    (key.status == KeyStatus::Invalid).then(|| KeyStateRecord {
        provider: provider.clone(),
        key_hash: key.row.key_hash,
        status: KeyStatus::Invalid,
        cooling_until: None,
        failures: key.failures,
        rate_limits: 0,
        last_error: None,
        changed_at: now,
    })
}
