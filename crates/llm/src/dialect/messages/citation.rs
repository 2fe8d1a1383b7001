//! Where text is from (<https://platform.claude.com/docs/en/build-with-claude/citations>, 2026-11).

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::dialect::Dialect;
use crate::generation::{Citation, Native, Part, Text};

/// Blocks that other dialects understand as plain text.
const STANDING: [&str; 4] = ["tool_reference", "search_result", "document", "compaction"];

/// Reads a citation.
pub(super) fn read(value: Value) -> Citation {
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| value[*name].as_str());
        found.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    // A search result's source is any text, mostly an address.
    let source = text(&["url", "source"]).filter(|source| source.contains("://"));
    Citation {
        url: source,
        title: text(&["title", "document_title"]),
        quote: text(&["cited_text"]),
        start: None,
        end: None,
        native: Some(Native { dialect: Dialect::Messages, value }),
    }
}

/// The citation of an answer; none where it cannot be said here.
pub(super) fn written(citation: &Citation) -> Option<Cow<'_, Value>> {
    if let Some(own) = own(citation) {
        return Some(Cow::Borrowed(own));
    }
    let url = citation.url.as_deref()?;
    Some(Cow::Owned(json!({
        "type": "web_search_result_location",
        "url": url,
        "title": citation.title,
        "cited_text": citation.quote.as_deref().unwrap_or_default(),
        "encrypted_index": "",
    })))
}

/// The citations that Anthropic takes back: its own, not those that [`written`] made up.
pub(super) fn returned(text: &Text) -> Vec<Cow<'_, Value>> {
    let own = text.citations.iter().filter_map(own);
    own.filter(|value| value["encrypted_index"] != "").map(Cow::Borrowed).collect()
}

/// A text that stands for a block of Anthropic's, so that other dialects keep what it says.
pub(super) fn standing(block: Value, text: String) -> Part {
    let native = Some(Native { dialect: Dialect::Messages, value: block });
    Part::Text(Text { text, citations: vec![Citation { native, ..Citation::default() }], ..Text::default() })
}

/// The block that a text stands for.
pub(super) fn stood_for(text: &Text) -> Option<&Value> {
    let [citation] = &text.citations[..] else { return None };
    own(citation).filter(|value| value["type"].as_str().is_some_and(|kind| STANDING.contains(&kind)))
}

fn own(citation: &Citation) -> Option<&Value> {
    let native = citation.native.as_ref()?;
    (native.dialect == Dialect::Messages).then_some(&native.value)
}
