//! From the file to a configuration of ours.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{access, preferences, provider};
use crate::configuration::Imported;
use crate::error::ReadError;
use crate::names::Names;
use crate::note::Notes;
use crate::text;
use crate::variables::Variables;

/// Reads an `api.yaml`; `${VAR}` is taken from `variables`.
pub fn read(bytes: &[u8], variables: &Variables) -> Result<Imported, ReadError> {
    let value = text::value(bytes)?;
    let Value::Object(root) = value else {
        return Err(ReadError::shape("api.yaml", "expected `providers:` and `api_keys:` at the top"));
    };
    if !root.contains_key("providers") && !root.contains_key("api_keys") {
        return Err(ReadError::shape("api.yaml", "has neither `providers` nor `api_keys`"));
    }
    let mut reading = Reading::new(variables);
    preferences::before_providers(&root, &mut reading);
    for (index, entry) in entries(&root, "providers")?.iter().enumerate() {
        provider::read(entry, index, &mut reading);
    }
    access::read(entries(&root, "api_keys")?, &mut reading);
    preferences::read(&root, &mut reading);
    for name in root.keys() {
        match name.as_str() {
            "providers" | "api_keys" | "preferences" => {}
            "video_providers" => reading.notes.skip(name, "tasks for films are not served"),
            _ => reading.notes.warn(name, "is not understood and left out"),
        }
    }
    let Reading { mut imported, notes, .. } = reading;
    imported.notes = notes.finish();
    Ok(imported)
}

/// What is being read.
pub(super) struct Reading<'v> {
    pub(super) variables: &'v Variables,
    pub(super) imported: Imported,
    pub(super) notes: Notes,
    pub(super) names: Names,
    /// Our names of providers by theirs, in the order of the file.
    pub(super) providers: Vec<(String, String)>,
    /// Where providers stand in the document, by our names.
    pub(super) places: HashMap<String, usize>,
    /// The proxy of all providers.
    pub(super) proxy: Option<String>,
}

impl<'v> Reading<'v> {
    fn new(variables: &'v Variables) -> Self {
        Self {
            variables,
            imported: Imported::default(),
            notes: Notes::default(),
            names: Names::default(),
            providers: Vec::new(),
            places: HashMap::new(),
            proxy: None,
        }
    }

    /// Our name of a provider.
    pub(super) fn renamed(&self, provider: &str) -> Option<&str> {
        self.providers.iter().find(|(theirs, _)| theirs == provider).map(|(_, ours)| ours.as_str())
    }

    /// A text with its variables; a note, when one is not set.
    pub(super) fn expand(&mut self, text: &str, place: &str) -> Option<String> {
        match self.variables.expand(text) {
            Ok(text) => Some(text),
            Err(name) => {
                let message = format!(
                    "names the variable {name}, which is not set here: left out; set it and import again"
                );
                self.notes.skip(place, message);
                None
            }
        }
    }

    /// A field of text with its variables.
    pub(super) fn text(&mut self, fields: &Map<String, Value>, name: &str, place: &str) -> Option<String> {
        let text = match fields.get(name)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        let text = self.expand(&text, &format!("{place}.{name}"))?;
        Some(text).filter(|text| !text.is_empty())
    }

    /// A text, or each of a list of texts, with their variables.
    pub(super) fn texts(&mut self, value: Option<&Value>, place: &str) -> Vec<String> {
        let items = match value {
            Some(Value::Array(items)) => items.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => &[],
        };
        let one = |(index, item): (usize, &Value)| {
            let text = match item {
                Value::String(text) => text.trim().to_owned(),
                Value::Number(number) => number.to_string(),
                _ => return None,
            };
            self.expand(&text, &format!("{place}[{index}]"))
        };
        items.iter().enumerate().filter_map(one).filter(|text| !text.is_empty()).collect()
    }
}

fn entries<'r>(root: &'r Map<String, Value>, list: &str) -> Result<&'r [Value], ReadError> {
    match root.get(list) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(ReadError::shape(list, "must be a list")),
    }
}
