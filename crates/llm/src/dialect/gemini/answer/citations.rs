//! Reads where text is from: `groundingMetadata`, `citationMetadata` and `urlContextMetadata`.
//!
//! Sources: <https://ai.google.dev/api/generate-content#GroundingMetadata>,
//! <https://ai.google.dev/api/generate-content#CitationMetadata>; 2026-11.

use serde_json::Value;

use super::chars::Chars;
use crate::generation::Citation;

/// The most citations of one answer: more are not read by anyone.
const MAX_CITATIONS: usize = 1_000;

/// The citations of `text` that the three objects tell.
pub(super) fn read(grounding: &Value, cited: &Value, pages: &Value, text: &str) -> Vec<Citation> {
    let chars = Chars::new(text);
    let mut citations = supports(grounding, &chars);
    if citations.is_empty() {
        citations.extend(items(&grounding["groundingChunks"]).filter_map(source));
    }
    let quoted = items(&cited["citations"]).chain(items(&cited["citationSources"]));
    citations.extend(quoted.filter_map(|citation| quote(citation, &chars)));
    for page in items(&pages["urlMetadata"]) {
        let is_read = page["urlRetrievalStatus"].as_str().is_none_or(|status| status.ends_with("SUCCESS"));
        let url = page["retrievedUrl"].as_str().filter(|_| is_read);
        let is_new = |url: &&str| citations.iter().all(|citation| citation.url.as_deref() != Some(*url));
        let new = url.filter(is_new).map(|url| Citation { url: Some(url.to_owned()), ..Citation::default() });
        citations.extend(new);
    }
    citations.truncate(MAX_CITATIONS);
    citations
}

/// How often the provider searched.
pub(super) fn searches(grounding: &Value) -> u64 {
    items(&grounding["webSearchQueries"]).count() as u64
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten().take(MAX_CITATIONS)
}

fn supports(grounding: &Value, chars: &Chars<'_>) -> Vec<Citation> {
    let chunks = grounding["groundingChunks"].as_array().map_or(&[][..], Vec::as_slice);
    let supports = items(&grounding["groundingSupports"]).flat_map(|support| {
        let segment = &support["segment"];
        let range = range(segment, segment["text"].as_str(), chars);
        let numbers = items(&support["groundingChunkIndices"]).filter_map(Value::as_u64);
        let cited = numbers.filter_map(|number| chunks.get(usize::try_from(number).ok()?));
        cited.filter_map(source).map(move |source| placed(source, range))
    });
    supports.take(MAX_CITATIONS).collect()
}

fn placed(citation: Citation, range: Option<(u64, u64)>) -> Citation {
    let (start, end) = range.unzip();
    Citation { start, end, ..citation }
}

/// What a chunk stands for: a page, a document, a place.
fn source(chunk: &Value) -> Option<Citation> {
    let kinds = ["web", "retrievedContext", "maps", "image"];
    let source = kinds.into_iter().map(|kind| &chunk[kind]).find(|source| source.is_object())?;
    let text = |names: [&str; 2]| names.into_iter().find_map(|name| source[name].as_str()).map(str::to_owned);
    let (url, title) = (text(["uri", "sourceUri"]), text(["title", "documentName"]));
    let quote = source["text"].as_str().map(str::to_owned);
    (url.is_some() || title.is_some()).then(|| Citation { url, title, quote, ..Citation::default() })
}

fn quote(citation: &Value, chars: &Chars<'_>) -> Option<Citation> {
    let text = |name: &str| citation[name].as_str().map(str::to_owned);
    let (url, title) = (text("uri"), text("title"));
    let found = (url.is_some() || title.is_some()).then(|| Citation { url, title, ..Citation::default() })?;
    Some(placed(found, range(citation, None, chars)))
}

/// A range of bytes in characters, if the text is there that it is said to have.
fn range(segment: &Value, text: Option<&str>, chars: &Chars<'_>) -> Option<(u64, u64)> {
    let number = |name: &str| usize::try_from(segment[name].as_u64().unwrap_or(0)).ok();
    let (start, end) = (number("startIndex")?, number("endIndex")?);
    let there = chars.text().get(start..end).filter(|there| !there.is_empty());
    if there.is_none() || text.is_some_and(|text| there != Some(text)) {
        return None;
    }
    Some((chars.of_byte(start)? as u64, chars.of_byte(end)? as u64))
}
