//! The events that come often, read without a copy.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use crate::dialect::Unreadable;

/// A piece of an item.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Piece<'a> {
    /// The event's type.
    #[serde(borrow, rename = "type")]
    pub(super) kind: Cow<'a, str>,
    /// What is added.
    #[serde(borrow)]
    pub(super) delta: Cow<'a, str>,
    /// The item's id.
    #[serde(borrow)]
    pub(super) item_id: Cow<'a, str>,
    /// The item's number.
    pub(super) output_index: u32,
    /// The part's number in a message or in a thought's content.
    pub(super) content_index: u32,
    /// The paragraph's number in a thought's summary.
    pub(super) summary_index: u32,
    /// What is known of the tokens.
    pub(super) logprobs: Vec<Value>,
}

/// Reads an event; of one whose fields have odd types, what can be read.
///
/// # Errors
/// When it is not JSON.
pub(super) fn read(data: &[u8]) -> Result<Piece<'_>, Unreadable> {
    match serde_json::from_slice(data) {
        Ok(piece) => Ok(piece),
        Err(error) if error.is_data() => lenient(data),
        Err(error) => Err(Unreadable(error.to_string())),
    }
}

fn lenient(data: &[u8]) -> Result<Piece<'_>, Unreadable> {
    let event: Value = serde_json::from_slice(data).map_err(|error| Unreadable(error.to_string()))?;
    let text = |name: &str| Cow::Owned(event[name].as_str().unwrap_or_default().to_owned());
    let number = |name: &str| event[name].as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
    Ok(Piece {
        kind: text("type"),
        delta: text("delta"),
        item_id: text("item_id"),
        output_index: number("output_index"),
        content_index: number("content_index"),
        summary_index: number("summary_index"),
        logprobs: event["logprobs"].as_array().cloned().unwrap_or_default(),
    })
}
