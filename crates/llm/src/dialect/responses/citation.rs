//! Annotations: where text is from.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses/object>, 2026-11.

use serde_json::{Value, json};

use crate::dialect::Dialect;
use crate::generation::{Citation, Native};

/// Reads an annotation of any kind; none where it is no object.
pub(super) fn read(annotation: Value) -> Option<Citation> {
    let text = |name: &str| annotation.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = |name: &str| annotation.get(name).and_then(Value::as_u64);
    let mut citation = Citation {
        url: text("url"),
        title: text("title").or_else(|| text("filename")),
        quote: None,
        start: number("start_index"),
        end: number("end_index").or_else(|| number("index")),
        native: None,
    };
    if annotation["type"] != "url_citation" {
        annotation.as_object()?;
        citation.native = Some(Native { dialect: Dialect::Responses, value: annotation });
    }
    Some(citation)
}

/// The annotation of a text that has `length` characters so far.
///
/// Documents that only another dialect knows are files here, with their title for an id, since nothing else has a place
/// for them.
pub(super) fn write(citation: &Citation, length: usize) -> Value {
    if let Some(native) = citation.native.as_ref().filter(|native| native.dialect == Dialect::Responses) {
        return native.value.clone();
    }
    let title = citation.title.as_deref().unwrap_or_default();
    let end = citation.end.unwrap_or(length as u64);
    match &citation.url {
        Some(url) => json!({
            "type": "url_citation",
            "start_index": citation.start.unwrap_or(0),
            "end_index": end,
            "url": url,
            "title": title,
        }),
        None => json!({ "type": "file_citation", "file_id": title, "filename": title, "index": end }),
    }
}
