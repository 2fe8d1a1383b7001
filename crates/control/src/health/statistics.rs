//! What checks come to over time.

use std::time::Duration;

use roundhouse_domain::{CheckOutcome, Timestamp};
use roundhouse_storage::health::Sample;

const DAY: Duration = Duration::from_hours(24);

/// Windows with their names.
const WINDOWS: [(&str, Duration); 3] =
    [("24h", DAY), ("7d", Duration::from_hours(7 * 24)), ("30d", Duration::from_hours(30 * 24))];

/// What checks come to over a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// `24h`, `7d` or `30d`.
    pub window: &'static str,
    /// Checks.
    pub checks: u64,
    /// Share of checks that were answered; none without checks.
    pub uptime: Option<f64>,
    /// Half of the answers took at most so long, in milliseconds.
    pub p50_ms: Option<u32>,
    /// 95 of 100 answers took at most so long, in milliseconds.
    pub p95_ms: Option<u32>,
    /// 99 of 100 answers took at most so long, in milliseconds.
    pub p99_ms: Option<u32>,
}

/// From when on checks are needed for all windows.
pub(super) fn beginning(now: Timestamp) -> Timestamp {
    before(now, Duration::from_hours(30 * 24))
}

/// A day before.
pub(super) fn day_before(now: Timestamp) -> Timestamp {
    before(now, DAY)
}

/// Over all windows.
pub(super) fn all(samples: &[Sample], now: Timestamp) -> Vec<Statistics> {
    WINDOWS.iter().map(|(name, length)| over(name, samples.iter(), before(now, *length))).collect()
}

/// Over the last day.
pub(super) fn last_day<'a>(samples: impl Iterator<Item = &'a Sample>, now: Timestamp) -> Statistics {
    over(WINDOWS[0].0, samples, day_before(now))
}

fn over<'a>(window: &'static str, samples: impl Iterator<Item = &'a Sample>, from: Timestamp) -> Statistics {
    let mut latencies = Vec::new();
    let (mut checks, mut answered) = (0_u64, 0_u64);
    for sample in samples.filter(|sample| sample.at >= from) {
        checks += 1;
        if sample.outcome != CheckOutcome::Failed {
            answered += 1;
            latencies.push(sample.latency_ms);
        }
    }
    latencies.sort_unstable();
    #[allow(clippy::cast_precision_loss, reason = "a share of some thousand checks")]
    let uptime = (checks > 0).then(|| answered as f64 / checks as f64);
    let percentile = |percent| percentile(&latencies, percent);
    Statistics {
        window,
        checks,
        uptime,
        p50_ms: percentile(50),
        p95_ms: percentile(95),
        p99_ms: percentile(99),
    }
}

/// The smallest value that at least so many percent do not exceed (nearest rank).
fn percentile(sorted: &[u32], percent: usize) -> Option<u32> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

fn before(now: Timestamp, length: Duration) -> Timestamp {
    Timestamp::from_millis(now.as_millis() - i64::try_from(length.as_millis()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uptime_and_percentiles_are_of_their_window() {
        let now = Timestamp::from_millis(40 * 86_400_000);
        let sample = |hours: u64, latency_ms, outcome| Sample {
            provider: "up".to_owned(),
            at: before(now, Duration::from_hours(hours)),
            outcome,
            latency_ms,
        };
        let mut samples: Vec<_> = (1..=100).map(|latency| sample(1, latency, CheckOutcome::Works)).collect();
        samples.push(sample(48, 9_000, CheckOutcome::Works));
        samples.extend((0..99).map(|_| sample(24 * 20, 20_000, CheckOutcome::Failed)));
        let found = all(&samples, now);
        let day = Statistics {
            window: "24h",
            checks: 100,
            uptime: Some(1.0),
            p50_ms: Some(50),
            p95_ms: Some(95),
            p99_ms: Some(99),
        };
        assert_eq!(found[0], day);
        assert_eq!((found[1].checks, found[1].p99_ms), (101, Some(100)));
        assert_eq!((found[2].checks, found[2].uptime), (200, Some(101.0 / 200.0)));
        assert_eq!(found[2].p99_ms, Some(100), "what was not answered has no latency");
        let nothing = all(&[], now);
        assert_eq!((nothing[0].checks, nothing[0].uptime, nothing[0].p50_ms), (0, None, None));
    }
}
