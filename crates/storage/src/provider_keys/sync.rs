//! Makes the stored keys of a provider the ones that a configuration or key file declares.

use std::collections::{HashMap, HashSet};

use roundhouse_domain::spec::KeySettingsSpec;
use roundhouse_domain::{Ids, KeyHash, Secret, Timestamp};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{CHUNK, Column, Entity, NewProviderKey, PROXY_CONTEXT, SEALING_CONTEXT, Settings};
use super::{hashes, insert_chunk, key_hash};
use crate::error::StorageError;
use crate::provider_key_states;
use crate::sealing::{MasterKey, SealingError};

/// Why declared keys could not be stored.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// They could not be sealed.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The keys that a configuration or key file declares for a provider.
#[derive(Clone, Copy, Debug)]
pub struct Declared<'a> {
    /// The provider's name.
    pub provider: &'a str,
    /// Its keys; doubles do not matter.
    pub keys: &'a [DeclaredKey],
    /// The present.
    pub now: Timestamp,
}

/// One declared key.
#[derive(Clone, Debug)]
pub struct DeclaredKey {
    /// Names it.
    pub hash: KeyHash,
    /// The credential.
    pub secret: Secret,
    /// What is said of it.
    pub settings: Option<Box<KeySettingsSpec>>,
}

/// What had to be changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Synced {
    /// Keys that were not there before.
    pub added: u64,
    /// Keys that were declared before and no longer are.
    pub removed: u64,
}

/// Adds declared keys that are not there, and removes those that were declared before and no longer are, with their
/// states. Keys that people entered stay. Only what is new is sealed.
pub async fn sync_declared(
    connection: &impl ConnectionTrait,
    declared: &Declared<'_>,
    master: &MasterKey,
    ids: &Ids,
) -> Result<Synced, SyncError> {
    let stored = stored(connection, declared.provider).await?;
    let mut known: HashSet<KeyHash> = stored.keys().copied().collect();
    let fresh: Vec<_> = declared.keys.iter().filter(|key| known.insert(key.hash)).collect();
    let mut synced = Synced::default();
    for chunk in fresh.chunks(CHUNK) {
        let rows: Result<Vec<_>, _> =
            chunk.iter().map(|key| sealed(key, declared.now, master, ids)).collect();
        synced.added += insert_chunk(connection, declared.provider, &rows?, true).await?;
    }
    let wanted: HashMap<KeyHash, &DeclaredKey> = declared.keys.iter().map(|key| (key.hash, key)).collect();
    let mut gone = Vec::new();
    for (hash, said) in stored.into_iter().filter_map(|(hash, said)| Some((hash, said?))) {
        match wanted.get(&hash) {
            None => gone.push(hash),
            Some(key) => resay(connection, declared, key, said, master).await?,
        }
    }
    synced.removed = remove(connection, declared.provider, &gone).await?;
    Ok(synced)
}

/// The hashes of all keys of a provider, and what is said of those that were declared.
async fn stored(
    connection: &impl ConnectionTrait,
    provider: &str,
) -> Result<HashMap<KeyHash, Option<Said>>, StorageError> {
    let query = Entity::find().select_only().columns([
        Column::KeyHash,
        Column::Declared,
        Column::Note,
        Column::Tags,
        Column::Weight,
        Column::Limits,
        Column::SealedProxy,
    ]);
    let rows: Vec<Row> = query.filter(Column::Provider.eq(provider)).into_tuple().all(connection).await?;
    let mut stored = HashMap::with_capacity(rows.len());
    for (hash, declared, note, tags, weight, limits, proxy) in rows {
        let said = Said { note, tags, weight, limits, has_proxy: proxy.is_some() };
        stored.insert(key_hash(provider, &hash)?, declared.then_some(said));
    }
    Ok(stored)
}

type Row = (Vec<u8>, bool, String, String, i32, String, Option<Vec<u8>>);

/// What the row of a declared key says of it.
struct Said {
    note: String,
    tags: String,
    weight: i32,
    limits: String,
    has_proxy: bool,
}

/// Writes what is said of a declared key where that changed.
async fn resay(
    connection: &impl ConnectionTrait,
    declared: &Declared<'_>,
    key: &DeclaredKey,
    said: Said,
    master: &MasterKey,
) -> Result<(), SyncError> {
    let settings = settings(key, sealed_proxy(key, master)?);
    let columns = settings.columns()?;
    let same = columns.note == Set(said.note)
        && columns.tags == Set(said.tags)
        && columns.weight == Set(said.weight)
        && columns.limits == Set(said.limits);
    // A proxy is sealed differently each time: whether it is still the same is not known, and few keys have one.
    if same && !said.has_proxy && settings.sealed_proxy.is_none() {
        return Ok(());
    }
    let query = Entity::update_many()
        .set(columns)
        .filter(Column::Provider.eq(declared.provider))
        .filter(Column::KeyHash.eq(key.hash.0.to_vec()));
    query.exec(connection).await.map_err(StorageError::from)?;
    Ok(())
}

async fn remove(
    connection: &impl ConnectionTrait,
    provider: &str,
    keys: &[KeyHash],
) -> Result<u64, StorageError> {
    let mut removed = 0;
    for chunk in keys.chunks(CHUNK) {
        let query = Entity::delete_many()
            .filter(Column::Provider.eq(provider))
            .filter(Column::KeyHash.is_in(hashes(chunk)));
        removed += query.exec(connection).await?.rows_affected;
    }
    provider_key_states::delete(connection, provider, keys).await?;
    Ok(removed)
}

fn sealed(
    key: &DeclaredKey,
    created_at: Timestamp,
    master: &MasterKey,
    ids: &Ids,
) -> Result<NewProviderKey, SealingError> {
    Ok(NewProviderKey {
        id: ids.next(),
        key_hash: key.hash,
        sealed: master.seal(key.secret.expose().as_bytes(), SEALING_CONTEXT)?,
        masked: key.secret.masked(),
        settings: settings(key, sealed_proxy(key, master)?),
        created_at,
    })
}

fn settings(key: &DeclaredKey, sealed_proxy: Option<Vec<u8>>) -> Settings {
    let Some(said) = &key.settings else { return Settings::default() };
    let KeySettingsSpec { weight, limits, note, tags, .. } = (**said).clone();
    Settings { note, tags, weight, limits, sealed_proxy }
}

fn sealed_proxy(key: &DeclaredKey, master: &MasterKey) -> Result<Option<Vec<u8>>, SealingError> {
    let proxy = key.settings.as_ref().and_then(|settings| settings.proxy.as_ref());
    proxy.map(|proxy| master.seal(proxy.expose().as_bytes(), PROXY_CONTEXT)).transpose()
}
