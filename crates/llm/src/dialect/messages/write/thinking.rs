//! How much the model is to think.

use serde::Serialize;

use super::Context;
use super::tools::Choice;
use super::turns::Turn;
use crate::dialect::messages::model::{LEAST_BUDGET, Thinking};
use crate::generation::{Effort, Reasoning};

/// `thinking` (<https://platform.claude.com/docs/en/build-with-claude/thinking>, 2026-11).
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Field<'a> {
    Enabled {
        budget_tokens: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        display: Option<&'a str>,
    },
    Adaptive {
        #[serde(skip_serializing_if = "Option::is_none")]
        display: Option<&'a str>,
    },
    Disabled,
}

/// What is decided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thought<'a> {
    pub(super) field: Option<Field<'a>>,
    pub(super) effort: Option<&'static str>,
    pub(super) max_tokens: u64,
}

impl Thought<'_> {
    /// Whether it is told to think.
    pub(super) fn thinks(&self) -> bool {
        matches!(self.field, Some(Field::Enabled { .. } | Field::Adaptive { .. }))
    }
}

/// Decides on thinking, effort and the most tokens, which are one another's limits.
pub(super) fn decide<'a>(
    context: &mut Context<'a, '_>,
    turns: &[Turn<'_>],
    choice: Option<&Choice<'_>>,
) -> Thought<'a> {
    let mut thought = Thought { field: None, effort: None, max_tokens: max_tokens(context) };
    let Some(reasoning) = context.request.reasoning.as_ref() else { return thought };
    thought.effort = effort(context, reasoning);
    let is_native = context.is_own() && context.request.extra.contains_key("thinking");
    let kind = context.model.thinking();
    if reasoning.is_off() {
        off(context, kind, &mut thought);
    } else if is_native || !asks(context, reasoning) {
        // Either the field stands among the extra ones, or the model decides.
    } else if let Some(why) = obstacle(context, kind, turns, choice) {
        context.lose("reasoning_effort", why);
    } else {
        let display = reasoning.shows_thoughts().map(|shown| if shown { "summarized" } else { "omitted" });
        thought.field = match kind {
            Thinking::Budget(most) => {
                let budget_tokens = budget(context, reasoning, most, &mut thought.max_tokens);
                Some(Field::Enabled { budget_tokens, display })
            }
            Thinking::Adaptive { .. } => Some(Field::Adaptive { display }),
            Thinking::Always | Thinking::None => None,
        };
    }
    thought
}

/// The limit of the caller, or else the model's own.
fn max_tokens(context: &mut Context<'_, '_>) -> u64 {
    let Some(asked) = context.request.max_tokens else { return context.model.limit() };
    match context.model.known_limit() {
        Some(limit) if asked > limit && !context.is_own() => {
            context.lose("max_tokens", "lowered to the most that the model writes");
            limit
        }
        _ => asked.max(1),
    }
}

/// Whether the caller wants thinking. An effort alone is no such wish here: it bounds all of the answer.
fn asks(context: &Context<'_, '_>, reasoning: &Reasoning) -> bool {
    reasoning.is_adaptive
        || reasoning.budget_tokens.is_some()
        || reasoning.shows_thoughts() == Some(true)
        || (reasoning.effort.is_some() && !context.is_own())
}

/// Why the model cannot think here.
fn obstacle(
    context: &Context<'_, '_>,
    kind: Thinking,
    turns: &[Turn<'_>],
    choice: Option<&Choice<'_>>,
) -> Option<&'static str> {
    match kind {
        Thinking::None => Some("the model does not think"),
        _ if choice.is_some_and(Choice::is_forced) && !context.is_own() => {
            Some("no thinking where a tool must be called")
        }
        Thinking::Budget(_) if lacks_thoughts(turns) => {
            Some("no thinking where the thoughts before the last calls are missing")
        }
        _ => None,
    }
}

/// Tells the model not to think, where it does unless told; Claude with a budget does not.
fn off(context: &mut Context<'_, '_>, kind: Thinking, thought: &mut Thought<'_>) {
    let is_told = match kind {
        Thinking::Adaptive { can_stop: false, .. } | Thinking::Always => {
            context.lose("reasoning_effort", "the model always thinks: as little as it can");
            thought.effort = context.model.efforts().first().copied();
            return;
        }
        Thinking::Adaptive { is_default, .. } => is_default,
        Thinking::Budget(_) => !context.model.is_claude(),
        Thinking::None => false,
    };
    if is_told || context.is_own() {
        // More effort than high is refused without thinking.
        thought.effort = thought.effort.filter(|word| !matches!(*word, "xhigh" | "max"));
        thought.field = Some(Field::Disabled);
    }
}

/// The word for the effort; models with budgets take one only from callers who know it.
fn effort(context: &Context<'_, '_>, reasoning: &Reasoning) -> Option<&'static str> {
    let is_adaptive = matches!(context.model.thinking(), Thinking::Adaptive { .. });
    let tokens = reasoning.budget_tokens.filter(|tokens| *tokens > 0 && is_adaptive);
    let by_tokens = tokens.map(|tokens| Effort::of_budget(tokens, context.model.limit()));
    let wanted = if context.is_own() {
        reasoning.effort.or(by_tokens)
    } else {
        by_tokens.or(reasoning.effort).filter(|_| is_adaptive)
    };
    word(wanted?, context.model.efforts())
}

fn word(effort: Effort, words: &'static [&'static str]) -> Option<&'static str> {
    let wanted = match effort {
        Effort::None => return None,
        Effort::Minimal | Effort::Low => "low",
        Effort::Medium => "medium",
        Effort::High => "high",
        Effort::XHigh => "xhigh",
        Effort::Max => "max",
    };
    let known = |wanted: &str| words.iter().copied().find(|word| *word == wanted);
    known(wanted).or_else(|| known("high"))
}

/// A budget below the most tokens. What the caller left to us keeps a quarter for the answer itself.
fn budget(context: &mut Context<'_, '_>, reasoning: &Reasoning, most: u64, max_tokens: &mut u64) -> u64 {
    let limit = context.model.limit().max(LEAST_BUDGET + 1);
    let budget = reasoning.budget_tokens.unwrap_or_else(|| {
        let room = most.min(*max_tokens);
        let left_to_model = if reasoning.is_adaptive { Effort::High } else { Effort::Medium };
        reasoning.effort.unwrap_or(left_to_model).budget(room - room / 4)
    });
    let budget = budget.max(LEAST_BUDGET).min(limit - 1);
    if budget >= *max_tokens {
        context.lose("max_tokens", "raised: thinking needs its own tokens");
        *max_tokens = max_tokens.saturating_add(budget).min(limit);
    }
    budget
}

/// Whether the calls that are answered last came without the thinking before them, which is refused.
fn lacks_thoughts(turns: &[Turn<'_>]) -> bool {
    match turns {
        [.., calls, results] => results.has_results() && !calls.begins_with_thought(),
        _ => false,
    }
}
