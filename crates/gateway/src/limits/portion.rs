//! A process's portion of a limit that several processes keep together.
//!
//! What each may take before it next hears of the others is set aside for it, and all know of it: what all have taken and
//! set aside together is not more than the limit, but for one of each where there is too little to be divided. Who takes
//! nothing keeps half of what is free aside for what may come, and leaves the rest to the others; so what is set aside
//! shrinks with what is left. A process that has not told anything yet is taken to have its equal part.

/// What all other processes took and set aside of a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// By those who told.
    pub sum: u64,
    /// How many have not told anything.
    pub unheard: u64,
}

/// One process's portion.
#[derive(Debug, Default)]
pub(super) struct Portion {
    /// How much may be taken, what is taken already included; none before the portion was first renewed.
    cap: Option<u64>,
    /// What was taken when the portion was renewed.
    then: u64,
    /// Whether the portion was used up since.
    is_used_up: bool,
}

impl Portion {
    /// Whether one more may be taken beside what is taken.
    pub(super) fn admits(&mut self, own: u64) -> bool {
        let admits = self.cap.is_none_or(|cap| own < cap);
        self.is_used_up |= !admits;
        admits
    }

    /// Renews the portion of what is `allowed` by what the others took, and returns what they are to be told.
    pub(super) fn renew(&mut self, allowed: u64, own: u64, processes: u64, taken: Taken) -> u64 {
        let processes = processes.max(1);
        let equal = allowed / processes;
        let aside = self.cap.unwrap_or(own.max(equal).max(1)).saturating_sub(own);
        let others = taken.sum.saturating_add(taken.unheard * equal);
        // What is neither taken nor set aside by others.
        let free = allowed.saturating_sub(own.saturating_add(others));
        let most = aside.saturating_add(free.saturating_sub(aside).div_ceil(processes));
        let used = own.saturating_sub(std::mem::replace(&mut self.then, own));
        let is_used_up = std::mem::take(&mut self.is_used_up);
        let wanted = if is_used_up { u64::MAX } else { (used.saturating_mul(2) + 1).max(free / 2) };
        let kept = wanted.min(most);
        self.cap = Some(own + kept);
        own + kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Processes that hear each other after each round.
    struct All {
        portions: Vec<Portion>,
        own: Vec<u64>,
        told: Vec<Option<u64>>,
        allowed: u64,
    }

    impl All {
        /// Some processes that have heard of each other.
        fn new(count: usize, allowed: u64) -> Self {
            let portions = (0..count).map(|_| Portion::default()).collect();
            let mut all = Self { portions, own: vec![0; count], told: vec![None; count], allowed };
            all.hear();
            all
        }

        fn take(&mut self, at: usize, wanted: u64) {
            for _ in 0..wanted {
                if !self.portions[at].admits(self.own[at]) {
                    return;
                }
                self.own[at] += 1;
            }
        }

        /// Each renews with what the others told in the round before: the worst that can be.
        fn hear(&mut self) {
            let told = self.told.clone();
            for at in 0..self.portions.len() {
                let mut taken = Taken::default();
                for (_, told) in told.iter().enumerate().filter(|(other, _)| *other != at) {
                    match told {
                        None => taken.unheard += 1,
                        Some(told) => taken.sum += told,
                    }
                }
                let count = self.portions.len() as u64;
                self.told[at] = Some(self.portions[at].renew(self.allowed, self.own[at], count, taken));
            }
        }

        fn sum(&self) -> u64 {
            self.own.iter().sum()
        }
    }

    #[test]
    fn together_they_take_the_limit_whoever_asks_and_however_fast() {
        for rates in [[1_000, 1_000, 1_000], [1_000, 0, 0], [10, 10, 10], [50, 3, 0], [400, 20, 1]] {
            for quiet_rounds in [0, 20] {
                let mut all = All::new(3, 600);
                (0..quiet_rounds).for_each(|_| all.hear());
                for _ in 0..200 {
                    for (at, rate) in rates.into_iter().enumerate() {
                        all.take(at, rate);
                    }
                    all.hear();
                }
                assert!((585..=602).contains(&all.sum()), "{rates:?}: {:?}", all.own);
            }
        }
    }

    #[test]
    fn who_was_quiet_still_has_room_for_a_burst() {
        let mut all = All::new(3, 600);
        (0..50).for_each(|_| all.hear());
        all.take(1, 1_000);
        assert!(all.own[1] >= 100, "{:?}", all.own);
    }

    #[test]
    fn a_small_limit_is_missed_by_less_than_one_for_each_other_process() {
        for allowed in 1..10 {
            let mut all = All::new(3, allowed);
            for _ in 0..50 {
                (0..3).for_each(|at| all.take(at, 5));
                all.hear();
            }
            assert!(all.sum() >= allowed && all.sum() <= allowed + 2, "{allowed}: {:?}", all.own);
        }
    }

    #[test]
    fn what_grows_old_may_be_taken_again() {
        let mut all = All::new(2, 100);
        for _ in 0..50 {
            all.take(0, 100);
            all.hear();
        }
        all.own = vec![0, 0];
        for _ in 0..50 {
            all.take(1, 100);
            all.hear();
        }
        assert!((95..=101).contains(&all.own[1]), "{:?}", all.own);
    }
}
