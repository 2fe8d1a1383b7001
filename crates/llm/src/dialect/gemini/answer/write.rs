//! Writes a whole answer for the caller.

use super::super::part::{Content, Out};
use super::super::{finish, usage};
use super::chunk::{Beside, Candidate, Document};
use super::grounding::Grounding;
use super::logprobs;
use crate::convert::Asked;
use crate::dialect::Dialect;
use crate::generation::{Answer, Choice, Part};

/// Writes a whole answer.
pub(crate) fn write_answer(answer: &Answer, asked: &Asked) -> Vec<u8> {
    let candidates = answer.choices.iter().enumerate();
    let candidates = candidates.map(|(index, choice)| candidate(answer, index, choice)).collect();
    let feedback = answer.extra.get("promptFeedback");
    let is_blocked = feedback.is_some() && answer.choices.iter().all(|choice| choice.parts.is_empty());
    let document = Document {
        candidates: (!is_blocked).then_some(candidates),
        prompt_feedback: feedback,
        usage_metadata: answer.usage.as_ref().map(usage::write),
        model_version: answer.model.as_deref().unwrap_or(&asked.model),
        response_id: answer.id.as_deref().unwrap_or(&asked.id),
    };
    // Texts, numbers and objects with text as names: it cannot fail.
    serde_json::to_vec(&document).unwrap_or_default()
}

fn candidate<'a>(answer: &'a Answer, index: usize, choice: &'a Choice) -> Candidate<'a> {
    let index = u32::try_from(index).unwrap_or(u32::MAX);
    let (mut parts, mut grounding) = (Vec::with_capacity(choice.parts.len()), Grounding::default());
    for part in &choice.parts {
        if let Part::Text(text) = part {
            grounding.add(parts.len(), &text.text, &text.citations);
        }
        parts.extend(written(part));
    }
    let is_empty = parts.is_empty();
    if is_empty {
        parts.push(Out::text(""));
    }
    // A whole answer has ended, whether its provider says so or not.
    let (reason, message) = choice.finish.as_ref().map_or(("STOP", None), finish::write);
    Candidate {
        content: Content { role: Some("model"), parts },
        finish_reason: Some(reason),
        finish_message: message,
        index,
        grounding_metadata: grounding.finish(),
        logprobs_result: choice.logprobs.as_ref().map(logprobs::write),
        beside: Beside::of(&answer.extra, index),
    }
    .settled()
}

/// A part for the caller; none where it means nothing to one of this dialect.
fn written(part: &Part) -> Option<Out<'_>> {
    Some(match part {
        Part::Text(text) if text.text.is_empty() && text.signature.is_none() => return None,
        Part::Text(text) => Out::signed(&text.text, text.signature.as_ref()),
        Part::Refusal(text) => Out::text(text.as_str()),
        Part::Thought(thought) => {
            Out::thought(&thought.text, thought.signature.as_ref(), thought.is_redacted)
        }
        Part::ToolCall(call) => Out::call(
            call,
            Some(call.id.as_str().into()).filter(|id: &std::borrow::Cow<'_, str>| !id.is_empty()),
        ),
        Part::Media(media) => Out::media(media),
        Part::Native(native) if native.dialect == Dialect::Gemini => Out::Native(&native.value),
        Part::Native(_) | Part::ToolResult(_) => return None,
    })
}
