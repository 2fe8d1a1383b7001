//! Smooth weighted round robin, as nginx does it: shares are exact and evenly spread.

use parking_lot::Mutex;

/// Whose turn it is among a fixed number of members.
#[derive(Debug)]
pub struct Turns(Mutex<Vec<i64>>);

impl Turns {
    /// Turns among `members`.
    pub fn new(members: usize) -> Self {
        Self(Mutex::new(vec![0; members]))
    }

    /// Turns that go on from here by themselves.
    #[must_use]
    pub fn shadow(&self) -> Self {
        Self(Mutex::new(self.0.lock().clone()))
    }

    /// The member whose turn it is among those that `candidates` names with their weights; those of weight 0 never.
    pub fn next(&self, candidates: impl Iterator<Item = (usize, u32)> + Clone) -> Option<usize> {
        let mut alone = candidates.clone().filter(|(_, weight)| *weight > 0);
        let first = alone.next()?;
        if alone.next().is_none() {
            return Some(first.0);
        }
        let mut credits = self.0.lock();
        let mut total = 0;
        let mut best: Option<(usize, i64)> = None;
        for (member, weight) in candidates.filter(|(_, weight)| *weight > 0) {
            let Some(credit) = credits.get_mut(member) else { continue };
            *credit += i64::from(weight);
            total += i64::from(weight);
            if best.is_none_or(|(_, most)| *credit > most) {
                best = Some((member, *credit));
            }
        }
        let (member, _) = best?;
        if let Some(credit) = credits.get_mut(member) {
            *credit -= total;
        }
        Some(member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_follow_weights_and_are_spread() {
        let turns = Turns::new(3);
        let weights = [(0, 5), (1, 1), (2, 1)];
        let order: Vec<_> = (0..7).filter_map(|_| turns.next(weights.into_iter())).collect();
        assert_eq!(order, [0, 0, 1, 0, 2, 0, 0]);
    }

    #[test]
    fn weight_zero_is_off() {
        let turns = Turns::new(2);
        assert_eq!(turns.next([(0, 0), (1, 1)].into_iter()), Some(1));
        assert_eq!(turns.next([(0, 0)].into_iter()), None);
    }
}
