//! Providers of OpenAI's path that differ in fields.
//!
//! Sources: <https://docs.x.ai/docs/guides/image-generations>, <https://docs.siliconflow.cn/api-reference/images/images-generations>,
//! <https://docs.bigmodel.cn/api-reference/模型-api/图像生成>, <https://www.volcengine.com/docs/82379/1541523>,
//! <https://docs.together.ai/reference/post-images-generations>; 2026-11.

use serde_json::{Value, json};

use super::size::Size;
use super::{Request, Wire};
use crate::generation::{Losses, Unsupported};
use crate::tasks::json::ObjectWriter;
use crate::tasks::{Call, media};
use crate::{Operation, target};

/// How a provider differs.
struct Dialect {
    /// What is called for edits.
    edits: Operation,
    /// Its field for the number of images, and the most at once.
    count: Option<(&'static str, u64)>,
    /// Its field for the size.
    size: SizeField,
    /// Its word for base64, where it can give that.
    base64: Option<&'static str>,
    /// Its fields for images.
    images: ImageField,
    /// Its field for the user.
    user: Option<&'static str>,
    /// Other fields that it knows, its own among them.
    known: &'static [&'static str],
}

enum SizeField {
    /// Pixels in one field.
    Pixels(&'static str),
    /// `width` and `height`.
    Sides,
    /// `aspect_ratio` and `resolution`.
    Ratio,
}

enum ImageField {
    /// `image`, `image2`, `image3`.
    Numbered,
    /// `image`, one or a list.
    OneOrMany,
    /// `image_url`.
    Url,
    /// `image` or `images` with objects.
    Objects,
    /// It edits none.
    None,
}

/// The shapes of xAI's images.
const XAI_RATIOS: [&str; 13] =
    ["1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "1:2", "2:1", "9:19.5", "19.5:9", "9:20", "20:9"];

fn dialect(wire: Wire) -> Dialect {
    let common = Dialect {
        edits: Operation::ImagesGenerations,
        count: None,
        size: SizeField::Pixels("size"),
        base64: None,
        images: ImageField::None,
        user: None,
        known: &[],
    };
    match wire {
        Wire::Siliconflow => Dialect {
            count: Some(("batch_size", 4)),
            size: SizeField::Pixels("image_size"),
            images: ImageField::Numbered,
            known: &[
                "image_size",
                "batch_size",
                "negative_prompt",
                "seed",
                "num_inference_steps",
                "guidance_scale",
                "cfg",
            ],
            ..common
        },
        Wire::Zhipu => Dialect { user: Some("user_id"), known: &["quality", "watermark_enabled"], ..common },
        Wire::Doubao => Dialect {
            base64: Some("b64_json"),
            images: ImageField::OneOrMany,
            known: &[
                "watermark",
                "seed",
                "guidance_scale",
                "optimize_prompt_options",
                "sequential_image_generation",
                "sequential_image_generation_options",
            ],
            ..common
        },
        Wire::Together => Dialect {
            count: Some(("n", 4)),
            size: SizeField::Sides,
            base64: Some("base64"),
            images: ImageField::Url,
            known: &[
                "width",
                "height",
                "steps",
                "seed",
                "negative_prompt",
                "guidance_scale",
                "output_format",
            ],
            ..common
        },
        _ => Dialect {
            edits: Operation::ImagesEdits,
            count: Some(("n", 10)),
            size: SizeField::Ratio,
            base64: Some("b64_json"),
            images: ImageField::Objects,
            user: Some("user"),
            known: &["aspect_ratio", "resolution"],
        },
    }
}

pub(super) fn write(
    request: &Request,
    wire: Wire,
    model: &str,
    losses: &mut Losses,
) -> Result<Vec<Call>, Unsupported> {
    let dialect = dialect(wire);
    if request.mask.is_some() {
        return Err(Unsupported::new(
            "mask",
            "this provider takes no mask; say in the prompt what is to change",
        ));
    }
    let mut known = dialect.known.to_vec();
    known.extend(dialect.user.map(|_| "user"));
    request.note(&known, losses);
    if request.asked.output_format.is_some() && !known.contains(&"output_format") {
        losses.note("output_format", "the provider has no such field");
    }
    let called = if request.asked.is_edit { dialect.edits } else { Operation::ImagesGenerations };
    let most = dialect.count.map_or(1, |(_, most)| most);
    let mut call = |count| {
        let body = body(request, &dialect, model, count, losses)?.into();
        Ok(Call { wire: target::Wire::Operation(called), body })
    };
    // Calls for as many images are the same call.
    let full = if request.count >= most { Some(call(most)?) } else { None };
    let mut calls = vec![full; usize::try_from(request.count / most).unwrap_or_default()];
    if !request.count.is_multiple_of(most) {
        calls.push(Some(call(request.count % most)?));
    }
    Ok(calls.into_iter().flatten().collect())
}

fn body(
    request: &Request,
    dialect: &Dialect,
    model: &str,
    count: u64,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    let asked = &request.asked;
    let mut body = ObjectWriter::new();
    body.field("model", model).field("prompt", &request.prompt);
    if let Some((field, _)) = dialect.count.filter(|_| count > 1) {
        body.field(field, &count);
    }
    size(request, dialect, &mut body, losses)?;
    format(request, dialect, &mut body, losses)?;
    images(request, dialect, &mut body)?;
    if let (Some(field), Some(user)) = (dialect.user, &request.user) {
        body.field(field, user);
    }
    if dialect.known.contains(&"quality") {
        body.option("quality", asked.quality.as_deref().map(zhipu_quality));
    }
    if dialect.known.contains(&"output_format") {
        body.option("output_format", asked.output_format.as_ref());
    }
    body.fields(request.extra.iter().filter(|(name, _)| dialect.known.contains(&name.as_str())));
    Ok(body.finish())
}

fn zhipu_quality(quality: &str) -> &'static str {
    if matches!(quality, "hd" | "high") { "hd" } else { "standard" }
}

fn size(
    request: &Request,
    dialect: &Dialect,
    body: &mut ObjectWriter,
    losses: &mut Losses,
) -> Result<(), Unsupported> {
    let Some(word) = request.asked.size.as_deref() else { return Ok(()) };
    match (&dialect.size, Size::of(word)) {
        (SizeField::Pixels(field), _) => _ = body.field(field, word),
        (SizeField::Sides, Some(Size::Pixels(width, height))) => {
            body.field("width", &width).field("height", &height);
        }
        (SizeField::Ratio, Some(size)) => {
            let shape = size.shape(&XAI_RATIOS, losses);
            body.option("aspect_ratio", shape.ratio);
            match shape.scale {
                Some("4K" | "4k") => losses.note("size", "the provider makes no images of that size"),
                scale => _ = body.option("resolution", scale.map(str::to_ascii_lowercase).as_ref()),
            }
        }
        _ => return Err(Unsupported::new("size", "`size` must be a width and a height, such as 1024x1024")),
    }
    Ok(())
}

/// A stream carries bytes, whatever form was asked for.
fn format(
    request: &Request,
    dialect: &Dialect,
    body: &mut ObjectWriter,
    losses: &mut Losses,
) -> Result<(), Unsupported> {
    let wants_bytes = request.asked.stream || request.asked.response_format.as_deref() == Some("b64_json");
    match dialect.base64 {
        Some(word) if wants_bytes => _ = body.field("response_format", word),
        Some(_) => _ = body.option("response_format", request.asked.response_format.as_ref()),
        None if request.asked.stream => {
            return Err(Unsupported::new(
                "stream",
                "this provider gives addresses of images, which no stream carries",
            ));
        }
        None if wants_bytes => losses.note("response_format", "the provider gives addresses: url"),
        None => {}
    }
    Ok(())
}

fn images(request: &Request, dialect: &Dialect, body: &mut ObjectWriter) -> Result<(), Unsupported> {
    let urls: Option<Vec<String>> = request.images.iter().map(media::url).collect();
    let Some(urls) = urls else {
        return Err(Unsupported::new(
            "images",
            "this provider does not know files of another; give the image itself",
        ));
    };
    let object = |url: &String| json!({ "url": url, "type": "image_url" });
    match (&dialect.images, urls.as_slice()) {
        (_, []) => {}
        (ImageField::Numbered, urls) if urls.len() <= 3 => {
            for (name, url) in ["image", "image2", "image3"].into_iter().zip(urls) {
                body.field(name, url);
            }
        }
        (ImageField::OneOrMany, [url]) => _ = body.field("image", url),
        (ImageField::OneOrMany, urls) => _ = body.field("image", urls),
        (ImageField::Url, [url]) => _ = body.field("image_url", url),
        (ImageField::Objects, [url]) => _ = body.field("image", &object(url)),
        (ImageField::Objects, urls) => {
            body.field("images", &urls.iter().map(object).collect::<Vec<Value>>());
        }
        (ImageField::None, _) => {
            return Err(Unsupported::new("image", "this provider makes images and edits none"));
        }
        (_, _) => return Err(Unsupported::new("image", "this provider takes fewer images at once")),
    }
    Ok(())
}
