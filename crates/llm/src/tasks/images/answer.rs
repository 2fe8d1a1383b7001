//! Answers: images.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Asked, Wire};
use crate::UpstreamError;
use crate::generation::Usage;
use crate::tasks::gemini::Generated;
use crate::tasks::json::{ObjectWriter, broken, failure, lenient};
use crate::tasks::{Reply, Stamp, media};

/// What an error says is missing.
const WANTED: &str = "images";

/// Images.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The images.
    pub images: Vec<Image>,
    /// What they took, where the provider told.
    pub usage: Usage,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Where it is.
    pub data: ImageData,
    /// The prompt that it was really made of.
    pub revised_prompt: Option<String>,
}

/// Where an image is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageData {
    /// Here, in base64.
    Bytes {
        /// Its MIME type, where it was told.
        mime: Option<String>,
        /// Standard base64.
        data: String,
    },
    /// At an address.
    Url(String),
}

/// A 2xx answer of Imagen.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Predicted {
    predictions: Option<Vec<Prediction>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Prediction {
    #[serde(deserialize_with = "lenient")]
    mime_type: Option<String>,
    #[serde(deserialize_with = "lenient")]
    bytes_base64_encoded: Option<String>,
    #[serde(deserialize_with = "lenient")]
    prompt: Option<String>,
    #[serde(deserialize_with = "lenient")]
    rai_filtered_reason: Option<String>,
}

/// A 2xx answer of OpenAI's form; `SiliconFlow` says `images`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Shaped {
    data: Option<Vec<Item>>,
    images: Option<Vec<Item>>,
    #[serde(deserialize_with = "lenient")]
    usage: ShapedUsage,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    #[serde(deserialize_with = "lenient")]
    url: Option<String>,
    #[serde(deserialize_with = "lenient")]
    b64_json: Option<String>,
    #[serde(deserialize_with = "lenient")]
    revised_prompt: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ShapedUsage {
    #[serde(deserialize_with = "lenient")]
    input_tokens: u64,
    #[serde(deserialize_with = "lenient")]
    output_tokens: u64,
}

/// Reads a 2xx answer to one call.
///
/// # Errors
/// When it tells an error, a filter held all images back, or it holds none.
pub fn read_answer(wire: Wire, body: &[u8]) -> Result<Answer, UpstreamError> {
    let answer = match wire {
        Wire::Gemini => generated(body)?,
        Wire::Imagen => predicted(body)?,
        _ => shaped(body)?,
    };
    if answer.images.is_empty() { Err(failure(body, WANTED)) } else { Ok(answer) }
}

/// Joins the answers to the calls of one request.
pub fn merge(answers: impl IntoIterator<Item = Answer>) -> Answer {
    let mut merged = Answer::default();
    for answer in answers {
        merged.images.extend(answer.images);
        let (sum, more) = (&mut merged.usage, answer.usage);
        for (sum, more) in [
            (&mut sum.tokens.input, more.tokens.input),
            (&mut sum.tokens.output, more.tokens.output),
            (&mut sum.tokens.cached, more.tokens.cached),
            (&mut sum.tokens.reasoning, more.tokens.reasoning),
            (&mut sum.image_input, more.image_input),
            (&mut sum.image_output, more.image_output),
        ] {
            *sum = sum.saturating_add(more);
        }
    }
    merged
}

fn generated(body: &[u8]) -> Result<Answer, UpstreamError> {
    let mut generated = Generated::read(body, WANTED)?;
    let images = generated.take_blobs().into_iter().map(|blob| Image {
        data: ImageData::Bytes { mime: Some(blob.mime_type), data: blob.data },
        revised_prompt: None,
    });
    let images: Vec<Image> = images.collect();
    if images.is_empty() {
        Err(generated.absence(WANTED))
    } else {
        Ok(Answer { images, usage: generated.usage() })
    }
}

fn predicted(body: &[u8]) -> Result<Answer, UpstreamError> {
    let predicted: Predicted = serde_json::from_slice(body).map_err(|_| failure(body, WANTED))?;
    // A prompt that is filtered leaves nothing at all.
    let Some(predictions) = predicted.predictions else {
        return Err(if body.trim_ascii() == b"{}" { filtered(None) } else { failure(body, WANTED) });
    };
    let reason = predictions.iter().find_map(|prediction| prediction.rai_filtered_reason.clone());
    let images = predictions.into_iter().filter_map(|prediction| {
        let data = ImageData::Bytes { mime: prediction.mime_type, data: prediction.bytes_base64_encoded? };
        Some(Image { data, revised_prompt: prediction.prompt })
    });
    let images: Vec<Image> = images.collect();
    if images.is_empty() { Err(filtered(reason)) } else { Ok(Answer { images, usage: Usage::default() }) }
}

fn filtered(reason: Option<String>) -> UpstreamError {
    UpstreamError {
        status: Some(400),
        message: reason.unwrap_or_else(|| "the provider's filter held all images back".to_owned()),
        code: Some("content_policy_violation".to_owned()),
        ..broken(WANTED)
    }
}

fn shaped(body: &[u8]) -> Result<Answer, UpstreamError> {
    let shaped: Shaped = serde_json::from_slice(body).map_err(|_| failure(body, WANTED))?;
    let items = shaped.data.filter(|items| !items.is_empty()).or(shaped.images).unwrap_or_default();
    let images = items.into_iter().filter_map(|item| {
        let data = match (item.b64_json, item.url) {
            // xAI writes bytes as a `data:` URL.
            (Some(data), _) => match media::opened(&data) {
                Some((mime, data)) => ImageData::Bytes { mime: Some(mime.to_owned()), data: data.to_owned() },
                None => ImageData::Bytes { mime: None, data },
            },
            (None, Some(url)) => ImageData::Url(url),
            (None, None) => return None,
        };
        Some(Image { data, revised_prompt: item.revised_prompt.filter(|prompt| !prompt.is_empty()) })
    });
    let mut usage = Usage::default();
    usage.tokens.input = shaped.usage.input_tokens;
    usage.tokens.output = shaped.usage.output_tokens;
    Ok(Answer { images: images.collect(), usage })
}

/// Writes the answer as `OpenAI` does; a stream that was asked for has one event for each image.
///
/// Sources: <https://platform.openai.com/docs/api-reference/images/object>,
/// <https://platform.openai.com/docs/api-reference/images-streaming>; 2026-11.
pub fn write_answer(answer: &Answer, asked: &Asked, stamp: &Stamp<'_>) -> Reply {
    if asked.stream {
        let mut body = Vec::new();
        answer.images.iter().for_each(|image| event(image, answer, asked, stamp, &mut body));
        return Reply { content_type: "text/event-stream", body };
    }
    let mut body = ObjectWriter::new();
    body.field("created", &stamp.created);
    body.option("background", asked.background.as_ref());
    body.field("data", &answer.images.iter().map(Written::new).collect::<Vec<_>>());
    body.option("output_format", answer.images.first().and_then(format));
    body.option("quality", asked.quality.as_ref()).option("size", asked.size.as_ref());
    body.option("usage", usage(answer).as_ref());
    Reply::json(body.finish())
}

fn event(image: &Image, answer: &Answer, asked: &Asked, stamp: &Stamp<'_>, out: &mut Vec<u8>) {
    let name = if asked.is_edit { "image_edit.completed" } else { "image_generation.completed" };
    let mut data = ObjectWriter::new();
    let Written { b64_json, url, .. } = Written::new(image);
    data.field("type", name)
        .option("b64_json", b64_json)
        .option("url", url)
        .field("created_at", &stamp.created);
    data.field("size", asked.size.as_deref().unwrap_or("auto"));
    data.field("quality", asked.quality.as_deref().unwrap_or("auto"));
    data.field("background", asked.background.as_deref().unwrap_or("auto"));
    data.field("output_format", format(image).unwrap_or("png"));
    data.field("usage", &usage(answer).unwrap_or_else(|| json!(null)));
    out.extend_from_slice(format!("event: {name}\ndata: ").as_bytes());
    out.extend_from_slice(&data.finish());
    out.extend_from_slice(b"\n\n");
}

#[derive(Serialize)]
struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    b64_json: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revised_prompt: Option<&'a str>,
}

impl<'a> Written<'a> {
    fn new(image: &'a Image) -> Self {
        let (b64_json, url) = match &image.data {
            ImageData::Bytes { data, .. } => (Some(data.as_str()), None),
            ImageData::Url(url) => (None, Some(url.as_str())),
        };
        Self { b64_json, url, revised_prompt: image.revised_prompt.as_deref() }
    }
}

fn format(image: &Image) -> Option<&str> {
    match &image.data {
        ImageData::Bytes { mime: Some(mime), .. } => mime.strip_prefix("image/"),
        _ => None,
    }
}

fn usage(answer: &Answer) -> Option<Value> {
    let Usage { tokens, image_input, image_output, .. } = &answer.usage;
    let told = json!({
        "input_tokens": tokens.input,
        "input_tokens_details": { "image_tokens": image_input, "text_tokens": tokens.input.saturating_sub(*image_input) },
        "output_tokens": tokens.output,
        "output_tokens_details":
            { "image_tokens": image_output, "text_tokens": tokens.output.saturating_sub(*image_output) },
        "total_tokens": tokens.total(),
    });
    (!tokens.is_empty()).then_some(told)
}
