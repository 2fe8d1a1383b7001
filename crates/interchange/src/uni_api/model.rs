//! Models of a provider.

use serde_json::{Map, Value};

use super::read::Reading;
use crate::fields::Fields;

/// A model, with what is set for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    /// The upstream's name.
    pub(super) name: String,
    /// The name that callers use, when it is another.
    pub(super) alias: Option<String>,
    /// `body` and `timeouts`.
    pub(super) details: Map<String, Value>,
}

impl Model {
    /// The name that callers use.
    pub(super) fn public(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }

    /// The model as it is declared.
    pub(super) fn value(&self) -> Value {
        if self.alias.is_none() && self.details.is_empty() {
            return Value::from(self.name.as_str());
        }
        let mut fields = Fields::named(&self.name);
        fields.put("as", self.alias.clone());
        fields.0.extend(self.details.clone());
        Value::Object(fields.0)
    }

    /// Sets a field of an object inside, such as `timeouts`.
    pub(super) fn put_in(&mut self, object: &str, name: &str, value: impl Into<Value>) {
        let mut fields = Fields(std::mem::take(&mut self.details));
        fields.put_in(object, name, value);
        self.details = fields.0;
    }
}

/// The models of an entry: names, or names with aliases.
pub(super) fn models(value: Option<&Value>, place: &str, reading: &mut Reading<'_>) -> Vec<Model> {
    let items = match value {
        Some(Value::Array(items)) => items.as_slice(),
        Some(Value::Null) | None => &[],
        Some(value) => std::slice::from_ref(value),
    };
    let mut models = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match item {
            Value::String(_) | Value::Number(_) => {
                let names = reading.texts(Some(item), &format!("{place}.model[{index}]"));
                models.extend(names.into_iter().map(|name| Model { name, ..Model::default() }));
            }
            Value::Object(fields) => {
                for (name, alias) in fields {
                    let alias =
                        alias.as_str().map(str::to_owned).or_else(|| alias.as_i64().map(|n| n.to_string()));
                    let alias = alias.filter(|alias| !alias.is_empty() && alias != name);
                    models.push(Model { name: name.clone(), alias, details: Map::new() });
                }
            }
            _ => reading.notes.skip(format!("{place}.model[{index}]"), "is no model's name; it is left out"),
        }
    }
    models.retain(|model| !model.name.trim().is_empty());
    models
}
