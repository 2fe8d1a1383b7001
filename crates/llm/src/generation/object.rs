//! Taking a JSON object of a request apart, field by field, with errors that name the field.

use serde_json::{Map, Value};

use crate::{BodyError, number};

/// A JSON object whose fields are taken out one by one; null is the same as absent.
#[derive(Debug)]
pub(crate) struct Object {
    fields: Map<String, Value>,
    path: String,
}

impl Object {
    /// `value`, which stands at `path` of the request (empty: the request itself).
    pub(crate) fn new(value: Value, path: impl Into<String>) -> Result<Self, BodyError> {
        let path = path.into();
        match value {
            Value::Object(fields) => Ok(Self { fields, path }),
            other => Err(wrong(&path, "an object", &other)),
        }
    }

    /// The path of a field of this object, as errors and losses name it.
    pub(crate) fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Takes a field, whatever it is.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.swap_remove(name).filter(|value| !value.is_null())
    }

    /// Looks at a field that stays.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// Takes a text.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, BodyError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong(&self.path(name), "a string", &other)),
        }
    }

    /// Takes a text that must be there.
    pub(crate) fn required_text(&mut self, name: &str) -> Result<String, BodyError> {
        self.text(name)?.ok_or_else(|| self.missing(name))
    }

    /// Takes a switch.
    pub(crate) fn flag(&mut self, name: &str) -> Result<Option<bool>, BodyError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(other) => Err(wrong(&self.path(name), "true or false", &other)),
        }
    }

    /// Takes a number.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<f64>, BodyError> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let number = value.as_f64().filter(|number| number.is_finite());
        number.map(Some).ok_or_else(|| wrong(&self.path(name), "a number", &value))
    }

    /// Takes a whole number that is not negative; `1.0` is one too.
    pub(crate) fn count(&mut self, name: &str) -> Result<Option<u64>, BodyError> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let count = whole(&value).and_then(|number| u64::try_from(number).ok());
        count.map(Some).ok_or_else(|| wrong(&self.path(name), "a whole number that is not negative", &value))
    }

    /// Takes a whole number.
    pub(crate) fn integer(&mut self, name: &str) -> Result<Option<i64>, BodyError> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let integer = whole(&value).and_then(|number| i64::try_from(number).ok());
        integer.map(Some).ok_or_else(|| wrong(&self.path(name), "a whole number", &value))
    }

    /// Takes an array; absent is empty.
    pub(crate) fn array(&mut self, name: &str) -> Result<Vec<Value>, BodyError> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => Ok(items),
            Some(other) => Err(wrong(&self.path(name), "an array", &other)),
        }
    }

    /// Takes an array of objects; absent is empty.
    pub(crate) fn objects(&mut self, name: &str) -> Result<Vec<Self>, BodyError> {
        let path = self.path(name);
        let items = self.array(name)?.into_iter().enumerate();
        items.map(|(index, item)| Self::new(item, format!("{path}[{index}]"))).collect()
    }

    /// Takes an array of texts, or a single text; absent is empty.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Vec<String>, BodyError> {
        let path = self.path(name);
        let items = match self.take(name) {
            None => return Ok(Vec::new()),
            Some(Value::String(text)) => return Ok(vec![text]),
            Some(Value::Array(items)) => items,
            Some(other) => return Err(wrong(&path, "a string or an array of strings", &other)),
        };
        let text = |(index, item)| match item {
            Value::String(text) => Ok(text),
            other => Err(wrong(&format!("{path}[{index}]"), "a string", &other)),
        };
        items.into_iter().enumerate().map(text).collect()
    }

    /// Takes an object.
    pub(crate) fn object(&mut self, name: &str) -> Result<Option<Self>, BodyError> {
        let path = self.path(name);
        self.take(name).map(|value| Self::new(value, path)).transpose()
    }

    /// The fields that nobody took, without those that are null.
    pub(crate) fn rest(self) -> Map<String, Value> {
        self.fields.into_iter().filter(|(_, value)| !value.is_null()).collect()
    }

    /// An error about a field that is missing.
    pub(crate) fn missing(&self, name: &str) -> BodyError {
        let path = self.path(name);
        BodyError::field(&path, format!("the field `{path}` is missing"))
    }

    /// An error about a field whose value cannot be taken; `wanted` says what it must be.
    pub(crate) fn invalid(&self, name: &str, wanted: &str) -> BodyError {
        let path = self.path(name);
        BodyError::field(&path, format!("`{path}` must be {wanted}"))
    }
}

fn whole(value: &Value) -> Option<i128> {
    if let Some(number) = value.as_u64() {
        return Some(number.into());
    }
    if let Some(number) = value.as_i64() {
        return Some(number.into());
    }
    value.as_f64().and_then(number::whole).map(Into::into)
}

fn wrong(path: &str, wanted: &str, got: &Value) -> BodyError {
    let got = match got {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    if path.is_empty() {
        return BodyError::new(format!("the body must be {wanted}, not {got}"));
    }
    BodyError::field(path, format!("`{path}` must be {wanted}, not {got}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn wrong_types_are_named_with_their_place() {
        let mut object = Object::new(json!({"a": [{"b": 1}], "n": -1, "f": 1.0, "z": null}), "").unwrap();
        let mut items = object.objects("a").unwrap();
        let error = items[0].text("b").unwrap_err();
        assert_eq!(error.message, "`a[0].b` must be a string, not a number");
        assert_eq!(error.param.as_deref(), Some("a[0].b"));
        assert!(object.count("n").is_err());
        assert_eq!(object.count("f"), Ok(Some(1)));
        assert_eq!(object.text("z"), Ok(None));
        assert!(object.rest().is_empty());
    }
}
