//! Objects that are built and taken apart field by field.

use serde_json::{Map, Value};

/// Builds an object; what is empty is left out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(pub(crate) Map<String, Value>);

impl Fields {
    /// An object with a name.
    pub(crate) fn named(name: &str) -> Self {
        let mut fields = Self::default();
        fields.put("name", name);
        fields
    }

    /// Sets a field, unless there is nothing in the value.
    pub(crate) fn put(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        let is_empty = match &value {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        };
        if !is_empty {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// Sets a field of an object inside.
    pub(crate) fn put_in(&mut self, object: &str, name: &str, value: impl Into<Value>) {
        let inner = self.0.entry(object).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(inner) = inner {
            inner.insert(name.to_owned(), value.into());
        }
    }

    /// Sets a field of an object inside, when there is a text for it.
    pub(crate) fn put_in_some(&mut self, object: &str, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.put_in(object, name, text);
        }
    }
}

/// A text that is there and not empty.
pub(crate) fn text<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    object.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// A whole number, also when it was written as text.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| whole_float(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A number, also when it was written as text.
pub(crate) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number: &f64| number.is_finite())
}

/// Yes or no, however databases and files write it.
pub(crate) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => Some(number.as_f64()? != 0.0),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "t" | "1" | "yes" | "on" => Some(true),
            "false" | "f" | "0" | "no" | "off" | "" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// An object, also when it was stored as JSON text.
pub(crate) fn object(value: &Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object.clone()),
        Value::String(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

/// A list, also when it was stored as JSON text.
pub(crate) fn list(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(items) => Some(items.clone()),
        Value::String(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

/// Words between commas.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n', ';']).map(str::trim).filter(|word| !word.is_empty())
}

/// Seconds as a span is written.
pub(crate) fn seconds(seconds: u64) -> Value {
    Value::String(format!("{seconds}s"))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just before")]
fn whole_float(number: f64) -> Option<u64> {
    (number.fract() == 0.0 && (0.0..9e15).contains(&number)).then_some(number as u64)
}
