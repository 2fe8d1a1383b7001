//! The form of the text.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::Context;
use crate::generation::{Format, Losses, Part};
use crate::profile::Formats;

/// Asks for any JSON object.
const PLAIN: &str = "Answer with one JSON object and nothing else.";

/// Adds the form of the text; tells what must be said in words, since the target has no field for it.
pub(super) fn write(
    context: &Context<'_>,
    options: &mut Map<String, Value>,
    losses: &mut Losses,
) -> Option<String> {
    let format = context.request.format.as_ref()?;
    let mut add = |value| drop(options.insert("response_format".to_owned(), value));
    match (format, formats(context)) {
        (Format::Text, _) => None,
        (Format::JsonObject, Formats::Schema | Formats::Object) => {
            add(json!({ "type": "json_object" }));
            // Servers refuse requests for JSON that do not speak of it.
            if says_json(context) { None } else { Some(PLAIN.to_owned()) }
        }
        (Format::JsonObject, Formats::SchemaOnly) => {
            let inner = json!({ "name": "response", "schema": { "type": "object" } });
            add(json!({ "type": "json_schema", "json_schema": inner }));
            None
        }
        (Format::JsonObject, Formats::Words) => {
            losses.note(context.path("response_format"), "the model is asked for JSON in words only");
            Some(PLAIN.to_owned())
        }
        (Format::JsonSchema { .. }, Formats::Schema | Formats::SchemaOnly) => {
            add(json!({ "type": "json_schema", "json_schema": inner(format) }));
            None
        }
        (Format::JsonSchema { .. }, known) => {
            if known == Formats::Object {
                add(json!({ "type": "json_object" }));
            }
            losses.note(context.path("response_format"), "the model is asked for the schema in words only");
            Some(words(format))
        }
    }
}

fn formats(context: &Context<'_>) -> Formats {
    match (context.profile().format, context.target.facts.has_json_schema) {
        (Formats::Schema, Some(false)) => Formats::Object,
        (Formats::SchemaOnly, Some(false)) => Formats::Words,
        (Formats::Object, Some(true)) => Formats::Schema,
        (known, _) => known,
    }
}

/// Source: <https://platform.openai.com/docs/guides/structured-outputs#json-mode>, 2026-11.
fn says_json(context: &Context<'_>) -> bool {
    let parts = context.request.messages.iter().flat_map(|message| &message.parts);
    let has = |text: &str, word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    parts.filter_map(Part::as_text).any(|text| ["JSON", "json", "Json"].iter().any(|word| has(text, word)))
}

fn inner(format: &Format) -> Value {
    let Format::JsonSchema { name, description, schema, strict } = format else { return Value::Null };
    let mut inner = json!({ "name": name.as_deref().unwrap_or("response") });
    if let Some(description) = description {
        inner["description"] = description.as_str().into();
    }
    inner["schema"] = schema.clone();
    if let Some(strict) = strict {
        inner["strict"] = (*strict).into();
    }
    inner
}

fn words(format: &Format) -> String {
    let Format::JsonSchema { description, schema, .. } = format else { return String::new() };
    let mut text = format!("{PLAIN} It must fit this JSON schema");
    if let Some(description) = description {
        // Writing to a string does not fail.
        let _ = write!(text, " ({description})");
    }
    let _ = write!(text, ":\n{schema}");
    text
}
