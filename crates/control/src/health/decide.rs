//! What checks and traffic say of a provider, all in all.

use roundhouse_config::section::HealthConfig;
use roundhouse_domain::{CheckOutcome, HealthStatus, Timestamp};
use roundhouse_gateway::check::Check;
use roundhouse_storage::health::ProviderHealth;
use roundhouse_storage::usage::Counts;

/// Fewer upstream calls than this say nothing.
const FEW: u64 = 20;

/// What real traffic shows of a provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Upstream calls.
    pub calls: u64,
    /// Those that went wrong by the provider's fault.
    pub failed: u64,
}

impl Traffic {
    /// Of what was counted.
    pub(crate) fn of(counts: &Counts) -> Self {
        let failed = counts.failed_attempts.saturating_sub(counts.caller_faults);
        Self {
            calls: u64::try_from(counts.attempts).unwrap_or(0),
            failed: u64::try_from(failed).unwrap_or(0),
        }
    }

    /// Failed calls in percent; none when there are too few to tell.
    pub fn failed_percent(self) -> Option<u64> {
        (self.calls >= FEW).then(|| self.failed.min(self.calls) * 100 / self.calls)
    }
}

/// How a provider fares after these checks.
pub(super) fn decide(
    provider: &str,
    before: Option<&ProviderHealth>,
    (checks, traffic): (&[Check], &Traffic),
    settings: &HealthConfig,
    now: Timestamp,
) -> ProviderHealth {
    let failed = !checks.is_empty() && checks.iter().all(|check| check.outcome == CheckOutcome::Failed);
    let failures = if failed { before.map_or(0, |health| health.failures).saturating_add(1) } else { 0 };
    let (status, reason) = judge(checks, *traffic, settings);
    let serves =
        traffic.failed_percent().is_some_and(|percent| percent <= settings.unhealthy_errors_percent.into());
    let disabled_at = match before.and_then(|health| health.disabled_at) {
        Some(since) => failed.then_some(since),
        None => (settings.disable_after > 0 && failures >= settings.disable_after && !serves).then_some(now),
    };
    let since = before.filter(|health| health.status == status).map(|health| health.changed_at);
    ProviderHealth {
        provider: provider.to_owned(),
        status,
        reason,
        failures,
        checked_at: now,
        changed_at: since.unwrap_or(now),
        disabled_at,
    }
}

/// The worst of what can be said, and why.
fn judge(checks: &[Check], traffic: Traffic, settings: &HealthConfig) -> (HealthStatus, Option<String>) {
    let mut found: Vec<(HealthStatus, String)> = Vec::new();
    let failed: Vec<_> = checks.iter().filter(|check| check.outcome == CheckOutcome::Failed).collect();
    let said = |check: &Check| check.error.as_deref().unwrap_or("it fails").to_owned();
    if let Some(first) = failed.first() {
        let all = failed.len() == checks.len();
        let status = if all { HealthStatus::Unhealthy } else { HealthStatus::Warning };
        found.push((status, format!("{}: {}", first.address, said(first))));
    }
    if let Some(doubtful) = checks.iter().find(|check| check.outcome == CheckOutcome::Doubtful) {
        found.push((HealthStatus::Warning, format!("{}: {}", doubtful.address, said(doubtful))));
    }
    let slowest = checks
        .iter()
        .filter(|check| check.outcome == CheckOutcome::Works)
        .map(|check| check.latency_ms)
        .max();
    if let Some(status) = slowest.and_then(|latency| slow(latency, settings)) {
        found.push((status, format!("it took {} ms to answer", slowest.unwrap_or_default())));
    }
    if let Some(percent) = traffic.failed_percent()
        && let Some(status) = failing(percent, settings)
    {
        found.push((status, format!("{percent} % of its requests fail")));
    }
    // The first of the worst ones.
    match found.into_iter().rev().max_by_key(|(status, _)| *status) {
        Some((status, reason)) => (status, Some(reason)),
        None => (HealthStatus::Healthy, None),
    }
}

fn slow(latency_ms: u32, settings: &HealthConfig) -> Option<HealthStatus> {
    let latency = std::time::Duration::from_millis(latency_ms.into());
    if latency > settings.unhealthy_latency.0 {
        Some(HealthStatus::Unhealthy)
    } else {
        (latency > settings.warning_latency.0).then_some(HealthStatus::Warning)
    }
}

fn failing(percent: u64, settings: &HealthConfig) -> Option<HealthStatus> {
    if percent > settings.unhealthy_errors_percent.into() {
        Some(HealthStatus::Unhealthy)
    } else {
        (percent > settings.warning_errors_percent.into()).then_some(HealthStatus::Warning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000);
    const QUIET: Traffic = Traffic { calls: 0, failed: 0 };

    fn check(outcome: CheckOutcome, latency_ms: u32) -> Check {
        let error = (outcome != CheckOutcome::Works).then(|| "trouble".into());
        Check { address: "http://up".to_owned(), outcome, latency_ms, error }
    }

    fn status(checks: &[Check], traffic: Traffic) -> (HealthStatus, Option<String>) {
        judge(checks, traffic, &HealthConfig::default())
    }

    #[test]
    fn latency_and_failures_make_the_status() {
        use CheckOutcome::{Doubtful, Failed, Works};
        use HealthStatus::{Healthy, Unhealthy, Warning};
        for (checks, expected) in [
            (vec![check(Works, 2_000)], Healthy),
            (vec![check(Works, 2_001)], Warning),
            (vec![check(Works, 5_001)], Unhealthy),
            (vec![check(Doubtful, 1)], Warning),
            (vec![check(Failed, 1)], Unhealthy),
            (vec![check(Failed, 1), check(Works, 1)], Warning),
            (vec![check(Failed, 1), check(Failed, 1)], Unhealthy),
            (vec![check(Failed, 1), check(Works, 9_000)], Unhealthy),
        ] {
            assert_eq!(status(&checks, QUIET).0, expected, "{checks:?}");
        }
        assert_eq!(status(&[check(Works, 3_000)], QUIET).1.unwrap(), "it took 3000 ms to answer");
        assert_eq!(status(&[check(Failed, 1)], QUIET).1.unwrap(), "http://up: trouble");
    }

    #[test]
    fn real_traffic_counts_once_there_is_enough_of_it() {
        let fine = [check(CheckOutcome::Works, 1)];
        for (calls, failed, expected) in [
            (19, 19, HealthStatus::Healthy),
            (20, 2, HealthStatus::Healthy),
            (20, 3, HealthStatus::Warning),
            (20, 11, HealthStatus::Unhealthy),
        ] {
            assert_eq!(status(&fine, Traffic { calls, failed }).0, expected, "{failed} of {calls}");
        }
    }

    /// How a provider fares after checks with these outcomes, one after the other.
    fn after(outcomes: &[CheckOutcome], traffic: Traffic) -> ProviderHealth {
        let step = |before: Option<ProviderHealth>, outcome: &CheckOutcome| {
            let checks = [check(*outcome, 1)];
            Some(decide("up", before.as_ref(), (&checks, &traffic), &HealthConfig::default(), NOW))
        };
        outcomes.iter().fold(None, step).unwrap()
    }

    #[test]
    fn failures_in_a_row_disable_and_one_answer_brings_back() {
        use CheckOutcome::{Doubtful, Failed, Works};
        assert_eq!(after(&[Failed, Failed], QUIET).disabled_at, None);
        assert_eq!(after(&[Failed, Failed, Works, Failed, Failed], QUIET).disabled_at, None);
        assert_eq!(after(&[Failed, Failed, Failed], QUIET).disabled_at, Some(NOW));
        assert_eq!(after(&[Failed, Failed, Failed, Failed], QUIET).failures, 4);
        assert_eq!(after(&[Failed, Failed, Failed, Works], QUIET).disabled_at, None);
        assert_eq!(
            after(&[Failed, Failed, Failed, Doubtful], QUIET).disabled_at,
            None,
            "a key's trouble is no outage"
        );
    }

    #[test]
    fn whoever_answers_real_requests_is_not_disabled() {
        let failed = [CheckOutcome::Failed; 5];
        assert_eq!(after(&failed, Traffic { calls: 100, failed: 1 }).disabled_at, None);
        assert_eq!(after(&failed, Traffic { calls: 100, failed: 90 }).disabled_at, Some(NOW));
    }
}
