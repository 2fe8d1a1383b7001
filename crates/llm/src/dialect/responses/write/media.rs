//! Images, sound and files in a message.
//!
//! Sources: <https://platform.openai.com/docs/guides/images-vision>, <https://platform.openai.com/docs/guides/file-inputs>,
//! 2026-11.

use std::borrow::Cow;

use serde_json::Value;

use crate::dialect::responses::media::{audio_format, name_of};
use crate::dialect::responses::wire::{Audio, Content, Data, Place};
use crate::dialect::{Dialect, Target};
use crate::generation::{Media, MediaKind, Source, Unsupported};

/// True when the bytes at an address must be in the request: the provider fetches images and files itself, but no sound.
pub(crate) fn needs_bytes(media: &Media, _target: &Target<'_>) -> bool {
    matches!(&media.source, Source::Url { url, .. } if media.kind == MediaKind::Audio || !is_web(url))
}

/// The part for `media` of a request in `dialect`; `path` is the field of the request that holds it.
pub(super) fn content<'a>(
    media: &'a Media,
    dialect: Dialect,
    prompt_cache_breakpoint: Option<Value>,
    path: &str,
) -> Result<Content<'a>, Unsupported> {
    if let Source::Text(text) = &media.source {
        return Ok(Content::InputText { text, prompt_cache_breakpoint });
    }
    match media.kind {
        MediaKind::Audio => sound(media, path),
        MediaKind::Video => {
            Err(Unsupported::new(path, "this model's provider takes no films; send images of it"))
        }
        MediaKind::Image => Ok(Content::InputImage {
            source: place(media, dialect, Place::ImageUrl, path)?,
            detail: media.detail.as_deref().unwrap_or("auto"),
            prompt_cache_breakpoint,
        }),
        MediaKind::Document => Ok(Content::InputFile {
            filename: filename(media),
            source: place(media, dialect, Place::FileData, path)?,
            detail: media.detail.as_deref(),
            prompt_cache_breakpoint,
        }),
    }
}

fn place<'a>(
    media: &'a Media,
    dialect: Dialect,
    data: fn(Data<'a>) -> Place<'a>,
    path: &str,
) -> Result<Place<'a>, Unsupported> {
    match &media.source {
        Source::Bytes { mime, data: bytes } => Ok(data(Data::Bytes { mime, data: bytes })),
        Source::Url { url, .. } if !is_web(url) => {
            let why =
                "this model's provider cannot read that address; send the bytes, or an `https:` address";
            Err(Unsupported::new(path, why))
        }
        Source::Url { url, .. } if media.kind == MediaKind::Image => Ok(data(Data::Url(url))),
        Source::Url { url, .. } | Source::Text(url) => Ok(Place::FileUrl(url)),
        Source::File { id, .. } if matches!(dialect, Dialect::Responses | Dialect::Chat) => {
            Ok(Place::FileId(id))
        }
        Source::File { .. } => {
            let why =
                "the file was given to another provider than this model's; send the bytes, or an address";
            Err(Unsupported::new(path, why))
        }
    }
}

/// The dialect wants a name beside bytes, and none beside anything else.
fn filename(media: &Media) -> Option<Cow<'_, str>> {
    let Source::Bytes { mime, .. } = &media.source else { return None };
    Some(media.name.as_deref().map_or_else(|| Cow::Owned(name_of(mime)), Cow::Borrowed))
}

fn sound<'a>(media: &'a Media, path: &str) -> Result<Content<'a>, Unsupported> {
    let Source::Bytes { mime, data } = &media.source else {
        return Err(Unsupported::new(path, "this model's provider takes sound only as bytes in the request"));
    };
    let Some(format) = audio_format(mime) else {
        return Err(Unsupported::new(path, "this model's provider takes sound only as WAV or MP3"));
    };
    Ok(Content::InputAudio { input_audio: Audio { data, format } })
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
