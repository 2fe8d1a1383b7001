//! The work of a batch: page after page, each in a transaction of its own.

use futures_util::{StreamExt, stream};
use roundhouse_domain::{KeyHash, ProviderKeyId};
use roundhouse_gateway::probe::ProbeResult;
use roundhouse_jobs::{Context, JobError};
use roundhouse_storage::audit::{self, Entry};
use roundhouse_storage::provider_keys::{self, NewProviderKey, ProviderKey, insert_many};
use roundhouse_storage::{ConnectionTrait, StorageError, provider_key_states};
use serde::{Deserialize, Serialize};

use super::super::{AT_ONCE, ProviderKeyError};
use super::{Action, Batch, BatchResult, Which};
use crate::control::Control;

/// Keys tested between two looks at whether to go on.
const TESTS: usize = 50;

/// How far a batch got.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Position {
    after: Option<ProviderKeyId>,
    /// What was done until now.
    pub(crate) result: BatchResult,
}

impl Control {
    /// Works on until nothing is left; `note` is written with the first page.
    pub(super) async fn work(
        &self,
        batch: &Batch,
        position: &mut Position,
        context: Option<&Context>,
        mut note: Option<Entry>,
    ) -> Result<(), ProviderKeyError> {
        loop {
            if context.is_some_and(|context| context.check().is_err()) {
                return Err(ProviderKeyError::Stopping);
            }
            self.provider_spec(&batch.provider)?;
            let page = self.page(batch, position.after).await?;
            let Some(last) = page.last().map(|key| key.id) else { break };
            let mut result = position.result;
            result.matched += page.len() as u64;
            let copies = match &batch.action {
                Action::Copy { to } => self.copies(&batch.provider, to, &page).await?,
                Action::Test => {
                    self.test_all(&page, &mut result).await;
                    Vec::new()
                }
                _ => Vec::new(),
            };
            let next = Position { after: Some(last), result };
            *position = self.keep_page(batch, &page, (copies, next), context, note.take()).await?;
            if let Some(context) = context {
                context.progress(position.result.matched, None, "");
            }
        }
        // Nothing fitted: that somebody asked for it is noted all the same.
        if let Some(note) = note {
            let transaction = self.database().write().await?;
            audit::insert(&transaction, &note).await?;
            transaction.commit().await.map_err(StorageError::from)?;
        }
        Ok(())
    }

    async fn page(
        &self,
        batch: &Batch,
        after: Option<ProviderKeyId>,
    ) -> Result<Vec<ProviderKey>, StorageError> {
        let limit = if batch.action == Action::Test { TESTS } else { AT_ONCE };
        let (reader, now) = (self.database().reader(), self.now());
        match &batch.which {
            Which::Filter(filter) => {
                provider_keys::list(reader, &filter.of(&batch.provider, now), limit as u64, after).await
            }
            Which::Ids(ids) => {
                let mut left = ids.iter().copied().filter(|id| after.is_none_or(|after| *id > after));
                loop {
                    let chunk: Vec<_> = left.by_ref().take(limit).collect();
                    let mut found = provider_keys::get_many(reader, &chunk, now).await?;
                    found.retain(|key| key.provider == batch.provider);
                    if !found.is_empty() || chunk.is_empty() {
                        return Ok(found);
                    }
                }
            }
        }
    }

    /// Does what is done in the database, with the note and how far the job got.
    async fn keep_page(
        &self,
        batch: &Batch,
        page: &[ProviderKey],
        (copies, mut next): (Vec<NewProviderKey>, Position),
        context: Option<&Context>,
        note: Option<Entry>,
    ) -> Result<Position, ProviderKeyError> {
        let transaction = self.database().write().await?;
        let count = page.len() as u64;
        let changed = match &batch.action {
            Action::Delete => {
                let ids: Vec<_> = page.iter().filter(|key| !key.declared).map(|key| key.id).collect();
                provider_keys::delete_many(&transaction, &ids).await?
            }
            Action::Enable | Action::Disable => {
                let enabled = batch.action == Action::Enable;
                let ids: Vec<_> =
                    page.iter().filter(|key| key.enabled != enabled).map(|key| key.id).collect();
                provider_keys::set_enabled(&transaction, &ids, enabled, self.now()).await?
            }
            Action::Restore => {
                let hashes: Vec<KeyHash> = page.iter().map(|key| key.key_hash).collect();
                provider_key_states::delete(&transaction, &batch.provider, &hashes).await?;
                count
            }
            Action::Copy { to } => insert_many(&transaction, to, &copies).await?,
            Action::Test => count,
        };
        next.result.changed += if batch.action == Action::Test { 0 } else { changed };
        next.result.skipped += count - changed.min(count);
        self.note_change(&transaction, batch).await?;
        if let Some(note) = note {
            audit::insert(&transaction, &note).await?;
        }
        if let Some(context) = context {
            context.checkpoint_in(&transaction, &next).await.map_err(|error| match error {
                JobError::Stopped => ProviderKeyError::Stopping,
                error => ProviderKeyError::field("job", error.to_string()),
            })?;
        }
        transaction.commit().await.map_err(StorageError::from)?;
        if batch.action == Action::Restore {
            for key in page {
                self.restore_now(key);
            }
        }
        Ok(next)
    }

    async fn note_change(
        &self,
        transaction: &impl ConnectionTrait,
        batch: &Batch,
    ) -> Result<(), StorageError> {
        match &batch.action {
            Action::Test | Action::Restore => {}
            Action::Copy { to } => {
                self.keys_changed(transaction, to).await?;
            }
            Action::Delete | Action::Enable | Action::Disable => {
                self.keys_changed(transaction, &batch.provider).await?;
            }
        }
        Ok(())
    }

    /// The keys of a page as another provider will have them: with what is said of them.
    async fn copies(
        &self,
        provider: &str,
        to: &str,
        page: &[ProviderKey],
    ) -> Result<Vec<NewProviderKey>, ProviderKeyError> {
        let secrets = self.open_all(provider, page).await?;
        let (sealer, to, now) = (self.sealer(), to.to_owned(), self.now());
        let sealing = tokio::task::spawn_blocking(move || sealer.rows(&to, &secrets, now));
        let mut rows = sealing.await.map_err(|_| ProviderKeyError::Stopping)??;
        rows.iter_mut().zip(page).for_each(|(row, key)| row.settings.clone_from(&key.settings));
        Ok(rows)
    }

    async fn test_all(&self, page: &[ProviderKey], result: &mut BatchResult) {
        let snapshot = self.gateway().snapshot_full();
        let provider = page.first().and_then(|key| snapshot.providers.get(key.provider.as_str()));
        let at_once = provider.map_or(1, |provider| provider.probes.concurrency.max(1));
        let test = |key: ProviderKey| {
            let control = self.clone();
            async move { control.test_now(&key).await }
        };
        let tests = stream::iter(page.to_vec()).map(test).buffer_unordered(at_once);
        let results: Vec<_> = tests.collect().await;
        for tested in results {
            match tested.map(|tested| tested.result) {
                Some(ProbeResult::Works) => result.works += 1,
                Some(ProbeResult::Refused(_)) => result.refused += 1,
                Some(ProbeResult::Unclear(_)) | None => result.unclear += 1,
            }
        }
    }
}
