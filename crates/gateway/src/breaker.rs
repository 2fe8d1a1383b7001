//! Passing over a target that keeps failing.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};

use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::BreakerSpec;

/// How a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// Requests go through.
    Closed,
    /// Nothing goes through until its time has come.
    Open,
    /// One request is let through to try.
    HalfOpen,
}

/// A circuit breaker: closed while things go well, open for a time after failures in a row, then half-open: one request
/// tries it, and decides.
#[derive(Debug, Default)]
pub struct Breaker {
    failures: AtomicU32,
    open_until_ms: AtomicI64,
    trying: AtomicBool,
}

impl Breaker {
    /// True when a request may go through now. When half-open, the caller that is let through must report back with
    /// [`Self::succeeded`], [`Self::failed`] or [`Self::gave_up`].
    pub fn admit(&self, now: Timestamp) -> bool {
        match self.open_until_ms.load(Ordering::Acquire) {
            0 => true,
            until if until > now.as_millis() => false,
            _ => !self.trying.swap(true, Ordering::AcqRel),
        }
    }

    /// True when [`Self::admit`] would let a request through; changes nothing.
    pub fn would_admit(&self, now: Timestamp) -> bool {
        match self.open_until_ms.load(Ordering::Acquire) {
            0 => true,
            until => until <= now.as_millis() && !self.trying.load(Ordering::Acquire),
        }
    }

    /// When an open breaker tries again.
    pub fn opens_at(&self, now: Timestamp) -> Option<Timestamp> {
        match self.open_until_ms.load(Ordering::Acquire) {
            0 => None,
            until => Some(Timestamp::from_millis(until).max(now)),
        }
    }

    /// How it stands.
    pub fn state(&self, now: Timestamp) -> BreakerState {
        match self.open_until_ms.load(Ordering::Acquire) {
            0 => BreakerState::Closed,
            until if until > now.as_millis() => BreakerState::Open,
            _ => BreakerState::HalfOpen,
        }
    }

    /// Failures in a row.
    pub fn failures(&self) -> u32 {
        self.failures.load(Ordering::Relaxed)
    }

    /// The provider answered: closes the breaker.
    pub fn succeeded(&self) {
        if self.failures.load(Ordering::Relaxed) != 0 {
            self.failures.store(0, Ordering::Relaxed);
        }
        if self.open_until_ms.load(Ordering::Relaxed) != 0 {
            self.open_until_ms.store(0, Ordering::Release);
            self.trying.store(false, Ordering::Release);
        }
    }

    /// The provider failed: opens the breaker at the limit, or anew when it was being tried.
    pub fn failed(&self, spec: &BreakerSpec, now: Timestamp) {
        let failures = self.failures.fetch_add(1, Ordering::AcqRel).saturating_add(1);
        if spec.failures > 0 && failures >= spec.failures {
            self.open_until_ms.store(now.plus(spec.open.0).as_millis(), Ordering::Release);
        }
        self.trying.store(false, Ordering::Release);
    }

    /// The request that was let through ended without telling anything.
    pub fn gave_up(&self) {
        self.trying.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use roundhouse_domain::spec::Span;

    use super::*;

    const SPEC: BreakerSpec = BreakerSpec { failures: 3, open: Span::secs(30) };
    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    #[test]
    fn opens_after_failures_in_a_row_only() {
        let breaker = Breaker::default();
        breaker.failed(&SPEC, NOW);
        breaker.failed(&SPEC, NOW);
        breaker.succeeded();
        breaker.failed(&SPEC, NOW);
        breaker.failed(&SPEC, NOW);
        assert!(breaker.admit(NOW));
        breaker.failed(&SPEC, NOW);
        assert!(!breaker.admit(NOW));
    }

    #[test]
    fn one_request_tries_a_half_open_breaker() {
        let breaker = Breaker::default();
        (0..3).for_each(|_| breaker.failed(&SPEC, NOW));
        let later = NOW.plus(Duration::from_secs(31));
        assert!(breaker.admit(later));
        assert!(!breaker.admit(later), "the second one waits for the first one's answer");
        breaker.failed(&SPEC, later);
        assert!(!breaker.admit(later), "a failed try opens it anew");
        let latest = later.plus(Duration::from_secs(31));
        assert!(breaker.admit(latest));
        breaker.succeeded();
        assert!(breaker.admit(latest) && breaker.admit(latest));
    }

    #[test]
    fn a_try_that_was_cut_short_frees_the_place() {
        let breaker = Breaker::default();
        (0..3).for_each(|_| breaker.failed(&SPEC, NOW));
        let later = NOW.plus(Duration::from_secs(31));
        assert!(breaker.admit(later));
        breaker.gave_up();
        assert!(breaker.admit(later));
    }
}
