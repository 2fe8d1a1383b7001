//! How much to think, in the target's words.

use serde_json::{Map, Value, json};

use super::Context;
use super::options::nest;
use crate::catalogue::ReasoningStyle;
use crate::generation::{Effort, Losses, Reasoning};
use crate::profile::{Asking, BudgetField, EffortField, Switch};

/// What budgets are measured by where the model's own is not known: the most that most providers let a model think.
const MOST_TOKENS: u64 = 32_768;

/// Adds how much to think.
pub(super) fn write(context: &Context<'_>, options: &mut Map<String, Value>, losses: &mut Losses) {
    let Some(reasoning) = &context.request.reasoning else { return };
    let path = context.path("reasoning");
    if !context.thinks() {
        if !reasoning.is_off() {
            losses.note(path, "this model does not think");
        }
        return;
    }
    if context.target.facts.reasoning == ReasoningStyle::Always && context.words().is_empty() {
        losses.note(path, "this model always thinks as much as it likes");
        return;
    }
    if reasoning.is_off() {
        stop(context, options, losses, path);
    } else {
        think(context, reasoning, options, losses, path);
    }
    hide(context, reasoning, options);
}

/// Some servers can leave the thoughts out.
fn hide(context: &Context<'_>, reasoning: &Reasoning, options: &mut Map<String, Value>) {
    if context.asking().effort == EffortField::Reasoning && reasoning.shows_thoughts() == Some(false) {
        nest(options, "reasoning", "exclude", &true.into());
    }
}

fn stop(context: &Context<'_>, options: &mut Map<String, Value>, losses: &mut Losses, path: String) {
    if turn(context.asking().switch, false, options) {
        return;
    }
    let words = context.words();
    match words.first() {
        Some(Effort::None) => effort(context.asking().effort, Effort::None, options),
        Some(&least) => {
            effort(context.asking().effort, least, options);
            losses.note(path, format!("this model thinks at least {}", least.as_str()));
        }
        None => losses.note(path, "this model's provider cannot be told not to think"),
    }
}

fn think(
    context: &Context<'_>,
    reasoning: &Reasoning,
    options: &mut Map<String, Value>,
    losses: &mut Losses,
    path: String,
) {
    let most = match context.target.facts.reasoning {
        ReasoningStyle::Budget { max, .. } => max,
        _ => MOST_TOKENS,
    };
    let Asking { switch, budget, .. } = context.asking();
    let words = context.words();
    let is_told = reasoning.effort(most).is_some();
    // OpenRouter's switch is on with either word or budget.
    let is_on = match switch {
        Switch::Reasoning if is_told => true,
        _ => turn(switch, true, options),
    };
    let in_tokens = reasoning.budget_tokens.is_some() || words.is_empty();
    if let (true, Some(tokens)) = (in_tokens && budget != BudgetField::None, reasoning.budget(most)) {
        match budget {
            BudgetField::ThinkingBudget => drop(options.insert("thinking_budget".to_owned(), tokens.into())),
            BudgetField::Reasoning => nest(options, "reasoning", "max_tokens", &tokens.into()),
            BudgetField::None => {}
        }
        return;
    }
    let Some(wanted) = reasoning.effort(most) else { return };
    match fitting(words, wanted) {
        Some(word) => {
            effort(context.asking().effort, word, options);
            // A word for a number of tokens is what was wanted, as far as it can be said.
            if word != wanted && reasoning.budget_tokens.is_none() {
                losses.note(path, format!("{} became {}", wanted.as_str(), word.as_str()));
            }
        }
        None if is_on => losses.note(path, "this model's provider thinks or does not, without degrees"),
        None => losses.note(path, "this model's provider cannot be told how much to think"),
    }
}

/// Turns thinking on or off; false where there is no switch.
fn turn(switch: Switch, is_on: bool, options: &mut Map<String, Value>) -> bool {
    match switch {
        Switch::None => return false,
        Switch::Thinking(on) => {
            let word = if is_on { on } else { "disabled" };
            options.insert("thinking".to_owned(), json!({ "type": word }));
        }
        Switch::EnableThinking => drop(options.insert("enable_thinking".to_owned(), is_on.into())),
        Switch::Reasoning => nest(options, "reasoning", "enabled", &is_on.into()),
        Switch::Template => nest(options, "chat_template_kwargs", "enable_thinking", &is_on.into()),
    }
    true
}

fn effort(field: EffortField, word: Effort, options: &mut Map<String, Value>) {
    match field {
        EffortField::None => {}
        EffortField::ReasoningEffort | EffortField::ReasoningEffortOfSome => {
            options.insert("reasoning_effort".to_owned(), word.as_str().into());
        }
        EffortField::Reasoning => nest(options, "reasoning", "effort", &word.as_str().into()),
    }
}

/// The known word that comes closest: the largest that asks for no more, but never "not at all".
fn fitting(words: &[Effort], wanted: Effort) -> Option<Effort> {
    let thinking = || words.iter().copied().filter(|&word| word != Effort::None);
    thinking().rev().find(|&word| word <= wanted).or_else(|| thinking().next())
}

impl Context<'_> {
    fn asking(&self) -> Asking {
        self.profile().reasoning
    }

    /// The words for how much to think that the model knows.
    fn words(&self) -> &'static [Effort] {
        let asking = self.asking();
        let knows = match asking.effort {
            EffortField::None => false,
            EffortField::ReasoningEffort | EffortField::Reasoning => true,
            EffortField::ReasoningEffortOfSome => self.target.facts.reasoning == ReasoningStyle::Effort,
        };
        let own = self.profile().model(self.target.model).and_then(|model| model.words);
        if knows { own.unwrap_or(asking.words) } else { &[] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_not_known_becomes_the_next_lower_one() {
        use Effort::{High, Low, Max, Medium, Minimal, None as Off, XHigh};
        for (words, wanted, found) in [
            (&[Low, Medium, High][..], XHigh, Some(High)),
            (&[Low, Medium, High], Minimal, Some(Low)),
            (&[Off, Low, High], Medium, Some(Low)),
            (&[Off, High], Low, Some(High)),
            (&[Low, High, Max], Max, Some(Max)),
            (&[], High, None),
        ] {
            assert_eq!(fitting(words, wanted), found);
        }
    }
}
