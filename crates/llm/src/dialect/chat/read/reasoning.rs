//! How much to think, in the words of every server of this shape.
//!
//! Sources: <https://platform.openai.com/docs/guides/reasoning>, <https://openrouter.ai/docs/use-cases/reasoning-tokens>,
//! <https://api-docs.deepseek.com/guides/thinking_mode>, <https://www.alibabacloud.com/help/en/model-studio/deep-thinking>,
//! <https://docs.vllm.ai/en/latest/features/reasoning_outputs.html>; 2026-11.

use serde_json::{Map, Value};

use crate::BodyError;
use crate::generation::object::Object;
use crate::generation::{Effort, Reasoning};

/// Takes every field that says how much to think; what has no common meaning goes to `left`.
pub(super) fn read(
    object: &mut Object,
    left: &mut Map<String, Value>,
) -> Result<Option<Reasoning>, BodyError> {
    let mut reasoning = Reasoning::default();
    if let Some(word) = object.text("reasoning_effort")? {
        effort(&mut reasoning, word, "reasoning_effort", left);
    }
    if let Some(inner) = object.object("reasoning")? {
        openrouter(&mut reasoning, inner, left)?;
    }
    if let Some(inner) = object.object("thinking")? {
        thinking(&mut reasoning, inner, left)?;
    }
    if let Some(is_on) = object.flag("enable_thinking")? {
        switch(&mut reasoning, is_on);
    }
    if let Some(budget) = object.count("thinking_budget")? {
        reasoning.budget_tokens = Some(budget);
    }
    if let Some(shows) = object.flag("include_reasoning")? {
        reasoning.include_thoughts = Some(shows);
    }
    if let Some(mut inner) = object.object("chat_template_kwargs")? {
        for name in ["enable_thinking", "thinking"] {
            if inner.get(name).is_some_and(Value::is_boolean) {
                inner.flag(name)?.into_iter().for_each(|is_on| switch(&mut reasoning, is_on));
            }
        }
        keep(left, "chat_template_kwargs", inner);
    }
    Ok(Some(reasoning).filter(|reasoning| *reasoning != Reasoning::default()))
}

fn openrouter(
    reasoning: &mut Reasoning,
    mut inner: Object,
    left: &mut Map<String, Value>,
) -> Result<(), BodyError> {
    if let Some(is_on) = inner.flag("enabled")? {
        switch(reasoning, is_on);
    }
    if let Some(word) = inner.text("effort")? {
        effort(reasoning, word, "reasoning.effort", left);
    }
    reasoning.budget_tokens = inner.count("max_tokens")?.or(reasoning.budget_tokens);
    if let Some(hides) = inner.flag("exclude")? {
        reasoning.include_thoughts = Some(!hides);
    }
    reasoning.summary = inner.text("summary")?;
    keep(left, "reasoning", inner);
    Ok(())
}

fn thinking(
    reasoning: &mut Reasoning,
    mut inner: Object,
    left: &mut Map<String, Value>,
) -> Result<(), BodyError> {
    match inner.text("type")?.as_deref() {
        Some("enabled" | "auto" | "adaptive") => switch(reasoning, true),
        Some("disabled") => switch(reasoning, false),
        Some(_) => return Err(inner.invalid("type", "`enabled`, `disabled`, `auto` or `adaptive`")),
        None => {}
    }
    reasoning.budget_tokens = inner.count("budget_tokens")?.or(reasoning.budget_tokens);
    keep(left, "thinking", inner);
    Ok(())
}

/// On without more words lets the model decide how much.
fn switch(reasoning: &mut Reasoning, is_on: bool) {
    if is_on {
        reasoning.is_adaptive = true;
    } else {
        reasoning.effort = Some(Effort::None);
        reasoning.budget_tokens = None;
        reasoning.is_adaptive = false;
    }
}

/// A word that only some server knows is kept for it.
fn effort(reasoning: &mut Reasoning, word: String, path: &str, left: &mut Map<String, Value>) {
    match Effort::parse(&word) {
        Some(effort) => reasoning.effort = Some(effort),
        None => drop(left.insert(path.to_owned(), word.into())),
    }
}

fn keep(left: &mut Map<String, Value>, name: &str, inner: Object) {
    left.extend(inner.rest().into_iter().map(|(field, value)| (format!("{name}.{field}"), value)));
}
