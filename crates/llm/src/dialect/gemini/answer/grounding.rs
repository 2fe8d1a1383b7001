//! Writes where text is from, as `groundingMetadata`.
//!
//! Source: <https://ai.google.dev/api/generate-content#GroundingMetadata>, 2026-11.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::chars::Chars;
use crate::generation::Citation;

/// Gathers the citations of an alternative.
#[derive(Debug, Default)]
pub(super) struct Grounding {
    chunks: Vec<Value>,
    /// The number of each page, by what is written of it.
    known: HashMap<String, usize>,
    supports: Vec<Value>,
}

impl Grounding {
    /// Takes the citations of the text part with the number `part`, the text of which is `text`.
    pub(super) fn add(&mut self, part: usize, text: &str, citations: &[Citation]) {
        let chars = Chars::new(text);
        for citation in citations {
            let Some(chunk) = self.chunk(citation) else { continue };
            let (Some(start), Some(end)) = (citation.start, citation.end) else { continue };
            let byte = |char: u64| chars.to_byte(usize::try_from(char).unwrap_or(usize::MAX));
            let (start, end) = (byte(start), byte(end));
            let mut segment = Map::new();
            if part > 0 {
                segment.insert("partIndex".to_owned(), part.into());
            }
            segment.insert("startIndex".to_owned(), start.into());
            segment.insert("endIndex".to_owned(), end.into());
            segment.insert("text".to_owned(), text.get(start..end).unwrap_or_default().into());
            self.supports.push(json!({ "segment": segment, "groundingChunkIndices": [chunk] }));
        }
    }

    /// The object; none where nothing was cited.
    pub(super) fn finish(self) -> Option<Value> {
        if self.chunks.is_empty() {
            return None;
        }
        let mut grounding = json!({ "groundingChunks": self.chunks });
        if !self.supports.is_empty() {
            grounding["groundingSupports"] = self.supports.into();
        }
        Some(grounding)
    }

    /// The number of the page that is cited.
    fn chunk(&mut self, citation: &Citation) -> Option<usize> {
        let url = citation.url.as_deref();
        let title = citation.title.as_deref().or(url)?;
        let page = match url {
            Some(url) => json!({ "web": { "uri": url, "title": title } }),
            None => {
                json!({ "retrievedContext": { "title": title, "text": citation.quote.as_deref().unwrap_or_default() } })
            }
        };
        let number = *self.known.entry(page.to_string()).or_insert(self.chunks.len());
        if number == self.chunks.len() {
            self.chunks.push(page);
        }
        Some(number)
    }
}
