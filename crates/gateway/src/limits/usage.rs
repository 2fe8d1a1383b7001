//! What one holder uses.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use roundhouse_domain::{Amounts, Day, NanoUsd, Timestamp};

use super::portion::{Portion, Taken};
use super::window::Window;
use super::{Limit, Limits, Reached, Until};

/// Counters of one holder. They outlive snapshots; the limits themselves come with each.
#[derive(Debug, Default)]
pub struct Usage {
    open: AtomicU64,
    counts: Mutex<Counts>,
}

/// What a holder has used, for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Requests under way.
    pub open: u64,
    /// Requests of the last 60 seconds; counted only where they are limited.
    pub minute_requests: u64,
    /// Tokens of the last 60 seconds; counted only where they are limited.
    pub minute_tokens: u64,
    /// Since midnight (UTC).
    pub today: Amounts,
    /// Since the first of the month (UTC).
    pub this_month: Amounts,
    /// Reserved for requests under way.
    pub reserved: Amounts,
}

/// What processes that serve the same holder tell each other: each its own, counted since it started. Sums of several are sums
/// of their fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// The day that `today` is of, and whose month `this_month` is of.
    pub day: Day,
    /// Requests under way.
    pub open: u64,
    /// Requests of the last 60 seconds.
    pub minute_requests: u64,
    /// Tokens of the last 60 seconds.
    pub minute_tokens: u64,
    /// Reserved for requests under way.
    pub reserved: Amounts,
    /// Of this day.
    pub today: Amounts,
    /// Of this month.
    pub this_month: Amounts,
}

/// How limits are divided among processes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Division {
    /// Processes, this one included.
    pub processes: u64,
    /// What the others took of requests per minute, and set aside.
    pub requests: Taken,
    /// What the others have open, and set aside.
    pub open: Taken,
}

#[derive(Debug, Default)]
struct Portions {
    requests: Portion,
    open: Portion,
}

#[derive(Debug, Default)]
struct Counts {
    requests: Window,
    tokens: Window,
    day: Day,
    today: Tally,
    this_month: Tally,
    reserved: Amounts,
    /// Only where there are other processes.
    others: Option<Box<Shared>>,
    portions: Option<Box<Portions>>,
}

/// What was used in a period.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    /// Before this process began.
    before: Amounts,
    /// By this process.
    own: Amounts,
}

impl Usage {
    /// Counts a request that begins, unless a limit is reached already.
    pub fn enter(&self, limits: &Limits, now: Timestamp) -> Result<(), Reached> {
        let open = self.open.fetch_add(1, Ordering::AcqRel);
        let mut counts = self.counts.lock();
        let entered = counts.concurrent(limits, open).and_then(|()| {
            counts.roll(now);
            counts.requests(limits, now)?;
            counts.amounts(limits, Amounts::default(), now)
        });
        if let Err(reached) = entered {
            drop(counts);
            self.leave();
            return Err(reached);
        }
        counts.begin(limits, now);
        Ok(())
    }

    /// Takes back a request that was counted at `entered_at` and then refused; its place is given back apart from that.
    pub fn forget(&self, limits: &Limits, entered_at: Timestamp) {
        let mut counts = self.counts.lock();
        if limits.requests_per_minute.is_some() {
            counts.requests.remove(entered_at, 1);
        }
        if counts.day == Day::of(entered_at) {
            let Counts { today, this_month, .. } = &mut *counts;
            for tally in [today, this_month] {
                tally.own.requests = tally.own.requests.saturating_sub(1);
            }
        }
    }

    /// Reserves what a call is expected to take, while anything is left.
    pub fn reserve(&self, limits: &Limits, expected: Amounts, now: Timestamp) -> Result<(), Reached> {
        if !limits.wants_estimate() {
            return Ok(());
        }
        let mut counts = self.counts.lock();
        counts.roll(now);
        let reserved = counts.reserved.plus(counts.others().reserved);
        counts.amounts(limits, reserved, now)?;
        counts.reserved = counts.reserved.plus(expected);
        Ok(())
    }

    /// Gives back what was reserved.
    pub fn release(&self, limits: &Limits, reserved: Amounts) {
        if limits.wants_estimate() {
            self.counts.lock().release(reserved);
        }
    }

    /// Counts what a call took, in the place of what was reserved for it.
    pub fn settle(&self, limits: &Limits, reserved: Amounts, used: Amounts, now: Timestamp) {
        let mut counts = self.counts.lock();
        counts.roll(now);
        if limits.wants_estimate() {
            counts.release(reserved);
        }
        if limits.tokens_per_minute.is_some() && used.tokens > 0 {
            counts.tokens.add(now, used.tokens);
        }
        // The request itself was counted when it began.
        let used = Amounts { requests: 0, ..used };
        counts.today.own = counts.today.own.plus(used);
        counts.this_month.own = counts.this_month.own.plus(used);
    }

    /// Gives back a place among the open requests.
    pub fn leave(&self) {
        self.open.fetch_sub(1, Ordering::AcqRel);
    }

    /// Takes up what was used on `day` and in its month before this process began.
    pub fn restore(&self, day: Day, today: Amounts, this_month: Amounts) {
        let mut counts = self.counts.lock();
        counts.roll(day.start());
        if counts.day == day {
            counts.today.before = today;
        }
        if counts.day.month() == day.month() {
            counts.this_month.before = this_month;
        }
    }

    /// What was used, by whomever.
    pub fn used(&self, now: Timestamp) -> Used {
        let mut counts = self.counts.lock();
        counts.roll(now);
        let others = counts.others();
        Used {
            open: self.open.load(Ordering::Acquire).saturating_add(others.open),
            minute_requests: counts.requests.sum(now).saturating_add(others.minute_requests),
            minute_tokens: counts.tokens.sum(now).saturating_add(others.minute_tokens),
            today: counts.used_today(),
            this_month: counts.used_this_month(),
            reserved: counts.reserved.plus(others.reserved),
        }
    }

    /// What this process counted since it began, to be told to others.
    pub fn shared(&self, now: Timestamp) -> Shared {
        let mut counts = self.counts.lock();
        counts.roll(now);
        Shared {
            day: counts.day,
            open: self.open.load(Ordering::Acquire),
            minute_requests: counts.requests.sum(now),
            minute_tokens: counts.tokens.sum(now),
            reserved: counts.reserved,
            today: counts.today.own,
            this_month: counts.this_month.own,
        }
    }

    /// Takes up what all other processes counted since this one read what was stored: the sums of what they tell, less what was
    /// stored of it by then. It replaces what was taken up before, and counts in every decision from now on; the default is to go
    /// on alone. Amounts of a day that is over are left out.
    pub fn others(&self, others: Shared, now: Timestamp) {
        let mut counts = self.counts.lock();
        counts.roll(now);
        let mut others = others;
        if others.day.month() != counts.day.month() {
            others.this_month = Amounts::default();
        }
        if others.day != counts.day {
            others.today = Amounts::default();
        }
        others.day = counts.day;
        let is_news = others != Shared { day: counts.day, ..Shared::default() };
        counts.others = is_news.then(|| Box::new(others));
    }

    /// Takes what may be taken until the next time for this process's portion, and returns what it is to tell the others of it:
    /// requests of the last minute, and open ones, each with what is set aside.
    pub fn divide(&self, limits: &Limits, division: &Division, now: Timestamp) -> (u64, u64) {
        let mut counts = self.counts.lock();
        let (requests, open) = (counts.requests.sum(now), self.open.load(Ordering::Acquire));
        let portions = counts.portions.get_or_insert_default();
        let Division { processes, requests: theirs, open: theirs_open } = *division;
        let told = limits
            .requests_per_minute
            .map(|allowed| portions.requests.renew(allowed, requests, processes, theirs));
        let told_open =
            limits.concurrent.map(|allowed| portions.open.renew(allowed, open, processes, theirs_open));
        (told.unwrap_or(requests), told_open.unwrap_or(open))
    }

    /// Divides nothing any more: there are no others.
    pub fn go_alone(&self) {
        self.counts.lock().portions = None;
    }

    /// How long until nothing is left of the last minute's requests and tokens.
    pub(super) fn until_empty(&self, now: Timestamp) -> (Duration, Duration) {
        let mut counts = self.counts.lock();
        (counts.requests.until_empty(now), counts.tokens.until_empty(now))
    }

    /// True when nothing of this month would be forgotten with it.
    pub(super) fn is_blank(&self, now: Timestamp) -> bool {
        let used = self.used(now);
        used == Used::default()
    }
}

impl Counts {
    /// Turns to the day of `now`. A clock that is set back changes nothing.
    fn roll(&mut self, now: Timestamp) {
        let day = Day::of(now);
        if day <= self.day {
            return;
        }
        self.today = Tally::default();
        let is_new_month = day.month() != self.day.month();
        if is_new_month {
            self.this_month = Tally::default();
        }
        self.day = day;
        if let Some(others) = &mut self.others {
            others.day = day;
            others.today = Amounts::default();
            if is_new_month {
                others.this_month = Amounts::default();
            }
        }
    }

    fn concurrent(&mut self, limits: &Limits, open: u64) -> Result<(), Reached> {
        let Some(allowed) = limits.concurrent else { return Ok(()) };
        let is_ours = self.portions.as_mut().is_none_or(|portions| portions.open.admits(open));
        if is_ours && open.saturating_add(self.others().open) < allowed {
            return Ok(());
        }
        Err(Reached { limit: Limit::Concurrent, allowed, until: Until::Soon })
    }

    fn requests(&mut self, limits: &Limits, now: Timestamp) -> Result<(), Reached> {
        if let Some(allowed) = limits.requests_per_minute {
            let others = self.others().minute_requests;
            if let Some(wait) = full(&mut self.requests, allowed, others, now) {
                let until = Until::After(wait);
                return Err(Reached { limit: Limit::RequestsPerMinute, allowed, until });
            }
            let own = self.requests.sum(now);
            if self.portions.as_mut().is_some_and(|portions| !portions.requests.admits(own)) {
                return Err(Reached { limit: Limit::RequestsPerMinute, allowed, until: Until::Soon });
            }
        }
        match limits.requests_per_day {
            Some(allowed) if self.used_today().requests >= allowed => {
                let until = Until::Renewed(self.day.next().start());
                Err(Reached { limit: Limit::RequestsPerDay, allowed, until })
            }
            _ => Ok(()),
        }
    }

    /// Nothing while there is something left of every amount beyond what is `reserved`.
    fn amounts(&mut self, limits: &Limits, reserved: Amounts, now: Timestamp) -> Result<(), Reached> {
        if let Some(allowed) = limits.tokens_per_minute {
            let others = self.others().minute_tokens;
            let until = match full(&mut self.tokens, allowed, others, now) {
                Some(wait) => Some(Until::After(wait)),
                None => (self.tokens.sum(now).saturating_add(others).saturating_add(reserved.tokens)
                    >= allowed)
                    .then_some(Until::Soon),
            };
            if let Some(until) = until {
                return Err(Reached { limit: Limit::TokensPerMinute, allowed, until });
            }
        }
        if !limits.wants_estimate() {
            return Ok(());
        }
        // What is over for longer is told first.
        let (month, today) = (self.used_this_month(), self.used_today());
        let periods = [
            (Limit::TokensPerMonth, limits.tokens_per_month, month.tokens, reserved.tokens),
            (Limit::CostPerMonth, limits.cost_per_month.map(nano), nano(month.cost), nano(reserved.cost)),
            (Limit::TokensPerDay, limits.tokens_per_day, today.tokens, reserved.tokens),
            (Limit::CostPerDay, limits.cost_per_day.map(nano), nano(today.cost), nano(reserved.cost)),
        ];
        let mut reached = None;
        for (limit, allowed, used, reserved) in periods {
            let Some(allowed) = allowed else { continue };
            if used >= allowed {
                return Err(Reached { limit, allowed, until: Until::Renewed(self.end_of(limit)) });
            }
            if used.saturating_add(reserved) >= allowed {
                reached = reached.or(Some(Reached { limit, allowed, until: Until::Soon }));
            }
        }
        reached.map_or(Ok(()), Err)
    }

    fn end_of(&self, limit: Limit) -> Timestamp {
        match limit {
            Limit::TokensPerMonth | Limit::CostPerMonth => self.day.month().next().first_day().start(),
            _ => self.day.next().start(),
        }
    }

    fn begin(&mut self, limits: &Limits, now: Timestamp) {
        if limits.requests_per_minute.is_some() {
            self.requests.add(now, 1);
        }
        self.today.own.requests += 1;
        self.this_month.own.requests += 1;
    }

    fn release(&mut self, reserved: Amounts) {
        self.reserved.tokens = self.reserved.tokens.saturating_sub(reserved.tokens);
        self.reserved.cost = NanoUsd((self.reserved.cost.0 - reserved.cost.0).max(0));
    }

    fn used_today(&self) -> Amounts {
        self.today.total().plus(self.others().today)
    }

    fn used_this_month(&self) -> Amounts {
        self.this_month.total().plus(self.others().this_month)
    }

    fn others(&self) -> Shared {
        self.others.as_deref().copied().unwrap_or_default()
    }
}

impl Tally {
    fn total(&self) -> Amounts {
        self.before.plus(self.own)
    }
}

/// How long until a window, with what others counted, is below its limit; none when it is.
fn full(window: &mut Window, allowed: u64, others: u64, now: Timestamp) -> Option<Duration> {
    match allowed.saturating_sub(others) {
        // Others alone have used it up; when theirs grows old is theirs to know.
        0 => Some(Duration::from_secs(1)),
        own => window.wait(now, own),
    }
}

fn nano(cost: NanoUsd) -> u64 {
    u64::try_from(cost.0).unwrap_or(0)
}
