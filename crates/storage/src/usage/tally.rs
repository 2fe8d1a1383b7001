//! What a batch of requests comes to.

use std::collections::HashMap;

use roundhouse_domain::RequestRecord;

use super::{Counts, Cube, Grain};
use crate::requests::numbers::Numbers;

/// What a line of the roll-up is about, in the order of its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    cube: Cube,
    grain: Grain,
    at: i64,
    dims: [i32; 6],
}

impl Key {
    /// All numbers of it.
    pub(super) fn numbers(&self) -> impl Iterator<Item = i64> {
        let first = [i64::from(self.cube as i16), i64::from(self.grain as i16), self.at];
        first.into_iter().chain(self.dims.map(i64::from))
    }
}

/// Lines that a batch adds to the roll-ups.
#[derive(Debug, Default)]
pub(crate) struct Tally(HashMap<(Cube, i64, [i32; 6]), Counts>);

impl Tally {
    /// Adds a request: to its last attempt's provider and key all of it, to those of the attempts before only these.
    pub(crate) fn add(&mut self, record: &RequestRecord, numbers: &Numbers) {
        let minute = Grain::Minute.floor(record.started_at).as_millis();
        let mut counts = Counts::of(record);
        if let Some(last) = record.attempts.last() {
            counts.attempted(&last.verdict);
        }
        self.both(minute, numbers, numbers.last, &counts);
        for (attempt, before) in record.attempts.iter().zip(&numbers.before) {
            let mut counts = Counts::default();
            counts.attempted(&attempt.verdict);
            self.both(minute, numbers, *before, &counts);
        }
    }

    /// All lines, of minutes, hours and days, in the order of their keys: two who write the same ones wait for each other
    /// instead of locking each other out.
    pub(super) fn lines(&self) -> Vec<(Key, Counts)> {
        let mut lines: HashMap<Key, Counts> = HashMap::with_capacity(self.0.len() * 3);
        for ((cube, minute, dims), counts) in &self.0 {
            for grain in Grain::ALL {
                let at = minute - minute.rem_euclid(grain.millis());
                let key = Key { cube: *cube, grain, at, dims: *dims };
                lines.entry(key).or_default().add(counts);
            }
        }
        let mut lines: Vec<_> = lines.into_iter().collect();
        lines.sort_unstable_by_key(|(key, _)| *key);
        lines
    }

    fn both(&mut self, minute: i64, numbers: &Numbers, (provider, key): (i32, i32), counts: &Counts) {
        let Numbers { user, group, access_key, model, .. } = numbers;
        let callers = [*user, *group, *access_key, *model, provider, 0];
        self.0.entry((Cube::Callers, minute, callers)).or_default().add(counts);
        if provider != 0 {
            let keys = [0, 0, 0, *model, provider, key];
            self.0.entry((Cube::Keys, minute, keys)).or_default().add(counts);
        }
    }
}
