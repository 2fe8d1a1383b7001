//! JSON schemas as Anthropic takes them.
//!
//! Source: <https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations>, 2026-11.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::generation::Losses;

/// Keywords that are kept as they are.
const KEPT: [&str; 9] =
    ["$ref", "type", "enum", "const", "title", "description", "default", "required", "nullable"];

/// Keywords that say nothing of the value.
const NOTES: [&str; 9] =
    ["$schema", "$id", "$anchor", "$comment", "example", "examples", "deprecated", "readOnly", "writeOnly"];

/// Formats of strings that are kept.
const FORMATS: [&str; 10] =
    ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];

/// Keywords that may not stand at the top of a tool's schema.
const COMBINING: [&str; 3] = ["anyOf", "oneOf", "allOf"];

/// The schema of a tool without strictness: an object, whatever the caller gave.
pub(super) fn of_input<'a>(
    parameters: Option<&'a Value>,
    place: &str,
    losses: &mut Losses,
) -> Cow<'a, Value> {
    let Some(Value::Object(fields)) = parameters else {
        return Cow::Owned(json!({ "type": "object", "properties": {} }));
    };
    let is_combined = COMBINING.iter().any(|word| fields.contains_key(*word));
    if fields.get("type").is_some_and(|kind| kind == "object") && !is_combined {
        return parameters.map_or(Cow::Owned(Value::Null), Cow::Borrowed);
    }
    let mut fields = fields.clone();
    for word in COMBINING {
        if fields.shift_remove(word).is_some() {
            losses.note(format!("{place}: {word}"), "not taken at the top of a tool's schema");
        }
    }
    fields.insert("type".to_owned(), "object".into());
    Cow::Owned(fields.into())
}

/// The schema of the one argument of a free-form tool.
pub(super) fn of_custom() -> Value {
    json!({ "type": "object", "properties": { "input": { "type": "string" } }, "required": ["input"] })
}

/// A schema that the answer must keep to. What cannot be kept to stays in the description, where the model reads it.
pub(super) fn strict(schema: &Value, place: &str, losses: &mut Losses) -> Value {
    let Value::Object(given) = schema else { return schema.clone() };
    let mut kept = Map::new();
    let mut told = Vec::new();
    for (word, value) in given {
        let (word, value) = match word.as_str() {
            "properties" | "$defs" | "definitions" => (word.as_str(), each(value, place, losses)),
            "items" => ("items", strict(value, place, losses)),
            "allOf" => ("allOf", all(value, place, losses)),
            "anyOf" | "oneOf" => ("anyOf", all(value, place, losses)),
            word if is_kept(word, value) => (word, value.clone()),
            word if says_nothing(word, value) => continue,
            word => {
                losses.note(format!("{place}: {word}"), "not taken in schemas, only told to the model");
                told.push(format!("{word}: {value}"));
                continue;
            }
        };
        kept.insert(word.to_owned(), value);
    }
    if is_object(&kept) {
        kept.insert("additionalProperties".to_owned(), false.into());
    }
    if !told.is_empty() {
        let description = kept.get("description").and_then(Value::as_str).map(|text| format!("{text} "));
        let text = format!("{}({})", description.unwrap_or_default(), told.join(", "));
        kept.insert("description".to_owned(), text.into());
    }
    kept.into()
}

fn is_kept(word: &str, value: &Value) -> bool {
    match word {
        "format" => value.as_str().is_some_and(|format| FORMATS.contains(&format)),
        "minItems" => matches!(value.as_u64(), Some(0 | 1)),
        word => KEPT.contains(&word),
    }
}

fn says_nothing(word: &str, value: &Value) -> bool {
    NOTES.contains(&word) || (word == "additionalProperties" && *value == Value::Bool(false))
}

fn is_object(schema: &Map<String, Value>) -> bool {
    let kind = schema.get("type");
    let has_kind = kind.is_some_and(|kind| match kind {
        Value::Array(kinds) => kinds.iter().any(|kind| kind == "object"),
        kind => kind == "object",
    });
    has_kind || (kind.is_none() && schema.contains_key("properties"))
}

fn each(schemas: &Value, place: &str, losses: &mut Losses) -> Value {
    let Value::Object(schemas) = schemas else { return schemas.clone() };
    schemas.iter().map(|(name, schema)| (name.clone(), strict(schema, place, losses))).collect()
}

fn all(schemas: &Value, place: &str, losses: &mut Losses) -> Value {
    let Value::Array(schemas) = schemas else { return schemas.clone() };
    schemas.iter().map(|schema| strict(schema, place, losses)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strict_schemas_are_closed_and_tell_what_they_cannot_hold() {
        let schema = json!({
            "$schema": "x", "type": "object", "required": ["age", "tags"],
            "properties": {
                "age": {"type": "integer", "minimum": 1, "description": "Years."},
                "tags": {"type": "array", "minItems": 1, "items": {"oneOf": [{"type": "string", "format": "date"}]}},
                "dog": {"$ref": "#/$defs/Dog"},
            },
            "$defs": {"Dog": {"type": "object", "properties": {"minimum": {"type": "string", "format": "regex"}}}},
        });
        let mut losses = Losses::default();
        assert_eq!(
            strict(&schema, "f", &mut losses),
            json!({
                "type": "object", "required": ["age", "tags"],
                "properties": {
                    "age": {"type": "integer", "description": "Years. (minimum: 1)"},
                    "tags": {"type": "array", "minItems": 1, "items": {"anyOf": [{"type": "string", "format": "date"}]}},
                    "dog": {"$ref": "#/$defs/Dog"},
                },
                "$defs": {"Dog": {
                    "type": "object", "additionalProperties": false,
                    "properties": {"minimum": {"type": "string", "description": "(format: \"regex\")"}},
                }},
                "additionalProperties": false,
            })
        );
        assert_eq!(losses.iter().map(|(field, _)| field).collect::<Vec<_>>(), ["f: minimum", "f: format"]);
    }

    #[test]
    fn a_tools_schema_is_an_object_without_combinations_at_its_top() {
        let mut losses = Losses::default();
        let mut of = |schema: Value| of_input(Some(&schema), "t", &mut losses).into_owned();
        assert_eq!(of(json!({"anyOf": []})), json!({"type": "object"}));
        assert_eq!(of(json!("x")), json!({"type": "object", "properties": {}}));
        let plain = json!({"type": "object", "properties": {"a": {"anyOf": []}}});
        assert_eq!(of(plain.clone()), plain);
        assert_eq!(losses.iter().count(), 1);
    }
}
