//! Messages as turns that alternate, and the system prompt before them.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serialize;

use super::Context;
use crate::dialect::messages::block::{Block, Content};
use crate::generation::{Message, Part, Role, Unsupported};

/// What is said to a model that does not go on from its own words.
const GO_ON: &str = "Continue.";

/// What the user says first where a conversation begins with the model, as the clouds do not allow
/// (<https://github.com/anthropics/anthropic-sdk-typescript/issues/622>, 2026-11).
const OPENING: &str = ".";

/// A turn.
#[derive(Debug, Serialize)]
pub(super) struct Turn<'a> {
    role: &'static str,
    content: Content<'a>,
}

/// What is said, apart from the options.
#[derive(Debug, Default)]
pub(super) struct Conversation<'a> {
    pub(super) system: Vec<Block<'a>>,
    pub(super) turns: Vec<Turn<'a>>,
}

/// The system prompt, hoisted in its order, and the turns.
pub(super) fn conversation<'a>(context: &mut Context<'a, '_>) -> Result<Conversation<'a>, Unsupported> {
    let mut all = Conversation::default();
    for (index, message) in context.request.messages.iter().enumerate() {
        if message.name.is_some() {
            let field = format!("{}.name", context.place(index));
            context.losses.note(field, "speakers have no names here");
        }
        let blocks = blocks(context, message, index)?;
        match message.role {
            Role::User => all.add("user", blocks),
            Role::Assistant => all.add("assistant", blocks),
            // The caller has put it where the model allows it.
            Role::System | Role::Developer
                if context.is_own() && !all.turns.is_empty() && context.model.takes_system_anywhere() =>
            {
                all.add("system", blocks);
            }
            Role::System | Role::Developer => all.system.extend(blocks),
        }
    }
    all.order_results();
    Ok(all)
}

impl<'a> Conversation<'a> {
    /// Makes the beginning and the end such as the provider takes them.
    pub(super) fn close(&mut self, context: &mut Context<'a, '_>) {
        if self.turns.is_empty()
            && let Some(last) = self.system.pop()
        {
            context.lose("messages", "there must be a user's message: the last instruction was made one");
            self.turns.push(Turn { role: "user", content: Content(vec![last]) });
        }
        if !context.is_own() && self.turns.first().is_some_and(|turn| turn.role == "assistant") {
            context.lose("messages", "the conversation must begin with the user: `.` was put first");
            self.turns.insert(0, Turn { role: "user", content: Content(vec![Block::text(OPENING)]) });
        }
        let Some(last) = self.turns.last_mut().filter(|turn| turn.role == "assistant") else { return };
        if let Some(Block::Text { text, .. }) = last.content.0.last_mut() {
            trim(text);
        }
        if !context.is_own() && !context.model.takes_prefill() {
            context.lose("messages", "the model does not go on from its own words: it is asked to continue");
            self.turns.push(Turn { role: "user", content: Content(vec![Block::text(GO_ON)]) });
        }
    }

    fn add(&mut self, role: &'static str, blocks: Vec<Block<'a>>) {
        match self.turns.last_mut() {
            _ if blocks.is_empty() => {}
            Some(last) if last.role == role => last.content.0.extend(blocks),
            _ => self.turns.push(Turn { role, content: Content(blocks) }),
        }
    }

    /// Results must come first in the turn after their calls; they are put in the order of the calls.
    fn order_results(&mut self) {
        for after in 0..self.turns.len() {
            let (before, rest) = self.turns.split_at_mut(after);
            let Some(turn) = rest.first_mut().filter(|turn| turn.role == "user") else { continue };
            if !turn.content.0.iter().any(is_result) {
                continue;
            }
            let calls = before.last().map_or(&[][..], |turn| &turn.content.0[..]).iter();
            let ids = calls.filter_map(|block| match block {
                Block::ToolUse { id, .. } => Some(&**id),
                _ => None,
            });
            let places: HashMap<&str, usize> = ids.enumerate().map(|(place, id)| (id, place)).collect();
            turn.content.0.sort_by_key(|block| match block {
                Block::ToolResult { tool_use_id, .. } => {
                    (false, places.get(&**tool_use_id).copied().unwrap_or(usize::MAX))
                }
                // A result that only Anthropic understands must not fall behind text either.
                other => (!is_result(other), 0),
            });
        }
    }
}

impl Turn<'_> {
    /// Whether it answers calls.
    pub(super) fn has_results(&self) -> bool {
        self.content.0.first().is_some_and(is_result)
    }

    /// Whether it begins with thinking.
    pub(super) fn begins_with_thought(&self) -> bool {
        matches!(self.content.0.first(), Some(Block::Thinking { .. } | Block::RedactedThinking { .. }))
    }

    /// The names of the tools that it calls.
    pub(super) fn called(&self) -> impl Iterator<Item = &str> {
        self.content.0.iter().filter_map(|block| match block {
            Block::ToolUse { name, .. } => Some(*name),
            _ => None,
        })
    }
}

fn blocks<'a>(
    context: &mut Context<'a, '_>,
    message: &'a Message,
    index: usize,
) -> Result<Vec<Block<'a>>, Unsupported> {
    let is_system = matches!(message.role, Role::System | Role::Developer);
    let mut blocks = Vec::with_capacity(message.parts.len());
    for part in &message.parts {
        if is_system && !context.is_own() && !matches!(part, Part::Text(_)) {
            let field = context.place(index);
            context.losses.note(field, "instructions can only be text");
            continue;
        }
        blocks.extend(context.block(part, index)?);
    }
    Ok(blocks)
}

fn is_result(block: &Block<'_>) -> bool {
    match block {
        Block::ToolResult { .. } => true,
        Block::Native(value) => value["type"] == "tool_result",
        _ => false,
    }
}

/// Anthropic refuses a last message that ends in blanks.
fn trim(text: &mut Cow<'_, str>) {
    match text {
        Cow::Borrowed(text) => *text = text.trim_end(),
        Cow::Owned(text) => text.truncate(text.trim_end().len()),
    }
}
