//! Gemini's schemas, a part of OpenAPI 3.0 with its own spelling, as JSON Schema.

use serde_json::{Map, Value};

/// Keywords in the spelling that some clients of Google's use, and in JSON Schema's.
const SPELLINGS: [(&str, &str); 13] = [
    ("any_of", "anyOf"),
    ("max_items", "maxItems"),
    ("min_items", "minItems"),
    ("max_length", "maxLength"),
    ("min_length", "minLength"),
    ("max_properties", "maxProperties"),
    ("min_properties", "minProperties"),
    ("additional_properties", "additionalProperties"),
    ("property_ordering", "propertyOrdering"),
    ("prefix_items", "prefixItems"),
    ("defs", "$defs"),
    ("ref", "$ref"),
    ("one_of", "oneOf"),
];

/// Bounds, which proto JSON may write as text.
const BOUNDS: [&str; 6] =
    ["maxItems", "minItems", "maxLength", "minLength", "maxProperties", "minProperties"];

/// How deep schemas may nest; what is deeper stays as it is.
const MAX_DEPTH: u8 = 64;

/// A schema of Gemini's as JSON Schema; what is JSON Schema already stays so.
///
/// Source: <https://ai.google.dev/api/caching#Schema>, 2026-11.
pub(crate) fn from_openapi(schema: Value) -> Value {
    read(schema, MAX_DEPTH)
}

fn read(schema: Value, depth: u8) -> Value {
    let Value::Object(node) = schema else { return schema };
    if depth == 0 {
        return Value::Object(node);
    }
    let mut read: Map<String, Value> =
        node.into_iter().map(|(name, value)| keyword(name, value, depth)).collect();
    order(&mut read);
    if read.swap_remove("nullable") == Some(Value::Bool(true)) {
        read = super::nullable::allow(read, super::rules::Null::List);
    }
    Value::Object(read)
}

fn keyword(name: String, value: Value, depth: u8) -> (String, Value) {
    let name = SPELLINGS.iter().find(|(own, _)| *own == name).map_or(name, |(_, json)| (*json).to_owned());
    let value = match (name.as_str(), value) {
        ("type", Value::String(kind)) => kind.to_ascii_lowercase().into(),
        ("$ref", Value::String(place)) => place.replace("#/defs/", "#/$defs/").into(),
        ("properties" | "$defs", Value::Object(named)) => {
            Value::Object(named.into_iter().map(|(name, schema)| (name, read(schema, depth - 1))).collect())
        }
        ("anyOf" | "oneOf" | "prefixItems", Value::Array(schemas)) => {
            schemas.into_iter().map(|schema| read(schema, depth - 1)).collect()
        }
        ("items" | "additionalProperties", schema) => read(schema, depth - 1),
        (bound, Value::String(digits)) if BOUNDS.contains(&bound) => {
            digits.parse::<u64>().map_or(Value::String(digits), Value::from)
        }
        (_, value) => value,
    };
    (name, value)
}

/// Puts the properties into the order that Gemini is told beside them.
fn order(node: &mut Map<String, Value>) {
    if node.get("type").is_some_and(|kind| kind == "type_unspecified") {
        node.swap_remove("type");
    }
    let Some(Value::Array(names)) = node.swap_remove("propertyOrdering") else { return };
    let Some(Value::Object(properties)) = node.get_mut("properties") else { return };
    let mut ordered = Map::with_capacity(properties.len());
    for name in names.iter().filter_map(Value::as_str) {
        if let Some(schema) = properties.shift_remove(name) {
            ordered.insert(name.to_owned(), schema);
        }
    }
    ordered.append(properties);
    *properties = ordered;
}
