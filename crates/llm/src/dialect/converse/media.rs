//! Images, documents, sound and films.
//!
//! Sources: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ImageBlock.html>,
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html>,
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_VideoBlock.html>,
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_AudioBlock.html>; 2026-11.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use serde_json::Value;

use super::content::Block;
use crate::dialect::Target;
use crate::generation::{Media, MediaKind, Source, Unsupported};

/// A file of any kind; only documents have a name.
#[derive(Debug, Serialize)]
pub(super) struct File<'a> {
    format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    source: Location<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    citations: Option<&'a Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum Location<'a> {
    Bytes(Cow<'a, str>),
    S3Location { uri: &'a str },
}

/// The names that documents of a request have got so far: no two may be the same.
#[derive(Debug, Default)]
pub(super) struct Names {
    given: HashSet<String>,
    /// The last number that stands behind a name which was wanted again.
    numbers: HashMap<String, u64>,
}

/// The longest name of a document, in bytes.
const MAX_NAME_BYTES: usize = 200;

/// MIME types and the formats they stand for.
const IMAGES: &[(&str, &str)] = &[
    ("image/png", "png"),
    ("image/jpeg", "jpeg"),
    ("image/jpg", "jpeg"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
];

const DOCUMENTS: &[(&str, &str)] = &[
    ("application/pdf", "pdf"),
    ("text/csv", "csv"),
    ("application/msword", "doc"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("text/html", "html"),
    ("text/markdown", "md"),
    ("text/x-markdown", "md"),
    ("text/plain", "txt"),
    ("application/json", "txt"),
    ("application/xml", "txt"),
];

const VIDEOS: &[(&str, &str)] = &[
    ("video/mp4", "mp4"),
    ("video/x-matroska", "mkv"),
    ("video/quicktime", "mov"),
    ("video/webm", "webm"),
    ("video/x-flv", "flv"),
    ("video/mpeg", "mpeg"),
    ("video/mpg", "mpg"),
    ("video/x-ms-wmv", "wmv"),
    ("video/3gpp", "three_gp"),
];

const SOUNDS: &[(&str, &str)] = &[
    ("audio/mpeg", "mp3"),
    ("audio/mp3", "mp3"),
    ("audio/wav", "wav"),
    ("audio/x-wav", "wav"),
    ("audio/wave", "wav"),
    ("audio/flac", "flac"),
    ("audio/aac", "aac"),
    ("audio/x-aac", "x-aac"),
    ("audio/ogg", "ogg"),
    ("audio/opus", "opus"),
    ("audio/webm", "webm"),
    ("audio/mp4", "mp4"),
    ("audio/m4a", "m4a"),
    ("audio/x-m4a", "m4a"),
    ("audio/pcm", "pcm"),
    ("audio/l16", "pcm"),
];

/// Whether `media` must be fetched before the request is written: Bedrock reads no addresses but those of S3.
pub(crate) fn needs_bytes(media: &Media, _target: &Target<'_>) -> bool {
    matches!(&media.source, Source::Url { url, .. } if !url.starts_with("s3://"))
}

/// The block for `media`, which stands in `place` of the caller's request.
pub(super) fn block<'a>(media: &'a Media, place: &str, names: &mut Names) -> Result<Block<'a>, Unsupported> {
    let (source, mime) = located(media, place)?;
    let format = format(media.kind, mime, &source).ok_or_else(|| unknown_format(media.kind, mime, place))?;
    let is_document = media.kind == MediaKind::Document;
    let file = File {
        format,
        name: is_document.then(|| names.give(media.name.as_deref())),
        source,
        context: media.extra.get("context").filter(|context| is_document && context.is_string()),
        citations: media.extra.get("citations").filter(|citations| is_document && citations.is_object()),
    };
    Ok(match media.kind {
        MediaKind::Image => Block::Image(file),
        MediaKind::Audio => Block::Audio(file),
        MediaKind::Video => Block::Video(file),
        MediaKind::Document => Block::Document(file),
    })
}

/// Where it is, and its MIME type where that is known.
fn located<'a>(media: &'a Media, place: &str) -> Result<(Location<'a>, &'a str), Unsupported> {
    match &media.source {
        Source::Bytes { mime, data } => Ok((Location::Bytes(Cow::Borrowed(data)), mime)),
        Source::Text(text) => Ok((Location::Bytes(BASE64_STANDARD.encode(text).into()), "text/plain")),
        Source::Url { url, mime } if url.starts_with("s3://") => {
            Ok((Location::S3Location { uri: url }, mime.as_deref().unwrap_or_default()))
        }
        Source::Url { .. } => {
            Err(Unsupported::new(place, "Amazon Bedrock reads files from S3 only: send the file itself"))
        }
        Source::File { .. } => Err(Unsupported::new(
            place,
            "Amazon Bedrock knows no uploaded files: send the file itself instead of its id",
        )),
    }
}

fn format(kind: MediaKind, mime: &str, source: &Location<'_>) -> Option<&'static str> {
    let table = match kind {
        MediaKind::Image => IMAGES,
        MediaKind::Document => DOCUMENTS,
        MediaKind::Video => VIDEOS,
        MediaKind::Audio => SOUNDS,
    };
    let essence = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let by_mime = || table.iter().find(|(known, _)| *known == essence).map(|(_, format)| *format);
    let by_name = || match source {
        Location::S3Location { uri } => {
            let (_, extension) = uri.rsplit_once('.')?;
            table.iter().map(|(_, format)| *format).find(|format| extension.eq_ignore_ascii_case(format))
        }
        Location::Bytes(_) => None,
    };
    let text = kind == MediaKind::Document && essence.starts_with("text/");
    by_mime().or_else(by_name).or_else(|| text.then_some("txt"))
}

fn unknown_format(kind: MediaKind, mime: &str, place: &str) -> Unsupported {
    let allowed = match kind {
        MediaKind::Image => "PNG, JPEG, GIF or WebP",
        MediaKind::Document => "PDF, CSV, DOC, DOCX, XLS, XLSX, HTML, Markdown or plain text",
        MediaKind::Video => "MP4, MKV, MOV, WebM, FLV, MPEG, WMV or 3GP",
        MediaKind::Audio => "MP3, WAV, FLAC, AAC, OGG, Opus, WebM, MP4, M4A or PCM",
    };
    Unsupported::new(place, format!("Amazon Bedrock cannot read `{mime}` here: send {allowed}"))
}

impl Names {
    /// A name that Bedrock allows (letters, digits, single blanks, hyphens, brackets) and that no other document has.
    fn give(&mut self, wanted: Option<&str>) -> String {
        let mut name = String::new();
        for letter in wanted.unwrap_or_default().chars() {
            let is_allowed = letter.is_ascii_alphanumeric() || "-()[]".contains(letter);
            if is_allowed && name.len() < MAX_NAME_BYTES {
                name.push(letter);
            } else if !name.is_empty() && !name.ends_with(' ') && name.len() < MAX_NAME_BYTES {
                name.push(' ');
            }
        }
        let name = match name.trim_end() {
            "" => "document".to_owned(),
            name => name.to_owned(),
        };
        let mut free = name.clone();
        while !self.given.insert(free.clone()) {
            let number = self.numbers.entry(name.clone()).or_insert(1);
            *number += 1;
            free = format!("{name} ({number})");
        }
        free
    }
}
