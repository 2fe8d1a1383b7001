//! Writes what functions answered.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::super::part::{Answered, Out, Response};
use super::media;
use super::write::Context;
use crate::generation::{Losses, Media, MediaKind, Part, Source, ToolResult, Unsupported};

/// The fields of an answer that have a meaning.
#[derive(Deserialize)]
struct Marks {
    output: Option<IgnoredAny>,
    error: Option<IgnoredAny>,
}

/// The answer of the function `name`, and media that must stand beside it.
pub(super) fn write<'a>(
    context: &Context<'a>,
    place: &str,
    result: &'a ToolResult,
    (id, name): (Option<Cow<'a, str>>, &'a str),
    losses: &mut Losses,
) -> Result<(Out<'a>, Vec<Out<'a>>), Unsupported> {
    let (mut parts, mut beside) = (Vec::new(), Vec::new());
    for part in &result.parts {
        let Part::Media(media) = part else { continue };
        let out = media::write(context, place, media, losses)?;
        if context.model.is_third_generation() && fits(media) { parts.push(out) } else { beside.push(out) }
    }
    let response = response(context, result);
    Ok((Out::Answered { function_response: Answered { id, name, response, parts } }, beside))
}

/// Images and documents can stand in an answer (<https://ai.google.dev/gemini-api/docs/function-calling#multimodal>, 2026-11).
fn fits(media: &Media) -> bool {
    matches!(media.kind, MediaKind::Image | MediaKind::Document)
        && matches!(media.source, Source::Bytes { .. })
}

/// `output` and `error` have a meaning; an object without them is the output as a whole.
///
/// Source: <https://ai.google.dev/api/caching#FunctionResponse>, 2026-11.
fn response<'a>(context: &Context<'a>, result: &'a ToolResult) -> Response<'a> {
    if let Some(structured) = result.structured.as_ref().filter(|_| context.is_own()) {
        return Response::Structured(structured);
    }
    let text = text(result);
    if result.is_error {
        return Response::Error { error: text };
    }
    let marks = text.trim_start().starts_with('{').then(|| serde_json::from_str::<Marks>(&text).ok());
    let Some(marks) = marks.flatten() else { return Response::Output { output: text } };
    let is_told = marks.output.is_some() || marks.error.is_some();
    match serde_json::from_str(&text) {
        Ok(output) if is_told => Response::Wrapped { output },
        Ok(object) => Response::Object(object),
        Err(_) => Response::Output { output: text },
    }
}

fn text(result: &ToolResult) -> Cow<'_, str> {
    let mut texts = result.parts.iter().filter_map(Part::as_text);
    match (texts.next(), texts.next()) {
        (None, _) => "".into(),
        (Some(only), None) => only.into(),
        (Some(first), Some(second)) => {
            [first, second].into_iter().chain(texts).collect::<Vec<_>>().join("\n").into()
        }
    }
}
