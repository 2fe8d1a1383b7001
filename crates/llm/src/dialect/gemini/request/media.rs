//! Writes media.

use serde_json::{Value, json};

use super::super::part::{Beside, Blob, FileData, Out};
use super::Host;
use super::write::Context;
use crate::dialect::Target;
use crate::generation::{Issuer, Losses, Media, Source, Unsupported};

/// Whether media must be here in bytes: Google reads its own storage and `YouTube`, and other addresses not from everywhere.
///
/// Source: <https://ai.google.dev/gemini-api/docs/file-input-methods>, 2026-11.
pub(crate) fn needs_bytes(media: &Media, _: &Target<'_>) -> bool {
    matches!(&media.source, Source::Url { url, .. } if is_web(url) && !is_youtube(url))
}

/// Whether an address is a film on `YouTube`.
pub(super) fn is_youtube(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    matches!(host, "youtu.be" | "youtube.com" | "www.youtube.com" | "m.youtube.com")
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Media of a message at `place`.
pub(super) fn write<'a>(
    context: &Context<'a>,
    place: &str,
    media: &'a Media,
    losses: &mut Losses,
) -> Result<Out<'a>, Unsupported> {
    let beside = beside(context, place, media, losses);
    let is_own = context.is_own();
    match &media.source {
        Source::Bytes { mime, data } => {
            let own = media.signature.as_ref().filter(|signature| signature.issuer == Issuer::Gemini);
            let display_name = media.name.as_deref().filter(|_| is_own);
            let inline_data = Blob { mime_type: mime, data, display_name };
            Ok(Out::Inline {
                inline_data,
                thought_signature: own.map(|own| own.data.as_str().into()),
                beside,
            })
        }
        Source::Text(text) => Ok(Out::text(text.as_str())),
        Source::Url { url, mime } => {
            let is_storage = url.starts_with("gs://") && context.host == Host::Vertex;
            if !is_own && !is_storage && !is_youtube(url) {
                return Err(Unsupported::new(place, unread(url, context.host)));
            }
            Ok(Out::File { file_data: FileData { mime_type: mime.as_deref(), file_uri: url }, beside })
        }
        Source::File { id, mime } => {
            if !is_own || context.host == Host::Vertex {
                let message = format!("the file `{id}` lies with another provider; send its content instead");
                return Err(Unsupported::new(place, message));
            }
            Ok(Out::File { file_data: FileData { mime_type: mime.as_deref(), file_uri: id }, beside })
        }
    }
}

fn unread(url: &str, host: Host) -> String {
    match (url.starts_with("gs://"), host) {
        (true, Host::Gemini) => {
            "files of Cloud Storage can only be read by Vertex AI; send their content instead".to_owned()
        }
        _ => format!("this model's provider cannot read `{url}`; send the content instead"),
    }
}

/// What stands beside media, and how closely to look at them: a choice that only Gemini 3 has for each part.
///
/// Source: <https://ai.google.dev/gemini-api/docs/media-resolution>, 2026-11.
fn beside<'a>(context: &Context<'a>, place: &str, media: &'a Media, losses: &mut Losses) -> Beside<'a> {
    if context.is_own() {
        return Beside {
            media_resolution: None,
            extra: Some(&media.extra).filter(|extra| !extra.is_empty()),
        };
    }
    let level = match media.detail.as_deref() {
        Some("low") => "MEDIA_RESOLUTION_LOW",
        Some("high") => "MEDIA_RESOLUTION_HIGH",
        _ => return Beside::default(),
    };
    if !context.model.is_third_generation() {
        losses.note(format!("{place}.detail"), "this model looks at all media alike");
        return Beside::default();
    }
    let resolution: Value = json!({ "level": level });
    Beside { media_resolution: Some(resolution), extra: None }
}
