//! Targets: a provider's model as a place to send a request to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use roundhouse_domain::spec::BodyRules;
use roundhouse_llm::catalogue::Facts;

use crate::breaker::Breaker;
use crate::metrics::TargetMetrics;
use crate::provider::Provider;
use crate::timeouts::Timeouts;

/// A provider's model within a route.
#[derive(Debug)]
pub struct Target {
    /// Who serves it.
    pub provider: Arc<Provider>,
    /// The upstream's name for the model; empty for native paths.
    pub model: Arc<str>,
    /// What is known of the model; nothing for native paths, where the request names it.
    pub facts: Arc<Facts>,
    /// Share within its tier; 0 is off.
    pub weight: u32,
    /// Changes to bodies by model, after the provider's.
    pub body: Arc<BodyRules>,
    /// Time limits.
    pub timeouts: Timeouts,
    /// How it fares; shared by all routes that lead here, and by later snapshots.
    pub health: Arc<TargetHealth>,
}

/// How a provider's model fares.
#[derive(Debug)]
pub struct TargetHealth {
    /// Whether it is passed over.
    pub breaker: Breaker,
    /// Requests under way.
    pub in_flight: AtomicU32,
    /// Its counters.
    pub metrics: TargetMetrics,
    latency_us: AtomicU64,
}

impl TargetHealth {
    /// A target nothing is known of.
    pub fn new(provider: &str) -> Self {
        Self {
            breaker: Breaker::default(),
            in_flight: AtomicU32::new(0),
            metrics: TargetMetrics::new(provider),
            latency_us: AtomicU64::new(0),
        }
    }

    /// Recent time to first byte; zero when none is known.
    pub fn latency(&self) -> Duration {
        Duration::from_micros(self.latency_us.load(Ordering::Relaxed))
    }

    /// Notes a time to first byte: an eighth of it goes into the moving average.
    pub fn observe_latency(&self, sample: Duration) {
        let sample = u64::try_from(sample.as_micros()).unwrap_or(u64::MAX).max(1);
        let old = self.latency_us.load(Ordering::Relaxed);
        // Two calls that end together may lose one sample of the average; no lock is worth it.
        let new = if old == 0 { sample } else { old - old / 8 + sample / 8 };
        self.latency_us.store(new, Ordering::Relaxed);
    }
}

impl Target {
    /// True when the body must be changed beyond its model name.
    pub fn rewrites_body(&self) -> bool {
        !self.provider.body.is_empty() || !self.body.is_empty()
    }
}
