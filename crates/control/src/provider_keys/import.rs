//! Adding many keys in the background.

use std::time::Duration;

use roundhouse_domain::{Author, JobId, KeyImportId, Secret};
use roundhouse_jobs::job::Options;
use roundhouse_jobs::{Context, Job, JobError};
use roundhouse_storage::provider_key_imports::{self, SEALING_CONTEXT};
use roundhouse_storage::provider_keys::{self, Filter, NewProviderKey, insert_many};
use roundhouse_storage::{StorageError, audit};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

use super::{AT_ONCE, Added, ProviderKeyError};
use crate::control::Control;

/// How long keys wait whose job was cancelled, or failed: so long it can be tried again.
const KEPT: Duration = Duration::from_hours(7 * 24);

/// Adds keys that wait, chunk by chunk.
#[derive(Serialize, Deserialize)]
pub(crate) struct ImportKeys {
    import: KeyImportId,
    provider: String,
    /// Keys that were left out before.
    ignored: u64,
    by: Author,
}

/// How far it got.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Position {
    done: usize,
    added: u64,
}

impl Control {
    pub(super) async fn import_later(
        &self,
        by: &Author,
        provider: &str,
        keys: Vec<Secret>,
        ignored: u64,
    ) -> Result<JobId, ProviderKeyError> {
        let parts = &self.inner().parts;
        let (import, master, count) = (parts.ids.next(), parts.master.clone(), keys.len());
        let sealing = tokio::task::spawn_blocking(move || {
            let texts: Vec<&str> = keys.iter().map(Secret::expose).collect();
            let json = Zeroizing::new(serde_json::to_vec(&texts).unwrap_or_default());
            master.seal(&json, SEALING_CONTEXT)
        });
        let sealed = sealing.await.map_err(|_| ProviderKeyError::Stopping)??;
        let now = self.now();
        let job = ImportKeys { import, provider: provider.to_owned(), ignored, by: by.clone() };
        let mut options = Options::about(provider);
        options.created_by = by.user_id;
        let transaction = self.database().write().await?;
        let old = now.as_millis() - i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX);
        let old = roundhouse_domain::Timestamp::from_millis(old);
        provider_key_imports::delete_before(&transaction, old).await?;
        provider_key_imports::insert(&transaction, import, provider, sealed, now).await?;
        let made = self.queue().enqueue(&transaction, &job, options).await?;
        let detail = json!({ "keys": count, "job_id": made.id() });
        audit::insert(&transaction, &self.keys_entry(by, "provider_keys.import", provider, detail)).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        Ok(made.id())
    }
}

impl Job for ImportKeys {
    const KIND: &'static str = "provider_keys.import";

    type Services = Control;
    type Output = Added;

    async fn run(self, control: Control, context: Context) -> Result<Added, JobError> {
        let keys = self.open(&control).await?;
        let imported = self.chunks(&control, &context, &keys).await;
        // What was added until now is used, also when it was stopped.
        control.apply().await.map_err(|error| JobError::temporary(error.to_string()))?;
        let added = imported?;
        let transaction = control.database().write().await?;
        provider_key_imports::delete(&transaction, self.import).await?;
        let filter = Filter::all(&self.provider, control.now());
        let total = provider_keys::count(&transaction, &filter).await?;
        let ignored = self.ignored + keys.len() as u64 - added;
        let detail = json!({ "added": added, "ignored": ignored, "total": total });
        let entry = control.keys_entry(&self.by, "provider_keys.add", &self.provider, detail);
        audit::insert(&transaction, &entry).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        Ok(Added { added, ignored, total })
    }
}

impl ImportKeys {
    async fn open(&self, control: &Control) -> Result<Vec<Secret>, JobError> {
        let sealed = provider_key_imports::get_sealed(control.database().reader(), self.import).await?;
        let sealed =
            sealed.ok_or_else(|| JobError::permanent("the keys are not kept any more; add them again"))?;
        let master = control.inner().parts.master.clone();
        let opening = tokio::task::spawn_blocking(move || {
            let json = master.open(&sealed, SEALING_CONTEXT).ok()?;
            serde_json::from_slice::<Vec<Secret>>(&json).ok()
        });
        let opened = opening.await.map_err(|_| JobError::Stopped)?;
        opened.ok_or_else(|| {
            JobError::permanent("the keys were sealed under another encryption key; add them again")
        })
    }

    /// Adds what is left; returns how many were new in all.
    async fn chunks(&self, control: &Control, context: &Context, keys: &[Secret]) -> Result<u64, JobError> {
        let mut position: Position = context.resume()?.unwrap_or_default();
        let total = keys.len() as u64;
        // One chunk is sealed while the one before is written.
        let mut next = self.seal(control, keys, position.done);
        while position.done < keys.len() {
            context.check()?;
            if control.provider_spec(&self.provider).is_err() {
                return Err(JobError::permanent("the provider is not there any more"));
            }
            let rows = next.await.map_err(|_| JobError::Stopped)??;
            next = self.seal(control, keys, position.done + rows.len());
            let transaction = control.database().write().await?;
            position.added += insert_many(&transaction, &self.provider, &rows).await?;
            position.done += rows.len();
            control.keys_changed(&transaction, &self.provider).await?;
            context.checkpoint_in(&transaction, &position).await?;
            transaction.commit().await.map_err(StorageError::from)?;
            context.progress(position.done as u64, Some(total), "");
        }
        Ok(position.added)
    }

    fn seal(
        &self,
        control: &Control,
        keys: &[Secret],
        from: usize,
    ) -> JoinHandle<Result<Vec<NewProviderKey>, JobError>> {
        let chunk: Vec<Secret> = keys.iter().skip(from).take(AT_ONCE).cloned().collect();
        let (sealer, provider, now) = (control.sealer(), self.provider.clone(), control.now());
        tokio::task::spawn_blocking(move || {
            sealer.rows(&provider, &chunk, now).map_err(|error| JobError::temporary(error.to_string()))
        })
    }
}
