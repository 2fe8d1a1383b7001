//! The keys of one provider, handed out in turn.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use parking_lot::Mutex;
use roundhouse_domain::choice::KeyStanding;
use roundhouse_domain::{KeyHash, KeyStatus, Timestamp};

use crate::key::ProviderKey;

/// No place in the ring.
const ABSENT: u32 = u32::MAX;

/// How many neighbours of its own key an affine request looks at before it takes any usable one.
const AFFINE_NEIGHBOURS: usize = 16;

/// All keys of a provider, and a ring of those that were usable when last looked at.
///
/// Choosing is constant-time however many keys there are and however few of them work: unusable keys leave the ring
/// when they are met, resting ones come back from a heap ordered by time.
#[derive(Debug)]
pub struct KeyPool {
    keys: Vec<Arc<ProviderKey>>,
    index: HashMap<KeyHash, u32>,
    ring: Mutex<Ring>,
}

#[derive(Debug)]
struct Ring {
    usable: Vec<u32>,
    place: Vec<u32>,
    resting: BinaryHeap<Reverse<(Timestamp, u32)>>,
    cursor: usize,
}

/// How many keys a pool has, by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyCounts {
    /// Usable now.
    pub active: usize,
    /// Resting.
    pub cooling: usize,
    /// Set aside.
    pub invalid: usize,
    /// Switched off.
    pub disabled: usize,
}

impl KeyCounts {
    /// All keys.
    pub const fn total(&self) -> usize {
        self.active + self.cooling + self.invalid + self.disabled
    }
}

impl KeyPool {
    /// A pool of `keys`, in their order; a key that stands twice counts once.
    pub fn new(keys: Vec<Arc<ProviderKey>>) -> Self {
        let mut index = HashMap::with_capacity(keys.len());
        let mut unique = Vec::with_capacity(keys.len());
        for key in keys {
            if let (Ok(place), Entry::Vacant(entry)) = (u32::try_from(unique.len()), index.entry(key.hash()))
            {
                entry.insert(place);
                unique.push(key);
            }
        }
        let count = u32::try_from(unique.len()).unwrap_or(ABSENT);
        let ring = Ring {
            usable: (0..count).collect(),
            place: (0..count).collect(),
            resting: BinaryHeap::new(),
            cursor: 0,
        };
        Self { keys: unique, index, ring: Mutex::new(ring) }
    }

    /// True for a provider without keys.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// All keys, in their order.
    pub fn keys(&self) -> &[Arc<ProviderKey>] {
        &self.keys
    }

    /// The key of that hash.
    pub fn find(&self, hash: KeyHash) -> Option<&Arc<ProviderKey>> {
        self.index.get(&hash).and_then(|place| self.keys.get(*place as usize))
    }

    /// The next usable key that is not among `tried`. With `affinity`, the same number gives the same key while it is usable.
    pub fn pick(
        &self,
        now: Timestamp,
        tried: &[KeyHash],
        affinity: Option<u64>,
    ) -> Option<&Arc<ProviderKey>> {
        let mut ring = self.ring.lock();
        ring.wake(now, &self.keys);
        if let Some(affinity) = affinity
            && let Some(key) = self.affine(affinity, now, tried)
        {
            return Some(key);
        }
        let mut passed = 0;
        while passed < ring.usable.len() {
            let at = ring.cursor % ring.usable.len();
            let place = *ring.usable.get(at)?;
            let key = self.keys.get(place as usize)?;
            if !key.is_usable(now) {
                ring.leave(at, place, key.rests_until(now));
                continue;
            }
            ring.cursor = at + 1;
            if !tried.contains(&key.hash()) {
                return Some(key);
            }
            passed += 1;
        }
        None
    }

    /// How many keys are in turn and how many are not, as far as that shows without looking at each of them.
    pub fn standing(&self) -> KeyStanding {
        let ring = self.ring.lock();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (usable, resting) = (ring.usable.len(), ring.resting.len());
        let aside = self.keys.len().saturating_sub(usable + resting);
        KeyStanding { usable: count(usable), cooling: count(resting), aside: count(aside) }
    }

    /// When the first resting key comes back.
    pub fn next_usable(&self, now: Timestamp) -> Option<Timestamp> {
        let ring = self.ring.lock();
        ring.resting.peek().map(|Reverse((until, _))| (*until).max(now))
    }

    /// Puts a key that became usable out of its time back into the ring.
    pub fn revive(&self, hash: KeyHash, now: Timestamp) {
        if let Some(&place) = self.index.get(&hash)
            && self.keys.get(place as usize).is_some_and(|key| key.is_usable(now))
        {
            self.ring.lock().join(place);
        }
    }

    /// How many keys there are, by status.
    pub fn counts(&self, now: Timestamp) -> KeyCounts {
        let mut counts = KeyCounts::default();
        for key in &self.keys {
            if key.is_usable(now) {
                counts.active += 1;
            } else if key.rests_until(now).is_some() {
                counts.cooling += 1;
            } else if key.state(now).status == KeyStatus::Disabled {
                counts.disabled += 1;
            } else {
                counts.invalid += 1;
            }
        }
        counts
    }

    fn affine(&self, affinity: u64, now: Timestamp, tried: &[KeyHash]) -> Option<&Arc<ProviderKey>> {
        let count = self.keys.len();
        let start = usize::try_from(affinity % u64::try_from(count.max(1)).unwrap_or(1)).unwrap_or(0);
        (0..AFFINE_NEIGHBOURS.min(count))
            .filter_map(|step| self.keys.get((start + step) % count))
            .find(|key| key.is_usable(now) && !tried.contains(&key.hash()))
    }
}

impl Ring {
    fn wake(&mut self, now: Timestamp, keys: &[Arc<ProviderKey>]) {
        while let Some(&Reverse((until, place))) = self.resting.peek() {
            if until > now {
                return;
            }
            self.resting.pop();
            match keys.get(place as usize) {
                Some(key) if key.is_usable(now) => self.join(place),
                Some(key) => {
                    if let Some(until) = key.rests_until(now) {
                        self.resting.push(Reverse((until, place)));
                    }
                }
                None => {}
            }
        }
    }

    fn join(&mut self, place: u32) {
        if let Some(slot) = self.place.get_mut(place as usize)
            && *slot == ABSENT
        {
            *slot = u32::try_from(self.usable.len()).unwrap_or(ABSENT);
            self.usable.push(place);
        }
    }

    fn leave(&mut self, at: usize, place: u32, until: Option<Timestamp>) {
        self.usable.swap_remove(at);
        if let Some(&moved) = self.usable.get(at)
            && let Some(slot) = self.place.get_mut(moved as usize)
        {
            *slot = u32::try_from(at).unwrap_or(ABSENT);
        }
        if let Some(slot) = self.place.get_mut(place as usize) {
            *slot = ABSENT;
        }
        if let Some(until) = until {
            self.resting.push(Reverse((until, place)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use roundhouse_domain::Secret;

    use super::*;
    use crate::key::{KeyPolicy, KeyState};

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);
    const POLICY: KeyPolicy = KeyPolicy {
        threshold: 3,
        cumulative: false,
        quota: Duration::from_secs(100),
        rate_limit: Duration::from_secs(30),
        rate_limit_max: Duration::from_mins(30),
    };

    fn hash(n: u32) -> KeyHash {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&n.to_le_bytes());
        KeyHash(bytes)
    }

    fn pool(count: u32) -> KeyPool {
        let key =
            |n| Arc::new(ProviderKey::new(Secret::new(format!("key-{n}")), hash(n), KeyState::default()));
        KeyPool::new((0..count).map(key).collect())
    }

    fn picks(pool: &KeyPool, count: usize, now: Timestamp) -> Vec<String> {
        let name = |key: &Arc<ProviderKey>| key.secret().expose().to_owned();
        (0..count).map(|_| pool.pick(now, &[], None).map_or_else(|| "-".to_owned(), name)).collect()
    }

    #[test]
    fn keys_take_turns() {
        assert_eq!(picks(&pool(3), 4, NOW), ["key-0", "key-1", "key-2", "key-0"]);
    }

    #[test]
    fn a_resting_key_is_passed_over_and_comes_back() {
        let pool = pool(2);
        pool.keys()[0].rate_limited(Some(Duration::from_secs(5)), &POLICY, NOW, None);
        assert_eq!(picks(&pool, 2, NOW), ["key-1", "key-1"]);
        let mut later = picks(&pool, 2, NOW.plus(Duration::from_secs(6)));
        later.sort();
        assert_eq!(later, ["key-0", "key-1"]);
    }

    #[test]
    fn when_all_rest_the_first_return_is_known() {
        let pool = pool(2);
        pool.keys()[0].rate_limited(Some(Duration::from_secs(9)), &POLICY, NOW, None);
        pool.keys()[1].rate_limited(Some(Duration::from_secs(5)), &POLICY, NOW, None);
        assert!(pool.pick(NOW, &[], None).is_none());
        assert_eq!(pool.next_usable(NOW), Some(NOW.plus(Duration::from_secs(5))));
    }

    #[test]
    fn tried_keys_are_left_out() {
        let pool = pool(3);
        let tried = [hash(0), hash(2)];
        assert_eq!(pool.pick(NOW, &tried, None).unwrap().hash(), hash(1));
        assert!(pool.pick(NOW, &[hash(0), hash(1), hash(2)], None).is_none());
    }

    #[test]
    fn affinity_keeps_the_key_while_it_works() {
        let pool = pool(100);
        let first = pool.pick(NOW, &[], Some(77)).unwrap().hash();
        for _ in 0..10 {
            assert_eq!(pool.pick(NOW, &[], Some(77)).unwrap().hash(), first);
        }
        pool.find(first).unwrap().refused(NOW, None);
        assert_ne!(pool.pick(NOW, &[], Some(77)).unwrap().hash(), first);
    }

    #[test]
    fn the_last_good_key_among_many_is_found_and_revived_keys_return() {
        let pool = pool(1_000);
        for key in &pool.keys()[..999] {
            key.refused(NOW, None);
        }
        assert_eq!(picks(&pool, 2, NOW), ["key-999", "key-999"]);
        pool.keys()[5].restored(NOW);
        pool.revive(hash(5), NOW);
        pool.revive(hash(5), NOW);
        let mut both = picks(&pool, 2, NOW);
        both.sort();
        assert_eq!(both, ["key-5", "key-999"]);
        assert_eq!(pool.counts(NOW), KeyCounts { active: 2, invalid: 998, ..KeyCounts::default() });
    }

    #[test]
    fn a_key_given_twice_counts_once() {
        let key = || Arc::new(ProviderKey::new(Secret::from("same"), hash(1), KeyState::default()));
        assert_eq!(KeyPool::new(vec![key(), key()]).counts(NOW).total(), 1);
    }
}
