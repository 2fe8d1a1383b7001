//! Media in requests and answers.

use crate::generation::{Media, MediaKind, Source};

/// The media at `url`; a `data:` URL (RFC 2397) is opened.
pub(super) fn of_url(url: String, kind: MediaKind) -> Media {
    match opened(&url) {
        Some((mime, data)) => {
            Media::new(kind, Source::Bytes { mime: mime.to_owned(), data: data.to_owned() })
        }
        None => Media::new(kind, Source::Url { url, mime: None }),
    }
}

/// MIME type and base64 of a `data:` URL.
pub(super) fn opened(url: &str) -> Option<(&str, &str)> {
    let (head, data) = url.strip_prefix("data:")?.split_once(',')?;
    let mime = head.strip_suffix(";base64")?;
    let mime = mime.split(';').next().unwrap_or_default();
    Some((if mime.is_empty() { "application/octet-stream" } else { mime }, data))
}

/// An address of media, for providers that take one for everything.
pub(super) fn url(media: &Media) -> Option<String> {
    match &media.source {
        Source::Bytes { mime, data } => Some(format!("data:{mime};base64,{data}")),
        Source::Url { url, .. } => Some(url.clone()),
        Source::File { .. } | Source::Text(_) => None,
    }
}
