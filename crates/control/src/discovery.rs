//! Finding out which models a provider has, where nobody declared them.

use std::collections::HashMap;
use std::time::Duration;

use roundhouse_domain::spec::{ProviderKind, ProviderSpec};
use roundhouse_storage::settings;
use tokio_util::sync::CancellationToken;

use crate::control::Control;

/// How often a provider that answered is asked again.
const REFRESH: Duration = Duration::from_hours(6);

/// How long to wait before a provider that did not answer is asked again: doubled each time.
const FIRST_RETRY: Duration = Duration::from_secs(5);

/// The longest such wait.
const LONGEST_RETRY: Duration = Duration::from_mins(10);

/// Where lists are kept, so that a restart need not ask first.
const PLACE: &str = "discovered_models/";

/// Model lists of providers, by name.
#[derive(Debug, Default)]
pub(crate) struct Discovered {
    names: HashMap<String, Vec<String>>,
    due: HashMap<String, Due>,
}

#[derive(Clone, Copy, Debug)]
struct Due {
    at: tokio::time::Instant,
    retry: Duration,
}

impl Discovered {
    /// The models of a provider, where they were found out.
    pub(crate) fn names(&self, provider: &str) -> Option<&[String]> {
        self.names.get(provider).map(Vec::as_slice)
    }

    fn is_due(&self, provider: &str, now: tokio::time::Instant) -> bool {
        self.due.get(provider).is_none_or(|due| due.at <= now)
    }

    fn failed(&mut self, provider: &str, now: tokio::time::Instant) {
        let retry = self.due.get(provider).map_or(FIRST_RETRY, |due| due.retry);
        let due = Due { at: now + retry, retry: (retry * 2).min(LONGEST_RETRY) };
        self.due.insert(provider.to_owned(), due);
    }

    /// Takes up a list; true when it says something new.
    fn found(&mut self, provider: &str, names: Vec<String>, now: tokio::time::Instant) -> bool {
        self.due.insert(provider.to_owned(), Due { at: now + REFRESH, retry: FIRST_RETRY });
        let news = self.names.get(provider) != Some(&names);
        self.names.insert(provider.to_owned(), names);
        news
    }
}

impl Control {
    /// Takes up the lists that were kept.
    pub async fn restore_discovered(&self) {
        for provider in self.unlisted() {
            let place = format!("{PLACE}{provider}");
            if let Ok(Some(kept)) = settings::get(self.database().reader(), &place).await
                && let Ok(names) = serde_json::from_slice(&kept)
            {
                self.inner().discovered.lock().names.insert(provider, names);
            }
        }
    }

    /// Asks providers for their models: at start, when the configuration changes, and from time to time.
    pub async fn run_discovery(self, shutdown: CancellationToken) {
        loop {
            let mut news = false;
            for provider in self.unlisted() {
                if self.inner().discovered.lock().is_due(&provider, tokio::time::Instant::now()) {
                    news |= self.discover(&provider).await;
                }
            }
            if news && let Err(error) = self.apply().await {
                tracing::error!(%error, "discovered models are not applied");
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = self.inner().discover.notified() => {}
                () = tokio::time::sleep(FIRST_RETRY) => {}
            }
        }
    }

    async fn discover(&self, name: &str) -> bool {
        let snapshot = self.gateway().snapshot_full();
        let Some(provider) = snapshot.providers.get(name) else { return false };
        let listed = self.gateway().list_models(provider).await;
        let names = |listing: roundhouse_gateway::probe::Listing| {
            listing.models.into_iter().map(|model| model.name).collect::<Vec<_>>()
        };
        let listed = listed.map(names);
        let now = tokio::time::Instant::now();
        match listed {
            Ok(names) if !names.is_empty() => {
                tracing::info!(provider = name, models = names.len(), "models discovered");
                self.keep(name, &names).await;
                self.inner().discovered.lock().found(name, names, now)
            }
            Ok(_) => {
                self.inner().discovered.lock().failed(name, now);
                false
            }
            Err(error) => {
                tracing::warn!(
                    provider = name,
                    error,
                    "cannot list a provider's models; it is asked for any model meanwhile"
                );
                self.inner().discovered.lock().failed(name, now);
                false
            }
        }
    }

    async fn keep(&self, provider: &str, names: &[String]) {
        let Ok(list) = serde_json::to_vec(names) else { return };
        let kept = async {
            let transaction = self.database().write().await?;
            settings::set(&transaction, &format!("{PLACE}{provider}"), &list).await?;
            transaction.commit().await.map_err(roundhouse_storage::StorageError::from)
        };
        if let Err(error) = kept.await {
            tracing::warn!(provider, %error, "cannot keep a provider's model list");
        }
    }

    /// Providers whose models nobody declared, and who can be asked for them.
    fn unlisted(&self) -> Vec<String> {
        let config = self.config();
        let can_list = |spec: &&ProviderSpec| spec.kind.is_none_or(ProviderKind::lists_models);
        let unlisted = config.declared.providers.iter().filter(|spec| spec.enabled && spec.models.is_none());
        unlisted.filter(can_list).map(|spec| spec.name.to_string()).collect()
    }
}
