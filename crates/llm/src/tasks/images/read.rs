//! Reading requests for images.
//!
//! Sources: <https://platform.openai.com/docs/api-reference/images/create>,
//! <https://platform.openai.com/docs/api-reference/images/createEdit>; 2026-11.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

use super::{Asked, Request};
use crate::BodyError;
use crate::generation::object::Object;
use crate::generation::{Media, MediaKind, Source};
use crate::multipart::{Form, FormFile};
use crate::tasks::media;

/// The most images that one request may ask for, as `OpenAI` has it.
const MAX_COUNT: u64 = 10;

/// What numbers in a form must be.
const NUMBER: &str = "a whole number that is not negative";

/// Reads the body of `POST /v1/images/generations`.
///
/// # Errors
/// Names the field that cannot be read.
pub fn read_generation(body: Value) -> Result<Request, BodyError> {
    read(Object::new(body, "")?, false)
}

/// Reads the JSON body of `POST /v1/images/edits`.
///
/// # Errors
/// Names the field that cannot be read.
pub fn read_edit(body: Value) -> Result<Request, BodyError> {
    let mut object = Object::new(body, "")?;
    let mut images = Vec::new();
    for image in object.objects("images")? {
        images.push(referred(image)?);
    }
    if images.is_empty() {
        return Err(object.missing("images"));
    }
    let mask = object.object("mask")?.map(referred).transpose()?;
    Ok(Request { images, mask, ..read(object, true)? })
}

/// Reads the form of `POST /v1/images/edits`.
///
/// # Errors
/// Names the field that cannot be read.
pub fn read_edit_form(content_type: &str, body: &Bytes) -> Result<Request, BodyError> {
    let mut form = Form::read(content_type, body)?;
    let images: Vec<Media> = form.files("image").iter().map(file).collect();
    if images.is_empty() {
        return Err(BodyError::field("image", "the field `image` is missing"));
    }
    let asked = Asked {
        model: form.required_text("model")?,
        is_edit: true,
        stream: form.parsed("stream", "true or false")?.unwrap_or(false),
        response_format: form.text("response_format"),
        size: said(form.text("size")),
        quality: said(form.text("quality")),
        background: said(form.text("background")),
        output_format: form.text("output_format"),
    };
    Ok(Request {
        asked,
        prompt: form.required_text("prompt")?,
        images,
        mask: form.files("mask").first().map(file),
        count: count(form.parsed("n", NUMBER)?)?,
        compression: form.parsed("output_compression", NUMBER)?,
        partial_images: form.parsed("partial_images", NUMBER)?,
        user: form.text("user"),
        extra: form.rest().map(|(name, text)| (name, Value::String(text))).collect(),
    })
}

fn read(mut object: Object, is_edit: bool) -> Result<Request, BodyError> {
    let asked = Asked {
        model: object.required_text("model")?,
        is_edit,
        stream: object.flag("stream")?.unwrap_or(false),
        response_format: object.text("response_format")?,
        size: said(object.text("size")?),
        quality: said(object.text("quality")?),
        background: said(object.text("background")?),
        output_format: object.text("output_format")?,
    };
    Ok(Request {
        asked,
        prompt: object.required_text("prompt")?,
        images: Vec::new(),
        mask: None,
        count: count(object.count("n")?)?,
        compression: object.count("output_compression")?,
        partial_images: object.count("partial_images")?,
        user: object.text("user")?,
        extra: object.rest(),
    })
}

fn count(told: Option<u64>) -> Result<u64, BodyError> {
    let count = told.unwrap_or(1);
    if (1..=MAX_COUNT).contains(&count) {
        return Ok(count);
    }
    Err(BodyError::field("n", format!("`n` must be from 1 to {MAX_COUNT}")))
}

fn said(word: Option<String>) -> Option<String> {
    word.filter(|word| word != "auto")
}

fn file(file: &FormFile) -> Media {
    let mime = match file.mime() {
        "application/octet-stream" => "image/png",
        mime => mime,
    };
    Media::new(MediaKind::Image, Source::Bytes { mime: mime.to_owned(), data: STANDARD.encode(&file.data) })
}

/// An image by its address, its bytes in a `data:` URL, or its id.
fn referred(mut image: Object) -> Result<Media, BodyError> {
    if let Some(url) = image.text("image_url")? {
        return Ok(media::of_url(url, MediaKind::Image));
    }
    let id = image.text("file_id")?.ok_or_else(|| image.missing("image_url"))?;
    Ok(Media::new(MediaKind::Image, Source::File { id, mime: None }))
}
