//! Asking providers which models they have: at start, when they are new, from time to time, and when somebody wants it.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use roundhouse_domain::Timestamp;
use roundhouse_domain::error::chain;
use roundhouse_domain::spec::{ProviderKind, ProviderSpec};
use roundhouse_gateway::probe::Listing;
use roundhouse_storage::models::{self, Listed, Synced};
use roundhouse_storage::{StorageError, config_version};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::error::ModelError;
use crate::control::Control;

/// How long to wait before a provider that did not answer is asked again: doubled each time.
const FIRST_RETRY: Duration = Duration::from_secs(5);

/// The longest such wait.
const LONGEST_RETRY: Duration = Duration::from_mins(10);

/// Providers asked at the same time.
const AT_ONCE: usize = 8;

/// How often models that are long gone are forgotten.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// When each provider is asked next.
#[derive(Debug, Default)]
pub struct Discovery {
    due: HashMap<String, Due>,
    forget: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Due {
    /// None is only when a person wants it.
    at: Option<Instant>,
    retry: Duration,
}

/// What came of asking a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// Models that are new, or came back.
    pub added: Vec<String>,
    /// Models that are no longer listed.
    pub removed: Vec<String>,
    /// How many are still there.
    pub unchanged: usize,
    /// Whether the whole list was read.
    pub complete: bool,
}

impl Discovery {
    fn is_due(&self, provider: &str, now: Instant) -> bool {
        self.due.get(provider).is_none_or(|due| due.at.is_some_and(|at| at <= now))
    }

    /// True when a provider answered this process before, and not only failed since.
    fn was_answered(&self, provider: &str) -> bool {
        self.due.get(provider).is_some_and(|due| due.retry == FIRST_RETRY)
    }

    /// Notes that a provider did not answer.
    fn failed(&mut self, provider: &str, now: Instant) {
        let retry = self.due.get(provider).map_or(FIRST_RETRY, |due| due.retry);
        let due = Due { at: Some(now + retry), retry: (retry * 2).min(LONGEST_RETRY) };
        self.due.insert(provider.to_owned(), due);
    }

    /// Notes that a provider answered; it is asked again after `interval`.
    fn answered(&mut self, provider: &str, now: Instant, interval: Duration) {
        let at = (!interval.is_zero()).then(|| now + interval);
        self.due.insert(provider.to_owned(), Due { at, retry: FIRST_RETRY });
    }

    /// Forgets providers that are no longer there, so that one of the same name is new.
    fn keep(&mut self, providers: &[ProviderSpec]) {
        self.due.retain(|name, _| providers.iter().any(|spec| spec.name.as_str() == name));
    }
}

impl Control {
    /// Asks providers for their models whenever they are due, until `shutdown`.
    pub async fn run_discovery(self, shutdown: CancellationToken) {
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = self.discover_due() => {}
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = self.inner().discover.notified() => {}
                () = tokio::time::sleep(FIRST_RETRY) => {}
            }
        }
    }

    async fn discover_due(&self) {
        let asked = self.asked_for_models();
        let due = self.due(asked).await;
        let asking = stream::iter(due).map(|spec| async move { self.discover(&spec).await });
        let mut answers = asking.buffer_unordered(AT_ONCE).ready_chunks(AT_ONCE);
        while let Some(news) = answers.next().await {
            if news.contains(&true)
                && let Err(error) = self.apply().await
            {
                tracing::error!(%error, "discovered models are not applied");
            }
        }
        if let Err(error) = self.forget_missing().await {
            tracing::warn!(error = chain(&error), "cannot forget models that are long gone");
        }
    }

    /// The providers whose time has come, and whom no other process has asked meanwhile.
    async fn due(&self, asked: Vec<ProviderSpec>) -> Vec<ProviderSpec> {
        let now = Instant::now();
        let due: Vec<_> = {
            let mut discovery = self.inner().discovery.lock();
            discovery.keep(&asked);
            asked.into_iter().filter(|spec| discovery.is_due(spec.name.as_str(), now)).collect()
        };
        if due.is_empty() {
            return due;
        }
        let seen = models::last_seen(self.database().reader()).await.unwrap_or_default();
        let seen: HashMap<String, Timestamp> = seen.into_iter().collect();
        let mut discovery = self.inner().discovery.lock();
        let is_fresh = |spec: &ProviderSpec| {
            let half = self.interval(spec) / 2;
            seen.get(spec.name.as_str()).is_some_and(|seen| self.now().since(*seen) < half)
        };
        let left = due.into_iter().filter(|spec| {
            let name = spec.name.as_str();
            // At start everyone is asked, however fresh the list.
            let by_others = discovery.was_answered(name) && is_fresh(spec);
            if by_others {
                discovery.answered(name, now, self.interval(spec));
            }
            !by_others
        });
        left.collect()
    }

    /// Asks one provider; true when it lists other models than before.
    async fn discover(&self, spec: &ProviderSpec) -> bool {
        let name = spec.name.as_str();
        let listed = self.list_of(name).await;
        let now = Instant::now();
        let synced = match listed {
            Ok(listing) => self.take_up(name, &listing).await.map_err(|error| chain(&error)),
            Err(error) => Err(error),
        };
        let mut discovery = self.inner().discovery.lock();
        match synced {
            Ok(synced) => {
                let (added, removed) = (synced.added.len(), synced.removed.len());
                if synced.is_news() {
                    tracing::info!(
                        provider = name,
                        added,
                        removed,
                        unchanged = synced.unchanged,
                        "models discovered"
                    );
                }
                discovery.answered(name, now, self.interval(spec));
                synced.is_news()
            }
            Err(error) => {
                tracing::warn!(
                    provider = name,
                    error,
                    "cannot list a provider's models; what is known of them stays"
                );
                discovery.failed(name, now);
                false
            }
        }
    }

    /// Asks the provider of that name for its models now, and takes them up.
    ///
    /// # Errors
    /// When there is no such provider, its models are declared, or it does not answer.
    pub async fn sync_models(&self, provider: &str) -> Result<SyncReport, ModelError> {
        let config = self.config();
        let spec = config.declared.providers.iter().find(|spec| spec.name.as_str() == provider);
        let spec = spec.ok_or(ModelError::NotFound)?;
        if spec.models.is_some() {
            let message =
                "names its models itself; remove its list of models to have it asked for them".to_owned();
            return Err(ModelError::Invalid { field: "provider", message });
        }
        let listing = self.list_of(provider).await.map_err(ModelError::Upstream)?;
        let synced = self.take_up(provider, &listing).await?;
        self.inner().discovery.lock().answered(provider, Instant::now(), self.interval(spec));
        if synced.is_news() {
            self.apply().await.map_err(crate::changes::ChangeError::from)?;
        }
        let Synced { added, removed, unchanged } = synced;
        Ok(SyncReport { added, removed, unchanged, complete: listing.complete })
    }

    /// A provider's list. An empty one counts as no answer: nothing is taken away for it.
    async fn list_of(&self, provider: &str) -> Result<Listing, String> {
        let snapshot = self.gateway().snapshot_full();
        let provider = snapshot.providers.get(provider).ok_or("the provider is switched off")?;
        let listing = self.gateway().list_models(provider).await?;
        if listing.models.is_empty() {
            return Err("its list of models is empty".to_owned());
        }
        Ok(listing)
    }

    async fn take_up(&self, provider: &str, listing: &Listing) -> Result<Synced, StorageError> {
        let listed: Vec<_> = listing.models.iter().map(listed).collect();
        let (now, ids) = (self.now(), &self.inner().parts.ids);
        let transaction = self.database().write().await?;
        let synced = models::sync(&transaction, provider, (&listed, listing.complete), now, ids).await?;
        if synced.is_news() {
            config_version::bump(&transaction).await?;
        }
        transaction.commit().await?;
        Ok(synced)
    }

    async fn forget_missing(&self) -> Result<(), StorageError> {
        let now = Instant::now();
        {
            let mut discovery = self.inner().discovery.lock();
            if discovery.forget.is_some_and(|at| at > now) {
                return Ok(());
            }
            discovery.forget = Some(now + FORGET_EVERY);
        }
        let keep = i64::try_from(self.config().discovery.keep_missing.0.as_millis()).unwrap_or(i64::MAX);
        let before = self.now().as_millis().saturating_sub(keep);
        let transaction = self.database().write().await?;
        models::delete_missing_before(&transaction, Timestamp::from_millis(before)).await?;
        transaction.commit().await?;
        Ok(())
    }

    fn interval(&self, spec: &ProviderSpec) -> Duration {
        spec.discovery_interval.unwrap_or(self.config().discovery.interval).0
    }

    /// Providers whose models nobody declared, and who can be asked for them.
    fn asked_for_models(&self) -> Vec<ProviderSpec> {
        let can_list = |spec: &&ProviderSpec| spec.kind.is_none_or(ProviderKind::lists_models);
        let config = self.config();
        let asked = config.declared.providers.iter().filter(|spec| spec.enabled && spec.models.is_none());
        asked.filter(can_list).cloned().collect()
    }
}

fn listed(model: &roundhouse_llm::models::Offered) -> Listed {
    Listed {
        name: model.name.clone(),
        display_name: model.display_name.clone(),
        owned_by: model.owned_by.clone(),
        context_tokens: model.context_tokens,
        max_output_tokens: model.max_output_tokens,
    }
}
