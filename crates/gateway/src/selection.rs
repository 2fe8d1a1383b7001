//! Which target and key a call tries next.

use std::sync::Arc;

use roundhouse_domain::choice::{KeyStanding, Round, Standing};
use roundhouse_domain::{KeyHash, Timestamp};

use crate::access::AccessKey;
use crate::failure::{Sign, Verdict};
use crate::gateway::Pin;
use crate::key::ProviderKey;
use crate::key_usage::KeyPermit;
use crate::route::Route;
use crate::target::Target;

/// Failures of a target in one call after which it waits until all others were tried.
const LAST_RESORT: u8 = 2;

/// What one call has tried of one route.
pub(crate) struct Selection<'a> {
    route: &'a Route,
    wish: Wish<'a>,
    marks: Vec<Vec<Mark>>,
    /// Keys that failed for reasons of their own.
    spent: Vec<(Arc<str>, KeyHash)>,
    /// Keys that were tried while their provider failed.
    tried: Vec<(Arc<str>, KeyHash)>,
}

/// What limits and guides the choice.
#[derive(Clone, Copy)]
pub(crate) struct Wish<'a> {
    /// Who calls.
    pub(crate) caller: &'a AccessKey,
    /// What the caller's rules are asked.
    pub(crate) rule: Rule<'a>,
    /// Whether a target can be asked at all.
    pub(crate) serves: &'a (dyn Fn(&Target) -> bool + Sync),
    /// A number that prefers the same target and key each time.
    pub(crate) affinity: Option<u64>,
    /// The target that must be asked, if it still exists.
    pub(crate) pin: Option<&'a Pin>,
}

/// What a caller's rules are asked about a provider.
#[derive(Clone, Copy)]
pub(crate) enum Rule<'a> {
    /// Whether this public model may be used there.
    Model(&'a str),
    /// Whether anything may be used there: for native paths.
    Anything,
    /// Nothing: what is asked for is the caller's own.
    Own,
}

#[derive(Clone, Copy, Default)]
struct Mark {
    faults: u8,
    /// Why it is not asked (again), where it is not.
    excluded: Option<Standing>,
    may_repeat: bool,
    /// It was asked, and failed.
    failed: bool,
}

/// A choice: where to send the call, with which key.
pub(crate) struct Choice {
    /// Where to.
    pub(crate) target: Arc<Target>,
    /// With which key; none for providers without keys.
    pub(crate) key: Option<Arc<ProviderKey>>,
    /// How all targets stood.
    pub(crate) round: Round,
    /// The place among the key's requests, until the attempt takes it.
    pub(crate) permit: Option<KeyPermit>,
    place: (usize, usize),
}

/// Why nothing can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a reason of its own, in any combination")]
pub(crate) struct Nothing {
    /// Someone has the model, in another protocol.
    pub(crate) other_protocol: bool,
    /// Someone has the model, and the caller may not use it.
    pub(crate) forbidden: bool,
    /// When the first resting key or passed-over target can be tried again.
    pub(crate) ready_at: Option<Timestamp>,
    /// Someone's keys are resting or at a limit; otherwise only failing targets are waited for.
    pub(crate) resting: bool,
    /// Someone has the model, and all of its keys are set aside.
    pub(crate) without_keys: bool,
    /// Someone has the model, and health checks have set it aside.
    pub(crate) set_aside: bool,
}

impl<'a> Selection<'a> {
    /// A fresh selection.
    pub(crate) fn new(route: &'a Route, wish: Wish<'a>) -> Self {
        let marks = route.tiers.iter().map(|tier| vec![Mark::default(); tier.targets.len()]).collect();
        Self { route, wish, marks, spent: Vec::new(), tried: Vec::new() }
    }

    /// The next target and key to try: untried targets of the best tier first; those that failed twice after all others.
    pub(crate) fn next(&mut self, now: Timestamp) -> Option<Choice> {
        loop {
            let (tier, at) = self.next_place(now)?;
            let target = self.route.tiers[tier].targets[at].clone();
            let permit = self.pick_key(&target, self.marks[tier][at], now);
            if permit.is_none() && !target.provider.keyless {
                self.marks[tier][at].excluded = Some(self.without_key(&target, now));
            } else if !target.health.breaker.admit(now) {
                self.marks[tier][at].excluded = Some(Standing::BreakerTrying);
            } else {
                let keys = if permit.is_some() {
                    target.provider.keys.standing(now)
                } else {
                    KeyStanding::default()
                };
                let round = Round { standings: self.standings(Some((tier, at)), now), keys };
                let key = permit.as_ref().map(|permit| permit.key().clone());
                return Some(Choice { target, key, permit, round, place: (tier, at) });
            }
        }
    }

    /// Notes how a choice failed.
    pub(crate) fn failed(&mut self, choice: &Choice, verdict: Verdict, sign: Sign) {
        let (tier, at) = choice.place;
        let mark = &mut self.marks[tier][at];
        mark.failed = true;
        match verdict {
            Verdict::ModelMissing => mark.excluded = Some(Standing::ModelMissing),
            Verdict::Unfit => mark.excluded = Some(Standing::Unfit),
            Verdict::ProviderFault => {
                mark.faults = mark.faults.saturating_add(1);
                let ways = choice.target.provider.endpoints.in_use().max(2);
                mark.may_repeat = usize::from(mark.faults) < ways && sign != Sign::Timeout;
                mark.excluded = (choice.key.is_none() && !mark.may_repeat).then_some(Standing::Failed);
                self.tried.extend(named(choice));
            }
            _ => {
                mark.excluded = choice.key.is_none().then_some(Standing::Failed);
                self.spent.extend(named(choice));
            }
        }
    }

    /// Why there is nothing (more) to choose.
    pub(crate) fn nothing(&self, now: Timestamp) -> Nothing {
        let mut nothing = Nothing::default();
        for target in
            self.route.tiers.iter().flat_map(|tier| &tier.targets).filter(|target| target.weight > 0)
        {
            if !self.wish.is_allowed(target) {
                nothing.forbidden = true;
            } else if !(self.wish.serves)(target) {
                nothing.other_protocol = true;
            } else if target.provider.is_set_aside() {
                nothing.set_aside = true;
            } else {
                let key = target.provider.keys.next_usable(now);
                let ready = target.health.breaker.opens_at(now).or(key);
                nothing.resting |= key.is_some();
                nothing.ready_at = [nothing.ready_at, ready].into_iter().flatten().min();
                nothing.without_keys |= ready.is_none();
            }
        }
        nothing
    }

    /// How all targets stand when nothing is left to choose.
    pub(crate) fn last_round(&self, now: Timestamp) -> Round {
        Round { standings: self.standings(None, now), keys: KeyStanding::default() }
    }

    /// How all targets stand, the one at `chosen` being chosen.
    fn standings(&self, chosen: Option<(usize, usize)>, now: Timestamp) -> Vec<Standing> {
        let is_left = chosen.is_some_and(|(tier, at)| self.marks[tier][at].faults < LAST_RESORT);
        let places = self.route.tiers.iter().enumerate();
        let places = places.flat_map(|(tier, targets)| (0..targets.targets.len()).map(move |at| (tier, at)));
        let standing = |place: (usize, usize)| match chosen {
            Some(chosen) if chosen == place => Standing::Chosen,
            Some((tier, _)) if is_left && place.0 > tier => Standing::LowerTier,
            _ => self.standing(place, now),
        };
        places.take(Round::MOST).map(standing).collect()
    }

    /// How a target stands that is not chosen.
    fn standing(&self, (tier, at): (usize, usize), now: Timestamp) -> Standing {
        let (target, mark) = (&self.route.tiers[tier].targets[at], self.marks[tier][at]);
        if let Some(standing) = mark.excluded {
            return standing;
        }
        match self.wish.standing(target, now) {
            Standing::NotItsTurn if mark.failed => Standing::Failed,
            standing => standing,
        }
    }

    /// Why no key of a target could be had.
    fn without_key(&self, target: &Target, now: Timestamp) -> Standing {
        let name = &target.provider.name;
        if self.spent.iter().chain(&self.tried).any(|(provider, _)| provider == name) {
            Standing::KeysTried
        } else if target.provider.keys.has_limited() {
            Standing::KeysAtLimit
        } else if target.provider.keys.next_usable(now).is_some() {
            Standing::KeysCooling
        } else {
            Standing::KeysInvalid
        }
    }

    fn next_place(&self, now: Timestamp) -> Option<(usize, usize)> {
        let mut eligible = Vec::new();
        for last_resort in [false, true] {
            for (tier, targets) in self.route.tiers.iter().enumerate() {
                for tried in [false, true] {
                    if last_resort && !tried {
                        continue;
                    }
                    let fits = |mark: &Mark| {
                        mark.excluded.is_none()
                            && (mark.faults >= LAST_RESORT) == last_resort
                            && (mark.faults > 0) == tried
                    };
                    eligible.clear();
                    eligible.extend((0..targets.targets.len()).filter(|at| {
                        fits(&self.marks[tier][*at]) && self.wish.is_eligible(&targets.targets[*at], now)
                    }));
                    if let Some(at) = targets.choose(self.route.strategy, &eligible, self.wish.affinity) {
                        return Some((tier, at));
                    }
                }
            }
        }
        None
    }

    fn pick_key(&self, target: &Target, mark: Mark, now: Timestamp) -> Option<KeyPermit> {
        let provider = &target.provider;
        if provider.keyless {
            return None;
        }
        let of = |keys: &[(Arc<str>, KeyHash)]| -> Vec<KeyHash> {
            keys.iter().filter(|(name, _)| *name == provider.name).map(|(_, key)| *key).collect()
        };
        let mut used = of(&self.spent);
        if let Some(key) = self.wish.pin.and_then(|pin| pin.key)
            && !used.contains(&key)
            && let Some(permit) = provider.keys.pick_exactly(key, now)
        {
            return Some(permit);
        }
        let spent = used.len();
        used.extend(of(&self.tried));
        if let Some(permit) = provider.keys.pick(now, &used, self.wish.affinity) {
            return Some(permit);
        }
        used.truncate(spent);
        if mark.may_repeat { provider.keys.pick(now, &used, None) } else { None }
    }
}

impl Wish<'_> {
    /// Whether a target can be asked at all, its keys aside.
    pub(crate) fn is_eligible(&self, target: &Target, now: Timestamp) -> bool {
        self.standing(target, now) == Standing::NotItsTurn
    }

    /// How a target stands, its keys aside, for a request that has not tried it.
    pub(crate) fn standing(&self, target: &Target, now: Timestamp) -> Standing {
        if target.weight == 0 {
            Standing::Off
        } else if !self.is_allowed(target) {
            Standing::Forbidden
        } else if !(self.serves)(target) {
            Standing::NotServed
        } else if self.pin.is_some_and(|pin| pin.provider != target.provider.name) {
            Standing::Elsewhere
        } else if target.provider.is_set_aside() {
            Standing::Unhealthy
        } else if target.health.breaker.would_admit(now) {
            Standing::NotItsTurn
        } else if target.health.breaker.opens_at(now).is_some_and(|until| until > now) {
            Standing::BreakerOpen
        } else {
            Standing::BreakerTrying
        }
    }

    pub(crate) fn is_allowed(&self, target: &Target) -> bool {
        match self.rule {
            Rule::Model(model) => self.caller.allows(&target.provider.name, model),
            Rule::Anything => self.caller.allows_provider(&target.provider.name),
            Rule::Own => true,
        }
    }
}

fn named(choice: &Choice) -> Option<(Arc<str>, KeyHash)> {
    choice.key.as_ref().map(|key| (choice.target.provider.name.clone(), key.hash()))
}
