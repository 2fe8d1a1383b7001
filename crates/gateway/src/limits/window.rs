//! A sum over the last sixty seconds.

use std::time::Duration;

use roundhouse_domain::Timestamp;

/// Seconds that a window looks back on.
const SECONDS: usize = 60;
const LENGTH: i64 = 60;

/// A sum over the last sixty seconds, kept by the second; takes room only once something is added.
#[derive(Debug, Default)]
pub(super) struct Window {
    counts: Option<Box<[u64; SECONDS]>>,
    second: i64,
    sum: u64,
}

impl Window {
    /// The sum.
    pub(super) fn sum(&mut self, now: Timestamp) -> u64 {
        self.advance(now);
        self.sum
    }

    /// How long until the sum is below `limit`; none when it is.
    pub(super) fn wait(&mut self, now: Timestamp, limit: u64) -> Option<Duration> {
        self.advance(now);
        if self.sum < limit {
            return None;
        }
        let mut left = self.sum;
        let mut wait = SECONDS;
        for age in (0..SECONDS).rev() {
            left = left.saturating_sub(self.at(self.second - i64::try_from(age).unwrap_or(0)));
            wait = SECONDS - age;
            if left < limit {
                break;
            }
        }
        Some(Duration::from_secs(wait as u64))
    }

    /// How long until nothing of the sum is left.
    pub(super) fn until_empty(&mut self, now: Timestamp) -> Duration {
        self.advance(now);
        let newest = (0..LENGTH).find(|age| self.at(self.second - age) > 0);
        newest.map_or(Duration::ZERO, |age| {
            Duration::from_secs(u64::try_from(LENGTH - age).unwrap_or_default())
        })
    }

    pub(super) fn add(&mut self, now: Timestamp, amount: u64) {
        self.advance(now);
        let slot = slot(self.second);
        let counts = self.counts.get_or_insert_with(|| Box::new([0; SECONDS]));
        counts[slot] = counts[slot].saturating_add(amount);
        self.sum = self.sum.saturating_add(amount);
    }

    /// Takes back what was added at `then`, unless that is too old to count anyway.
    pub(super) fn remove(&mut self, then: Timestamp, amount: u64) {
        let second = second(then);
        if second > self.second || self.second - second >= LENGTH {
            return;
        }
        if let Some(counts) = &mut self.counts {
            let count = &mut counts[slot(second)];
            let amount = amount.min(*count);
            *count -= amount;
            self.sum = self.sum.saturating_sub(amount);
        }
    }

    fn at(&self, second: i64) -> u64 {
        self.counts.as_ref().map_or(0, |counts| counts[slot(second)])
    }

    fn advance(&mut self, now: Timestamp) {
        let steps = second(now) - self.second;
        if steps <= 0 {
            return;
        }
        self.second += steps;
        let Some(counts) = &mut self.counts else { return };
        if steps >= LENGTH {
            **counts = [0; SECONDS];
            self.sum = 0;
            return;
        }
        for passed in self.second - steps + 1..=self.second {
            let count = std::mem::take(&mut counts[slot(passed)]);
            self.sum = self.sum.saturating_sub(count);
        }
    }
}

fn second(time: Timestamp) -> i64 {
    time.as_millis().div_euclid(1_000)
}

fn slot(second: i64) -> usize {
    usize::try_from(second.rem_euclid(LENGTH)).unwrap_or(0)
}
