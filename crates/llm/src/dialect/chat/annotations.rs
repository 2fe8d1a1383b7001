//! Where text is from.
//!
//! Sources: <https://platform.openai.com/docs/guides/tools-web-search?api-mode=chat>,
//! <https://openrouter.ai/docs/features/web-search>, <https://docs.perplexity.ai/api-reference/chat-completions-post>; 2026-11.

use serde_json::{Map, Value, json};

use crate::dialect::Dialect;
use crate::generation::{Citation, Native};

/// The most sources that are taken of one answer.
const MOST: usize = 1_000;

/// Reads `annotations`.
pub(crate) fn read(raw: &[u8]) -> Vec<Citation> {
    let items: Vec<Value> = serde_json::from_slice(raw).unwrap_or_default();
    items.into_iter().take(MOST).map(citation).collect()
}

/// The sources that stand beside an answer: Perplexity's `search_results`, else `citations`.
pub(crate) fn of_sources(extra: &Map<String, Value>) -> Vec<Citation> {
    let list = |name| extra.get(name).and_then(Value::as_array).filter(|list| !list.is_empty());
    let sources = list("search_results").or_else(|| list("citations")).map_or(&[][..], Vec::as_slice);
    let source = |source: &Value| {
        let text = |name| source.get(name).and_then(Value::as_str).map(str::to_owned);
        let url = source.as_str().map(str::to_owned).or_else(|| text("url"))?;
        Some(Citation { url: Some(url), title: text("title"), quote: text("snippet"), ..Citation::default() })
    };
    sources.iter().take(MOST).filter_map(source).collect()
}

/// Writes an annotation of a text before which `before` characters stand; none where only another dialect has words for it.
pub(crate) fn write(citation: &Citation, before: u64) -> Option<Value> {
    if let Some(native) = citation.native.as_ref().filter(|native| native.dialect == Dialect::Chat) {
        return Some(native.value.clone());
    }
    let mut cited = json!({
        "url": citation.url.as_ref()?,
        "title": citation.title.as_deref().unwrap_or_default(),
        "start_index": citation.start.map_or(0, |start| start.saturating_add(before)),
        "end_index": citation.end.map_or(0, |end| end.saturating_add(before)),
    });
    if let Some(quote) = &citation.quote {
        cited["content"] = quote.as_str().into();
    }
    Some(json!({ "type": "url_citation", "url_citation": cited }))
}

fn citation(value: Value) -> Citation {
    let cited = value.get("url_citation").unwrap_or(&value);
    let text =
        |name| cited.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let (start, end) = (place(cited, "start_index"), place(cited, "end_index"));
    let is_placed = end.is_some_and(|end| end > 0);
    let known = Citation {
        url: text("url"),
        title: text("title"),
        quote: text("content"),
        start: start.filter(|_| is_placed),
        end: end.filter(|_| is_placed),
        native: None,
    };
    if known.url.is_some() {
        return known;
    }
    Citation { native: Some(Native { dialect: Dialect::Chat, value }), ..known }
}

fn place(cited: &Value, name: &str) -> Option<u64> {
    cited.get(name).and_then(Value::as_u64)
}
