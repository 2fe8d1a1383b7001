//! The content of messages and of tools' results.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses/create>, 2026-11.

use serde_json::Value;

use crate::BodyError;
use crate::dialect::Dialect;
use crate::dialect::responses::{citation, media};
use crate::generation::object::Object;
use crate::generation::{Native, Part, Text};

/// Reads the field `name` of `item`, which is text or a list of parts.
pub(super) fn read(item: &mut Object, name: &str) -> Result<Vec<Part>, BodyError> {
    match item.take(name) {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(vec![Part::text(text)]),
        Some(Value::Array(parts)) => {
            let path = item.path(name);
            let part = |(index, value)| part(value, &format!("{path}[{index}]"));
            parts.into_iter().enumerate().map(part).collect()
        }
        Some(_) => Err(item.invalid(name, "a string or an array of parts")),
    }
}

fn part(value: Value, path: &str) -> Result<Part, BodyError> {
    if let Value::String(text) = value {
        return Ok(Part::text(text));
    }
    let kind = value["type"].as_str().unwrap_or_default();
    let read: fn(&mut Object) -> Result<Part, BodyError> = match kind {
        "input_text" | "output_text" | "text" | "summary_text" => text,
        "refusal" => |part| part.required_text("refusal").map(Part::Refusal),
        "input_image" => |part| media::image(part).map(Part::Media),
        "input_file" => |part| media::file(part).map(Part::Media),
        "input_audio" => |part| media::audio(part).map(Part::Media),
        _ => {
            let value = Value::Object(Object::new(value, path)?.rest());
            return Ok(Part::Native(Native { dialect: Dialect::Responses, value }));
        }
    };
    read(&mut Object::new(value, path)?)
}

fn text(part: &mut Object) -> Result<Part, BodyError> {
    Ok(Part::Text(Text {
        text: part.required_text("text")?,
        citations: part.array("annotations")?.into_iter().filter_map(citation::read).collect(),
        cache: media::cache(part)?,
        ..Text::default()
    }))
}
