//! The keys of one provider, handed out in turn.

mod ring;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use roundhouse_domain::choice::KeyStanding;
use roundhouse_domain::spec::{KeyLimitSpec, KeySettingsSpec};
use roundhouse_domain::{KeyHash, KeyStatus, Timestamp};

use self::ring::{Away, Ring};
use crate::key::ProviderKey;
use crate::key_settings::KeySettings;
use crate::key_usage::{Full, KeyPermit};

/// So many keys are looked at one by one where numbers are told of each request.
const FEW: usize = 32;

/// How many neighbours of its own key an affine request looks at before it takes any usable one.
const AFFINE_NEIGHBOURS: usize = 16;

/// When to look again at keys that have all they may have under way.
const BUSY_PAUSE: Duration = Duration::from_secs(1);

/// All keys of a provider, and a ring of those that were usable when last looked at.
///
/// Choosing is constant-time however many keys there are and however few of them work: unusable keys and those at a limit
/// leave the ring when they are met; resting ones come back from a heap ordered by time, busy ones when a request ends.
#[derive(Debug)]
pub struct KeyPool {
    keys: Vec<Arc<ProviderKey>>,
    index: HashMap<KeyHash, u32>,
    limits: KeyLimitSpec,
    /// By place; empty for most pools.
    settings: HashMap<u32, KeySettings>,
    ring: Mutex<Ring>,
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
        Self::with_settings(keys, HashMap::new(), KeyLimitSpec::default())
    }

    /// A pool of `keys` with what is said of some of them, and limits of all others.
    pub fn with_settings(
        keys: Vec<Arc<ProviderKey>>,
        settings: HashMap<KeyHash, KeySettings>,
        limits: KeyLimitSpec,
    ) -> Self {
        let mut index = HashMap::with_capacity(keys.len());
        let mut unique = Vec::with_capacity(keys.len());
        for key in keys {
            if let (Ok(place), Entry::Vacant(entry)) = (u32::try_from(unique.len()), index.entry(key.hash()))
            {
                entry.insert(place);
                unique.push(key);
            }
        }
        let place = |(hash, settings)| Some((*index.get(&hash)?, settings));
        let settings: HashMap<u32, KeySettings> = settings.into_iter().filter_map(place).collect();
        let weights = settings.iter().map(|(place, settings)| (*place, settings.weight));
        let ring = Mutex::new(Ring::new(unique.len(), weights));
        Self { keys: unique, index, limits, settings, ring }
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

    /// What is said of a key beyond its credential, where anything is.
    pub fn settings(&self, hash: KeyHash) -> Option<&KeySettings> {
        if self.settings.is_empty() {
            return None;
        }
        self.settings.get(self.index.get(&hash)?)
    }

    /// The next usable key that is not among `tried`, by weight. With `affinity`, the same number gives the same key while it
    /// is usable.
    pub fn pick(
        self: &Arc<Self>,
        now: Timestamp,
        tried: &[KeyHash],
        affinity: Option<u64>,
    ) -> Option<KeyPermit> {
        let mut ring = self.ring.lock();
        ring.wake(now, &self.keys);
        if let Some(affinity) = affinity
            && let Some(permit) = self.affine(affinity, now, tried)
        {
            return Some(permit);
        }
        let mut spent = Vec::new();
        while let Some(lane) = ring.turn(&spent) {
            if let Some(permit) = self.pick_in(&mut ring, lane, now, tried) {
                return Some(permit);
            }
            spent.push(lane);
        }
        None
    }

    /// Whether any key can be used; looks at each of them.
    pub fn has_usable(&self, now: Timestamp) -> bool {
        self.keys.iter().any(|key| key.is_usable(now))
    }

    /// How many keys are in turn and how many are not; of more than a few, as far as that shows without looking at each of them.
    pub fn standing(&self, now: Timestamp) -> KeyStanding {
        if self.keys.len() <= FEW {
            return self.few(now);
        }
        let ring = self.ring.lock();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (usable, away) = (ring.usable(), ring.away());
        let aside = self.keys.len().saturating_sub(usable + away);
        KeyStanding { usable: count(usable), cooling: count(away), aside: count(aside) }
    }

    /// Whether all keys that work have reached a limit of their own.
    pub fn is_at_limit(&self, now: Timestamp) -> bool {
        let ring = self.ring.lock();
        ring.usable() == 0 && ring.has_limited() && ring.first_rested().is_none_or(|until| until > now)
    }

    /// True while keys are out of turn because of their own limits.
    pub fn has_limited(&self) -> bool {
        self.ring.lock().has_limited()
    }

    /// A place with the key of that hash, if it is usable.
    pub fn pick_exactly(self: &Arc<Self>, hash: KeyHash, now: Timestamp) -> Option<KeyPermit> {
        let place = *self.index.get(&hash)?;
        let key = self.keys.get(place as usize)?;
        if key.is_usable(now) { self.admit(place, key, now).ok() } else { None }
    }

    /// When the first resting key comes back, or one at a limit has room again.
    pub fn next_usable(&self, now: Timestamp) -> Option<Timestamp> {
        let ring = self.ring.lock();
        let busy = ring.has_busy().then(|| now.plus(BUSY_PAUSE));
        let rested = ring.first_rested().map(|until| until.max(now));
        [busy, rested].into_iter().flatten().min()
    }

    /// Puts a key that became usable out of its time back into the ring.
    pub fn revive(&self, hash: KeyHash, now: Timestamp) {
        if let Some(&place) = self.index.get(&hash)
            && self.keys.get(place as usize).is_some_and(|key| key.is_usable(now))
        {
            self.ring.lock().join(place);
        }
    }

    /// Puts a busy key back into the ring; whether it is usable shows when it is met.
    pub(crate) fn rejoin(&self, hash: KeyHash) {
        if let Some(&place) = self.index.get(&hash) {
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

    fn few(&self, now: Timestamp) -> KeyStanding {
        let mut standing = KeyStanding::default();
        for key in &self.keys {
            match (key.is_usable(now), key.rests_until(now)) {
                (true, _) => standing.usable += 1,
                (false, Some(_)) => standing.cooling += 1,
                (false, None) => standing.aside += 1,
            }
        }
        standing
    }

    fn pick_in(
        self: &Arc<Self>,
        ring: &mut Ring,
        lane: usize,
        now: Timestamp,
        tried: &[KeyHash],
    ) -> Option<KeyPermit> {
        let mut passed = 0;
        while passed < ring.len(lane) {
            let place = ring.next(lane)?;
            let key = self.keys.get(place as usize)?;
            if !key.is_usable(now) {
                ring.leave(place, key.rests_until(now).map_or(Away::Gone, Away::Until));
            } else if tried.contains(&key.hash()) {
                passed += 1;
            } else {
                match self.admit(place, key, now) {
                    Ok(permit) => return Some(permit),
                    Err(Full::Until(until)) => ring.leave(place, Away::Limited(until)),
                    Err(Full::Busy) => ring.leave(place, Away::Busy),
                }
            }
        }
        None
    }

    fn admit(
        self: &Arc<Self>,
        place: u32,
        key: &Arc<ProviderKey>,
        now: Timestamp,
    ) -> Result<KeyPermit, Full> {
        let limits = self.settings.get(&place).map_or(&self.limits, |settings| &settings.limits);
        key.admit(limits, now, self)
    }

    /// The key of an affinity: the first usable one of its neighbourhood. Where weights differ, each neighbour draws a number
    /// from affinity and place, and they are asked from the best one on.
    fn affine(self: &Arc<Self>, affinity: u64, now: Timestamp, tried: &[KeyHash]) -> Option<KeyPermit> {
        let count = self.keys.len();
        let start = usize::try_from(affinity % u64::try_from(count.max(1)).unwrap_or(1)).unwrap_or(0);
        let near = (0..AFFINE_NEIGHBOURS.min(count)).map(|step| (start + step) % count);
        let near = near.filter_map(|place| Some((u32::try_from(place).ok()?, self.keys.get(place)?)));
        let mut near: Vec<_> =
            near.filter(|(_, key)| key.is_usable(now) && !tried.contains(&key.hash())).collect();
        if !self.settings.is_empty() {
            near.retain(|(place, _)| self.weight(*place) > 0);
            near.sort_by_cached_key(|(place, _)| score(affinity, *place, self.weight(*place)));
        }
        near.into_iter().find_map(|(place, key)| self.admit(place, key, now).ok())
    }

    fn weight(&self, place: u32) -> u32 {
        self.settings.get(&place).map_or(KeySettingsSpec::DEFAULT_WEIGHT, |settings| settings.weight)
    }
}

/// Weighted rendezvous hashing by the logarithmic method (Schindelhauer and Schomaker, "Weighted Distributed Hash Tables", 2005):
/// the lowest number comes first.
fn score(affinity: u64, place: u32, weight: u32) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (affinity, place).hash(&mut hasher);
    #[allow(clippy::cast_precision_loss, reason = "53 bits of the hash are plenty")]
    let uniform = ((hasher.finish() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
    // Positive floats are ordered as their bits are.
    (-uniform.ln() / f64::from(weight.max(1))).to_bits()
}
