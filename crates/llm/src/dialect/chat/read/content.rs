//! What is in a message.
//!
//! Sources: <https://platform.openai.com/docs/api-reference/chat/create#chat-create-messages>; for what others add:
//! <https://openrouter.ai/docs/features/multimodal/overview> (`video_url`), <https://docs.mistral.ai/capabilities/vision/>
//! (`image_url` as text), <https://docs.mistral.ai/capabilities/document_ai/> (`document_url`),
//! <https://docs.z.ai/api-reference/llm/chat-completion> (`file_url`); 2026-11.

use std::borrow::Cow;

use serde_json::Value;

use super::cache;
use super::messages::{native, of_url};
use crate::BodyError;
use crate::dialect::chat::media;
use crate::generation::object::Object;
use crate::generation::{Media, MediaKind, Part, Source, Text, Thought};

/// Takes `content`: text, or parts.
pub(super) fn read(message: &mut Object) -> Result<Vec<Part>, BodyError> {
    if !message.get("content").is_some_and(Value::is_array) {
        let text = message.text("content")?.filter(|text| !text.is_empty());
        return Ok(text.map(Part::text).into_iter().collect());
    }
    message.objects("content")?.into_iter().map(part).collect()
}

/// Takes an image's part.
pub(super) fn image(item: &mut Object) -> Result<Option<Media>, BodyError> {
    if item.get("image_url").is_none() {
        Ok(None)
    } else {
        of_url(item, "image_url", MediaKind::Image).map(Some)
    }
}

fn part(mut item: Object) -> Result<Part, BodyError> {
    let kind = item.text("type")?.unwrap_or_else(|| "text".to_owned());
    let hint = if kind == "thinking" { None } else { cache(&mut item)? };
    let media = match kind.as_str() {
        "text" | "input_text" | "output_text" => {
            return Ok(Part::Text(Text {
                text: item.required_text("text")?,
                cache: hint,
                ..Text::default()
            }));
        }
        "refusal" => return item.required_text("refusal").map(Part::Refusal),
        "thinking" | "reasoning" => return thinking(&mut item).map(Part::Thought),
        "image_url" => of_url(&mut item, "image_url", MediaKind::Image)?,
        "video_url" => of_url(&mut item, "video_url", MediaKind::Video)?,
        "document_url" => document(&mut item)?,
        "file_url" => of_url(&mut item, "file_url", MediaKind::Document)?,
        "audio_url" => of_url(&mut item, "audio_url", MediaKind::Audio)?,
        "input_audio" => sound(&mut item)?,
        "file" | "input_file" => file(&mut item)?,
        _ => {
            let mut value = item.rest();
            value.insert("type".to_owned(), kind.into());
            return Ok(native(Value::Object(value)));
        }
    };
    Ok(Part::Media(Media { cache: hint, ..media }))
}

fn thinking(item: &mut Object) -> Result<Thought, BodyError> {
    if !item.get("thinking").is_some_and(Value::is_array) {
        let other = item.text("text")?;
        let text = item.text("thinking")?.or(other).unwrap_or_default();
        return Ok(Thought { text, ..Thought::default() });
    }
    let mut text = String::new();
    for mut inner in item.objects("thinking")? {
        text.extend(inner.text("text")?);
    }
    Ok(Thought { text, ..Thought::default() })
}

fn document(item: &mut Object) -> Result<Media, BodyError> {
    let name = item.text("document_name")?;
    Ok(Media { name, ..of_url(item, "document_url", MediaKind::Document)? })
}

fn sound(item: &mut Object) -> Result<Media, BodyError> {
    let mut inner = item.object("input_audio")?.ok_or_else(|| item.missing("input_audio"))?;
    let data = inner.required_text("data")?;
    let format = inner.text("format")?;
    // DashScope takes addresses and data URLs here.
    if data.starts_with("data:") || data.starts_with("https:") || data.starts_with("http:") {
        return Ok(Media::new(MediaKind::Audio, media::source_of_url(data.into())));
    }
    let mime = format.as_deref().map_or_else(|| media::mime_of_bytes(&data).to_owned(), media::mime_of_sound);
    Ok(Media::new(MediaKind::Audio, Source::Bytes { mime, data }))
}

fn file(item: &mut Object) -> Result<Media, BodyError> {
    let Some(mut inner) = item.object("file")? else { return Err(item.missing("file")) };
    let name = inner.text("filename")?;
    let data = inner.text("file_data")?;
    let media = match (data, inner.text("file_id")?) {
        (Some(data), _) => bytes(data, name.as_deref()),
        (None, Some(id)) => Media::new(MediaKind::Document, Source::File { id, mime: None }),
        (None, None) => return Err(inner.missing("file_data")),
    };
    Ok(Media { name, ..media })
}

/// A file's data: a URL, or base64 alone, of a type that only its name tells.
fn bytes(data: String, name: Option<&str>) -> Media {
    if data.contains(':') {
        return media::media_of_url(Cow::Owned(data), MediaKind::Document);
    }
    let is_text = name.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        [".txt", ".md", ".csv"].iter().any(|end| name.ends_with(end))
    });
    let mime = if is_text { "text/plain" } else { "application/pdf" };
    Media::new(MediaKind::Document, Source::Bytes { mime: mime.to_owned(), data })
}
