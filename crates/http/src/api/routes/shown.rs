//! Routes as the API tells them.

use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::{CacheChoice, Lossy, Strategy};
use roundhouse_gateway::breaker::BreakerState;
use roundhouse_gateway::call::Service;
use roundhouse_gateway::explain::ExplainedTarget;
use roundhouse_gateway::key_pool::KeyCounts;
use serde::Serialize;
use utoipa::ToSchema;

use crate::schema::spec_schema;

spec_schema!(RouteCache, CacheChoice);

/// A target of a route, as it is set.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used: TargetSpec is the value")]
pub struct RouteTarget {
    /// The provider's name.
    provider: String,
    /// The provider's name for the model.
    model: String,
    /// Share within the tier; 0 is off. Default 1.
    weight: Option<u32>,
}

/// How a public model name is served.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownRoute {
    /// The public model name.
    model: String,
    /// `implicit` (by everyone who offers it), `configured` or `declared` (in a file or a variable: read-only).
    origin: &'static str,
    #[schema(value_type = String)]
    strategy: Strategy,
    /// Targets, best tier first.
    tiers: Vec<Vec<ShownTarget>>,
    /// Public names that are served instead when no target is left.
    fallbacks: Vec<String>,
    #[schema(value_type = Option<String>)]
    lossy: Option<Lossy>,
    /// What it has otherwise of the answers that are kept; null for an implicit route.
    #[schema(value_type = Option<RouteCache>)]
    cache: Option<CacheChoice>,
}

/// A target as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownTarget {
    provider: String,
    /// The provider's name for the model.
    model: String,
    weight: u32,
    /// Its part of the route's requests as things stand, from 0 to 1.
    share: f64,
    /// When it would be asked, if all before it failed: 1 is the first; null for one that would not be asked.
    order: Option<usize>,
    /// A code for how it stands: `chosen`, `not_its_turn`, `lower_tier`, `off`, `forbidden`, `not_served`, `breaker_open`,
    /// `breaker_trying`, `keys_cooling`, `keys_invalid` or `keys_at_limit`.
    standing: &'static str,
    /// The same in words, with times and numbers.
    reason: String,
    /// When that changes by itself.
    #[schema(value_type = Option<String>)]
    until: Option<Timestamp>,
    /// `closed`, `open` or `half_open`.
    breaker: &'static str,
    /// Failures in a row.
    failures: u32,
    /// The provider's keys; null for a provider without.
    keys: Option<ShownTargetKeys>,
    /// Requests under way.
    in_flight: u32,
    /// Recent time to the first byte.
    latency_ms: Option<u64>,
    /// `native` or `translated`; null where nothing particular was asked, or it cannot be had.
    protocol: Option<&'static str>,
}

/// Keys of a provider by status.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownTargetKeys {
    active: usize,
    cooling: usize,
    invalid: usize,
    disabled: usize,
}

impl From<KeyCounts> for ShownTargetKeys {
    fn from(counts: KeyCounts) -> Self {
        let KeyCounts { active, cooling, invalid, disabled, .. } = counts;
        Self { active, cooling, invalid, disabled }
    }
}

impl From<ExplainedTarget> for ShownTarget {
    fn from(target: ExplainedTarget) -> Self {
        let latency = u64::try_from(target.latency.as_millis()).ok();
        Self {
            provider: target.provider.to_string(),
            model: target.model.to_string(),
            weight: target.weight,
            share: target.share,
            order: target.order,
            standing: target.standing.code(),
            reason: target.reason,
            until: target.until,
            breaker: match target.breaker {
                BreakerState::Closed => "closed",
                BreakerState::Open => "open",
                BreakerState::HalfOpen => "half_open",
            },
            failures: target.failures,
            keys: target.keys.map(ShownTargetKeys::from),
            in_flight: target.in_flight,
            latency_ms: latency.filter(|_| !target.latency.is_zero()),
            protocol: target.service.map(|service| match service {
                Service::Native => "native",
                Service::Translated => "translated",
            }),
        }
    }
}

/// Targets by tier; a tier without targets is an empty list.
pub(super) fn tiers(targets: Vec<ExplainedTarget>) -> Vec<Vec<ShownTarget>> {
    let mut tiers = Vec::new();
    for target in targets {
        while tiers.len() <= target.tier {
            tiers.push(Vec::new());
        }
        if let Some(last) = tiers.last_mut() {
            last.push(target.into());
        }
    }
    tiers
}

impl From<roundhouse_control::routes::ShownRoute> for ShownRoute {
    fn from(route: roundhouse_control::routes::ShownRoute) -> Self {
        Self {
            model: route.model,
            origin: route.origin.as_str(),
            strategy: route.state.strategy,
            tiers: tiers(route.state.targets),
            fallbacks: route.fallbacks,
            lossy: route.spec.as_ref().and_then(|spec| spec.lossy),
            cache: route.spec.map(|spec| spec.cache),
        }
    }
}
