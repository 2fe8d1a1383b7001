//! Makes the stored keys of a provider the ones that a configuration or key file declares.

use std::collections::HashSet;

use roundhouse_domain::{Ids, KeyHash, Secret, Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{CHUNK, Column, Entity, NewProviderKey, SEALING_CONTEXT, insert_chunk, key_hash};
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
    /// Its keys by their hashes; doubles do not matter.
    pub keys: &'a [(KeyHash, Secret)],
    /// The present.
    pub now: Timestamp,
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
    let mut known: HashSet<KeyHash> = stored.iter().map(|(hash, _)| *hash).collect();
    let fresh: Vec<_> = declared.keys.iter().filter(|(hash, _)| known.insert(*hash)).collect();
    let mut synced = Synced::default();
    for chunk in fresh.chunks(CHUNK) {
        let rows: Result<Vec<_>, _> =
            chunk.iter().map(|(hash, secret)| sealed(*hash, secret, declared.now, master, ids)).collect();
        synced.added += insert_chunk(connection, declared.provider, &rows?, true).await?;
    }
    let wanted: HashSet<KeyHash> = declared.keys.iter().map(|(hash, _)| *hash).collect();
    let gone: Vec<_> = stored.into_iter().filter(|(hash, was)| *was && !wanted.contains(hash)).collect();
    let gone: Vec<KeyHash> = gone.into_iter().map(|(hash, _)| hash).collect();
    synced.removed = remove(connection, declared.provider, &gone).await?;
    Ok(synced)
}

/// The hashes of all keys of a provider, and whether they were declared.
async fn stored(
    connection: &impl ConnectionTrait,
    provider: &str,
) -> Result<Vec<(KeyHash, bool)>, StorageError> {
    let query = Entity::find().select_only().columns([Column::KeyHash, Column::Declared]);
    let rows: Vec<(Vec<u8>, bool)> =
        query.filter(Column::Provider.eq(provider)).into_tuple().all(connection).await?;
    rows.into_iter().map(|(hash, declared)| Ok((key_hash(provider, &hash)?, declared))).collect()
}

async fn remove(
    connection: &impl ConnectionTrait,
    provider: &str,
    keys: &[KeyHash],
) -> Result<u64, StorageError> {
    let mut removed = 0;
    for chunk in keys.chunks(CHUNK) {
        let hashes = chunk.iter().map(|hash| hash.0.to_vec());
        let query =
            Entity::delete_many().filter(Column::Provider.eq(provider)).filter(Column::KeyHash.is_in(hashes));
        removed += query.exec(connection).await?.rows_affected;
    }
    provider_key_states::delete(connection, provider, keys).await?;
    Ok(removed)
}

fn sealed(
    key_hash: KeyHash,
    secret: &Secret,
    created_at: Timestamp,
    master: &MasterKey,
    ids: &Ids,
) -> Result<NewProviderKey, SealingError> {
    Ok(NewProviderKey {
        id: ids.next(),
        key_hash,
        sealed: master.seal(secret.expose().as_bytes(), SEALING_CONTEXT)?,
        masked: secret.masked(),
        created_at,
    })
}
