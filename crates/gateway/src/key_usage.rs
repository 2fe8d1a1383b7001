//! What a provider key was used for lately, counted against its limits.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::KeyLimitSpec;

use crate::key::ProviderKey;
use crate::key_pool::KeyPool;

/// Milliseconds that one count of a window stands for.
const SLOT_MS: i64 = 3_000;

/// Counts of a window: sixty seconds and the one that has begun.
const SLOTS: usize = 21;

/// The same as a span of slots.
const SPAN: i64 = 21;

/// Milliseconds of a day; days begin at midnight UTC.
const DAY_MS: i64 = 86_400_000;

/// Counters of one key. They outlive snapshots; the limits come with each.
#[derive(Debug, Default)]
pub(crate) struct KeyUsage(Mutex<Counts>);

/// How much of its limits a key has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Requests sent within the last minute.
    pub requests_last_minute: u64,
    /// Tokens within the last minute.
    pub tokens_last_minute: u64,
    /// Requests sent since midnight UTC.
    pub requests_today: u32,
}

/// What stands against another request with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// A limit in time; there is room again then.
    Until(Timestamp),
    /// Requests under way; there is room as soon as one of them ends, and the pool is told.
    Busy,
}

/// A place among the requests of a key; given back when dropped. A request that was not sent after all does not count.
#[derive(Debug)]
pub struct KeyPermit {
    key: Arc<ProviderKey>,
    counted_at: Option<Timestamp>,
    is_sent: bool,
}

#[derive(Debug, Default)]
struct Counts {
    requests: Window,
    tokens: Window,
    day: i64,
    today: u32,
    /// The pool that waits for a request to end.
    waiting: Option<Weak<KeyPool>>,
}

/// A sum over the last sixty seconds and up to three more: never less than what a provider counts in any minute.
#[derive(Debug, Default)]
struct Window {
    counts: [u32; SLOTS],
    slot: i64,
    sum: u64,
}

impl KeyPermit {
    pub(crate) const fn unlimited(key: Arc<ProviderKey>) -> Self {
        Self { key, counted_at: None, is_sent: false }
    }

    /// The key.
    pub fn key(&self) -> &Arc<ProviderKey> {
        &self.key
    }

    /// Notes that the request goes out, and so counts whatever becomes of it.
    pub(crate) fn sent(&mut self) {
        self.is_sent = true;
    }

    /// Notes that nobody was asked after all.
    pub(crate) fn not_sent(&mut self) {
        self.is_sent = false;
    }
}

impl Drop for KeyPermit {
    fn drop(&mut self) {
        self.key.in_flight().fetch_sub(1, Ordering::AcqRel);
        let Some(usage) = self.key.usage() else { return };
        let waiting = {
            let mut counts = usage.0.lock();
            if let Some(at) = self.counted_at.filter(|_| !self.is_sent) {
                counts.take_back(at);
            }
            counts.waiting.take()
        };
        if let Some(pool) = waiting.and_then(|pool| pool.upgrade()) {
            pool.rejoin(self.key.hash());
        }
    }
}

impl KeyUsage {
    /// Counts a request and takes its place among those in flight, or says what stands against it. A busy key remembers that
    /// `pool` waits for it.
    pub(crate) fn admit(
        &self,
        key: &Arc<ProviderKey>,
        limits: &KeyLimitSpec,
        now: Timestamp,
        pool: &Arc<KeyPool>,
    ) -> Result<KeyPermit, Full> {
        let mut counts = self.0.lock();
        counts.room(limits, now)?;
        if !enter(key.in_flight(), limits.concurrent) {
            // Whoever ends a request looks here afterwards, under the same lock: no end is missed.
            counts.waiting = Some(Arc::downgrade(pool));
            return Err(Full::Busy);
        }
        counts.requests.add(now, 1);
        counts.today = counts.today.saturating_add(1);
        Ok(KeyPermit { key: key.clone(), counted_at: Some(now), is_sent: false })
    }

    /// Counts tokens that a request turned out to take.
    pub(crate) fn count_tokens(&self, tokens: u64, now: Timestamp) {
        self.0.lock().tokens.add(now, tokens);
    }

    /// What has been used.
    pub(crate) fn used(&self, now: Timestamp) -> Used {
        let mut counts = self.0.lock();
        counts.advance(now);
        Used {
            requests_last_minute: counts.requests.sum,
            tokens_last_minute: counts.tokens.sum,
            requests_today: counts.today,
        }
    }
}

impl Counts {
    fn room(&mut self, limits: &KeyLimitSpec, now: Timestamp) -> Result<(), Full> {
        self.advance(now);
        let tomorrow = Timestamp::from_millis((self.day + 1).saturating_mul(DAY_MS));
        let waits = [
            limits.requests_per_day.filter(|limit| self.today >= *limit).map(|_| tomorrow),
            limits.requests_per_minute.and_then(|limit| self.requests.room_at(limit.into())),
            limits.tokens_per_minute.and_then(|limit| self.tokens.room_at(limit)),
        ];
        waits.into_iter().flatten().max().map_or(Ok(()), |until| Err(Full::Until(until)))
    }

    fn advance(&mut self, now: Timestamp) {
        self.requests.advance(now);
        self.tokens.advance(now);
        let day = now.as_millis().div_euclid(DAY_MS);
        if day > self.day {
            self.day = day;
            self.today = 0;
        }
    }

    fn take_back(&mut self, at: Timestamp) {
        self.requests.take_back(at);
        if at.as_millis().div_euclid(DAY_MS) == self.day {
            self.today = self.today.saturating_sub(1);
        }
    }
}

impl Window {
    /// When the sum is below `limit` again; none when it is.
    fn room_at(&self, limit: u64) -> Option<Timestamp> {
        if self.sum < limit {
            return None;
        }
        let mut left = self.sum;
        let mut slot = self.slot - SPAN + 1;
        while slot < self.slot {
            left -= u64::from(self.counts[place(slot)]);
            if left < limit {
                break;
            }
            slot += 1;
        }
        Some(Timestamp::from_millis((slot + SPAN) * SLOT_MS))
    }

    fn add(&mut self, now: Timestamp, amount: u64) {
        self.advance(now);
        let count = &mut self.counts[place(self.slot)];
        let room = u64::from(u32::MAX - *count);
        let amount = u32::try_from(amount.min(room)).unwrap_or(u32::MAX);
        *count += amount;
        self.sum += u64::from(amount);
    }

    fn take_back(&mut self, at: Timestamp) {
        let slot = at.as_millis().div_euclid(SLOT_MS);
        let count = &mut self.counts[place(slot)];
        if slot + SPAN > self.slot && *count > 0 {
            *count -= 1;
            self.sum -= 1;
        }
    }

    fn advance(&mut self, now: Timestamp) {
        let slot = now.as_millis().div_euclid(SLOT_MS);
        if slot - self.slot >= SPAN {
            *self = Self { slot, ..Self::default() };
        }
        while self.slot < slot {
            self.slot += 1;
            let count = &mut self.counts[place(self.slot)];
            self.sum -= u64::from(std::mem::take(count));
        }
    }
}

fn place(slot: i64) -> usize {
    usize::try_from(slot.rem_euclid(SPAN)).unwrap_or(0)
}

/// Counts one more, unless there are `limit` already.
fn enter(in_flight: &AtomicU32, limit: Option<u32>) -> bool {
    let Some(limit) = limit else {
        in_flight.fetch_add(1, Ordering::AcqRel);
        return true;
    };
    let more = |count: u32| (count < limit).then_some(count + 1);
    in_flight.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok()
}
