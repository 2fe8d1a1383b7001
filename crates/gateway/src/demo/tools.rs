//! The tools that a request offers, and which of them the demo model calls.

use serde_json::{Value, json};

use super::ask::Ask;
use super::behaviour::{Behaviour, without_directives};
use super::fields::{Fields, Read};
use super::sample;
use super::seed::Seed;
use super::words::is_han;

/// Words in the names of tools that say nothing about what a tool is for.
const COMMON: &[&str] = &[
    "call", "create", "data", "delete", "demo", "fetch", "find", "from", "function", "info", "list", "make",
    "read", "tool", "update", "with", "write",
];

/// Words that ask for a tool, whichever it is.
const ASKING: &[&str] = &["use a tool", "use the tool", "call a tool", "call the tool", "工具"];

/// How much of a prompt, a description and a name is compared: enough for a person's, bounded for a machine's.
const READ_CHARS: usize = 2_000;
const DESCRIBED_CHARS: usize = 200;
const NAME_WORDS: usize = 8;

/// A tool that the model may call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tool {
    pub name: String,
    pub description: String,
    pub schema: Value,
}

/// Whether the model may, must or must not call a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Auto,
    None,
    Required,
    Named(String),
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub id: String,
    pub name: String,
    pub arguments: Value,
}

impl Tool {
    /// Reads a tool whose schema stands in the first of `schemas` that is there.
    pub(super) fn read(fields: &Fields<'_>, schemas: &[&str]) -> Read<Self> {
        let schema = schemas.iter().find_map(|name| fields.value(name)).cloned();
        Ok(Self {
            name: fields.required("name", fields.text("name")?)?.to_owned(),
            description: fields.text("description")?.unwrap_or_default().to_owned(),
            schema: schema.unwrap_or_else(|| json!({ "type": "object", "properties": {} })),
        })
    }

    /// How much the prompt speaks of this tool.
    fn fit(&self, prompt: &str) -> usize {
        let words = self.name.split(|char: char| !char.is_alphanumeric()).take(NAME_WORDS);
        let named = words
            .map(str::to_lowercase)
            .filter(|word| {
                word.len() >= 4 && !COMMON.contains(&word.as_str()) && prompt.contains(word.as_str())
            })
            .count();
        let chars: Vec<char> = self.description.chars().take(DESCRIBED_CHARS).collect();
        let pairs =
            chars.windows(2).filter(|pair| pair.iter().all(|char| is_han(*char) && !is_particle(*char)));
        2 * named + pairs.filter(|pair| prompt.contains(&String::from_iter(*pair))).count()
    }
}

/// Characters so frequent in Chinese that they are about nothing.
fn is_particle(char: char) -> bool {
    "的了是在一不我你他她它们这那有和与或个什么可以请用".contains(char)
}

/// The calls that the model makes now; none when it shall answer with text.
pub(super) fn calls(ask: &Ask, behaviour: &Behaviour, seed: &Seed) -> Vec<Call> {
    if !ask.results.is_empty() || ask.choice == Choice::None {
        return Vec::new();
    }
    let Some(first) = first(ask, behaviour) else { return Vec::new() };
    let many = if ask.parallel && !matches!(ask.choice, Choice::Named(_)) {
        behaviour.tools.unwrap_or(1)
    } else {
        1
    };
    let others = ask.tools.iter().filter(|tool| tool.name != first.name);
    let hint = sample::hint(&ask.prompt);
    std::iter::once(first)
        .chain(others)
        .take(many)
        .enumerate()
        .map(|(nth, tool)| Call {
            id: seed.id("", nth + 1),
            name: tool.name.clone(),
            arguments: sample::object(&tool.schema, &hint),
        })
        .collect()
}

/// The tool to call: the forced one, the one that fits best, or the first if one is asked for.
fn first<'a>(ask: &'a Ask, behaviour: &Behaviour) -> Option<&'a Tool> {
    if let Choice::Named(name) = &ask.choice {
        return ask.tools.iter().find(|tool| tool.name == *name);
    }
    let prompt: String = without_directives(&ask.prompt).chars().take(READ_CHARS).collect();
    let prompt = prompt.to_lowercase();
    // The first of equals: `max_by_key` would take the last.
    let fitting = ask.tools.iter().rev().map(|tool| (tool.fit(&prompt), tool)).max_by_key(|(fit, _)| *fit);
    if let Some((1.., tool)) = fitting {
        return Some(tool);
    }
    let asked = behaviour.tools.is_some()
        || ask.choice == Choice::Required
        || ASKING.iter().any(|words| prompt.contains(words));
    asked.then(|| ask.tools.first()).flatten()
}
