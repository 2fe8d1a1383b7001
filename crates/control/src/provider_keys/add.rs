//! Adding keys.

use roundhouse_domain::spec::ProviderSpec;
use roundhouse_domain::{Author, Ids, JobId, Secret, Timestamp};
use roundhouse_gateway::hash::LookupHasher;
use roundhouse_storage::provider_keys::{
    self, Filter, NewProviderKey, SEALING_CONTEXT, Settings, insert_many,
};
use roundhouse_storage::sealing::SealingError;
use roundhouse_storage::{MasterKey, StorageError, audit};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{AT_ONCE, Lines, ProviderKeyError, lines};
use crate::control::Control;

/// What became of keys that were to be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// Keys that are new.
    pub added: u64,
    /// Keys that were there already, stood there twice, or cannot be sent.
    pub ignored: u64,
    /// Keys that the provider has now.
    pub total: u64,
}

/// How keys are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adding {
    /// They are.
    Done(Added),
    /// A job does it, since there are many.
    Job(JobId),
}

/// Makes rows of keys; clones are the same one.
#[derive(Clone)]
pub(super) struct Sealer {
    master: MasterKey,
    hasher: LookupHasher,
    ids: Ids,
}

impl Sealer {
    /// Rows of `keys` for `provider`. Takes some microseconds for each: not on a thread that serves.
    pub(super) fn rows(
        &self,
        provider: &str,
        keys: &[Secret],
        now: Timestamp,
    ) -> Result<Vec<NewProviderKey>, SealingError> {
        let row = |key: &Secret| {
            Ok(NewProviderKey {
                id: self.ids.next(),
                key_hash: self.hasher.provider_key(provider, key),
                sealed: self.master.seal(key.expose().as_bytes(), SEALING_CONTEXT)?,
                masked: key.masked(),
                settings: Settings::default(),
                created_at: now,
            })
        };
        let mut rows: Vec<_> = keys.iter().map(row).collect::<Result<_, _>>()?;
        // Ids of one millisecond are in no order; pages go by id, and the order of the text is to be kept.
        let mut ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        ids.sort_unstable();
        rows.iter_mut().zip(ids).for_each(|(row, id)| row.id = id);
        Ok(rows)
    }
}

impl Control {
    pub(super) fn sealer(&self) -> Sealer {
        let parts = &self.inner().parts;
        Sealer { master: parts.master.clone(), hasher: parts.hasher.clone(), ids: parts.ids.clone() }
    }

    /// Adds the keys of a text to a provider; those that it has already stay as they are.
    pub async fn add_provider_keys(
        &self,
        by: &Author,
        provider: &ProviderSpec,
        text: Secret,
    ) -> Result<Adding, ProviderKeyError> {
        let kind = provider.kind;
        let read = tokio::task::spawn_blocking(move || lines::read(text.expose(), kind)).await;
        let Lines { keys, duplicates, unusable } = read.map_err(|_| ProviderKeyError::Stopping)?;
        if keys.is_empty() {
            return Err(ProviderKeyError::NoKeys(unusable));
        }
        let ignored = (duplicates + unusable) as u64;
        let name = provider.name.as_str();
        if keys.len() > AT_ONCE {
            return Ok(Adding::Job(self.import_later(by, name, keys, ignored).await?));
        }
        let (sealer, owned, now, count) = (self.sealer(), name.to_owned(), self.now(), keys.len() as u64);
        let making = tokio::task::spawn_blocking(move || sealer.rows(&owned, &keys, now)).await;
        let rows = making.map_err(|_| ProviderKeyError::Stopping)??;
        let transaction = self.database().write().await?;
        let added = insert_many(&transaction, name, &rows).await?;
        let total = provider_keys::count(&transaction, &Filter::all(name, now)).await?;
        let done = Added { added, ignored: ignored + count - added, total };
        let detail = json!({ "added": done.added, "ignored": done.ignored, "total": done.total });
        audit::insert(&transaction, &self.keys_entry(by, "provider_keys.add", name, detail)).await?;
        let version = self.keys_changed(&transaction, name).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        self.apply_at_least(version).await?;
        Ok(Adding::Done(done))
    }
}
