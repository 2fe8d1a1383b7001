//! Images, sound and files.

use serde_json::Value;

use crate::BodyError;
use crate::generation::object::Object;
use crate::generation::{CacheHint, Media, MediaKind, Source};

/// Files whose kind only their name tells; what is not here is taken for a PDF, which is what the dialect was made for.
const MIMES: [(&str, &str); 8] = [
    ("txt", "text/plain"),
    ("md", "text/markdown"),
    ("csv", "text/csv"),
    ("html", "text/html"),
    ("json", "application/json"),
    ("xml", "text/xml"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
];

/// Reads an `input_image`; Codex and chat clients also send `image_url` as an object.
pub(super) fn image(part: &mut Object) -> Result<Media, BodyError> {
    let source = match (part.take("image_url"), part.text("file_id")?) {
        (Some(Value::String(url)), _) => of_url(url, part, "image_url")?,
        (Some(Value::Object(mut nested)), _) => match nested.remove("url") {
            Some(Value::String(url)) => of_url(url, part, "image_url")?,
            _ => return Err(part.invalid("image_url", "a string")),
        },
        (Some(_), _) => return Err(part.invalid("image_url", "a string")),
        (None, Some(id)) => Source::File { id, mime: None },
        (None, None) => return Err(part.missing("image_url")),
    };
    let mut media = Media::new(MediaKind::Image, source);
    media.detail = part.text("detail")?;
    media.cache = cache(part)?;
    Ok(media)
}

/// Reads an `input_file`.
pub(super) fn file(part: &mut Object) -> Result<Media, BodyError> {
    let name = part.text("filename")?;
    let source = if let Some(data) = part.text("file_data")? {
        match of_url(data, part, "file_data")? {
            Source::Url { url: data, .. } => {
                Source::Bytes { mime: mime_of(name.as_deref()).to_owned(), data }
            }
            source => source,
        }
    } else if let Some(url) = part.text("file_url")? {
        of_url(url, part, "file_url")?
    } else if let Some(id) = part.text("file_id")? {
        Source::File { id, mime: None }
    } else {
        return Err(part.missing("file_data"));
    };
    let kind = match &source {
        Source::Bytes { mime, .. } => MediaKind::of(mime),
        _ => MediaKind::Document,
    };
    let mut media = Media::new(kind, source);
    media.name = name;
    media.detail = part.text("detail")?;
    media.cache = cache(part)?;
    Ok(media)
}

/// Reads an `input_audio`.
pub(super) fn audio(part: &mut Object) -> Result<Media, BodyError> {
    let Some(mut inner) = part.object("input_audio")? else { return Err(part.missing("input_audio")) };
    let data = inner.required_text("data")?;
    let mime = match inner.text("format")?.as_deref() {
        Some("mp3") => "audio/mpeg".to_owned(),
        Some(format) => format!("audio/{format}"),
        None => "audio/wav".to_owned(),
    };
    Ok(Media::new(MediaKind::Audio, Source::Bytes { mime, data }))
}

/// Reads a `prompt_cache_breakpoint`; its lifetimes are other ones than Anthropic's, whose words the hint has.
pub(super) fn cache(part: &mut Object) -> Result<Option<CacheHint>, BodyError> {
    let Some(mut hint) = part.object("prompt_cache_breakpoint")? else { return Ok(None) };
    let ttl = hint.text("ttl")?.filter(|ttl| ttl == "12h").map(|_| "1h".to_owned());
    Ok(Some(CacheHint { ttl }))
}

/// The word for a format of sound that the dialect takes.
pub(super) fn audio_format(mime: &str) -> Option<&'static str> {
    match mime.split(';').next().unwrap_or_default().trim() {
        "audio/wav" | "audio/x-wav" | "audio/wave" => Some("wav"),
        "audio/mpeg" | "audio/mp3" => Some("mp3"),
        _ => None,
    }
}

/// A name for a file that has none; the dialect wants one beside the bytes.
pub(super) fn name_of(mime: &str) -> String {
    let known = MIMES.iter().find(|(_, known)| *known == mime);
    let ending = known.map_or_else(|| mime.rsplit('/').next().unwrap_or("pdf"), |(ending, _)| ending);
    format!("file.{ending}")
}

fn mime_of(name: Option<&str>) -> &'static str {
    let ending = name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
    MIMES
        .iter()
        .find(|(known, _)| Some(*known) == ending.as_deref())
        .map_or("application/pdf", |(_, mime)| mime)
}

/// What an address stands for; a `data:` one holds the bytes themselves (RFC 2397).
fn of_url(mut url: String, part: &Object, field: &str) -> Result<Source, BodyError> {
    let Some(rest) = url.strip_prefix("data:") else { return Ok(Source::Url { url, mime: None }) };
    let Some((kind, data)) = rest.split_once(',') else {
        return Err(part.invalid(field, "a complete `data:` URL"));
    };
    let Some(mime) = kind.strip_suffix(";base64") else {
        return Err(part.invalid(field, "in base64 where it is a `data:` URL"));
    };
    let mime = mime.split(';').next().filter(|mime| !mime.is_empty()).unwrap_or("application/octet-stream");
    let mime = mime.to_owned();
    let start = url.len() - data.len();
    // In place: the bytes can be many.
    url.drain(..start);
    Ok(Source::Bytes { mime, data: url })
}
