//! Routes: how a public model name is served, and whose turn it is.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use roundhouse_domain::spec::{CacheChoice, Lossy, Strategy};

use crate::target::Target;
use crate::turns::Turns;

/// How a public model name, or a pool, is served.
#[derive(Debug)]
pub struct Route {
    /// The public model name, or the pool's.
    pub name: Arc<str>,
    /// How to choose within a tier.
    pub strategy: Strategy,
    /// Targets, best tier first.
    pub tiers: Vec<Tier>,
    /// Public names to serve instead when no target is left.
    pub fallbacks: Vec<Arc<str>>,
    /// What happens to requests that can only be translated with a loss; as the settings say when absent.
    pub lossy: Option<Lossy>,
    /// What it has otherwise of the answers that are kept.
    pub cache: CacheChoice,
    /// Names the targets in their order.
    pub shape: u32,
}

impl Route {
    /// A route of `tiers` by that name, with nothing else said of it.
    pub fn new(name: Arc<str>, tiers: Vec<Tier>) -> Self {
        let shape = shape(&tiers);
        let (strategy, cache) = (Strategy::Weighted, CacheChoice::default());
        Self { name, strategy, tiers, fallbacks: Vec::new(), lossy: None, cache, shape }
    }

    /// All targets with their tiers, best tier first.
    pub fn targets(&self) -> impl Iterator<Item = (usize, &Arc<Target>)> {
        self.tiers
            .iter()
            .enumerate()
            .flat_map(|(tier, targets)| targets.targets.iter().map(move |target| (tier, target)))
    }
}

/// A number that is another one for other targets, and the same in every process.
fn shape(tiers: &[Tier]) -> u32 {
    let mut hasher = blake3::Hasher::new();
    for tier in tiers {
        for target in &tier.targets {
            for text in [&*target.provider.name, "\0", &*target.model, "\0"] {
                hasher.update(text.as_bytes());
            }
        }
        hasher.update(b"\0");
    }
    let [a, b, c, d, ..] = *hasher.finalize().as_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// Targets of equal rank.
#[derive(Debug)]
pub struct Tier {
    /// The targets.
    pub targets: Vec<Arc<Target>>,
    turns: Turns,
    cursor: AtomicUsize,
}

/// One pick in so many goes by weight under `lowest_latency`, so that a target that was slow once is measured again.
pub(crate) const EXPLORE_EVERY: usize = 20;

impl Tier {
    /// A tier of `targets`.
    pub fn new(targets: Vec<Arc<Target>>) -> Self {
        Self { turns: Turns::new(targets.len()), targets, cursor: AtomicUsize::new(0) }
    }

    /// The same targets, with turns that go on from here by themselves: for looking ahead.
    #[must_use]
    pub fn shadow(&self) -> Self {
        Self {
            targets: self.targets.clone(),
            turns: self.turns.shadow(),
            cursor: AtomicUsize::new(self.cursor.load(Ordering::Relaxed)),
        }
    }

    /// The target whose turn it is among `eligible` (places in the tier, not empty). With `affinity`, the same number prefers
    /// the same target as long as it is eligible, in proportion to the weights.
    pub fn choose(&self, strategy: Strategy, eligible: &[usize], affinity: Option<u64>) -> Option<usize> {
        if let [only] = eligible {
            return Some(*only);
        }
        match (strategy, affinity) {
            (Strategy::Ordered, _) => eligible.first().copied(),
            (_, Some(affinity)) => self.rendezvous(eligible, affinity),
            (Strategy::Weighted, None) => self.by_weight(eligible),
            (Strategy::RoundRobin, None) => {
                eligible.get(self.cursor.fetch_add(1, Ordering::Relaxed) % eligible.len().max(1)).copied()
            }
            (Strategy::LeastBusy, None) => self.least(eligible, |target| {
                f64::from(target.health.in_flight.load(Ordering::Relaxed) + 1)
                    / f64::from(target.weight.max(1))
            }),
            (Strategy::LowestLatency, None) => {
                if self.cursor.fetch_add(1, Ordering::Relaxed) % EXPLORE_EVERY == EXPLORE_EVERY - 1 {
                    return self.by_weight(eligible);
                }
                self.least(eligible, |target| target.health.latency().as_secs_f64())
            }
            (Strategy::Random, None) => self.by_chance(eligible),
        }
    }

    fn weight(&self, place: usize) -> u32 {
        self.targets.get(place).map_or(0, |target| target.weight)
    }

    fn by_weight(&self, eligible: &[usize]) -> Option<usize> {
        self.turns.next(eligible.iter().map(|place| (*place, self.weight(*place))))
    }

    fn least(&self, eligible: &[usize], score: impl Fn(&Target) -> f64) -> Option<usize> {
        // The search begins at another place each time, so that equals share.
        let start = self.cursor.fetch_add(1, Ordering::Relaxed) % eligible.len().max(1);
        let in_turn = eligible.iter().cycle().skip(start).take(eligible.len());
        let scored = in_turn.filter_map(|place| Some((*place, score(self.targets.get(*place)?))));
        scored.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(place, _)| place)
    }

    fn by_chance(&self, eligible: &[usize]) -> Option<usize> {
        let total: u64 = eligible.iter().map(|place| u64::from(self.weight(*place))).sum();
        let mut point = fastrand::u64(0..total.max(1));
        for place in eligible {
            let weight = u64::from(self.weight(*place));
            if point < weight {
                return Some(*place);
            }
            point -= weight;
        }
        eligible.first().copied()
    }

    /// Weighted rendezvous hashing: each target draws a number from the affinity and its own name; the highest wins. A target
    /// that comes or goes moves only its own share.
    fn rendezvous(&self, eligible: &[usize], affinity: u64) -> Option<usize> {
        let score = |place: &usize| {
            let target = self.targets.get(*place)?;
            let mut hasher = DefaultHasher::new();
            (affinity, &*target.provider.name, &*target.model).hash(&mut hasher);
            // The logarithmic method: Schindelhauer and Schomaker, "Weighted Distributed Hash Tables", 2005.
            #[allow(clippy::cast_precision_loss, reason = "53 bits of the hash are plenty")]
            let uniform = ((hasher.finish() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
            Some((*place, f64::from(target.weight.max(1)) / -uniform.ln()))
        };
        eligible.iter().filter_map(score).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(place, _)| place)
    }
}
