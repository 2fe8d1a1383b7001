//! What an operator knows better.

use std::sync::Arc;

use roundhouse_domain::spec::{Effort, ModelFactsSpec, ReasoningSpec, ThinkingSpec};

use super::name::{Glob, Names};
use super::{Facts, ReasoningStyle, Seller};

/// What an operator declared of some models.
#[derive(Clone, Debug)]
pub(super) struct Override {
    pattern: Glob,
    spec: ModelFactsSpec,
}

impl Override {
    pub(super) fn new(spec: &ModelFactsSpec) -> Self {
        Self { pattern: Glob::new(&spec.pattern), spec: spec.clone() }
    }

    pub(super) fn fits(&self, names: &Names, seller: Seller<'_>) -> bool {
        let provider = self.spec.provider.as_ref();
        provider.is_none_or(|provider| provider.as_str() == seller.provider) && self.pattern.fits(names)
    }

    pub(super) fn apply(&self, facts: &mut Facts) {
        apply(&self.spec, facts);
        facts.has_own_prices |= self.spec.prices.is_some();
    }
}

/// Lays what `spec` says over `facts`.
pub(super) fn apply(spec: &ModelFactsSpec, facts: &mut Facts) {
    set(&mut facts.display_name, spec.display_name.as_deref().map(Arc::<str>::from));
    set(&mut facts.context_tokens, spec.context_tokens);
    set(&mut facts.max_output_tokens, spec.max_output_tokens);
    set(&mut facts.reasoning, reasoning(spec));
    set(&mut facts.efforts, spec.efforts.as_deref().map(sorted));
    set(&mut facts.has_fixed_sampling, spec.fixed_sampling);
    set(&mut facts.has_json_schema, spec.json_schema);
    set(&mut facts.has_tools, spec.tools);
    set(&mut facts.input, spec.input.clone());
    set(&mut facts.output, spec.output.clone());
    set(&mut facts.prices, spec.prices.clone());
    set(&mut facts.shutdown, spec.shutdown.as_deref().map(Arc::<str>::from));
}

fn set<F>(field: &mut F, value: Option<impl Into<F>>) {
    if let Some(value) = value {
        *field = value.into();
    }
}

fn reasoning(spec: &ModelFactsSpec) -> Option<ReasoningStyle> {
    Some(match (spec.reasoning, spec.thinking_tokens) {
        (None | Some(ReasoningSpec::Budget), thinking) => {
            let ThinkingSpec { min, max, can_stop } = thinking?;
            ReasoningStyle::Budget { min, max, can_stop }
        }
        (Some(ReasoningSpec::None), _) => ReasoningStyle::None,
        (Some(ReasoningSpec::Effort), _) => ReasoningStyle::Effort,
        (Some(ReasoningSpec::Adaptive), _) => ReasoningStyle::Adaptive,
        (Some(ReasoningSpec::Switch), _) => ReasoningStyle::Switch,
        (Some(ReasoningSpec::Always), _) => ReasoningStyle::Always,
    })
}

fn sorted(words: &[Effort]) -> Vec<Effort> {
    let mut efforts = words.to_vec();
    efforts.sort_unstable();
    efforts
}
