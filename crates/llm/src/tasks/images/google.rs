//! Gemini's and Imagen's forms.
//!
//! Sources: <https://ai.google.dev/gemini-api/docs/image-generation>, <https://ai.google.dev/gemini-api/docs/imagen>,
//! <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api>; 2026-11.

use serde_json::{Map, Value, json};

use super::Request;
use super::size::{Shape, Size};
use crate::generation::{Losses, Unsupported};
use crate::target::Wire;
use crate::tasks::Call;
use crate::tasks::gemini::{GeminiPart, turn, write_media};
use crate::tasks::json::ObjectWriter;

/// The shapes of Gemini's images.
const GEMINI_RATIOS: [&str; 10] = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"];

/// The shapes of Imagen's images.
const IMAGEN_RATIOS: [&str; 5] = ["1:1", "3:4", "4:3", "9:16", "16:9"];

/// How many images Imagen makes at once.
const IMAGEN_COUNT: u64 = 4;

/// One image a call.
pub(super) fn gemini(request: &Request, model: &str, losses: &mut Losses) -> Result<Vec<Call>, Unsupported> {
    if request.mask.is_some() {
        return Err(Unsupported::new(
            "mask",
            "this model takes no mask; say in the prompt what is to change",
        ));
    }
    request.note(&[], losses);
    request.note_bytes(losses);
    if request.asked.output_format.as_deref().is_some_and(|format| format != "png") {
        losses.note("output_format", "the provider makes png");
    }
    let images = request.images.iter().map(|image| write_media(image, "image"));
    let mut parts: Vec<GeminiPart<'_>> = images.collect::<Result<_, _>>()?;
    parts.push(GeminiPart::Text(&request.prompt));
    let mut config = json!({ "responseModalities": ["TEXT", "IMAGE"] });
    let image_config = image_config(request, model, losses)?;
    if !image_config.is_empty() {
        config["imageConfig"] = image_config.into();
    }
    let mut body = ObjectWriter::new();
    body.field("contents", &[turn(parts)]).field("generationConfig", &config);
    let call = Call { wire: Wire::Gemini { stream: false }, body: body.finish().into() };
    Ok((0..request.count).map(|_| call.clone()).collect())
}

fn image_config(
    request: &Request,
    model: &str,
    losses: &mut Losses,
) -> Result<Map<String, Value>, Unsupported> {
    let Shape { ratio, scale } = shape(request, &GEMINI_RATIOS, losses)?;
    let mut config = Map::new();
    if let Some(ratio) = ratio {
        config.insert("aspectRatio".to_owned(), ratio.into());
    }
    match scale {
        // Gemini 2 has one size for each shape.
        Some(_) if model.contains("gemini-2") => losses.note("size", "the model has one size for each shape"),
        Some(scale) => _ = config.insert("imageSize".to_owned(), scale.to_ascii_uppercase().into()),
        None => {}
    }
    Ok(config)
}

pub(super) fn imagen(request: &Request, model: &str, losses: &mut Losses) -> Result<Vec<Call>, Unsupported> {
    if request.asked.is_edit {
        return Err(Unsupported::new("image", "this model makes images and edits none; ask a Gemini model"));
    }
    request.note(&["output_compression", "seed", "negative_prompt"], losses);
    request.note_bytes(losses);
    let mut parameters = parameters(request, model, losses)?;
    let counts = (0..request.count.div_ceil(IMAGEN_COUNT))
        .map(|call| (request.count - call * IMAGEN_COUNT).min(IMAGEN_COUNT));
    let calls = counts.map(|count| {
        parameters.insert("sampleCount".to_owned(), count.into());
        let mut body = ObjectWriter::new();
        body.field("instances", &[json!({ "prompt": request.prompt })]).field("parameters", &parameters);
        Call { wire: Wire::Predict, body: body.finish().into() }
    });
    Ok(calls.collect())
}

fn parameters(
    request: &Request,
    model: &str,
    losses: &mut Losses,
) -> Result<Map<String, Value>, Unsupported> {
    let Shape { ratio, scale } = shape(request, &IMAGEN_RATIOS, losses)?;
    let mut parameters = Map::new();
    let mut put = |name: &str, value: Value| parameters.insert(name.to_owned(), value);
    if let Some(ratio) = ratio {
        put("aspectRatio", ratio.into());
    }
    match scale {
        Some("2K" | "2k") if model.contains("imagen-4") && !model.contains("fast") => {
            put("sampleImageSize", "2K".into());
        }
        Some("1K" | "1k") | None => {}
        Some(_) => losses.note("size", "the model makes no images of that size"),
    }
    let format = request.asked.output_format.as_deref();
    if format == Some("webp") {
        losses.note("output_format", "the provider makes png and jpeg");
    }
    if format == Some("jpeg") {
        let mut options = json!({ "mimeType": "image/jpeg" });
        if let Some(percent) = request.compression {
            options["compressionQuality"] = percent.into();
        }
        put("outputOptions", options);
    } else if request.compression.is_some() {
        losses.note("output_compression", "png is not compressed so");
    }
    for (name, field) in [("seed", "seed"), ("negative_prompt", "negativePrompt")] {
        if let Some(value) = request.extra.get(name) {
            put(field, value.clone());
        }
    }
    Ok(parameters)
}

fn shape<'a>(
    request: &'a Request,
    ratios: &[&'a str],
    losses: &mut Losses,
) -> Result<Shape<'a>, Unsupported> {
    let Some(word) = request.asked.size.as_deref() else { return Ok(Shape::default()) };
    let size = Size::of(word);
    let size = size
        .ok_or_else(|| Unsupported::new("size", "`size` must be a width and a height, such as 1024x1024"))?;
    Ok(size.shape(ratios, losses))
}
