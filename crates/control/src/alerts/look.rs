//! Looking for what rules are about.

use std::collections::BTreeMap;
use std::time::Duration;

use roundhouse_domain::spec::{AlertCondition, AlertSpec};
use roundhouse_domain::{HealthStatus, Timestamp};
use roundhouse_storage::jobs::{self, JobState};
use roundhouse_storage::usage::{self, Dimension, Line, Query};
use roundhouse_storage::{StorageError, health};

use super::finding::Finding;
use crate::control::Control;
use crate::health::Traffic;

/// What things are called that there is only one of.
pub(super) const GATEWAY: &str = "gateway";

/// Failed jobs looked at for one rule.
const MOST_JOBS: u64 = 500;

/// What is found, by object.
pub(super) type Found = BTreeMap<String, Finding>;

impl Control {
    /// Everything that `rule` is about at the moment.
    pub(super) async fn look(&self, rule: &AlertSpec) -> Result<Found, StorageError> {
        let mut found = match rule.when {
            AlertCondition::ProviderUnhealthy => self.ailing_providers().await?,
            AlertCondition::FewKeys => self.few_keys(rule.threshold() as usize),
            AlertCondition::ProviderErrors => self.provider_errors(rule).await?,
            AlertCondition::RequestErrors => self.request_errors(rule).await?,
            AlertCondition::Latency => self.slow_providers(rule).await?,
            AlertCondition::Budget => return Ok(self.budgets(rule)),
            AlertCondition::RecordsDropped => self.dropped_records(rule.window.0).await?,
            AlertCondition::JobFailed => self.failed_jobs(rule.window.0).await?,
        };
        found.retain(|object, _| rule.is_about(object));
        Ok(found)
    }

    async fn ailing_providers(&self) -> Result<Found, StorageError> {
        let known = health::list_all(self.database().reader()).await?;
        let snapshot = self.gateway().snapshot_full();
        let bad = known.into_iter().filter(|health| {
            let is_bad = health.status == HealthStatus::Unhealthy || health.disabled_at.is_some();
            is_bad && snapshot.providers.contains_key(&*health.provider)
        });
        let finding = |health: health::ProviderHealth| {
            let finding = Finding::ProviderUnhealthy {
                provider: health.provider.clone(),
                disabled: health.disabled_at.is_some(),
                reason: health.reason,
            };
            (health.provider, finding)
        };
        Ok(bad.map(finding).collect())
    }

    fn few_keys(&self, least: usize) -> Found {
        let (snapshot, now) = (self.gateway().snapshot_full(), self.now());
        let few = snapshot.providers.values().filter(|provider| !provider.keyless).filter_map(|provider| {
            let keys = provider.keys.keys();
            let usable = keys.iter().filter(|key| key.is_usable(now)).count();
            let name = provider.name.to_string();
            let finding = Finding::FewKeys { provider: name.clone(), usable, total: keys.len() };
            (usable < least).then_some((name, finding))
        });
        few.collect()
    }

    async fn provider_errors(&self, rule: &AlertSpec) -> Result<Found, StorageError> {
        let lines = self.usage_of_providers(rule.window.0).await?;
        let finding = |(name, line): (String, Line)| {
            let Traffic { calls, failed } = Traffic::of(&line.counts);
            let percent = (calls >= rule.minimum_requests.into()).then(|| failed.min(calls) * 100 / calls)?;
            let finding = Finding::ProviderErrors { provider: name.clone(), percent, calls };
            (percent > rule.threshold().into()).then_some((name, finding))
        };
        Ok(lines.into_iter().filter_map(finding).collect())
    }

    async fn request_errors(&self, rule: &AlertSpec) -> Result<Found, StorageError> {
        let query = self.recent(rule.window.0, Vec::new());
        let lines = usage::list(self.database().reader(), &query).await?;
        let finding = |line: Line| {
            let requests = u64::try_from(line.counts.requests).unwrap_or(0);
            let errors = u64::try_from(line.counts.errors).unwrap_or(0);
            let percent = (requests >= rule.minimum_requests.into()).then(|| errors * 100 / requests)?;
            let finding = Finding::RequestErrors { percent, requests };
            (percent > rule.threshold().into()).then_some((GATEWAY.to_owned(), finding))
        };
        Ok(lines.into_iter().filter_map(finding).collect())
    }

    async fn slow_providers(&self, rule: &AlertSpec) -> Result<Found, StorageError> {
        let lines = self.usage_of_providers(rule.window.0).await?;
        let finding = |(name, line): (String, Line)| {
            let requests = u64::try_from(line.counts.requests).unwrap_or(0);
            let latency = line.counts.percentile_ms(rule.percentile)?;
            let milliseconds = u64::try_from(latency).unwrap_or(0);
            let is_slow = milliseconds > rule.threshold().into() && requests >= rule.minimum_requests.into();
            let (provider, percentile) = (name.clone(), rule.percentile);
            is_slow.then_some((name, Finding::Latency { provider, percentile, milliseconds, requests }))
        };
        Ok(lines.into_iter().filter_map(finding).collect())
    }

    /// Jobs that failed for good within the window, by what they do.
    async fn failed_jobs(&self, window: Duration) -> Result<Found, StorageError> {
        let from = before(self.now(), window);
        let filter = jobs::Filter { state: Some(JobState::Failed), kind: None };
        let mut found = Found::new();
        for job in jobs::list(self.database().reader(), &filter, MOST_JOBS, None).await? {
            // A message that cannot be delivered must not be told of by messages.
            if job.finished_at.is_none_or(|at| at < from) || job.kind == super::send::SendAlert::NAME {
                continue;
            }
            let first = Finding::JobFailed { job: job.kind.clone(), jobs: 0, error: job.error };
            if let Finding::JobFailed { jobs, .. } = found.entry(job.kind).or_insert(first) {
                *jobs += 1;
            }
        }
        Ok(found)
    }

    async fn usage_of_providers(&self, window: Duration) -> Result<Vec<(String, Line)>, StorageError> {
        let query = self.recent(window, vec![Dimension::Provider]);
        let lines = usage::list(self.database().reader(), &query).await?;
        let named = |line: Line| Some((line.names.first()?.as_ref()?.to_string(), line));
        Ok(lines.into_iter().filter_map(named).collect())
    }

    fn recent(&self, window: Duration, group_by: Vec<Dimension>) -> Query {
        let now = self.now();
        let to = now.plus(Duration::from_mins(1));
        Query { from: before(now, window), to, group_by, ..Query::default() }
    }
}

pub(super) fn before(now: Timestamp, length: Duration) -> Timestamp {
    Timestamp::from_millis(now.as_millis() - i64::try_from(length.as_millis()).unwrap_or_default())
}
