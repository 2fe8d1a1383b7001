//! Writes how much the model is to think.

use serde_json::{Map, Value};

use super::super::model::Thinking;
use super::write::Context;
use crate::generation::{Effort, Losses, Reasoning};

/// What a budget is measured by where a model takes a level: the most that any of the models that took budgets could think.
const MOST_TOKENS: u64 = 32_768;

/// Writes `thinkingConfig`; nothing where the caller said nothing.
///
/// Source: <https://ai.google.dev/gemini-api/docs/thinking>, 2026-11.
pub(super) fn write(context: &Context<'_>, losses: &mut Losses) -> Option<Value> {
    let reasoning = context.request.reasoning.as_ref()?;
    let thinking = context.model.thinking(context.target.facts);
    let mut config = Map::new();
    let amount = match thinking {
        Thinking::None => {
            if !reasoning.is_off() && *reasoning != Reasoning::default() {
                losses.note(context.places.reasoning, "this model does not think");
            }
            return None;
        }
        Thinking::Fixed => {
            if reasoning.effort(MOST_TOKENS).is_some() {
                losses.note(context.places.reasoning, "this model cannot be told how much to think");
            }
            None
        }
        Thinking::Budget { min, max, can_stop } => {
            let tokens = budget(context, reasoning, (min, max, can_stop), losses);
            tokens.map(|tokens| ("thinkingBudget", Value::from(tokens)))
        }
        // The caller knows the provider: it takes budgets too.
        Thinking::Level { .. } if context.is_own() && reasoning.budget_tokens.is_some() => {
            reasoning.budget_tokens.map(|tokens| ("thinkingBudget", Value::from(tokens)))
        }
        Thinking::Level { least, has_medium } => {
            let effort = reasoning.effort(MOST_TOKENS);
            effort.map(|effort| ("thinkingLevel", level(context, effort, (least, has_medium), losses).into()))
        }
    };
    config.extend(amount.map(|(name, value)| (name.to_owned(), value)));
    let shows = reasoning.shows_thoughts().unwrap_or(!context.is_own());
    if shows && !reasoning.is_off() {
        config.insert("includeThoughts".to_owned(), true.into());
    }
    (!config.is_empty()).then_some(Value::Object(config))
}

/// Tokens to think with; -1 leaves it to the model.
fn budget(
    context: &Context<'_>,
    reasoning: &Reasoning,
    (min, max, can_stop): (u64, u64, bool),
    losses: &mut Losses,
) -> Option<i64> {
    let place = context.places.reasoning;
    let Some(wanted) = reasoning.budget(max) else { return reasoning.is_adaptive.then_some(-1) };
    if reasoning.is_off() {
        if !can_stop {
            losses.note(place, "this model cannot stop thinking");
        }
        return i64::try_from(if can_stop { 0 } else { min }).ok();
    }
    let tokens = wanted.clamp(min.min(max), max);
    if reasoning.budget_tokens.is_some_and(|asked| asked != tokens) {
        losses.note(place, format!("this model thinks with {min} to {max} tokens"));
    }
    i64::try_from(tokens).ok()
}

fn level(
    context: &Context<'_>,
    effort: Effort,
    (least, has_medium): (Effort, bool),
    losses: &mut Losses,
) -> &'static str {
    if effort == Effort::None && least > Effort::Minimal {
        losses.note(context.places.reasoning, "this model cannot stop thinking");
    }
    match effort.max(least) {
        Effort::None | Effort::Minimal => "MINIMAL",
        Effort::Low => "LOW",
        Effort::Medium if has_medium => "MEDIUM",
        Effort::Medium | Effort::High | Effort::XHigh | Effort::Max => "HIGH",
    }
}
