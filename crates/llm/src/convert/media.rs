//! Media by address, for dialects that want the bytes.

use std::collections::HashSet;
use std::sync::Arc;

use crate::dialect::{Dialect, Target, chat, cohere, converse, gemini, messages, responses};
use crate::generation::{Media, MediaKind, Part, Request, Source};

/// What stood at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The address.
    pub url: String,
    /// The MIME type.
    pub mime: String,
    /// Standard base64 with padding.
    pub data: String,
}

/// The addresses of media whose bytes `dialect` needs, each once.
pub(super) fn urls(request: &Request, dialect: Dialect, target: &Target<'_>) -> Vec<String> {
    let needs = match dialect {
        Dialect::Chat | Dialect::Completions => chat::needs_bytes,
        Dialect::Responses => responses::needs_bytes,
        Dialect::Messages => messages::needs_bytes,
        Dialect::Gemini => gemini::needs_bytes,
        Dialect::Converse => converse::needs_bytes,
        Dialect::Cohere => cohere::needs_bytes,
    };
    let (mut urls, mut known) = (Vec::new(), HashSet::new());
    let parts = request.messages.iter().flat_map(|message| &message.parts);
    for media in parts.flat_map(media_in) {
        if let Source::Url { url, .. } = &media.source
            && needs(media, target)
            && known.insert(url)
        {
            urls.push(url.clone());
        }
    }
    urls
}

/// Puts what was fetched in the place of its addresses.
pub(super) fn inline(request: &mut Request, fetched: &[Arc<Fetched>]) {
    let parts = request.messages.iter_mut().flat_map(|message| &mut message.parts);
    for part in parts {
        match part {
            Part::Media(media) => replace(media, fetched),
            Part::ToolResult(result) => {
                for part in &mut result.parts {
                    if let Part::Media(media) = part {
                        replace(media, fetched);
                    }
                }
            }
            _ => {}
        }
    }
}

fn media_in(part: &Part) -> Vec<&Media> {
    match part {
        Part::Media(media) => vec![media],
        Part::ToolResult(result) => result.parts.iter().flat_map(media_in).collect(),
        _ => Vec::new(),
    }
}

/// Puts what was fetched in the place of an address.
pub(crate) fn replace(media: &mut Media, fetched: &[Arc<Fetched>]) {
    let Source::Url { url, mime } = &media.source else { return };
    let Some(found) = fetched.iter().find(|found| found.url == *url) else { return };
    // What the caller said it is counts where the server says nothing of use.
    let is_vague = matches!(found.mime.as_str(), "" | "application/octet-stream" | "text/plain");
    let mime = mime.clone().filter(|_| is_vague).unwrap_or_else(|| found.mime.clone());
    if media.kind == MediaKind::Document && !mime.is_empty() {
        media.kind = MediaKind::of(&mime);
    }
    media.source = Source::Bytes { mime, data: found.data.clone() };
}
