//! Places of keys that were usable when last looked at, in lanes of equal weight.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::KeySettingsSpec;

use crate::key::ProviderKey;

/// Slot of a place that is in no lane.
const ABSENT: u32 = u32::MAX;

/// Slot of a place that waits for a request to end.
const BUSY: u32 = u32::MAX - 1;

/// Slot of a place that waits for room under a limit in time.
const LIMITED: u32 = u32::MAX - 2;

/// Lane of keys that are off.
const OFF: u16 = u16::MAX;

/// Lanes take turns by the weight of all that is in them, smoothly; within one, so do keys. One lane is a plain ring.
#[derive(Debug)]
pub(super) struct Ring {
    lanes: Vec<Lane>,
    /// The lane of each place; empty where there is one lane only.
    lane_of: Vec<u16>,
    slots: Vec<u32>,
    resting: BinaryHeap<Reverse<(Timestamp, u32)>>,
    busy: usize,
    limited: usize,
}

#[derive(Debug, Default)]
struct Lane {
    weight: u32,
    usable: Vec<u32>,
    cursor: usize,
    credit: i64,
}

/// Why a place leaves the ring.
#[derive(Clone, Copy, Debug)]
pub(super) enum Away {
    /// It rests until then.
    Until(Timestamp),
    /// It is at a limit until then.
    Limited(Timestamp),
    /// Until a request ends.
    Busy,
    /// Until somebody brings it back.
    Gone,
}

impl Ring {
    /// A ring of `count` places, whose weights are the default but for those given.
    pub(super) fn new(count: usize, weights: impl Iterator<Item = (u32, u32)>) -> Self {
        let count = u32::try_from(count).unwrap_or(0);
        let usual = KeySettingsSpec::DEFAULT_WEIGHT;
        let mut ring = Self {
            lanes: vec![Lane { weight: usual, ..Lane::default() }],
            lane_of: Vec::new(),
            slots: vec![ABSENT; count as usize],
            resting: BinaryHeap::new(),
            busy: 0,
            limited: 0,
        };
        for (place, weight) in weights.filter(|(_, weight)| *weight != usual) {
            if ring.lane_of.is_empty() {
                ring.lane_of = vec![0; count as usize];
            }
            let lane = ring.lane(weight);
            if let Some(slot) = ring.lane_of.get_mut(place as usize) {
                *slot = lane;
            }
        }
        (0..count).for_each(|place| ring.join(place));
        ring
    }

    fn lane(&mut self, weight: u32) -> u16 {
        if weight == 0 {
            return OFF;
        }
        let known = self.lanes.iter().position(|lane| lane.weight == weight);
        let at = known.unwrap_or_else(|| {
            self.lanes.push(Lane { weight, ..Lane::default() });
            self.lanes.len() - 1
        });
        u16::try_from(at).unwrap_or(OFF)
    }

    /// The lane whose turn it is, without those that are `spent`; none when all are empty.
    pub(super) fn turn(&mut self, spent: &[usize]) -> Option<usize> {
        if let [only] = &*self.lanes {
            return (spent.is_empty() && !only.usable.is_empty()).then_some(0);
        }
        let mut total = 0;
        let mut best: Option<(usize, i64)> = None;
        let open = self.lanes.iter_mut().enumerate();
        for (at, lane) in open.filter(|(at, lane)| !lane.usable.is_empty() && !spent.contains(at)) {
            let members = u32::try_from(lane.usable.len()).unwrap_or(u32::MAX);
            let share = i64::from(lane.weight) * i64::from(members);
            lane.credit += share;
            total += share;
            if best.is_none_or(|(_, most)| lane.credit > most) {
                best = Some((at, lane.credit));
            }
        }
        let (at, _) = best?;
        self.lanes.get_mut(at)?.credit -= total;
        Some(at)
    }

    /// How many places are in a lane.
    pub(super) fn len(&self, lane: usize) -> usize {
        self.lanes.get(lane).map_or(0, |lane| lane.usable.len())
    }

    /// The next place of a lane.
    pub(super) fn next(&mut self, lane: usize) -> Option<u32> {
        let lane = self.lanes.get_mut(lane)?;
        let at = lane.cursor % lane.usable.len().max(1);
        lane.cursor = at + 1;
        lane.usable.get(at).copied()
    }

    /// Brings back those whose time has come.
    pub(super) fn wake(&mut self, now: Timestamp, keys: &[Arc<ProviderKey>]) {
        while let Some(&Reverse((until, place))) = self.resting.peek() {
            if until > now {
                return;
            }
            self.resting.pop();
            match keys.get(place as usize) {
                Some(key) if key.is_usable(now) => self.join(place),
                Some(key) => {
                    self.count_out(place);
                    if let Some(until) = key.rests_until(now) {
                        self.resting.push(Reverse((until, place)));
                    }
                }
                None => {}
            }
        }
    }

    /// When the first of those that rest comes back.
    pub(super) fn first_rested(&self) -> Option<Timestamp> {
        self.resting.peek().map(|Reverse((until, _))| *until)
    }

    /// True while a place waits for a request to end.
    pub(super) const fn has_busy(&self) -> bool {
        self.busy > 0
    }

    /// True while a place waits for room under a limit of its own.
    pub(super) const fn has_limited(&self) -> bool {
        self.busy + self.limited > 0
    }

    /// How many places are in lanes.
    pub(super) fn usable(&self) -> usize {
        self.lanes.iter().map(|lane| lane.usable.len()).sum()
    }

    /// How many places come back by themselves.
    pub(super) fn away(&self) -> usize {
        self.resting.len() + self.busy
    }

    /// Puts a place into its lane, unless it is there.
    pub(super) fn join(&mut self, place: u32) {
        self.count_out(place);
        let lane = self.lane_of(place);
        let (Some(lane), Some(slot)) = (self.lanes.get_mut(lane), self.slots.get_mut(place as usize)) else {
            return;
        };
        if *slot != ABSENT {
            return;
        }
        *slot = u32::try_from(lane.usable.len()).unwrap_or(ABSENT);
        lane.usable.push(place);
    }

    /// Takes a place out of its lane.
    pub(super) fn leave(&mut self, place: u32, away: Away) {
        let lane = self.lane_of(place);
        let (Some(lane), Some(&slot)) = (self.lanes.get_mut(lane), self.slots.get(place as usize)) else {
            return;
        };
        let at = slot as usize;
        if lane.usable.get(at) != Some(&place) {
            return;
        }
        lane.usable.swap_remove(at);
        // The one that was met last was passed by: the next one stands before the cursor now.
        if at + 1 == lane.cursor {
            lane.cursor = at;
        }
        if let Some(&moved) = lane.usable.get(at)
            && let Some(slot) = self.slots.get_mut(moved as usize)
        {
            *slot = u32::try_from(at).unwrap_or(ABSENT);
        }
        let left = match away {
            Away::Busy => BUSY,
            Away::Limited(_) => LIMITED,
            Away::Until(_) | Away::Gone => ABSENT,
        };
        self.busy += usize::from(left == BUSY);
        self.limited += usize::from(left == LIMITED);
        if let Some(slot) = self.slots.get_mut(place as usize) {
            *slot = left;
        }
        if let Away::Until(until) | Away::Limited(until) = away {
            self.resting.push(Reverse((until, place)));
        }
    }

    /// What a place waited for at a limit is over.
    fn count_out(&mut self, place: u32) {
        let Some(slot) = self.slots.get_mut(place as usize) else { return };
        let count = match *slot {
            BUSY => &mut self.busy,
            LIMITED => &mut self.limited,
            _ => return,
        };
        *count -= 1;
        *slot = ABSENT;
    }

    fn lane_of(&self, place: u32) -> usize {
        self.lane_of.get(place as usize).copied().unwrap_or(0).into()
    }
}
