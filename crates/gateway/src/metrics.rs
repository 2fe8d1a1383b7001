//! Counters of the data plane, with handles made once.

use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use roundhouse_domain::{Outcome, TokenUsage};

/// Counters of one target. Labels are provider names, so their number is the configuration's.
pub struct TargetMetrics {
    attempts_ok: Counter,
    provider: String,
    first_byte: Histogram,
    tokens: [Counter; 5],
}

impl TargetMetrics {
    /// The counters of a target of `provider`.
    pub fn new(provider: &str) -> Self {
        let tokens = ["input", "output", "cached", "cache_write", "reasoning"].map(
            |kind| counter!("roundhouse_tokens_total", "provider" => provider.to_owned(), "kind" => kind),
        );
        Self {
            attempts_ok: counter!("roundhouse_attempts_total", "provider" => provider.to_owned(), "verdict" => "ok"),
            first_byte: histogram!("roundhouse_time_to_first_byte_seconds", "provider" => provider.to_owned()),
            provider: provider.to_owned(),
            tokens,
        }
    }

    /// Counts an attempt that was answered.
    pub fn succeeded(&self, first_byte: Duration) {
        self.attempts_ok.increment(1);
        self.first_byte.record(first_byte);
    }

    /// Counts an attempt that failed.
    pub fn failed(&self, verdict: &'static str) {
        counter!("roundhouse_attempts_total", "provider" => self.provider.clone(), "verdict" => verdict)
            .increment(1);
    }

    /// Counts tokens.
    pub fn count_tokens(&self, usage: &TokenUsage) {
        let counts = [usage.input, usage.output, usage.cached, usage.cache_write, usage.reasoning];
        for (counter, count) in self.tokens.iter().zip(counts) {
            if count > 0 {
                counter.increment(count);
            }
        }
    }
}

impl std::fmt::Debug for TargetMetrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TargetMetrics")
    }
}

/// Counters of all client calls.
pub struct CallMetrics {
    ended: [Counter; 5],
    duration: Histogram,
    in_flight: Gauge,
}

impl Default for CallMetrics {
    fn default() -> Self {
        let outcomes =
            [Outcome::Ok, Outcome::CallerFault, Outcome::Failed, Outcome::Broken, Outcome::Cancelled];
        Self {
            ended: outcomes
                .map(|outcome| counter!("roundhouse_requests_total", "outcome" => outcome.as_str())),
            duration: histogram!("roundhouse_request_duration_seconds"),
            in_flight: gauge!("roundhouse_requests_in_flight"),
        }
    }
}

impl CallMetrics {
    /// Notes that a call began.
    pub fn began(&self) {
        self.in_flight.increment(1.0);
    }

    /// Notes how a call ended, and after how long.
    pub fn ended(&self, outcome: Outcome, duration: Duration) {
        if let Some(counter) = self.ended.get(outcome as usize) {
            counter.increment(1);
        }
        self.duration.record(duration);
        self.in_flight.decrement(1.0);
    }
}
