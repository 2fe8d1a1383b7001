//! What the other processes counted, as far as they told.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use roundhouse_domain::{Amounts, HolderId, NanoUsd};
use roundhouse_gateway::limits::{Division, Shared, Taken};
use tokio::time::Instant;
use uuid::Uuid;

/// A process that was not heard for so long is gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// All others.
#[derive(Debug, Default)]
pub(crate) struct Peers {
    others: HashMap<Uuid, Peer>,
    /// Holders of whom something new is known.
    fresh: HashSet<HolderId>,
}

/// Another process.
#[derive(Debug)]
struct Peer {
    heard_at: Instant,
    /// Whether it is there; what it used up stays used when it is gone.
    is_here: bool,
    /// Whether it was there when this process came: what it had used by then was stored, and this process has read that.
    is_older: bool,
    holders: HashMap<HolderId, Told>,
}

#[derive(Debug, Default)]
struct Told {
    /// What it told last.
    now: Shared,
    /// What this process had of it from storage.
    before: Shared,
}

impl Peers {
    /// Takes up what a process counted; `is_older` says that it may have been there before this one.
    pub(crate) fn counted(
        &mut self,
        from: Uuid,
        is_all: bool,
        is_older: bool,
        told: Vec<(HolderId, Shared)>,
        now: Instant,
    ) {
        let peer = self.others.entry(from).or_insert_with(|| Peer {
            heard_at: now,
            is_here: true,
            is_older,
            holders: HashMap::new(),
        });
        (peer.heard_at, peer.is_here) = (now, true);
        // Only what it tells of all that it knows says what it had used before.
        let sets_base = is_all && peer.is_older;
        let named: HashSet<HolderId> = told.iter().map(|(holder, _)| holder.clone()).collect();
        for (holder, shared) in told {
            let is_new = !peer.holders.contains_key(&holder);
            let known = peer.holders.entry(holder.clone()).or_default();
            if is_new && sets_base {
                known.before = shared;
            }
            known.now = shared;
            self.fresh.insert(holder);
        }
        if is_all {
            peer.is_older = false;
            for (holder, known) in peer.holders.iter_mut().filter(|(holder, _)| !named.contains(*holder)) {
                known.now = Shared {
                    today: known.now.today,
                    this_month: known.now.this_month,
                    day: known.now.day,
                    ..Shared::default()
                };
                self.fresh.insert(holder.clone());
            }
        }
    }

    /// A process is gone.
    pub(crate) fn gone(&mut self, from: Uuid) {
        if let Some(peer) = self.others.get_mut(&from) {
            peer.is_here = false;
            self.fresh.extend(peer.holders.keys().cloned());
        }
    }

    /// Notes that a process is there.
    pub(crate) fn heard(&mut self, from: Uuid, now: Instant) {
        if let Some(peer) = self.others.get_mut(&from) {
            peer.heard_at = now;
        }
    }

    /// Takes those for gone that were not heard for long.
    pub(crate) fn expire(&mut self, now: Instant) {
        let silent: Vec<Uuid> = self
            .others
            .iter()
            .filter(|(_, peer)| peer.is_here && now.duration_since(peer.heard_at) > PATIENCE)
            .map(|(id, _)| *id)
            .collect();
        for id in silent {
            self.gone(id);
        }
    }

    /// Nobody can be heard: everybody is gone until they tell otherwise.
    pub(crate) fn all_gone(&mut self) {
        let all: Vec<Uuid> = self.others.keys().copied().collect();
        for id in all {
            self.gone(id);
        }
    }

    /// Processes that are there, this one included.
    pub(crate) fn processes(&self) -> usize {
        1 + self.others.values().filter(|peer| peer.is_here).count()
    }

    /// Holders of whom something new is known since this was asked.
    pub(crate) fn take_fresh(&mut self) -> HashSet<HolderId> {
        std::mem::take(&mut self.fresh)
    }

    /// What the others took of a holder's limits, and set aside.
    pub(crate) fn division(&self, holder: &HolderId) -> Division {
        let mut division = Division { processes: self.processes() as u64, ..Division::default() };
        for peer in self.others.values().filter(|peer| peer.is_here) {
            let told = peer.holders.get(holder).map(|told| told.now);
            take(&mut division.requests, told.map(|told| told.minute_requests));
            take(&mut division.open, told.map(|told| told.open));
        }
        division
    }

    /// What all others counted of a holder, less what was stored of it when this process began.
    pub(crate) fn sum(&self, holder: &HolderId) -> Shared {
        let told = self.others.values().filter_map(|peer| Some((peer, peer.holders.get(holder)?)));
        told.fold(Shared::default(), |sum, (peer, told)| add(sum, peer, told))
    }
}

fn take(taken: &mut Taken, told: Option<u64>) {
    match told {
        None => taken.unheard += 1,
        Some(told) => taken.sum += told,
    }
}

fn add(mut sum: Shared, peer: &Peer, told: &Told) -> Shared {
    let Told { now, before } = told;
    if peer.is_here {
        sum.open = sum.open.saturating_add(now.open);
        sum.minute_requests = sum.minute_requests.saturating_add(now.minute_requests);
        sum.minute_tokens = sum.minute_tokens.saturating_add(now.minute_tokens);
        sum.reserved = sum.reserved.plus(now.reserved);
    }
    // Of several days the newest counts; a process that has not turned to it yet has used nothing of it.
    if now.day > sum.day {
        if now.day.month() != sum.day.month() {
            sum.this_month = Amounts::default();
        }
        (sum.day, sum.today) = (now.day, Amounts::default());
    }
    if now.day == sum.day {
        let used_before = if before.day == now.day { before.today } else { Amounts::default() };
        sum.today = sum.today.plus(less(now.today, used_before));
    }
    if now.day.month() == sum.day.month() {
        let is_same = before.day.month() == now.day.month();
        let used_before = if is_same { before.this_month } else { Amounts::default() };
        sum.this_month = sum.this_month.plus(less(now.this_month, used_before));
    }
    sum
}

fn less(amounts: Amounts, before: Amounts) -> Amounts {
    Amounts {
        requests: amounts.requests.saturating_sub(before.requests),
        tokens: amounts.tokens.saturating_sub(before.tokens),
        cost: NanoUsd((amounts.cost.0 - before.cost.0).max(0)),
    }
}

#[cfg(test)]
mod tests {
    use roundhouse_domain::Day;

    use super::*;

    const DAY: Day = Day(20_000);

    fn holder() -> HolderId {
        HolderId::DeclaredKey("ci".into())
    }

    fn shared(requests: u64, tokens: u64) -> Shared {
        let today = Amounts { requests, tokens, cost: NanoUsd(0) };
        Shared { day: DAY, minute_requests: requests, today, this_month: today, ..Shared::default() }
    }

    fn tell(peers: &mut Peers, from: u128, is_older: bool, shared: Shared) {
        let now = Instant::now();
        peers.counted(Uuid::from_u128(from), true, is_older, vec![(holder(), shared)], now);
    }

    #[test]
    fn what_others_count_adds_up_and_the_newest_word_of_each_counts() {
        let mut peers = Peers::default();
        tell(&mut peers, 1, false, shared(5, 50));
        tell(&mut peers, 1, false, shared(6, 60));
        tell(&mut peers, 2, false, shared(10, 100));
        let sum = peers.sum(&holder());
        assert_eq!((sum.minute_requests, sum.today.tokens, sum.this_month.requests), (16, 160, 16));
        assert_eq!((peers.processes(), peers.take_fresh().len(), peers.take_fresh().len()), (3, 1, 0));
    }

    #[test]
    fn what_was_used_before_this_process_came_is_not_counted_twice() {
        let mut peers = Peers::default();
        tell(&mut peers, 1, true, shared(5, 50));
        assert_eq!(peers.sum(&holder()).today, Amounts::default());
        assert_eq!(peers.sum(&holder()).minute_requests, 5);
        tell(&mut peers, 1, true, shared(7, 80));
        assert_eq!(peers.sum(&holder()).today.tokens, 30);
    }

    #[test]
    fn who_is_gone_has_nothing_open_and_what_it_used_stays_used() {
        let mut peers = Peers::default();
        tell(&mut peers, 1, false, Shared { open: 3, ..shared(5, 50) });
        peers.gone(Uuid::from_u128(1));
        let sum = peers.sum(&holder());
        assert_eq!((sum.open, sum.minute_requests, sum.today.tokens, peers.processes()), (0, 0, 50, 1));
        tell(&mut peers, 1, false, Shared { open: 1, ..shared(6, 60) });
        assert_eq!((peers.sum(&holder()).open, peers.processes()), (1, 2));
    }

    #[test]
    fn a_new_day_begins_for_all_with_the_first_who_turns_to_it() {
        let mut peers = Peers::default();
        tell(&mut peers, 1, false, shared(5, 50));
        tell(&mut peers, 2, false, Shared { day: DAY.next(), ..shared(1, 10) });
        let sum = peers.sum(&holder());
        assert_eq!((sum.day, sum.today.tokens), (DAY.next(), 10));
    }

    #[tokio::test(start_paused = true)]
    async fn who_falls_silent_is_gone() {
        let mut peers = Peers::default();
        tell(&mut peers, 1, false, shared(5, 50));
        tokio::time::advance(Duration::from_secs(4)).await;
        peers.expire(Instant::now());
        assert_eq!(peers.processes(), 2);
        tokio::time::advance(Duration::from_secs(2)).await;
        peers.expire(Instant::now());
        assert_eq!(peers.processes(), 1);
    }
}
