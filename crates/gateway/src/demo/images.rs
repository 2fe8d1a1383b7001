//! OpenAI's images (platform.openai.com/docs/api-reference/images, 2026-07): always the same small blue square.

use serde_json::{Value, json};

use super::DemoRequest;
use super::behaviour::Behaviour;
use super::fields::{Fields, Read, missing, parse, wrong};
use super::form::Form;
use super::play::{Content, Draft};
use super::stream::{Event, Stream, named};
use super::words::count;

/// A blue PNG of 64 by 64 pixels.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQMAAACQp+OdAAAAA1BMVEUvb+tB1nCfAAAAD0lEQVR42mNgGAWjgHwAAAJAAAHgTR1EAAAAAElFTkSuQmCC";

/// What an image counts as.
const IMAGE_TOKENS: u64 = 272;

/// What is asked for.
struct Wish<'a> {
    prompt: &'a str,
    n: u64,
    as_url: bool,
    stream: bool,
}

pub(super) fn generations(request: &DemoRequest<'_>) -> Read<Draft> {
    let body = parse(request.body)?;
    let fields = Fields::root(&body)?;
    let wish = Wish {
        prompt: fields.required("prompt", fields.text("prompt")?)?,
        n: fields.whole("n", 1..=10)?.unwrap_or(1),
        as_url: as_url(fields.text("response_format")?)?,
        stream: fields.flag("stream")?.unwrap_or(false),
    };
    Ok(draw(request, &wish, "image_generation.completed"))
}

pub(super) fn edits(request: &DemoRequest<'_>) -> Read<Draft> {
    let form = Form::read(request.content_type, request.body)?;
    form.file("image")?;
    let n = form.number("n")?.unwrap_or(1);
    if !(1..=10).contains(&n) {
        return Err(wrong("n", "an integer from 1 to 10"));
    }
    let wish = Wish {
        prompt: form.text("prompt")?.ok_or_else(|| missing("prompt"))?,
        n,
        as_url: as_url(form.text("response_format")?)?,
        stream: form.flag("stream")?,
    };
    Ok(draw(request, &wish, "image_edit.completed"))
}

fn as_url(format: Option<&str>) -> Read<bool> {
    match format {
        None | Some("b64_json") => Ok(false),
        Some("url") => Ok(true),
        Some(_) => Err(wrong("response_format", "b64_json or url")),
    }
}

fn draw(request: &DemoRequest<'_>, wish: &Wish<'_>, completed: &'static str) -> Draft {
    let behaviour = Behaviour::read(request.model, wish.prompt);
    let created = request.now.as_millis().div_euclid(1_000);
    let usage = usage(wish);
    let look =
        [("background", "opaque"), ("output_format", "png"), ("quality", "low"), ("size", "1024x1024")];
    if wish.stream {
        let mut event = json!({ "type": completed, "b64_json": PNG, "created_at": created, "usage": usage });
        for (name, value) in look {
            event[name] = json!(value);
        }
        let stream = Stream::sse(request.operation, std::iter::once(Event::token(named(completed, &event))));
        return Draft { behaviour, content: Content::Stream(stream) };
    }
    let image = if wish.as_url {
        json!({ "url": format!("data:image/png;base64,{PNG}"), "revised_prompt": wish.prompt })
    } else {
        json!({ "b64_json": PNG })
    };
    let data: Value = (0..wish.n).map(|_| image.clone()).collect();
    let mut answer = json!({ "created": created, "data": data, "usage": usage });
    for (name, value) in look {
        answer[name] = json!(value);
    }
    Draft::json(behaviour, &answer)
}

fn usage(wish: &Wish<'_>) -> Value {
    let (input, output) = (count(wish.prompt), IMAGE_TOKENS * wish.n);
    json!({
        "input_tokens": input,
        "input_tokens_details": { "image_tokens": 0, "text_tokens": input },
        "output_tokens": output,
        "total_tokens": input + output,
    })
}
