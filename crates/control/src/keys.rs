//! Declared provider keys as rows: sealed, so that they can be listed and counted with all others.

use roundhouse_domain::spec::ProviderKeySpec;
use roundhouse_storage::provider_keys::{self, Declared, DeclaredKey, SyncError};
use roundhouse_storage::{StorageError, provider_key_states};
use tokio_util::sync::CancellationToken;

use crate::control::Control;

impl Control {
    /// Takes up what is stored of the states of provider keys, where that is newer than what is known here: after other
    /// processes could not be heard for a while.
    pub async fn adopt_key_states(&self) {
        match provider_key_states::list_all(self.database().reader()).await {
            Ok(states) => {
                let adopted = states.iter().filter(|state| self.gateway().adopt_key_state(state)).count();
                tracing::debug!(adopted, "states of keys taken up from storage");
            }
            Err(error) => {
                tracing::warn!(%error, "states of keys cannot be read; they are taken up as they change");
            }
        }
    }

    /// Keeps the rows of declared keys in step with the configuration in force. Serving never waits for it.
    pub async fn run_sync_keys(self, shutdown: CancellationToken) {
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = self.inner().sync_keys.notified() => {}
            }
            for provider in &self.config().declared.providers {
                if let Err(error) = self.sync_keys(provider).await {
                    tracing::warn!(provider = %provider.name, %error, "cannot store the declared keys of a provider");
                }
            }
        }
    }

    async fn sync_keys(&self, provider: &roundhouse_domain::spec::ProviderSpec) -> Result<(), SyncError> {
        let parts = &self.inner().parts;
        let name = provider.name.as_str();
        let declared = |key: &ProviderKeySpec| DeclaredKey {
            hash: parts.hasher.provider_key(name, &key.key),
            secret: key.key.clone(),
            settings: key.settings.clone(),
        };
        let keys: Vec<_> = provider.keys.iter().map(declared).collect();
        let declared = Declared { provider: name, keys: &keys, now: self.now() };
        let transaction = self.database().write().await?;
        let synced = provider_keys::sync_declared(&transaction, &declared, &parts.master, &parts.ids).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        if synced.added + synced.removed > 0 {
            tracing::info!(
                provider = name,
                added = synced.added,
                removed = synced.removed,
                "declared keys stored"
            );
        }
        Ok(())
    }
}
