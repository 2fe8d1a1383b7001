//! The file that is there, into which ours is written.

use serde_json::{Map, Value};

use super::name_of;
use crate::fields::Fields;
use crate::names::fitted;
use crate::variables::Variables;

/// Fields of a provider that are ours to say; when we say nothing, they go.
const OURS: [&str; 6] = ["base_url", "api", "model", "engine", "tools", "image"];

/// An `api.yaml`.
pub(super) struct File<'v> {
    pub(super) root: Map<String, Value>,
    variables: &'v Variables,
}

impl<'v> File<'v> {
    /// A file with what is in it.
    pub(super) fn new(root: Map<String, Value>, variables: &'v Variables) -> Self {
        let mut root = root;
        for list in ["providers", "api_keys"] {
            let there = root.entry(list).or_insert(Value::Null);
            if !there.is_array() {
                *there = Value::Array(Vec::new());
            }
        }
        Self { root, variables }
    }

    /// Writes a provider over the one of its name, or adds it.
    pub(super) fn put_provider(&mut self, mut entry: Map<String, Value>) {
        let name = entry.get("provider").and_then(Value::as_str).unwrap_or_default().to_owned();
        let variables = self.variables;
        let Some(list) = self.list("providers") else { return };
        let same =
            |there: &&mut Value| name_of(there).is_some_and(|other| other == name || fitted(other) == name);
        let Some(Value::Object(there)) = list.iter_mut().find(same) else {
            return list.push(Value::Object(entry));
        };
        // It goes on being called as its own rules call it.
        entry.shift_remove("provider");
        for field in OURS {
            if !entry.contains_key(field) {
                there.shift_remove(field);
            }
        }
        merge(there, entry, variables);
    }

    /// Adds a key, unless it is there.
    pub(super) fn put_api_key(&mut self, entry: Map<String, Value>) {
        let variables = self.variables;
        let Some(list) = self.list("api_keys") else { return };
        let is_there = |there: &Value| {
            let there = there.get("api").and_then(Value::as_str).map(|text| variables.expand(text));
            matches!((there, entry.get("api").and_then(Value::as_str)), (Some(Ok(there)), Some(ours)) if there == ours)
        };
        if !list.iter().any(is_there) {
            list.push(Value::Object(entry));
        }
    }

    /// Sets the price of models with a prefix.
    pub(super) fn put_price(&mut self, prefix: &str, price: &str) {
        let mut fields = Fields(std::mem::take(&mut self.root));
        let prices = fields.0.get("preferences").and_then(|preferences| preferences.get("model_price"));
        let mut prices = prices.and_then(Value::as_object).cloned().unwrap_or_default();
        prices.insert(prefix.to_owned(), price.into());
        if !fields.0.get("preferences").is_some_and(Value::is_object) {
            fields.0.shift_remove("preferences");
        }
        fields.put_in("preferences", "model_price", prices);
        self.root = fields.0;
    }

    /// A list; both are there since the beginning.
    fn list(&mut self, name: &str) -> Option<&mut Vec<Value>> {
        self.root.get_mut(name)?.as_array_mut()
    }
}

/// Writes fields over those that are there; what means the same stays as it is written.
fn merge(there: &mut Map<String, Value>, ours: Map<String, Value>, variables: &Variables) {
    for (name, ours) in ours {
        match (there.get_mut(&name), ours) {
            (Some(Value::Object(there)), Value::Object(ours)) => merge(there, ours, variables),
            (Some(there), ours) if means(there, &ours, variables) => {}
            (Some(Value::Array(there)), Value::Array(ours)) => {
                // Each value that a variable stands for keeps it.
                let kept = ours.into_iter().map(|ours| {
                    there.iter().find(|there| means(there, &ours, variables)).cloned().unwrap_or(ours)
                });
                *there = kept.collect::<Vec<_>>();
            }
            (_, ours) => {
                there.insert(name, ours);
            }
        }
    }
}

/// True when a value means ours once its variables are expanded; one text is as good as a list of it.
fn means(there: &Value, ours: &Value, variables: &Variables) -> bool {
    match (there, ours) {
        (Value::String(there), Value::String(ours)) => variables.expand(there).as_deref() == Ok(ours),
        (Value::Array(there), Value::Array(ours)) => {
            there.len() == ours.len()
                && there.iter().zip(ours).all(|(there, ours)| means(there, ours, variables))
        }
        (Value::Array(there), ours) => there.len() == 1 && means(&there[0], ours, variables),
        (there, ours) => there == ours,
    }
}
