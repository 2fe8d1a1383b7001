//! Limits of an access key, checked in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::LimitSpec;

/// Seconds that a window looks back on.
const WINDOW_SECONDS: usize = 60;

/// Counters of one access key. They outlive snapshots; the limits themselves come with each.
#[derive(Debug, Default)]
pub struct Usage {
    requests: Mutex<Window>,
    tokens: Mutex<Window>,
    open: AtomicU32,
}

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which limit is reached.
    pub limit: &'static str,
    /// The limit's value.
    pub value: u64,
    /// When to come back.
    pub retry_after: Duration,
}

/// A place among an access key's open requests; gives it back when dropped.
#[derive(Debug)]
pub struct Permit(Arc<Usage>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Usage {
    /// Lets a request in, or says which limit stands against it.
    pub fn admit(self: &Arc<Self>, limits: &LimitSpec, now: Timestamp) -> Result<Permit, Refusal> {
        let open = self.open.fetch_add(1, Ordering::AcqRel);
        let permit = Permit(self.clone());
        if let Some(limit) = limits.concurrent
            && open >= limit
        {
            let retry_after = Duration::from_secs(1);
            return Err(Refusal { limit: "concurrent", value: limit.into(), retry_after });
        }
        if let Some(limit) = limits.tokens_per_minute {
            self.tokens.lock().room(now, limit).map_err(|retry_after| Refusal {
                limit: "tokens_per_minute",
                value: limit,
                retry_after,
            })?;
        }
        if let Some(limit) = limits.requests_per_minute {
            let mut requests = self.requests.lock();
            requests.room(now, limit.into()).map_err(|retry_after| Refusal {
                limit: "requests_per_minute",
                value: limit.into(),
                retry_after,
            })?;
            requests.add(now, 1);
        }
        Ok(permit)
    }

    /// Counts tokens that a request turned out to take.
    pub fn count_tokens(&self, limits: &LimitSpec, tokens: u64, now: Timestamp) {
        if limits.tokens_per_minute.is_some() && tokens > 0 {
            self.tokens.lock().add(now, tokens);
        }
    }

    /// Requests under way.
    pub fn open(&self) -> u32 {
        self.open.load(Ordering::Acquire)
    }
}

/// A sum over the last sixty seconds, kept by the second.
#[derive(Debug)]
struct Window {
    counts: [u64; WINDOW_SECONDS],
    second: i64,
    sum: u64,
}

impl Default for Window {
    fn default() -> Self {
        Self { counts: [0; WINDOW_SECONDS], second: 0, sum: 0 }
    }
}

impl Window {
    /// Nothing when the sum is below `limit`, else how long until it is.
    fn room(&mut self, now: Timestamp, limit: u64) -> Result<(), Duration> {
        self.advance(now);
        if self.sum < limit {
            return Ok(());
        }
        let mut left = self.sum;
        let mut wait = 0;
        for age in (0..WINDOW_SECONDS).rev() {
            left -= self.counts[self.slot(age)];
            wait = WINDOW_SECONDS - age;
            if left < limit {
                break;
            }
        }
        Err(Duration::from_secs(wait as u64))
    }

    fn add(&mut self, now: Timestamp, amount: u64) {
        self.advance(now);
        let slot = self.slot(0);
        self.counts[slot] = self.counts[slot].saturating_add(amount);
        self.sum = self.sum.saturating_add(amount);
    }

    /// The place of the second that lies `age` seconds back.
    fn slot(&self, age: usize) -> usize {
        let seconds = i64::try_from(WINDOW_SECONDS).unwrap_or(60);
        let at = (self.second - i64::try_from(age).unwrap_or(0)).rem_euclid(seconds);
        usize::try_from(at).unwrap_or(0)
    }

    fn advance(&mut self, now: Timestamp) {
        let second = now.as_millis().div_euclid(1_000);
        let steps = second - self.second;
        if steps <= 0 {
            return;
        }
        if steps >= i64::try_from(WINDOW_SECONDS).unwrap_or(60) {
            *self = Self { second, ..Self::default() };
            return;
        }
        for _ in 0..steps {
            self.second += 1;
            let slot = self.slot(0);
            self.sum -= self.counts[slot];
            self.counts[slot] = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn after(seconds: u64) -> Timestamp {
        NOW.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn no_sixty_seconds_hold_more_requests_than_allowed() {
        let usage = Arc::new(Usage::default());
        let limits = LimitSpec { requests_per_minute: Some(2), ..LimitSpec::default() };
        assert!(usage.admit(&limits, NOW).is_ok());
        assert!(usage.admit(&limits, after(10)).is_ok());
        let refusal = usage.admit(&limits, after(20)).unwrap_err();
        assert_eq!((refusal.limit, refusal.retry_after.as_secs()), ("requests_per_minute", 40));
        assert!(usage.admit(&limits, after(59)).is_err());
        assert!(usage.admit(&limits, after(60)).is_ok());
        assert!(usage.admit(&limits, after(61)).is_err());
    }

    #[test]
    fn refused_requests_do_not_count() {
        let usage = Arc::new(Usage::default());
        let limits = LimitSpec { requests_per_minute: Some(1), ..LimitSpec::default() };
        assert!(usage.admit(&limits, NOW).is_ok());
        for second in 1..60 {
            assert!(usage.admit(&limits, after(second)).is_err());
        }
        assert!(usage.admit(&limits, after(60)).is_ok());
        assert_eq!(usage.open(), 0);
    }

    #[test]
    fn open_requests_are_bounded_and_places_given_back() {
        let usage = Arc::new(Usage::default());
        let limits = LimitSpec { concurrent: Some(1), ..LimitSpec::default() };
        let first = usage.admit(&limits, NOW).unwrap();
        assert_eq!(usage.admit(&limits, NOW).unwrap_err().limit, "concurrent");
        drop(first);
        assert!(usage.admit(&limits, NOW).is_ok());
    }

    #[test]
    fn tokens_used_up_keep_requests_out_until_they_are_old() {
        let usage = Arc::new(Usage::default());
        let limits = LimitSpec { tokens_per_minute: Some(100), ..LimitSpec::default() };
        assert!(usage.admit(&limits, NOW).is_ok());
        usage.count_tokens(&limits, 250, after(5));
        assert_eq!(usage.admit(&limits, after(6)).unwrap_err().retry_after.as_secs(), 59);
        assert!(usage.admit(&limits, after(66)).is_ok());
    }
}
