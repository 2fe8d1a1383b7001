//! Explanations as the API tells them.

use roundhouse_domain::spec::Strategy;
use roundhouse_gateway::explain::{ExplainedRoute, Explanation, Portion};
use serde::Serialize;
use utoipa::ToSchema;

use super::shown::{ShownTarget, tiers};

/// Who would get a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownExplanation {
    /// The public model name.
    model: String,
    /// Who would be asked first; null when nobody can be.
    first: Option<Asked>,
    /// The model's route and its fallbacks, in the order in which they would be tried.
    routes: Vec<ExplainedRouteShown>,
}

/// Somebody who would be asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct Asked {
    provider: String,
    /// The provider's name for the model.
    model: String,
}

/// A route as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedRouteShown {
    /// Its public model name; empty for providers that are asked for names nobody lists.
    name: String,
    #[schema(value_type = String)]
    strategy: Strategy,
    /// Targets, best tier first.
    tiers: Vec<Vec<ShownTarget>>,
}

/// What a target would get of some requests.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownPortion {
    provider: String,
    /// The provider's name for the model.
    model: String,
    /// Its tier, counted from 0.
    tier: usize,
    requests: u32,
    /// The same as a part of all, from 0 to 1.
    share: f64,
}

impl ShownPortion {
    pub(super) fn new(portion: &Portion, all: u32) -> Self {
        Self {
            provider: portion.provider.to_string(),
            model: portion.model.to_string(),
            tier: portion.tier,
            requests: portion.requests,
            share: f64::from(portion.requests) / f64::from(all.max(1)),
        }
    }
}

impl From<Explanation> for ShownExplanation {
    fn from(explanation: Explanation) -> Self {
        let mut targets = explanation.routes.iter().flat_map(|route| &route.targets);
        let first = targets
            .find(|target| target.order == Some(1))
            .map(|target| Asked { provider: target.provider.to_string(), model: target.model.to_string() });
        let route = |route: ExplainedRoute| ExplainedRouteShown {
            name: route.name.to_string(),
            strategy: route.strategy,
            tiers: tiers(route.targets),
        };
        Self {
            model: explanation.model.to_string(),
            first,
            routes: explanation.routes.into_iter().map(route).collect(),
        }
    }
}
