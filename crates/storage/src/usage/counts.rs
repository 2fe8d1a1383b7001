//! What is counted.

use roundhouse_domain::{Outcome, RequestRecord};

/// Upper bounds of the buckets that latencies are counted in, in milliseconds; the last bucket has none.
pub const LATENCY_BUCKETS_MS: [u32; 19] = [
    10, 25, 50, 100, 200, 350, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500, 10_000, 15_000, 30_000,
    60_000, 120_000,
];

const BUCKETS: usize = LATENCY_BUCKETS_MS.len() + 1;

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// Sums over requests.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Counts {
            $($(#[$doc])* pub $name: i64,)*
            /// Requests by how long they took, in the buckets of [`LATENCY_BUCKETS_MS`].
            pub latencies: [i64; BUCKETS],
        }

        const NAMES: &[&str] = &[$(stringify!($name)),*];

        impl Counts {
            /// All numbers, in the order of [`counter_columns`].
            pub(crate) fn numbers(&self) -> impl Iterator<Item = i64> {
                [$(self.$name),*].into_iter().chain(self.latencies)
            }

            /// Reads what [`Self::numbers`] gives.
            pub(crate) fn from_numbers<E>(mut next: impl FnMut(usize) -> Result<i64, E>) -> Result<Self, E> {
                let mut index = 0..;
                let mut one = || next(index.next().unwrap_or_default());
                let mut counts = Self { $($name: one()?,)* latencies: [0; BUCKETS] };
                for latency in &mut counts.latencies {
                    *latency = one()?;
                }
                Ok(counts)
            }

            /// Adds `other` to it.
            pub fn add(&mut self, other: &Self) {
                $(self.$name = self.$name.saturating_add(other.$name);)*
                for (mine, more) in self.latencies.iter_mut().zip(other.latencies) {
                    *mine = mine.saturating_add(more);
                }
            }
        }
    };
}

counts! {
    /// Requests.
    requests,
    /// Requests that failed or broke off, by the providers' fault.
    errors,
    /// Requests that were refused for what the caller sent.
    caller_faults,
    /// Requests whose caller went away.
    cancelled,
    /// Requests that the response cache answered.
    cache_hits,
    /// Requests whose tokens are an estimate.
    estimated,
    /// Requests with tokens whose price is not known.
    unpriced,
    /// Upstream calls.
    attempts,
    /// Upstream calls that did not end well.
    failed_attempts,
    /// Tokens read, cached and cache-written ones included.
    input_tokens,
    /// Tokens written, reasoning included.
    output_tokens,
    /// Tokens read from providers' caches.
    cached_tokens,
    /// Tokens written to providers' caches.
    cache_write_tokens,
    /// Tokens of reasoning.
    reasoning_tokens,
    /// Tokens of sound that was read.
    audio_input_tokens,
    /// Tokens of sound that was made.
    audio_output_tokens,
    /// What it cost, in billionths of a US dollar.
    cost_nanousd,
    /// How long requests took together, in milliseconds.
    duration_ms,
    /// How long first bytes took together, in milliseconds.
    first_byte_ms,
    /// Requests that had a first byte.
    first_bytes,
}

/// The columns of the counters, in order.
pub(crate) fn counter_columns() -> impl Iterator<Item = String> {
    let buckets = (0..BUCKETS).map(|number| format!("latency_{number:02}"));
    NAMES.iter().map(|name| (*name).to_owned()).chain(buckets)
}

impl Counts {
    /// What one request comes to, its attempts apart.
    pub(crate) fn of(record: &RequestRecord) -> Self {
        let is = |condition: bool| i64::from(condition);
        let tokens = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let mut counts = Self {
            requests: 1,
            errors: is(matches!(record.outcome, Outcome::Failed | Outcome::Broken)),
            caller_faults: is(record.outcome == Outcome::CallerFault),
            cancelled: is(record.outcome == Outcome::Cancelled),
            cache_hits: is(record.cache_hit),
            estimated: is(record.estimated),
            unpriced: is(!record.usage.is_empty() && record.cost.is_none()),
            input_tokens: tokens(record.usage.input),
            output_tokens: tokens(record.usage.output),
            cached_tokens: tokens(record.usage.cached),
            cache_write_tokens: tokens(record.usage.cache_write),
            reasoning_tokens: tokens(record.usage.reasoning),
            audio_input_tokens: tokens(record.usage.audio_input),
            audio_output_tokens: tokens(record.usage.audio_output),
            cost_nanousd: record.cost.unwrap_or_default().0,
            duration_ms: record.duration_ms.into(),
            first_byte_ms: record.first_byte_ms.unwrap_or_default().into(),
            first_bytes: is(record.first_byte_ms.is_some()),
            ..Self::default()
        };
        counts.latencies[LATENCY_BUCKETS_MS.partition_point(|bound| *bound < record.duration_ms)] = 1;
        counts
    }

    /// Adds an upstream call.
    pub(crate) fn attempted(&mut self, verdict: &str) {
        self.attempts += 1;
        self.failed_attempts += i64::from(verdict != "ok");
    }

    /// How long a request took on average, in milliseconds.
    pub fn average_ms(&self) -> Option<i64> {
        (self.requests > 0).then(|| self.duration_ms / self.requests)
    }

    /// How long the first byte took on average, in milliseconds.
    pub fn average_first_byte_ms(&self) -> Option<i64> {
        (self.first_bytes > 0).then(|| self.first_byte_ms / self.first_bytes)
    }

    /// How long all but `100 - percent` percent of the requests took at the most, in milliseconds: the place within its
    /// bucket, as if the bucket's requests were spread evenly. None without requests.
    pub fn percentile_ms(&self, percent: u32) -> Option<i64> {
        let all: i64 = self.latencies.iter().sum();
        let wanted = all * i64::from(percent);
        let mut below = 0;
        for (number, count) in self.latencies.iter().enumerate() {
            if *count > 0 && (below + count) * 100 >= wanted {
                let bound = |number: usize| LATENCY_BUCKETS_MS.get(number).map(|bound| i64::from(*bound));
                let from = number.checked_sub(1).and_then(bound).unwrap_or_default();
                // Nothing is known of the last bucket but where it begins.
                let to = bound(number).unwrap_or(from);
                return Some(from + (to - from) * (wanted - below * 100).max(0) / (count * 100));
            }
            below += count;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use roundhouse_domain::{RequestId, Timestamp};

    use super::*;

    #[test]
    fn percentiles_lie_within_their_bucket() {
        let mut sum = Counts::default();
        for millis in 1..=1_000 {
            let id = RequestId(sea_orm::prelude::Uuid::nil());
            let record =
                RequestRecord { duration_ms: millis, ..RequestRecord::new(id, Timestamp::default()) };
            sum.add(&Counts::of(&record));
        }
        assert_eq!(sum.average_ms(), Some(500));
        for (percent, expected) in [(50, 500), (90, 900), (99, 990), (100, 1_000)] {
            let found = sum.percentile_ms(percent).unwrap();
            assert!((found - expected).abs() <= 15, "p{percent}: {found}");
        }
        assert_eq!(Counts::default().percentile_ms(50), None);
    }

    #[test]
    fn numbers_come_back_in_their_order() {
        let counts =
            Counts { requests: 3, cost_nanousd: 7, first_bytes: 2, latencies: [5; 20], ..Counts::default() };
        let numbers: Vec<i64> = counts.numbers().collect();
        assert_eq!(numbers.len(), counter_columns().count());
        let read: Result<_, ()> = Counts::from_numbers(|index| Ok(numbers[index]));
        assert_eq!(read, Ok(counts));
    }
}
