//! Checks of what is declared of models.

use roundhouse_domain::spec::{ModelFactsSpec, ReasoningSpec};

use super::{Names, Placed};
use crate::report::Report;

/// Reports unknown providers, impossible bounds and prices that would never count.
pub(super) fn check(facts: &Placed<ModelFactsSpec>, names: &Names, report: &mut Report) {
    let Placed { pointer, spec } = facts;
    if let Some(provider) = &spec.provider {
        names.require_provider(provider.as_str(), &format!("{pointer}/provider"), report);
    }
    match (spec.reasoning, spec.thinking_tokens) {
        (Some(ReasoningSpec::Budget), None) => {
            report.problem(&format!("{pointer}/reasoning"), "needs `thinking_tokens` too");
        }
        (None | Some(ReasoningSpec::Budget), Some(tokens)) if tokens.min > tokens.max => {
            report.problem(&format!("{pointer}/thinking_tokens/min"), "must not be above `max`");
        }
        (Some(_), Some(_)) if spec.reasoning != Some(ReasoningSpec::Budget) => {
            report.problem(&format!("{pointer}/thinking_tokens"), "belong to `reasoning: budget` only");
        }
        _ => {}
    }
    let long = spec.prices.iter().flat_map(|prices| &prices.long).enumerate();
    for (index, _) in long.filter(|(_, long)| long.above_tokens == 0) {
        let place = format!("{pointer}/prices/long/{index}/above_tokens");
        report.problem(&place, "must be more than 0; prices of every prompt stand beside `long`");
    }
}
