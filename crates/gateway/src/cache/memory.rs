//! Answers in memory, bounded by number and bytes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::sync::Cache;
use roundhouse_domain::spec::CacheSpec;

use super::Key;
use super::entry::Kept;

/// Answers in memory.
pub(crate) struct Memory {
    answers: Cache<Key, Arc<Kept>>,
    room: (u64, u64),
}

/// Each answer is kept as long as its own route or access key says.
struct Own;

impl Expiry<Key, Arc<Kept>> for Own {
    fn expire_after_create(&self, _: &Key, kept: &Arc<Kept>, _: Instant) -> Option<Duration> {
        Some(kept.ttl)
    }

    fn expire_after_update(
        &self,
        _: &Key,
        kept: &Arc<Kept>,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(kept.ttl)
    }
}

impl Memory {
    pub(super) fn new(spec: &CacheSpec) -> Self {
        // An answer weighs at least its share of all bytes, so that their number is bounded too.
        let share = spec.max_bytes / spec.max_entries.max(1);
        let weigh =
            move |_: &Key, kept: &Arc<Kept>| u32::try_from(kept.bytes().max(share)).unwrap_or(u32::MAX);
        let answers = Cache::builder().weigher(weigh).max_capacity(spec.max_bytes).expire_after(Own).build();
        Self { answers, room: (spec.max_entries, spec.max_bytes) }
    }

    /// Whether it has the room that `spec` gives.
    pub(super) fn fits(&self, spec: &CacheSpec) -> bool {
        self.room == (spec.max_entries, spec.max_bytes)
    }

    pub(super) fn get(&self, key: &Key) -> Option<Arc<Kept>> {
        self.answers.get(key)
    }

    pub(super) fn put(&self, key: Key, kept: Arc<Kept>) {
        self.answers.insert(key, kept);
    }

    pub(super) fn clear(&self) {
        self.answers.invalidate_all();
    }

    /// Answers and their weight, after what is due was done.
    #[cfg(test)]
    pub(super) fn taken(&self) -> (u64, u64) {
        self.answers.run_pending_tasks();
        (self.answers.entry_count(), self.answers.weighted_size())
    }
}
