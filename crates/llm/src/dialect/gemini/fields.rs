//! Objects of a request, in either spelling that proto JSON knows.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::BodyError;
use crate::generation::object::Object;

/// A message of the protocol at `path`, its fields in camel case whichever way the caller spelled them.
///
/// Both spellings are right (<https://protobuf.dev/programming-guides/json/>, 2026-11). Not for objects whose names are
/// the caller's own: arguments, properties of schemas, labels.
pub(super) fn message(value: Value, path: impl Into<String>) -> Result<Object, BodyError> {
    Object::new(spelled(value), path)
}

/// The messages of a field that repeats; a single one may stand without its array.
pub(super) fn messages(object: &mut Object, name: &str) -> Result<Vec<Object>, BodyError> {
    let path = object.path(name);
    let items = match object.take(name) {
        None => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(one) => vec![one],
    };
    let items = items.into_iter().enumerate();
    items.map(|(index, item)| message(item, format!("{path}[{index}]"))).collect()
}

/// The message of a field.
pub(super) fn inner(object: &mut Object, name: &str) -> Result<Option<Object>, BodyError> {
    let path = object.path(name);
    object.take(name).map(|value| message(value, path)).transpose()
}

fn spelled(value: Value) -> Value {
    match value {
        Value::Object(fields) if fields.keys().any(|name| name.contains('_')) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(
                fields.map(|(name, value)| (camel(&name).into_owned(), value)).collect::<Map<_, _>>(),
            )
        }
        other => other,
    }
}

fn camel(name: &str) -> Cow<'_, str> {
    if !name.contains('_') || name.starts_with('_') {
        return name.into();
    }
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_spellings_and_single_values_are_read() {
        let value =
            json!({ "generation_config": { "max_output_tokens": 1 }, "contents": { "role": "user" } });
        let mut object = message(value, "").unwrap();
        let mut config = inner(&mut object, "generationConfig").unwrap().unwrap();
        assert_eq!(config.count("maxOutputTokens"), Ok(Some(1)));
        let mut contents = messages(&mut object, "contents").unwrap();
        assert_eq!(contents[0].text("role"), Ok(Some("user".to_owned())));
        assert!(object.rest().is_empty());
    }
}
