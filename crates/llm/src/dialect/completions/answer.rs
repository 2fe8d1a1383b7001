//! Whole answers.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use super::logprobs;
use crate::UpstreamError;
use crate::convert::Asked;
use crate::dialect::chat::{self, finish, usage};
use crate::generation::{Answer, Choice, Finish, Part};

#[derive(Serialize)]
struct Document<'a> {
    id: Cow<'a, str>,
    object: &'static str,
    created: i64,
    model: &'a str,
    choices: Vec<ChoiceOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<usage::Wire>,
}

/// An alternative, or more of it.
#[derive(Serialize)]
pub(super) struct ChoiceOut<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) index: u32,
    pub(super) logprobs: Option<Value>,
    pub(super) finish_reason: Option<&'static str>,
}

/// Reads a whole answer.
///
/// # Errors
/// What the provider says went wrong, or that it is no answer.
pub(crate) fn read_answer(body: &[u8]) -> Result<Answer, UpstreamError> {
    let mut answer = chat::read_answer(body)?;
    for choice in &mut answer.choices {
        choice.logprobs = choice.logprobs.take().map(logprobs::read);
    }
    Ok(answer)
}

/// Writes a whole answer: its text, since this dialect has nothing else.
pub(crate) fn write_answer(answer: &Answer, asked: &Asked) -> Vec<u8> {
    let document = Document {
        id: id(answer.id.as_deref(), asked),
        object: "text_completion",
        created: answer.created.unwrap_or(asked.created),
        model: &asked.model,
        choices: (0..).zip(&answer.choices).map(|(index, choice)| choice_out(index, choice)).collect(),
        usage: answer.usage.as_ref().map(usage::Wire::from),
    };
    serde_json::to_vec(&document).unwrap_or_default()
}

/// An answer's id: the provider's, or one of our own.
pub(super) fn id<'a>(told: Option<&'a str>, asked: &Asked) -> Cow<'a, str> {
    told.map_or_else(|| Cow::Owned(format!("cmpl-{}", asked.id)), Cow::Borrowed)
}

/// This dialect has no word for calls, which nobody can have asked for.
pub(super) fn reason(finish: &Finish) -> &'static str {
    match finish {
        Finish::ToolCalls => "stop",
        other => finish::write(other, false),
    }
}

fn choice_out(index: u32, choice: &Choice) -> ChoiceOut<'_> {
    let mut text = Cow::Borrowed("");
    for part in &choice.parts {
        if let Part::Text(generated) = part {
            text += generated.text.as_str();
        } else if let Part::Refusal(refusal) = part {
            text += refusal.as_str();
        }
    }
    let logprobs = choice.logprobs.as_ref().map(|told| logprobs::write(told, 0));
    let finish_reason = Some(choice.finish.as_ref().map_or("stop", reason));
    ChoiceOut { text, index, logprobs, finish_reason }
}
