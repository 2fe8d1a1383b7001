//! Items that requests and answers have alike, read without insisting on types.

use serde_json::{Map, Value};

use crate::dialect::Dialect;
use crate::generation::{Issuer, Media, MediaKind, Native, Part, Signature, Source, Thought};

/// The text of a field, taken out; empty where it is none.
pub(super) fn take_text(value: &mut Value, name: &str) -> String {
    match value.get_mut(name).map(Value::take) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    }
}

/// The items of a field, taken out; none where it is no array.
pub(super) fn take_list(value: &mut Value, name: &str) -> Vec<Value> {
    match value.get_mut(name).map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

/// The text of a field, unless it is empty.
pub(super) fn some_text(value: &mut Value, name: &str) -> Option<String> {
    Some(take_text(value, name)).filter(|text| !text.is_empty())
}

/// A `reasoning` item: what is shown of it is its summary, or its content where it has none.
pub(super) fn thought(item: &mut Value) -> Thought {
    let summary = joined(take_list(item, "summary"));
    let text = if summary.is_empty() { joined(take_list(item, "content")) } else { summary };
    let signature = some_text(item, "encrypted_content").map(|data| Signature::opened(&data, Issuer::Openai));
    Thought {
        is_redacted: text.is_empty() && signature.is_some(),
        text,
        signature,
        id: some_text(item, "id"),
    }
}

/// An `image_generation_call` that has its image; everything else of the item stays beside it.
pub(super) fn image(mut item: Value) -> Part {
    let data = take_text(&mut item, "result");
    if data.is_empty() {
        return Part::Native(Native { dialect: Dialect::Responses, value: item });
    }
    let format = item["output_format"].as_str().unwrap_or("png");
    let mut media = Media::new(MediaKind::Image, Source::Bytes { mime: format!("image/{format}"), data });
    if let Value::Object(fields) = item {
        let is_told =
            |(name, value): &(String, Value)| !value.is_null() && name != "type" && name != "status";
        media.extra = fields.into_iter().filter(is_told).collect::<Map<_, _>>();
    }
    Part::Media(media)
}

/// Paragraphs that each stand alone.
fn joined(parts: Vec<Value>) -> String {
    let texts =
        parts.into_iter().map(|mut part| take_text(&mut part, "text")).filter(|text| !text.is_empty());
    texts.reduce(|all, text| all + "\n\n" + &text).unwrap_or_default()
}
