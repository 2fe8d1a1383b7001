//! Whose model it is, and the options that only its family knows (`additionalModelRequestFields`).
//!
//! Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html>, 2026-11.

use serde_json::{Map, Value, json};

use crate::catalogue::ReasoningStyle;
use crate::dialect::{Dialect, Target};
use crate::generation::{Losses, Request, Tool};

/// Whose model it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Claude,
    Nova,
    Mistral,
    Cohere,
    /// `OpenAI`'s open models.
    Openai,
    Other,
}

/// Words of model ids, which also name inference profiles (`us.anthropic.claude-…`).
const NAMES: &[(&str, Family)] = &[
    ("claude", Family::Claude),
    ("nova", Family::Nova),
    ("mistral", Family::Mistral),
    ("cohere", Family::Cohere),
    ("gpt-oss", Family::Openai),
];

impl Family {
    /// The family by the model's name; by how it thinks where the name says nothing, as an application's profile may.
    pub(super) fn of(target: &Target<'_>) -> Self {
        let named = NAMES.iter().find(|(word, _)| target.model.contains(word)).map(|(_, family)| *family);
        named.unwrap_or(match target.facts.reasoning {
            ReasoningStyle::Budget { .. } | ReasoningStyle::Adaptive => Self::Claude,
            _ => Self::Other,
        })
    }

    /// Whether it knows that a tool failed.
    pub(super) const fn knows_status(self) -> bool {
        matches!(self, Self::Claude | Self::Nova)
    }
}

/// The options beside those that Converse has for all models, thinking aside; `is_fixed`: the model cannot be told how to draw
/// its tokens.
pub(super) fn options(
    request: &Request,
    family: Family,
    is_fixed: bool,
    losses: &mut Losses,
) -> Map<String, Value> {
    let mut fields = Map::new();
    if let Some(top_k) = request.sampling.top_k {
        match family {
            Family::Claude if is_fixed => losses.note("top_k", "this model draws its tokens in its own way"),
            Family::Claude | Family::Mistral => drop(fields.insert("top_k".to_owned(), top_k.into())),
            Family::Cohere => drop(fields.insert("k".to_owned(), top_k.into())),
            Family::Nova => drop(fields.insert("inferenceConfig".to_owned(), json!({ "topK": top_k }))),
            Family::Openai | Family::Other => losses.note("top_k", "this model has no such option"),
        }
    }
    if family == Family::Claude && request.dialect == Dialect::Messages {
        fields.extend(
            request.extra.get("anthropic_beta").map(|beta| ("anthropic_beta".to_owned(), beta.clone())),
        );
        let natives = request.tools.iter().filter_map(native_tool).cloned().collect::<Vec<_>>();
        if !natives.is_empty() {
            fields.insert("tools".to_owned(), natives.into());
        }
    }
    fields
}

/// A tool of Anthropic's that the caller runs (`computer_…`, `bash_…`, `text_editor_…`, `memory_…`).
///
/// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/computer-use.html>, 2026-11.
pub(super) fn native_tool(tool: &Tool) -> Option<&Value> {
    match tool {
        Tool::Native(native) if native.dialect == Dialect::Messages => Some(&native.value),
        _ => None,
    }
}
