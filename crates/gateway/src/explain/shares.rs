//! What a strategy would do, without doing it.

use std::sync::atomic::Ordering;

use roundhouse_domain::spec::Strategy;

use crate::route::{EXPLORE_EVERY, Tier};

/// The order in which the `eligible` places of a tier would be chosen, were each to fail.
pub(super) fn order(
    tier: &Tier,
    strategy: Strategy,
    eligible: &[usize],
    affinity: Option<u64>,
) -> Vec<usize> {
    let mut left = eligible.to_vec();
    if strategy == Strategy::Random && affinity.is_none() {
        left.sort_by_key(|place| std::cmp::Reverse(weight(tier, *place)));
        return left;
    }
    let shadow = tier.shadow();
    let mut order = Vec::with_capacity(left.len());
    while let Some(next) = shadow.choose(strategy, &left, affinity) {
        order.push(next);
        left.retain(|place| *place != next);
    }
    order
}

/// The parts of the requests that the `eligible` places of a tier get as things stand.
pub(super) fn shares(tier: &Tier, strategy: Strategy, eligible: &[usize]) -> Vec<(usize, f64)> {
    let total: f64 = eligible.iter().map(|place| f64::from(weight(tier, *place))).sum();
    let by_weight = |place: &usize| f64::from(weight(tier, *place)) / total;
    #[allow(clippy::cast_precision_loss, reason = "nobody has so many targets")]
    let even = 1.0 / eligible.len().max(1) as f64;
    let best = match strategy {
        Strategy::Ordered => eligible.first().copied(),
        Strategy::LowestLatency => eligible
            .iter()
            .copied()
            .min_by_key(|place| tier.targets.get(*place).map(|target| target.health.latency())),
        _ => None,
    };
    #[allow(clippy::cast_precision_loss, reason = "it is a small constant")]
    let exploring = 1.0 / EXPLORE_EVERY as f64;
    let share = |place: &usize| match strategy {
        Strategy::Weighted | Strategy::Random | Strategy::LeastBusy => by_weight(place),
        Strategy::RoundRobin => even,
        Strategy::Ordered => f64::from(u8::from(best == Some(*place))),
        Strategy::LowestLatency => {
            f64::from(u8::from(best == Some(*place))) * (1.0 - exploring) + exploring * by_weight(place)
        }
    };
    eligible.iter().map(|place| (*place, share(place))).collect()
}

/// How many of `requests` each place of a tier would get. Under `least_busy` all of them are taken to stay open.
pub(super) fn draw(
    tier: &Tier,
    strategy: Strategy,
    eligible: &[usize],
    requests: u32,
    affinity: Option<u64>,
) -> Vec<u32> {
    let mut counts = vec![0; tier.targets.len()];
    let shadow = tier.shadow();
    for _ in 0..requests {
        let place = match strategy {
            Strategy::LeastBusy if affinity.is_none() => least_busy(tier, eligible, &counts),
            _ => shadow.choose(strategy, eligible, affinity),
        };
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
    }
    counts
}

fn least_busy(tier: &Tier, eligible: &[usize], more: &[u32]) -> Option<usize> {
    let load = |place: usize| {
        let target = tier.targets.get(place)?;
        let open = target.health.in_flight.load(Ordering::Relaxed) + more.get(place)? + 1;
        Some((place, f64::from(open) / f64::from(target.weight.max(1))))
    };
    eligible
        .iter()
        .filter_map(|place| load(*place))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(place, _)| place)
}

fn weight(tier: &Tier, place: usize) -> u32 {
    tier.targets.get(place).map_or(0, |target| target.weight)
}
