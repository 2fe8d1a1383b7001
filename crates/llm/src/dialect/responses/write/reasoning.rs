//! How much the model is to think.
//!
//! Source: <https://platform.openai.com/docs/guides/reasoning>, 2026-11.

use serde_json::{Map, Value};

use crate::catalogue::ReasoningStyle;
use crate::dialect::{Dialect, Target};
use crate::generation::{Effort, Issuer, Losses, Part, Reasoning, Request};

/// What budgets of tokens are measured by where nothing is known of the model.
const DEFAULT_MOST: u64 = 32_768;

/// True when the model thinks, as far as can be told.
pub(super) fn has_reasoning(request: &Request, target: &Target<'_>) -> bool {
    match target.facts.reasoning {
        ReasoningStyle::None => false,
        ReasoningStyle::Unknown => {
            request.reasoning.as_ref().is_some_and(|reasoning| !reasoning.is_off()) || has_thoughts(request)
        }
        _ => true,
    }
}

/// Writes `reasoning`; none where there is nothing to say.
pub(super) fn write(request: &Request, target: &Target<'_>, losses: &mut Losses) -> Option<Value> {
    let asked = request.reasoning.as_ref()?;
    if target.facts.reasoning == ReasoningStyle::None {
        if !asked.is_off() {
            losses.note("reasoning", "the model does not reason");
        }
        return None;
    }
    let mut written = Map::new();
    if let Some(effort) = effort(asked, request.dialect, target, losses) {
        written.insert("effort".to_owned(), effort.as_str().into());
    }
    if let Some(summary) = summary(asked) {
        written.insert("summary".to_owned(), summary.into());
    }
    (!written.is_empty()).then_some(Value::Object(written))
}

fn effort(asked: &Reasoning, dialect: Dialect, target: &Target<'_>, losses: &mut Losses) -> Option<Effort> {
    let most = match target.facts.reasoning {
        ReasoningStyle::Budget { max, .. } => max,
        _ => DEFAULT_MOST,
    };
    let effort = asked.effort(most)?;
    if matches!(dialect, Dialect::Responses | Dialect::Chat) {
        return Some(effort);
    }
    // Every reasoning model knows these three; which know the others changes with each.
    if effort == Effort::None && target.facts.reasoning == ReasoningStyle::Unknown {
        return None;
    }
    let known = effort.clamp(Effort::Low, Effort::High);
    if known != effort && effort != Effort::Minimal {
        losses.note("reasoning", format!("`{}` for this model", known.as_str()));
    }
    Some(known)
}

fn summary(asked: &Reasoning) -> Option<&str> {
    match asked.summary.as_deref() {
        Some(word @ ("auto" | "concise" | "detailed")) => Some(word),
        _ => asked.shows_thoughts().filter(|shown| *shown).map(|_| "auto"),
    }
}

fn has_thoughts(request: &Request) -> bool {
    let is_own = |part: &Part| matches!(part, Part::Thought(thought) if thought.signature.as_ref().is_some_and(|signature| signature.issuer == Issuer::Openai));
    request.messages.iter().any(|message| message.parts.iter().any(is_own))
}
