//! Slows down who guesses passwords.
//!
//! Failures are counted for an e-mail address from a network address, and more generously for each alone: so that a
//! stranger cannot easily lock somebody out, and yet neither many addresses for one account nor many accounts from one
//! address are free.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::time::Duration;

use moka::ops::compute::Op;
use moka::sync::Cache;
use roundhouse_domain::Timestamp;
use roundhouse_storage::users::normalise_email;

/// What is counted at the same time; the least recently used are forgotten beyond it.
const CAPACITY: u64 = 100_000;

/// Counts failed logins.
#[derive(Debug)]
pub(crate) struct Throttle {
    counts: Cache<u64, Count>,
    hasher: RandomState,
    window: Duration,
    max_failures: u32,
    max_failures_alone: u32,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    since: Timestamp,
    failures: u32,
}

/// A login that counts as failed until it is forgiven.
pub(crate) struct Attempt([u64; 3]);

impl Throttle {
    /// Counts within `window`: so many failures of both addresses together, and so many of either alone.
    pub(crate) fn new(window: Duration, max_failures: u32, max_failures_alone: u32) -> Self {
        Self {
            counts: Cache::builder().max_capacity(CAPACITY).time_to_idle(window).build(),
            hasher: RandomState::new(),
            window,
            max_failures,
            max_failures_alone,
        }
    }

    /// Counts a login as failed before it is tried, so that guesses made at the same time count as well.
    ///
    /// # Errors
    ///
    /// The time to wait, where too many have failed.
    pub(crate) fn begin(
        &self,
        email: &str,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Attempt, Duration> {
        let (email, address) = (normalise_email(email), address.map(network));
        let subjects = [
            self.hasher.hash_one(("both", &email, address)),
            self.hasher.hash_one(("email", &email)),
            // Callers without an address, as through a socket file, are not one caller.
            address.map_or_else(
                || self.hasher.hash_one(("nowhere", &email)),
                |address| self.hasher.hash_one(("address", address)),
            ),
        ];
        let limits = [self.max_failures, self.max_failures_alone, self.max_failures_alone];
        for (subject, limit) in subjects.into_iter().zip(limits) {
            match self.current(self.counts.get(&subject), now) {
                Some(count) if count.failures >= limit => {
                    return Err(count.since.plus(self.window).since(now));
                }
                _ => {}
            }
        }
        for subject in subjects {
            self.counts.entry(subject).and_upsert_with(|held| {
                let count = self.current(held.map(moka::Entry::into_value), now);
                let count = count.unwrap_or(Count { since: now, failures: 0 });
                Count { failures: count.failures.saturating_add(1), ..count }
            });
        }
        Ok(Attempt(subjects))
    }

    /// Forgets a login that succeeded, and what this person got wrong before from there.
    pub(crate) fn forgive(&self, attempt: &Attempt) {
        self.release(attempt);
        self.counts.invalidate(&attempt.0[0]);
    }

    /// Takes back a login that was not even tried.
    pub(crate) fn release(&self, attempt: &Attempt) {
        for subject in attempt.0 {
            self.counts.entry(subject).and_compute_with(|held| match held.map(moka::Entry::into_value) {
                Some(count) if count.failures > 1 => Op::Put(Count { failures: count.failures - 1, ..count }),
                _ => Op::Remove,
            });
        }
    }

    fn current(&self, count: Option<Count>, now: Timestamp) -> Option<Count> {
        count.filter(|count| now.since(count.since) < self.window)
    }
}

/// What one person can be given by their provider: an IPv4 address, or 64 bits of IPv6 (RFC 6177).
fn network(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_793_491_200_000);
    const MINUTE: Duration = Duration::from_mins(1);

    fn throttle() -> Throttle {
        Throttle::new(MINUTE, 2, 4)
    }

    fn address(last: u8) -> Option<IpAddr> {
        format!("192.0.2.{last}").parse().ok()
    }

    #[test]
    fn an_account_rests_from_one_address_and_not_from_others() {
        let throttle = throttle();
        throttle.begin("ada@example.com", address(1), NOW).unwrap();
        throttle.begin("Ada@example.com ", address(1), NOW).unwrap();
        assert_eq!(
            throttle.begin("ada@example.com", address(1), NOW.plus(MINUTE / 4)).err(),
            Some(MINUTE * 3 / 4)
        );
        assert!(throttle.begin("ada@example.com", address(2), NOW).is_ok());
        assert!(throttle.begin("ada@example.com", address(1), NOW.plus(MINUTE)).is_ok());
    }

    #[test]
    fn many_addresses_for_one_account_and_many_accounts_from_one_address_rest_too() {
        let (one, other) = (throttle(), throttle());
        for number in 0..4 {
            one.begin("ada@example.com", address(number), NOW).unwrap();
            other.begin(&format!("{number}@example.com"), address(1), NOW).unwrap();
        }
        assert!(one.begin("ada@example.com", address(9), NOW).is_err());
        assert!(other.begin("9@example.com", address(1), NOW).is_err());
    }

    #[test]
    fn neighbours_in_one_network_count_as_one() {
        let throttle = throttle();
        for last in ["2001:db8::1", "2001:db8::2"] {
            throttle.begin("ada@example.com", last.parse().ok(), NOW).unwrap();
        }
        assert!(throttle.begin("ada@example.com", "2001:db8::3".parse().ok(), NOW).is_err());
        assert!(throttle.begin("ada@example.com", "2001:db8:0:1::3".parse().ok(), NOW).is_ok());
    }

    #[test]
    fn what_was_not_tried_does_not_count_and_forgives_nothing() {
        let throttle = throttle();
        throttle.begin("ada@example.com", address(1), NOW).unwrap();
        for _ in 0..20 {
            let attempt = throttle.begin("ada@example.com", address(1), NOW).unwrap();
            throttle.release(&attempt);
        }
        throttle.begin("ada@example.com", address(1), NOW).unwrap();
        assert!(throttle.begin("ada@example.com", address(1), NOW).is_err());
    }

    #[test]
    fn success_is_forgiven() {
        let throttle = throttle();
        for _ in 0..20 {
            let attempt = throttle.begin("ada@example.com", address(1), NOW).unwrap();
            throttle.forgive(&attempt);
        }
        throttle.begin("ada@example.com", address(1), NOW).unwrap();
        let attempt = throttle.begin("ada@example.com", address(1), NOW).unwrap();
        throttle.forgive(&attempt);
        assert!(throttle.begin("ada@example.com", address(1), NOW).is_ok());
    }
}
