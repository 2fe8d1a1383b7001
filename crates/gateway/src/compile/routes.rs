//! Compiling routes: those declared, and the implicit one of each public model name.

use std::collections::BTreeMap;
use std::sync::Arc;

use roundhouse_domain::spec::{BodyRules, ModelSpec, ProviderSpec, RouteSpec, Strategy};

use super::{Compiler, Plan};
use roundhouse_llm::{Operation, catalogue::Facts, target as native};

use crate::provider::Provider;
use crate::route::{Route, Tier};
use crate::snapshot::Snapshot;
use crate::target::{Target, TargetHealth};
use crate::timeouts::Timeouts;

/// Targets by the tier they belong to.
type Tiers = BTreeMap<u32, Vec<Arc<Target>>>;

impl Compiler<'_> {
    pub(super) fn routes(&self, plan: &Plan, snapshot: &mut Snapshot, problems: &mut Vec<String>) {
        self.implicit(plan, snapshot);
        self.unlisted(snapshot);
        self.stored(snapshot);
        self.native(plan, snapshot, problems);
        for spec in &plan.routes {
            match self.explicit(spec, plan, snapshot) {
                Ok(route) => {
                    snapshot.routes.insert(route.name.clone(), Arc::new(route));
                }
                Err(problem) => problems.push(format!("route {}: {problem}", spec.model)),
            }
        }
    }

    fn implicit(&self, plan: &Plan, snapshot: &mut Snapshot) {
        let mut by_name: BTreeMap<Arc<str>, Tiers> = BTreeMap::new();
        for spec in plan.providers.iter().filter(|spec| spec.enabled && spec.weight > 0) {
            let Some(provider) = snapshot.providers.get(&spec.name.shared()).cloned() else { continue };
            for model in spec.models.iter().flatten() {
                let names = [model.name.as_str(), model.public()];
                let target = self.target(&provider, names, spec.weight, Some(model), plan, snapshot);
                by_name.entry(model.public().into()).or_default().entry(spec.tier).or_default().push(target);
            }
        }
        for (name, tiers) in by_name {
            snapshot.routes.insert(name.clone(), Arc::new(route(name, tiers)));
        }
    }

    fn unlisted(&self, snapshot: &mut Snapshot) {
        let mut tiers = Tiers::new();
        let mut open: Vec<_> =
            snapshot.providers.values().filter(|p| p.serves_unlisted && p.weight > 0).cloned().collect();
        open.sort_by(|a, b| a.name.cmp(&b.name));
        for provider in open {
            let target = self.nameless(&provider, provider.weight, snapshot);
            tiers.entry(provider.tier).or_default().push(target);
        }
        snapshot.unlisted = (!tiers.is_empty()).then(|| Arc::new(route("".into(), tiers)));
    }

    fn stored(&self, snapshot: &mut Snapshot) {
        let storing = |provider: &&Arc<Provider>| {
            native::native(provider.kind, provider.dialects, "", Operation::Responses)
        };
        let mut storing: Vec<_> = snapshot.providers.values().filter(storing).cloned().collect();
        storing.sort_by(|a, b| a.name.cmp(&b.name));
        let targets: Vec<_> = storing.iter().map(|provider| self.nameless(provider, 1, snapshot)).collect();
        let route = Route { strategy: Strategy::Ordered, ..route("".into(), Tiers::from([(0, targets)])) };
        snapshot.stored = (!storing.is_empty()).then(|| Arc::new(route));
    }

    fn native(&self, plan: &Plan, snapshot: &mut Snapshot, problems: &mut Vec<String>) {
        let providers: Vec<_> = snapshot.providers.values().cloned().collect();
        for provider in providers {
            let target = self.nameless(&provider, 1, snapshot);
            let name = provider.name.clone();
            snapshot.native.insert(name.clone(), Arc::new(route(name, Tiers::from([(0, vec![target])]))));
        }
        for pool in &plan.pools {
            let mut targets = Vec::new();
            for member in &pool.providers {
                match snapshot.providers.get(&member.provider.shared()).cloned() {
                    Some(provider) => targets.push(self.nameless(&provider, member.weight, snapshot)),
                    None if is_off(plan, member.provider.as_str()) => {}
                    None => {
                        problems
                            .push(format!("pool {}: there is no provider {}", pool.name, member.provider));
                    }
                }
            }
            let name = pool.name.shared();
            snapshot.native.insert(name.clone(), Arc::new(route(name, Tiers::from([(0, targets)]))));
        }
    }

    fn explicit(&self, spec: &RouteSpec, plan: &Plan, snapshot: &mut Snapshot) -> Result<Route, String> {
        let mut tiers = Vec::new();
        for tier in &spec.tiers {
            let mut targets = Vec::new();
            for target in tier {
                let Some(provider) = snapshot.providers.get(&target.provider.shared()).cloned() else {
                    if is_off(plan, target.provider.as_str()) {
                        continue;
                    }
                    return Err(format!("there is no provider {}", target.provider));
                };
                let declared = plan.providers.iter().find(|p| p.name == target.provider);
                let model = declared.and_then(|p| offered(p, &target.model));
                let names = [target.model.as_str(), spec.model.as_str()];
                targets.push(self.target(&provider, names, target.weight, model, plan, snapshot));
            }
            tiers.push(Tier::new(targets));
        }
        Ok(Route {
            strategy: spec.strategy,
            fallbacks: spec.fallbacks.iter().map(|name| name.as_str().into()).collect(),
            lossy: spec.lossy,
            cache: spec.cache.clone(),
            ..Route::new(spec.model.as_str().into(), tiers)
        })
    }

    /// A target without a model name of its own: the request's goes on as it is.
    fn nameless(&self, provider: &Arc<Provider>, weight: u32, snapshot: &mut Snapshot) -> Arc<Target> {
        Arc::new(Target {
            provider: provider.clone(),
            model: "".into(),
            facts: Arc::new(Facts::default()),
            weight,
            body: Arc::new(BodyRules::default()),
            timeouts: provider.timeouts,
            health: self.health(&provider.name, "", snapshot),
        })
    }

    /// A target by the upstream's name for the model and the public one.
    fn target(
        &self,
        provider: &Arc<Provider>,
        [name, public]: [&str; 2],
        weight: u32,
        model: Option<&ModelSpec>,
        plan: &Plan,
        snapshot: &mut Snapshot,
    ) -> Arc<Target> {
        let declared = plan.providers.iter().find(|spec| spec.name.as_str() == &*provider.name);
        let timeouts = match (model, declared) {
            (Some(model), Some(declared)) => {
                Timeouts::resolve(&[&model.timeouts, &declared.timeouts, &plan.settings.timeouts])
            }
            _ => provider.timeouts,
        };
        Arc::new(Target {
            provider: provider.clone(),
            model: name.into(),
            facts: snapshot.catalogue.facts(&[name, public], provider.seller()),
            weight,
            body: Arc::new(model.map(|model| model.body.clone()).unwrap_or_default()),
            timeouts,
            health: self.health(&provider.name, name, snapshot),
        })
    }

    fn health(&self, provider: &Arc<str>, model: &str, snapshot: &mut Snapshot) -> Arc<TargetHealth> {
        let place = (provider.clone(), Arc::from(model));
        let known = snapshot.health.get(&place).or_else(|| self.previous.health.get(&place)).cloned();
        let health = known.unwrap_or_else(|| Arc::new(TargetHealth::new(provider)));
        snapshot.health.insert(place, health.clone());
        health
    }
}

fn route(name: Arc<str>, tiers: Tiers) -> Route {
    Route::new(name, tiers.into_values().map(Tier::new).collect())
}

fn offered<'a>(provider: &'a ProviderSpec, model: &str) -> Option<&'a ModelSpec> {
    provider.models.iter().flatten().find(|offered| offered.name == model)
}

fn is_off(plan: &Plan, provider: &str) -> bool {
    plan.providers.iter().any(|spec| spec.name.as_str() == provider && !spec.enabled)
}
