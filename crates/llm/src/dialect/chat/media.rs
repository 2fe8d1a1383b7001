//! Media as URLs and in base64.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::generation::{Media, MediaKind, Source};

/// What a URL stands for; a data URL stands for the bytes in it (RFC 2397).
pub(crate) fn source_of_url(url: Cow<'_, str>) -> Source {
    let Some((head, body)) = url.strip_prefix("data:").and_then(|rest| rest.split_once(',')) else {
        return Source::Url { url: url.into_owned(), mime: None };
    };
    let mime = head.split(';').next().filter(|mime| !mime.is_empty()).unwrap_or("text/plain").to_owned();
    if !head.ends_with(";base64") {
        return Source::Bytes { mime, data: BASE64_STANDARD.encode(decoded(body)) };
    }
    let start = url.len() - body.len();
    let mut data = url.into_owned();
    // In place: the bytes can be many.
    data.drain(..start);
    Source::Bytes { mime, data }
}

/// Media of a URL, of the kind that a data URL tells, else of `kind`.
pub(crate) fn media_of_url(url: Cow<'_, str>, kind: MediaKind) -> Media {
    let source = source_of_url(url);
    let kind = match &source {
        Source::Bytes { mime, .. } if kind == MediaKind::Document => MediaKind::of(mime),
        _ => kind,
    };
    Media::new(kind, source)
}

/// The MIME type of a sound's format, as `input_audio` names it.
pub(crate) fn mime_of_sound(format: &str) -> String {
    match format {
        "mp3" => "audio/mpeg".to_owned(),
        "pcm16" | "pcm" => "audio/pcm".to_owned(),
        other => format!("audio/{other}"),
    }
}

/// The format of a sound's MIME type, as `input_audio` names it.
pub(crate) fn format_of_sound(mime: &str) -> &str {
    match mime.split(';').next().unwrap_or(mime) {
        "audio/mpeg" | "audio/mp3" => "mp3",
        "audio/wav" | "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => "wav",
        "audio/pcm" | "audio/l16" | "audio/L16" => "pcm16",
        other => other.strip_prefix("audio/").unwrap_or("wav"),
    }
}

/// The MIME type of a sound that begins so in base64, since answers do not tell it.
pub(crate) fn mime_of_bytes(data: &str) -> &'static str {
    // The magic numbers `RIFF`, `ID3`, `OggS` and `fLaC`, and an MPEG frame.
    let known = [
        ("UklGR", "audio/wav"),
        ("SUQz", "audio/mpeg"),
        ("//", "audio/mpeg"),
        ("T2dnUw", "audio/ogg"),
        ("ZkxhQ", "audio/flac"),
    ];
    known.into_iter().find(|(start, _)| data.starts_with(start)).map_or("audio/pcm", |(_, mime)| mime)
}

/// The text of a document whose bytes are text.
pub(crate) fn text_of(source: &Source) -> Option<Cow<'_, str>> {
    match source {
        Source::Text(text) => Some(Cow::Borrowed(text)),
        Source::Bytes { mime, data } if is_text(mime) => {
            String::from_utf8(BASE64_STANDARD.decode(data).ok()?).ok().map(Cow::Owned)
        }
        _ => None,
    }
}

fn is_text(mime: &str) -> bool {
    mime.starts_with("text/") || matches!(mime, "application/json" | "application/xml")
}

fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex =
            (*first == b'%').then(|| tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok())).flatten();
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_urls_become_bytes_and_others_stay() {
        for (url, mime, data) in [
            ("data:image/png;base64,AAAA", "image/png", "AAAA"),
            ("data:text/plain;charset=utf-8;base64,aGk=", "text/plain", "aGk="),
            ("data:,a%20b%", "text/plain", "YSBiJQ=="),
        ] {
            let bytes = Source::Bytes { mime: mime.to_owned(), data: data.to_owned() };
            assert_eq!(source_of_url(url.into()), bytes, "{url}");
        }
        for url in ["https://x/a.png", "data:nothing"] {
            let wanted = Source::Url { url: url.to_owned(), mime: None };
            assert_eq!(source_of_url(url.into()), wanted);
        }
    }

    #[test]
    fn formats_of_sound_have_types_and_come_back() {
        for format in ["wav", "mp3", "flac", "opus", "pcm16"] {
            assert_eq!(format_of_sound(&mime_of_sound(format)), format);
        }
        assert_eq!(mime_of_bytes("UklGRiQ"), "audio/wav");
    }
}
