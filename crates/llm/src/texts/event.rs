//! The texts in one event of a stream.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Found;
use super::paths::{CHAT_DELTAS, GEMINI_DELTAS, MESSAGES_DELTAS, Path, RESPONSES_DELTAS, RESPONSES_WHOLES};
use super::walk::walk;
use crate::Operation;

/// Which of the texts that a stream tells side by side an event goes on with.
pub type Channel = (u64, u64);

/// What an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventTexts {
    /// Nothing that anybody reads; what comes before and after it belongs together.
    Aside,
    /// No text: texts that were begun may have ended.
    Other,
    /// The next piece of a text. Several spans are one piece.
    Piece {
        /// Of which.
        channel: Channel,
        /// What it says.
        found: Vec<Found>,
        /// Whether it is the last one.
        is_last: bool,
    },
    /// Texts that are whole in themselves.
    Whole(Vec<Found>),
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(default, rename = "type")]
    kind: Option<&'a str>,
    #[serde(default)]
    index: Option<u64>,
    #[serde(default)]
    output_index: Option<u64>,
    #[serde(default)]
    content_index: Option<u64>,
    #[serde(default)]
    summary_index: Option<u64>,
    #[serde(default, borrow)]
    choices: Vec<Choice<'a>>,
    #[serde(default, borrow)]
    candidates: Vec<Choice<'a>>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(default)]
    index: Option<u64>,
    #[serde(default, borrow, alias = "finishReason")]
    finish_reason: Option<&'a RawValue>,
}

/// Reads the data of an event of the caller's protocol.
pub fn of_event(data: &[u8], operation: Operation) -> EventTexts {
    let Ok(place) = serde_json::from_slice::<Place<'_>>(data) else { return EventTexts::Other };
    match operation {
        Operation::Messages => messages(data, &place),
        Operation::Responses => responses(data, &place),
        Operation::StreamGenerateContent | Operation::GenerateContent => {
            choices(data, &place.candidates, &GEMINI_DELTAS)
        }
        _ => choices(data, &place.choices, &CHAT_DELTAS),
    }
}

fn choices(data: &[u8], choices: &[Choice<'_>], paths: &[Path]) -> EventTexts {
    let found = walk(data, paths).unwrap_or_default();
    if found.is_empty() {
        return EventTexts::Other;
    }
    let [choice] = choices else { return EventTexts::Whole(found) };
    let is_last = choice.finish_reason.is_some_and(|reason| reason.get() != "null");
    EventTexts::Piece { channel: (choice.index.unwrap_or_default(), 0), found, is_last }
}

fn messages(data: &[u8], place: &Place<'_>) -> EventTexts {
    match place.kind {
        Some("ping") => EventTexts::Aside,
        Some("content_block_delta" | "content_block_start") => {
            let found = walk(data, &MESSAGES_DELTAS).unwrap_or_default();
            if found.is_empty() {
                return EventTexts::Other;
            }
            EventTexts::Piece { channel: (place.index.unwrap_or_default(), 0), found, is_last: false }
        }
        _ => EventTexts::Other,
    }
}

fn responses(data: &[u8], place: &Place<'_>) -> EventTexts {
    let kind = place.kind.unwrap_or_default();
    let is_text = ["output_text.delta", "refusal.delta", "reasoning_text.delta", "summary_text.delta"];
    if is_text.iter().any(|end| kind.ends_with(end)) {
        let found = walk(data, &RESPONSES_DELTAS).unwrap_or_default();
        let part = place.content_index.or(place.summary_index).unwrap_or_default();
        let channel = (place.output_index.unwrap_or_default(), part);
        return EventTexts::Piece { channel, found, is_last: false };
    }
    match walk(data, &RESPONSES_WHOLES) {
        Some(found) if found.iter().any(|found| !found.text.is_empty()) => EventTexts::Whole(found),
        _ => EventTexts::Other,
    }
}
