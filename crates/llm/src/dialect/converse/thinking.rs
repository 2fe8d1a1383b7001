//! How a model is told to think, each family in its own way.
//!
//! Sources: <https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html>,
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html>,
//! <https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html>; 2026-11.

use serde_json::{Map, Value, json};

use super::model::Family;
use crate::catalogue::ReasoningStyle;
use crate::dialect::Target;
use crate::generation::{Effort, Losses, Reasoning, Request};

/// The least that Claude thinks, in tokens.
const LEAST_BUDGET: u64 = 1_024;

/// What an effort is measured by where the model's own limit is unknown, in tokens.
const USUAL_BUDGET: u64 = 32_768;

/// What is told of thinking.
#[derive(Debug, Default)]
pub(super) struct Thinking {
    /// Members of `additionalModelRequestFields`.
    pub(super) fields: Map<String, Value>,
    /// Whether it will think, as far as the request says.
    pub(super) is_on: bool,
    /// Whether temperature, `top_p` and the most tokens must not be told.
    pub(super) is_boundless: bool,
}

/// What to tell; `is_forced`: a tool must be called.
pub(super) fn plan(
    request: &Request,
    target: &Target<'_>,
    family: Family,
    is_forced: bool,
    losses: &mut Losses,
) -> Thinking {
    let Some(wish) = request.reasoning.as_ref() else { return Thinking::default() };
    match (family, target.facts.reasoning) {
        (_, ReasoningStyle::None) => lost(wish, losses),
        (Family::Claude, _) if is_forced && !wish.is_off() => {
            losses.note("reasoning", "this model does not think where a tool must be called");
            Thinking::default()
        }
        (Family::Claude, style) => claude(wish, request.max_tokens, target, style, losses),
        (Family::Nova, _) if is_first_nova(target.model) => lost(wish, losses),
        (Family::Nova, _) => nova(wish),
        (Family::Openai, _) => openai(wish, losses),
        _ => lost(wish, losses),
    }
}

fn lost(wish: &Reasoning, losses: &mut Losses) -> Thinking {
    if !wish.is_off() && (wish.effort.is_some() || wish.budget_tokens.is_some() || wish.is_adaptive) {
        losses.note("reasoning", "this model cannot be told how much to think");
    }
    Thinking::default()
}

fn claude(
    wish: &Reasoning,
    most: Option<u64>,
    target: &Target<'_>,
    style: ReasoningStyle,
    losses: &mut Losses,
) -> Thinking {
    match style {
        ReasoningStyle::Budget { min, max, .. } => budget(wish, most, min, max, losses),
        ReasoningStyle::Unknown if wish.budget_tokens.is_some() => {
            budget(wish, most, LEAST_BUDGET, USUAL_BUDGET.max(wish.budget_tokens.unwrap_or_default()), losses)
        }
        _ => adaptive(wish, target, losses),
    }
}

fn budget(wish: &Reasoning, most: Option<u64>, min: u64, max: u64, losses: &mut Losses) -> Thinking {
    let wanted = wish.budget(max).or_else(|| wish.is_adaptive.then(|| Effort::Medium.budget(max)));
    // Not to think is what these models do unasked.
    let Some(wanted) = wanted.filter(|_| !wish.is_off()) else { return Thinking::default() };
    let room = most.map_or(max, |most| most.saturating_sub(1).min(max));
    if room < min {
        losses
            .note("reasoning", format!("thinking takes at least {min} tokens, and max_tokens leaves fewer"));
        return Thinking::default();
    }
    let tokens = wanted.clamp(min, room);
    if wish.budget_tokens.is_some_and(|asked| asked != tokens) {
        losses.note("reasoning", format!("the budget was changed to {tokens} tokens"));
    }
    on([("thinking", json!({ "type": "enabled", "budget_tokens": tokens }))])
}

fn adaptive(wish: &Reasoning, target: &Target<'_>, losses: &mut Losses) -> Thinking {
    if wish.is_off() {
        // https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html, 2026-11.
        if ["fable", "mythos"].iter().any(|name| target.model.contains(name)) {
            losses.note("reasoning", "this model always thinks");
            return Thinking::default();
        }
        let fields = [("thinking".to_owned(), json!({ "type": "disabled" }))];
        return Thinking { fields: fields.into_iter().collect(), ..Thinking::default() };
    }
    let effort = wish.effort(target.facts.max_output_tokens.unwrap_or(USUAL_BUDGET));
    if effort.is_none() && !wish.is_adaptive {
        // The caller only said what to show.
        return Thinking::default();
    }
    let mut thinking = json!({ "type": "adaptive" });
    if let Some(shows) = wish.shows_thoughts() {
        thinking["display"] = if shows { "summarized" } else { "omitted" }.into();
    }
    let effort = effort.map(|effort| ("output_config", json!({ "effort": claude_effort(effort) })));
    on([("thinking", thinking)].into_iter().chain(effort))
}

fn on<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Thinking {
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Thinking { fields, is_on: true, is_boundless: false }
}

/// <https://docs.claude.com/en/docs/build-with-claude/effort>, 2026-11.
const fn claude_effort(effort: Effort) -> &'static str {
    match effort {
        Effort::None | Effort::Minimal | Effort::Low => "low",
        other => other.as_str(),
    }
}

fn is_first_nova(model: &str) -> bool {
    ["nova-micro", "nova-lite", "nova-pro", "nova-premier"].iter().any(|name| model.contains(name))
}

fn nova(wish: &Reasoning) -> Thinking {
    let effort = match wish.effort(USUAL_BUDGET) {
        _ if wish.is_off() => return Thinking::default(),
        None if !wish.is_adaptive => return Thinking::default(),
        Some(Effort::None | Effort::Minimal | Effort::Low) => "low",
        None | Some(Effort::Medium) => "medium",
        Some(Effort::High | Effort::XHigh | Effort::Max) => "high",
    };
    let config = json!({ "type": "enabled", "maxReasoningEffort": effort });
    Thinking { is_boundless: effort == "high", ..on([("reasoningConfig", config)]) }
}

fn openai(wish: &Reasoning, losses: &mut Losses) -> Thinking {
    let effort = match wish.effort(USUAL_BUDGET) {
        None => return Thinking::default(),
        Some(Effort::None) => {
            losses.note("reasoning", "this model always thinks");
            "low"
        }
        Some(Effort::Minimal | Effort::Low) => "low",
        Some(Effort::Medium) => "medium",
        Some(Effort::High | Effort::XHigh | Effort::Max) => "high",
    };
    Thinking { is_on: false, ..on([("reasoning_effort", effort.into())]) }
}
