//! Who would get a request now, in which order, and why each other one would not. Looking changes nothing.

mod shares;
#[cfg(test)]
mod tests;
mod words;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use roundhouse_domain::Timestamp;
use roundhouse_domain::choice::Standing;
use roundhouse_domain::spec::{ModelRule, Strategy};
use roundhouse_llm::Operation;

use crate::access::AccessKey;
use crate::breaker::BreakerState;
use crate::call::{self, Service};
use crate::key_pool::KeyCounts;
use crate::route::Route;
use crate::selection::{Rule, Wish};
use crate::snapshot::Snapshot;
use crate::target::Target;

/// What kind of request is thought of.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Whose access key; none may use everything.
    pub caller: Option<Arc<AccessKey>>,
    /// What is asked for; none can be had anywhere.
    pub operation: Option<Operation>,
    /// The number that prefers the same target each time.
    pub affinity: Option<u64>,
}

/// How a request would be served.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The public model name that was asked for.
    pub model: Arc<str>,
    /// The model's route and its fallbacks, in the order in which they would be tried.
    pub routes: Vec<ExplainedRoute>,
}

/// A route as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedRoute {
    /// Its name; empty for whoever is asked for names that nobody lists.
    pub name: Arc<str>,
    /// How a target is chosen within a tier.
    pub strategy: Strategy,
    /// The targets, tier by tier.
    pub targets: Vec<ExplainedTarget>,
}

/// A target as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedTarget {
    /// Who serves it.
    pub provider: Arc<str>,
    /// The upstream's name for the model.
    pub model: Arc<str>,
    /// Its tier, counted from 0.
    pub tier: usize,
    /// Its share within the tier, as configured.
    pub weight: u32,
    /// When it would be asked, if all before it failed: 1 is the first; none for one that would not be asked.
    pub order: Option<usize>,
    /// Its part of the requests of this route as things stand, from 0 to 1.
    pub share: f64,
    /// How it stands.
    pub standing: Standing,
    /// The same for people, with times and numbers.
    pub reason: String,
    /// When that changes by itself.
    pub until: Option<Timestamp>,
    /// Whether it is passed over after failures.
    pub breaker: BreakerState,
    /// Failures in a row.
    pub failures: u32,
    /// Its provider's keys; none for a provider without.
    pub keys: Option<KeyCounts>,
    /// Requests under way.
    pub in_flight: u32,
    /// Recent time to first byte; zero when none is known.
    pub latency: Duration,
    /// How it would serve what is asked; none where it cannot, or nothing particular is asked.
    pub service: Option<Service>,
}

impl Snapshot {
    /// Explains who would get a request for `model` at `now`; none where nobody is ever asked for it.
    pub fn explain(&self, model: &str, question: &Question, now: Timestamp) -> Option<Explanation> {
        let route = self.route(model)?;
        let fallbacks = route.fallbacks.iter().filter_map(|name| self.routes.get(name));
        let mut looker = Looker::new(model, question, now);
        let mut routes = Vec::new();
        for route in std::iter::once(route).chain(fallbacks) {
            let explained = looker.route(route);
            routes.push(explained);
        }
        Some(Explanation { model: model.into(), routes })
    }

    /// How the targets of a route stand at `now`, for anyone and anything.
    pub fn look(&self, route: &Route, now: Timestamp) -> ExplainedRoute {
        Looker::new(&route.name, &Question::default(), now).route(route)
    }

    /// How `requests` for `model` would be spread over the targets of its route, were nothing to change meanwhile.
    pub fn simulate(
        &self,
        model: &str,
        question: &Question,
        requests: u32,
        now: Timestamp,
    ) -> Option<Vec<Portion>> {
        let route = self.route(model)?;
        let looker = Looker::new(model, question, now);
        let mut portions: Vec<_> =
            route.targets().map(|(tier, target)| Portion::nothing(tier, target)).collect();
        let mut offset = 0;
        for tier in &route.tiers {
            let eligible = looker.usable(tier);
            if !eligible.is_empty() {
                let counts = shares::draw(tier, route.strategy, &eligible, requests, question.affinity);
                for (portion, count) in portions.iter_mut().skip(offset).zip(counts) {
                    portion.requests = count;
                }
                break;
            }
            offset += tier.targets.len();
        }
        Some(portions)
    }
}

/// How many of some requests a target would get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion {
    /// Who serves it.
    pub provider: Arc<str>,
    /// The upstream's name for the model.
    pub model: Arc<str>,
    /// Its tier.
    pub tier: usize,
    /// How many.
    pub requests: u32,
}

impl Portion {
    fn nothing(tier: usize, target: &Target) -> Self {
        Self { provider: target.provider.name.clone(), model: target.model.clone(), tier, requests: 0 }
    }
}

/// Looks at routes one after the other, counting on.
struct Looker<'a> {
    model: &'a str,
    question: &'a Question,
    caller: Arc<AccessKey>,
    now: Timestamp,
    keys: HashMap<Arc<str>, KeyCounts>,
    asked: usize,
}

impl<'a> Looker<'a> {
    fn new(model: &'a str, question: &'a Question, now: Timestamp) -> Self {
        let caller = question.caller.clone().unwrap_or_else(|| Arc::new(anyone()));
        Self { model, question, caller, now, keys: HashMap::new(), asked: 0 }
    }

    fn route(&mut self, route: &Route) -> ExplainedRoute {
        let is_first = self.asked == 0;
        let mut targets: Vec<_> = route.targets().map(|(tier, target)| self.target(tier, target)).collect();
        let mut offset = 0;
        let mut best = None;
        for tier in &route.tiers {
            let eligible = self.usable(tier);
            if !eligible.is_empty() && best.is_none() {
                best = Some(offset);
                for (place, share) in shares::shares(tier, route.strategy, &eligible) {
                    targets[offset + place].share = share;
                }
            }
            for place in shares::order(tier, route.strategy, &eligible, self.question.affinity) {
                self.asked += 1;
                let target = &mut targets[offset + place];
                target.order = Some(self.asked);
                target.standing = match (self.asked, best == Some(offset) && is_first) {
                    (1, _) => Standing::Chosen,
                    (_, true) => Standing::NotItsTurn,
                    (_, false) => Standing::LowerTier,
                };
            }
            offset += tier.targets.len();
        }
        for target in &mut targets {
            target.reason = words::reason(target, route.strategy, is_first);
        }
        ExplainedRoute { name: route.name.clone(), strategy: route.strategy, targets }
    }

    /// The places of the targets of a tier that could be asked.
    fn usable(&self, tier: &crate::route::Tier) -> Vec<usize> {
        let usable = tier.targets.iter().enumerate().filter(|(_, target)| {
            let keys = &target.provider.keys;
            let has_key = keys.has_usable(self.now) && !keys.is_at_limit(self.now);
            (has_key || target.provider.keyless) && self.standing(target) == Standing::NotItsTurn
        });
        usable.map(|(place, _)| place).collect()
    }

    fn standing(&self, target: &Target) -> Standing {
        let operation = self.question.operation;
        let serves = |target: &Target| operation.is_none_or(|op| self.service(target, op).is_some());
        let wish = Wish {
            caller: &self.caller,
            rule: Rule::Model(self.model),
            serves: &serves,
            affinity: self.question.affinity,
            pin: None,
        };
        wish.standing(target, self.now)
    }

    fn service(&self, target: &Target, operation: Operation) -> Option<Service> {
        let model = if target.model.is_empty() { self.model } else { &target.model };
        call::service(target, model, operation)
    }

    fn target(&mut self, tier: usize, target: &Target) -> ExplainedTarget {
        let (provider, health, now) = (&target.provider, &target.health, self.now);
        let counts = self.keys.entry(provider.name.clone()).or_insert_with(|| provider.keys.counts(now));
        let keys = (!provider.keyless).then_some(*counts);
        let mut standing = self.standing(target);
        let mut until = health.breaker.opens_at(now).filter(|_| standing == Standing::BreakerOpen);
        if let Some(keys) = keys.filter(|keys| standing == Standing::NotItsTurn && keys.active == 0) {
            standing = if keys.cooling > 0 { Standing::KeysCooling } else { Standing::KeysInvalid };
            until = provider.keys.keys().iter().filter_map(|key| key.rests_until(now)).min();
        }
        if standing == Standing::NotItsTurn && !provider.keyless && provider.keys.is_at_limit(now) {
            standing = Standing::KeysAtLimit;
            until = provider.keys.next_usable(now);
        }
        ExplainedTarget {
            provider: provider.name.clone(),
            model: target.model.clone(),
            tier,
            weight: target.weight,
            order: None,
            share: 0.0,
            standing,
            reason: String::new(),
            until,
            breaker: health.breaker.state(now),
            failures: health.breaker.failures(),
            keys,
            in_flight: health.in_flight.load(Ordering::Relaxed),
            latency: health.latency(),
            service: self.question.operation.and_then(|operation| self.service(target, operation)),
        }
    }
}

/// An access key that may use everything.
fn anyone() -> AccessKey {
    AccessKey { rules: vec![ModelRule::All], ..AccessKey::default() }
}
