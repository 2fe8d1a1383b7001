//! What is known of models: their limits, abilities and prices.
//!
//! The facts stand in `catalogue/*.jsonl`, a row for each model, each with the page it is from and the month in which
//! that page said so; the notation is described in `catalogue::rows`. They change faster than Roundhouse is released, so that
//! an operator can say better: [`Catalogue::with_overrides`].

mod cost;
mod name;
mod overrides;
mod rows;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use roundhouse_domain::spec::ModelFactsSpec;
pub use roundhouse_domain::spec::{Modality, Prices};

pub use self::rows::{PriceRow, price_list};
use crate::generation::Effort;
use name::Names;
use overrides::Override;
use rows::Rows;

/// What is known of a model; none where nothing is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Who makes it.
    pub vendor: Option<Arc<str>>,
    /// A name for people.
    pub display_name: Option<Arc<str>>,
    /// The most tokens of prompt and answer together.
    pub context_tokens: Option<u64>,
    /// The most tokens of an answer.
    pub max_output_tokens: Option<u64>,
    /// How it is told to think.
    pub reasoning: ReasoningStyle,
    /// The words for effort that it takes, least first; empty where they are not known.
    pub efforts: Vec<Effort>,
    /// Whether it refuses to be told temperature, `top_p` and penalties.
    pub has_fixed_sampling: bool,
    /// Whether it takes a JSON schema for its output.
    pub has_json_schema: Option<bool>,
    /// Whether it calls functions.
    pub has_tools: Option<bool>,
    /// What it takes beside text.
    pub input: Vec<Modality>,
    /// What it makes beside text.
    pub output: Vec<Modality>,
    /// What it costs.
    pub prices: Option<Prices>,
    /// The day on which it is or was switched off (`2027-01-14`).
    pub shutdown: Option<Arc<str>>,
    /// Where that is from: a page and the month in which it said so.
    pub source: Option<Arc<str>>,
    /// Whether an operator says what it costs.
    pub has_own_prices: bool,
}

/// How a model is told to think.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReasoningStyle {
    /// Nothing is known: what the caller says is passed on as it is.
    #[default]
    Unknown,
    /// It does not think.
    None,
    /// In words: OpenAI's `reasoning_effort`, Gemini 3's `thinkingLevel`.
    Effort,
    /// In tokens (Gemini 2.5, Claude until 4.5).
    Budget {
        /// The least.
        min: u64,
        /// The most.
        max: u64,
        /// Whether it can be told not to think.
        can_stop: bool,
    },
    /// It decides itself, and takes a word for how much (Claude since 4.6). Where `efforts` are known and `None` is not
    /// among them, it cannot be told not to think.
    Adaptive,
    /// On or off (GLM, Qwen, Kimi, `DeepSeek`); some take a word for how much too.
    Switch,
    /// It always thinks, and cannot be told how much.
    Always,
}

impl Facts {
    /// The effort nearest to `wanted` that the model takes: the next lower one, else its lowest. `wanted` itself where
    /// nothing is known.
    pub fn nearest_effort(&self, wanted: Effort) -> Effort {
        let lower = self.efforts.iter().rev().find(|effort| **effort <= wanted);
        lower.or(self.efforts.first()).copied().unwrap_or(wanted)
    }
}

/// Who sells a model; prices depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seller<'a> {
    /// The provider's name.
    pub provider: &'a str,
    /// The host it is called at, without a port.
    pub host: &'a str,
}

/// All that is known of models.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    overrides: Arc<[Override]>,
}

impl Catalogue {
    /// The built-in catalogue, with what an operator knows better.
    pub fn with_overrides(specs: &[ModelFactsSpec]) -> Self {
        Self { overrides: specs.iter().map(Override::new).collect() }
    }

    /// What is known of the first of `names` that is known at all, as `seller` serves it. It takes about a microsecond:
    /// look it up when a configuration is compiled, and keep it.
    pub fn facts(&self, names: &[&str], seller: Seller<'_>) -> Arc<Facts> {
        let names: Vec<Names> = names.iter().map(|name| Names::of(name)).collect();
        let known = names.iter().find_map(|names| Rows::built_in().find(names));
        let facts = known.map(|row| row.facts(seller)).unwrap_or_default();
        let is_free = names.iter().any(Names::is_free);
        let fits = |one: &&Override| names.iter().any(|names| one.fits(names, seller));
        let mut fitting = self.overrides.iter().rev().filter(fits).peekable();
        if fitting.peek().is_none() && !is_free {
            return facts;
        }
        let mut facts = Arc::unwrap_or_clone(facts);
        facts.prices = facts.prices.filter(|_| !is_free);
        // The first that fits counts, so it is laid on last.
        fitting.for_each(|one| one.apply(&mut facts));
        Arc::new(facts)
    }
}
