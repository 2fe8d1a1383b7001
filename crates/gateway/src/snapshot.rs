//! The whole configuration of the data plane, immutable and compiled.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::{CacheChoice, GatewaySpec};
use roundhouse_llm::catalogue::{Catalogue, Facts};

use crate::access::{AccessKey, AccessTable};
use crate::fetch::Fetcher;
use crate::guardrails::Guardrail;
use crate::provider::Provider;
use crate::route::Route;
use crate::target::{Target, TargetHealth};

/// What requests are served by. One is current at a time; a request keeps the one it began with.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// When it was compiled.
    pub made_at: Timestamp,
    /// Settings.
    pub settings: GatewaySpec,
    /// Providers by name.
    pub providers: HashMap<Arc<str>, Arc<Provider>>,
    /// Routes by public model name.
    pub routes: HashMap<Arc<str>, Arc<Route>>,
    /// Pools and providers by name, as routes for native paths.
    pub native: HashMap<Arc<str>, Arc<Route>>,
    /// Who serves names that nobody lists; their targets have no model name of their own.
    pub unlisted: Option<Arc<Route>>,
    /// Who may store responses, as a route for calls by a response's id.
    pub stored: Option<Arc<Route>>,
    /// What is known of models.
    pub catalogue: Catalogue,
    /// What is looked for in requests and answers, in this order.
    pub guardrails: Vec<Arc<Guardrail>>,
    /// Whether bodies of any provider's requests are kept.
    pub captures: bool,
    /// Access keys.
    pub access: AccessTable,
    /// Reads what callers name by its address, made when the first one does.
    pub(crate) fetcher: OnceLock<Fetcher>,
    /// How targets fare, by provider and upstream model; kept for the next snapshot.
    pub(crate) health: HashMap<(Arc<str>, Arc<str>), Arc<TargetHealth>>,
}

/// A model as a caller may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicModel {
    /// Its public name.
    pub name: Arc<str>,
    /// The provider that would be asked first.
    pub provider: Arc<str>,
    /// What is known of it.
    pub facts: Arc<Facts>,
}

impl Snapshot {
    /// The models that `caller` may use, by name.
    pub fn models(&self, caller: &AccessKey) -> Vec<PublicModel> {
        let seen = |route: &Route| {
            let mut targets = route.tiers.iter().flat_map(|tier| &tier.targets);
            let target = targets.find(|t| t.weight > 0 && caller.allows(&t.provider.name, &route.name))?;
            Some(PublicModel {
                name: route.name.clone(),
                provider: target.provider.name.clone(),
                facts: target.facts.clone(),
            })
        };
        let mut models: Vec<_> = self.routes.values().filter_map(|route| seen(route)).collect();
        models.sort_by(|a, b| a.name.cmp(&b.name));
        models
    }

    /// Models that one of `callers` may use and whose price is not known everywhere: they count nothing against budgets.
    pub fn unpriced(&self, callers: &[&AccessKey]) -> Vec<Arc<str>> {
        let is_unpriced = |route: &&Arc<Route>| {
            let targets = route.tiers.iter().flat_map(|tier| &tier.targets);
            targets
                .filter(|target| target.weight > 0 && target.facts.prices.is_none())
                .any(|target| callers.iter().any(|caller| caller.allows(&target.provider.name, &route.name)))
        };
        let mut names: Vec<_> =
            self.routes.values().filter(is_unpriced).map(|route| route.name.clone()).collect();
        names.sort();
        names
    }

    /// What is known of a target's model; of `model` where the target has no name of its own.
    pub fn facts(&self, target: &Target, model: &str) -> Arc<Facts> {
        if target.model.is_empty() {
            return self.catalogue.facts(&[model], target.provider.seller());
        }
        target.facts.clone()
    }

    /// Whether the answer to any request may be kept.
    pub fn keeps_answers(&self) -> bool {
        let is_on = |choice: &CacheChoice| choice.enabled == Some(true);
        self.settings.cache.enabled
            || self.routes.values().any(|route| is_on(&route.cache))
            || self.access.iter().any(|key| is_on(&key.cache))
    }

    /// The route of a public model name.
    pub fn route(&self, model: &str) -> Option<&Arc<Route>> {
        self.routes.get(model).or(self.unlisted.as_ref())
    }
}
