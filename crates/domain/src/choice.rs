//! Why a request went where it went: which targets there were each time one was chosen, and why each other was passed over.

mod text;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::spec::Strategy;

/// How a target stood when one was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It was chosen.
    Chosen,
    /// It could have been chosen too; the strategy chose another.
    NotItsTurn,
    /// A better tier had someone to ask.
    LowerTier,
    /// Its weight is 0.
    Off,
    /// The access key may not use it.
    Forbidden,
    /// It does not do what was asked for, not even translated.
    NotServed,
    /// The stored response that was referred to is elsewhere.
    Elsewhere,
    /// Health checks have set it aside.
    Unhealthy,
    /// Its breaker is open after failures.
    BreakerOpen,
    /// Its breaker lets one request through at a time, and another one is trying it.
    BreakerTrying,
    /// All of its keys that work are resting.
    KeysCooling,
    /// None of its keys works.
    KeysInvalid,
    /// All of its keys that work have reached a limit.
    KeysAtLimit,
    /// All of its keys were tried for this request.
    KeysTried,
    /// It said that it does not have the model.
    ModelMissing,
    /// The request cannot be said in its dialect.
    Unfit,
    /// It failed for this request already.
    Failed,
}

impl Standing {
    /// All of them, with the letter that stands for each in the log and its stable code.
    const ALL: [(Self, u8, &'static str); 17] = [
        (Self::Chosen, b'C', "chosen"),
        (Self::NotItsTurn, b't', "not_its_turn"),
        (Self::LowerTier, b'l', "lower_tier"),
        (Self::Off, b'o', "off"),
        (Self::Forbidden, b'f', "forbidden"),
        (Self::NotServed, b's', "not_served"),
        (Self::Elsewhere, b'e', "elsewhere"),
        (Self::Unhealthy, b'a', "unhealthy"),
        (Self::BreakerOpen, b'b', "breaker_open"),
        (Self::BreakerTrying, b'h', "breaker_trying"),
        (Self::KeysCooling, b'k', "keys_cooling"),
        (Self::KeysInvalid, b'i', "keys_invalid"),
        (Self::KeysAtLimit, b'm', "keys_at_limit"),
        (Self::KeysTried, b'd', "keys_tried"),
        (Self::ModelMissing, b'n', "model_missing"),
        (Self::Unfit, b'u', "unfit"),
        (Self::Failed, b'x', "failed"),
    ];

    /// A short stable code.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(standing, ..)| *standing == self).map_or("unknown", |(_, _, code)| code)
    }

    /// What it means, for people.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Chosen => "it was chosen",
            Self::NotItsTurn => "it could have been asked too; it was not its turn",
            Self::LowerTier => "it waits until nobody of a better tier can be asked",
            Self::Off => "its weight is 0",
            Self::Forbidden => "the access key may not use it",
            Self::NotServed => "it does not do what was asked for, not even translated",
            Self::Elsewhere => "the stored response that was referred to is with another provider",
            Self::Unhealthy => "health checks had set its provider aside",
            Self::BreakerOpen => "it failed several times in a row and is left alone for a while",
            Self::BreakerTrying => {
                "it failed several times in a row, and another request was just trying it again"
            }
            Self::KeysCooling => "all of its working keys were resting",
            Self::KeysInvalid => "none of its keys worked",
            Self::KeysAtLimit => "all of its working keys were at a limit",
            Self::KeysTried => "all of its keys had been tried for this request",
            Self::ModelMissing => "it said that it does not have the model",
            Self::Unfit => "the request cannot be said in its dialect",
            Self::Failed => "it had failed for this request",
        }
    }

    fn letter(self) -> char {
        Self::ALL
            .iter()
            .find(|(standing, ..)| *standing == self)
            .map_or('?', |(_, letter, _)| char::from(*letter))
    }

    fn of(letter: char) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| char::from(*known) == letter).map(|(standing, ..)| *standing)
    }
}

/// All choices made for one request, route by route; empty where nothing was ever chosen, or nobody was passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// The routes, in the order in which they were tried.
    pub routes: Vec<RouteChoices>,
}

/// The choices made on one route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteChoices {
    /// The route's name; empty for whoever is asked for names that nobody lists.
    pub route: Arc<str>,
    /// How a target is chosen within a tier.
    pub strategy: Strategy,
    /// Whether requests that belong together prefer the same target.
    pub affine: bool,
    /// Names the route's targets in their order, so that they can be looked up later.
    pub shape: u32,
    /// The targets, tier by tier. Empty where the first attempt was answered: then they are those of the route of that shape.
    pub targets: Vec<Candidate>,
    /// What was chosen, attempt by attempt; the last one may have found nothing.
    pub rounds: Vec<Round>,
}

/// A target that could have been chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The provider's name.
    pub provider: Arc<str>,
    /// The upstream's name for the model.
    pub model: Arc<str>,
    /// Its tier, counted from 0.
    pub tier: u16,
    /// Its share within the tier.
    pub weight: u32,
}

/// One choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// How each target stood, in the route's order; of very long routes the first [`Round::MOST`].
    pub standings: Vec<Standing>,
    /// The keys of the chosen target's provider.
    pub keys: KeyStanding,
}

/// How many keys of a provider there were to choose from, as far as that was known without looking at each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyStanding {
    /// In turn.
    pub usable: u32,
    /// Resting.
    pub cooling: u32,
    /// Invalid, switched off, or otherwise set aside.
    pub aside: u32,
}

impl Round {
    /// Targets whose standing is noted at the most.
    pub const MOST: usize = 64;

    /// The place of the target that was chosen.
    pub fn chosen(&self) -> Option<usize> {
        self.standings.iter().position(|standing| *standing == Standing::Chosen)
    }
}

impl RouteChoices {
    /// True when there was one target with all its keys, and nothing is to be told.
    fn is_plain(&self) -> bool {
        matches!(&self.rounds[..], [only] if only.standings.len() == 1 && only.chosen().is_some()
            && only.keys.cooling == 0 && only.keys.aside == 0)
    }
}
