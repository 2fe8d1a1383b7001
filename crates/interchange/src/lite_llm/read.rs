//! From the file to a configuration of ours.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{deployment, group, settings};
use crate::configuration::Imported;
use crate::error::ReadError;
use crate::note::Notes;
use crate::text;
use crate::variables::Variables;

/// What stands before a variable's name.
const VARIABLE: &str = "os.environ/";

/// Reads a `config.yaml`; `os.environ/NAME` is taken from the file's own `environment_variables`, then from `variables`.
pub fn read(bytes: &[u8], variables: &Variables) -> Result<Imported, ReadError> {
    let value = text::value(bytes)?;
    let Value::Object(root) = value else {
        return Err(ReadError::shape("config.yaml", "expected `model_list:` at the top"));
    };
    let Some(Value::Array(entries)) = root.get("model_list") else {
        return Err(ReadError::shape("model_list", "must be a list of models"));
    };
    let mut reading = Reading::new(&root, variables);
    let deployments: Vec<_> = entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| deployment::read(entry, index, &mut reading))
        .collect();
    let targets = group::providers(&deployments, &mut reading);
    let routing = settings::read(&root, &mut reading);
    settings::routes(targets, &routing, &mut reading);
    for name in root.keys() {
        match name.as_str() {
            "model_list"
            | "router_settings"
            | "litellm_settings"
            | "general_settings"
            | "environment_variables"
            | "credential_list" => {}
            "include" => reading.notes.skip(name, "other files are not read: import each of them"),
            _ => reading.notes.warn(name, "is left out: it has no counterpart, or must be set up anew"),
        }
    }
    let Reading { mut imported, notes, .. } = reading;
    imported.notes = notes.finish();
    Ok(imported)
}

/// What is being read.
pub(super) struct Reading {
    pub(super) imported: Imported,
    pub(super) notes: Notes,
    pub(super) variables: Variables,
    /// Values of `credential_list`, by name.
    pub(super) credentials: BTreeMap<String, Map<String, Value>>,
}

impl Reading {
    fn new(root: &Map<String, Value>, variables: &Variables) -> Self {
        let mut variables = variables.clone();
        for (name, value) in
            root.get("environment_variables").and_then(Value::as_object).into_iter().flatten()
        {
            if let Value::String(value) = value {
                variables.0.insert(name.clone(), value.clone());
            }
        }
        let credential = |entry: &Value| {
            let name = entry.get("credential_name")?.as_str()?.to_owned();
            Some((name, entry.get("credential_values")?.as_object()?.clone()))
        };
        let list = root.get("credential_list").and_then(Value::as_array).into_iter().flatten();
        let credentials = list.filter_map(credential).collect();
        Self { imported: Imported::default(), notes: Notes::default(), variables, credentials }
    }

    /// A field of text, taken from its variable when it names one; a note, when that is not set.
    pub(super) fn text(&mut self, fields: &Map<String, Value>, name: &str, place: &str) -> Option<String> {
        let text = match fields.get(name)? {
            Value::String(text) => text.trim(),
            Value::Number(number) => return Some(number.to_string()),
            _ => return None,
        };
        let Some(variable) = text.strip_prefix(VARIABLE) else {
            return Some(text.to_owned()).filter(|text| !text.is_empty());
        };
        let value = self.variables.get(variable).map(str::to_owned);
        if value.is_none() {
            let message = format!(
                "names the variable {variable}, which is not set here: left out; set it and import again"
            );
            self.notes.skip(format!("{place}.{name}"), message);
        }
        value
    }
}
