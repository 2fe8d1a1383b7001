//! Declared provider keys as rows: sealed, so that they can be listed and counted with all others.

use roundhouse_domain::spec::ProviderKeySpec;
use roundhouse_storage::StorageError;
use roundhouse_storage::provider_keys::{self, Declared, DeclaredKey, SyncError};
use tokio_util::sync::CancellationToken;

use crate::control::Control;

impl Control {
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
