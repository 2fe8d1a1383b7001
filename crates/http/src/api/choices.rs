//! Why the attempts of a logged request went where they went.

use roundhouse_domain::choice::{Candidate, Choices, KeyStanding, Round, RouteChoices};
use roundhouse_domain::spec::Strategy;
use roundhouse_gateway::snapshot::Snapshot;
use serde::Serialize;
use utoipa::ToSchema;

/// What was chosen on one route.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownChoices {
    /// The route's public model name; empty for providers that are asked for names nobody lists.
    route: String,
    #[schema(value_type = String)]
    strategy: Strategy,
    /// Whether requests of the same session prefer the same target.
    affine: bool,
    /// One for each choice; where the last one found nobody, the request ended there.
    rounds: Vec<ShownRound>,
}

/// One choice.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownRound {
    /// How each target stood, in the route's order.
    candidates: Vec<ShownCandidate>,
    /// The keys of the chosen target's provider; null where it has none, or nobody was chosen.
    keys: Option<ShownKeyStanding>,
}

/// A target, and why it was chosen or not.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownCandidate {
    /// The provider; null where the route has changed since, so that its targets are no longer known.
    provider: Option<String>,
    /// The provider's name for the model.
    model: Option<String>,
    tier: Option<u16>,
    weight: Option<u32>,
    /// A code: `chosen`, `not_its_turn`, `lower_tier`, `off`, `forbidden`, `not_served`, `elsewhere`, `breaker_open`,
    /// `breaker_trying`, `keys_cooling`, `keys_invalid`, `keys_at_limit`, `keys_tried`, `model_missing`, `unfit` or `failed`.
    standing: &'static str,
    /// The same in words.
    reason: &'static str,
}

/// How many keys there were to choose from.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownKeyStanding {
    usable: u32,
    /// Resting after rate limits.
    cooling: u32,
    /// Invalid or switched off.
    set_aside: u32,
}

/// Tells choices; names that were not kept with the request are those of the route that is in force, where that is the same.
pub fn told(choices: &Choices, snapshot: &Snapshot) -> Vec<ShownChoices> {
    choices.routes.iter().map(|choices| route(choices, snapshot)).collect()
}

fn route(choices: &RouteChoices, snapshot: &Snapshot) -> ShownChoices {
    let looked_up;
    let targets = if choices.targets.is_empty() {
        looked_up = look_up(choices, snapshot);
        &looked_up
    } else {
        &choices.targets
    };
    ShownChoices {
        route: choices.route.to_string(),
        strategy: choices.strategy,
        affine: choices.affine,
        rounds: choices.rounds.iter().map(|told| round(told, targets)).collect(),
    }
}

fn look_up(choices: &RouteChoices, snapshot: &Snapshot) -> Vec<Candidate> {
    let named = [snapshot.routes.get(&choices.route), snapshot.native.get(&choices.route)];
    let others = [snapshot.unlisted.as_ref(), snapshot.stored.as_ref()];
    let mut known = named.into_iter().chain(others).flatten();
    let route = known.find(|route| route.shape == choices.shape);
    let targets = route.into_iter().flat_map(|route| route.targets());
    let candidate =
        |(tier, target): (usize, &std::sync::Arc<roundhouse_gateway::target::Target>)| Candidate {
            provider: target.provider.name.clone(),
            model: target.model.clone(),
            tier: u16::try_from(tier).unwrap_or(u16::MAX),
            weight: target.weight,
        };
    targets.map(candidate).collect()
}

fn round(round: &Round, targets: &[Candidate]) -> ShownRound {
    let candidates = round.standings.iter().enumerate().map(|(place, standing)| {
        let target = targets.get(place);
        ShownCandidate {
            provider: target.map(|target| target.provider.to_string()),
            model: target.map(|target| target.model.to_string()),
            tier: target.map(|target| target.tier),
            weight: target.map(|target| target.weight),
            standing: standing.code(),
            reason: standing.meaning(),
        }
    });
    let KeyStanding { usable, cooling, aside } = round.keys;
    let keys = ShownKeyStanding { usable, cooling, set_aside: aside };
    ShownRound {
        candidates: candidates.collect(),
        keys: (round.keys != KeyStanding::default()).then_some(keys),
    }
}
