//! Looking after providers: asking them on our own account, taking that together with what real traffic shows, and passing over
//! those that do not answer until they do.

mod decide;
mod job;
mod statistics;

use std::collections::HashSet;
use std::time::Duration;

use roundhouse_domain::{ErrorKind, HealthStatus, Timestamp};
use roundhouse_gateway::check::Check;
use roundhouse_gateway::provider::Provider;
use roundhouse_jobs::{Options, QueueError, Registry, Timing};
use roundhouse_storage::StorageError;
use roundhouse_storage::health::{self, CheckRecord, ProviderHealth};
use roundhouse_storage::jobs::Inserted;
use roundhouse_storage::usage::{self, Dimension, Query};
use tokio_util::sync::CancellationToken;

pub use self::decide::Traffic;
pub use self::job::CheckProviders;
pub use self::statistics::Statistics;
use crate::control::Control;

/// How often a process looks which providers are disabled.
const FOLLOW: Duration = Duration::from_secs(1);

/// How far back real traffic counts.
const TRAFFIC: Duration = Duration::from_mins(15);

/// What is known of one provider's health.
#[derive(Clone, Debug)]
pub struct HealthReport {
    /// Its name.
    pub provider: String,
    /// How it fares; none before its first check.
    pub health: Option<ProviderHealth>,
    /// What real traffic of the last minutes shows.
    pub traffic: Traffic,
    /// What its checks come to, over a day, a week and thirty days.
    pub statistics: Vec<Statistics>,
}

/// Why nothing is told of a provider's health.
#[derive(Debug, thiserror::Error)]
pub enum HealthError {
    /// There is no such provider, or it is switched off.
    #[error("there is no provider of that name in use")]
    NotFound,
    /// The database did not take part.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl HealthError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::Storage(error) => error.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "provider_not_found",
            Self::Storage(error) => error.code(),
        }
    }
}

impl Control {
    /// Checks one provider now, and tells what each of its addresses has shown and how it fares since.
    pub async fn check_provider(
        &self,
        name: &str,
        manual: bool,
    ) -> Result<(Vec<Check>, ProviderHealth), HealthError> {
        let snapshot = self.gateway().snapshot_full();
        let provider = snapshot.providers.get(name).ok_or(HealthError::NotFound)?;
        let checks = self.gateway().check(provider).await;
        let health = self.record_checks(provider, &checks, manual).await?;
        Ok((checks, health))
    }

    /// Lets all providers be checked, in the background.
    pub async fn check_all_providers(&self, options: Options) -> Result<Inserted, QueueError> {
        self.queue().submit(&CheckProviders::all(), options.once("health/all")).await
    }

    /// How a provider fares, with what its checks come to.
    pub async fn provider_health(&self, name: &str) -> Result<HealthReport, HealthError> {
        if !self.gateway().snapshot().providers.contains_key(name) {
            return Err(HealthError::NotFound);
        }
        let (reader, now) = (self.database().reader(), self.now());
        let samples = health::samples(reader, Some(name), statistics::beginning(now)).await?;
        Ok(HealthReport {
            provider: name.to_owned(),
            health: health::get(reader, name).await?,
            traffic: self.traffic().await?.remove(name).unwrap_or_default(),
            statistics: statistics::all(&samples, now),
        })
    }

    /// Checks of a provider, newest first, `limit` of them before `cursor`.
    pub async fn provider_checks(
        &self,
        name: &str,
        limit: u64,
        cursor: Option<uuid::Uuid>,
    ) -> Result<Vec<CheckRecord>, HealthError> {
        Ok(health::list_checks(self.database().reader(), name, limit, cursor).await?)
    }

    /// How all providers fare, with what the checks of the last day come to; by name.
    pub async fn health_overview(&self) -> Result<Vec<HealthReport>, HealthError> {
        let (reader, now) = (self.database().reader(), self.now());
        let mut known = health::list_all(reader).await?;
        let samples = health::samples(reader, None, statistics::day_before(now)).await?;
        let mut traffic = self.traffic().await?;
        let snapshot = self.gateway().snapshot_full();
        let mut names: Vec<_> = snapshot.providers.keys().map(ToString::to_string).collect();
        names.sort_unstable();
        let report = |name: String| HealthReport {
            health: known.iter().position(|health| health.provider == name).map(|at| known.swap_remove(at)),
            traffic: traffic.remove(&name).unwrap_or_default(),
            statistics: vec![statistics::last_day(
                samples.iter().filter(|sample| sample.provider == name),
                now,
            )],
            provider: name,
        };
        Ok(names.into_iter().map(report).collect())
    }

    /// Keeps in step with which providers are disabled: another process may have found that out.
    pub async fn run_health(self, shutdown: CancellationToken) {
        loop {
            if let Err(error) = self.follow_health().await {
                tracing::debug!(%error, "cannot look which providers are disabled");
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(FOLLOW) => {}
            }
        }
    }

    /// The jobs and schedules of health checks.
    pub(crate) fn register_health(&self, registry: &mut Registry) {
        let (every, again) = (self.clone(), self.clone());
        registry
            .register::<CheckProviders>(self.clone())
            .schedule(
                "health",
                move || {
                    let interval = every.config().health.interval.0;
                    (!interval.is_zero()).then_some(Timing::Every(interval))
                },
                CheckProviders::all,
            )
            .schedule(
                "health-disabled",
                move || {
                    let health = again.config().health.clone();
                    let needed = again.disables() && again.some_are_set_aside();
                    needed.then_some(Timing::Every(health.recheck_interval.0))
                },
                CheckProviders::disabled,
            );
    }

    /// Takes checks into account: history, how the provider fares, and whether it gets requests.
    async fn record_checks(
        &self,
        provider: &Provider,
        checks: &[Check],
        manual: bool,
    ) -> Result<ProviderHealth, HealthError> {
        let parts = &self.inner().parts;
        let traffic = self.traffic().await?.remove(&*provider.name).unwrap_or_default();
        let now = self.now();
        let records: Vec<_> = checks
            .iter()
            .map(|check| CheckRecord {
                id: parts.ids.next(),
                provider: provider.name.to_string(),
                address: check.address.clone(),
                at: now,
                outcome: check.outcome,
                latency_ms: check.latency_ms,
                error: check.error.as_deref().map(str::to_owned),
                manual,
            })
            .collect();
        let transaction = self.database().write().await?;
        let before = health::get_for_update(&transaction, &provider.name).await?;
        let settings = &self.config().health;
        let after = decide::decide(&provider.name, before.as_ref(), (checks, &traffic), settings, now);
        health::upsert(&transaction, &after).await?;
        health::insert_checks(&transaction, &records).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        tell(before.as_ref(), &after);
        provider.set_aside(self.disables() && after.disabled_at.is_some());
        Ok(after)
    }

    async fn follow_health(&self) -> Result<(), StorageError> {
        let known =
            if self.disables() { health::list_all(self.database().reader()).await? } else { Vec::new() };
        let disabled: HashSet<_> = known
            .iter()
            .filter(|health| health.disabled_at.is_some())
            .map(|health| &*health.provider)
            .collect();
        for provider in self.gateway().snapshot().providers.values() {
            provider.set_aside(disabled.contains(&*provider.name));
        }
        Ok(())
    }

    /// Whether providers that fail their checks get no requests. Without checks nothing would bring them back.
    fn disables(&self) -> bool {
        let health = &self.config().health;
        health.disable_after > 0 && !health.interval.0.is_zero()
    }

    fn some_are_set_aside(&self) -> bool {
        self.gateway().snapshot().providers.values().any(|provider| provider.is_set_aside())
    }

    /// What real traffic of the last minutes shows, by provider.
    async fn traffic(&self) -> Result<std::collections::HashMap<String, Traffic>, StorageError> {
        let now = self.now();
        let from =
            Timestamp::from_millis(now.as_millis() - i64::try_from(TRAFFIC.as_millis()).unwrap_or_default());
        let query =
            Query { from, to: now.plus(FOLLOW), group_by: vec![Dimension::Provider], ..Query::default() };
        let lines = usage::list(self.database().reader(), &query).await?;
        let named =
            |line: usage::Line| Some((line.names.first()?.as_ref()?.to_string(), Traffic::of(&line.counts)));
        Ok(lines.into_iter().filter_map(named).collect())
    }
}

fn tell(before: Option<&ProviderHealth>, after: &ProviderHealth) {
    let (provider, reason) = (&after.provider, after.reason.as_deref().unwrap_or_default());
    let (was, is) = (before.is_some_and(|health| health.disabled_at.is_some()), after.disabled_at.is_some());
    if is && !was {
        tracing::error!(provider, reason, "provider is disabled: it fails its health checks");
    } else if was && !is {
        tracing::info!(provider, "provider passes its health checks again and is back");
    } else if before.map(|health| health.status) != Some(after.status) {
        match after.status {
            HealthStatus::Healthy => tracing::info!(provider, "provider is healthy"),
            status => tracing::warn!(provider, status = status.as_str(), reason, "provider is not healthy"),
        }
    }
}
