//! What providers document about the bodies that they take, checked on JSON, without any code of the crate.

pub mod bedrock;
pub mod chat;
pub mod cohere;
pub mod gemini;
pub mod messages;
pub mod responses;

use std::collections::BTreeSet;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

/// Rules that a body breaks.
#[derive(Default)]
pub struct Broken(pub Vec<String>);

impl Broken {
    pub fn unless(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(what());
        }
    }

    /// An object of these fields and no other.
    pub fn only(&mut self, value: &Value, place: &str, known: &[&str]) {
        for (name, field) in value.as_object().into_iter().flatten() {
            self.unless(known.contains(&name.as_str()), || format!("{place}.{name} is not known"));
            self.unless(!field.is_null(), || format!("{place}.{name} is null"));
        }
        self.unless(value.is_object(), || format!("{place} is not an object"));
    }

    pub fn range(&mut self, value: &Value, place: &str, least: f64, most: f64) {
        if !value.is_null() {
            let holds = value.as_f64().is_some_and(|number| (least..=most).contains(&number));
            self.unless(holds, || format!("{place} is {value}, not {least} to {most}"));
        }
    }

    /// A whole number of at least `least`.
    pub fn count(&mut self, value: &Value, place: &str, least: u64) {
        if !value.is_null() {
            let holds = value.as_u64().is_some_and(|number| number >= least);
            self.unless(holds, || format!("{place} is {value}"));
        }
    }

    pub fn text(&mut self, value: &Value, place: &str) {
        self.unless(value.as_str().is_some_and(|text| !text.trim().is_empty()), || {
            format!("{place} is no text: {value}")
        });
    }

    pub fn one_of(&mut self, value: &Value, place: &str, words: &[&str]) {
        if !value.is_null() {
            self.unless(value.as_str().is_some_and(|word| words.contains(&word)), || {
                format!("{place} is {value}, not one of {words:?}")
            });
        }
    }

    pub fn name(&mut self, value: &Value, place: &str, most: usize, others: &str) {
        let holds = value.as_str().is_some_and(|name| {
            let fits = |c: char| c.is_ascii_alphanumeric() || others.contains(c);
            (1..=most).contains(&name.len()) && name.chars().all(fits)
        });
        self.unless(holds, || format!("{place} is {value}"));
    }

    pub fn base64(&mut self, value: &Value, place: &str) {
        let holds =
            value.as_str().is_some_and(|data| !data.is_empty() && BASE64_STANDARD.decode(data).is_ok());
        self.unless(holds, || format!("{place} is not base64"));
    }

    /// `data:` with base64, or an address.
    pub fn url(&mut self, value: &Value, place: &str) {
        let url = value.as_str().unwrap_or_default();
        match url.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) {
            Some((mime, data)) => {
                self.unless(mime.contains('/'), || format!("{place} has no type"));
                self.base64(&data.into(), place);
            }
            None => self.unless(url.starts_with("http"), || format!("{place} is {url:.40}")),
        }
    }

    /// A schema of an object, as functions have it.
    pub fn schema(&mut self, schema: &Value, place: &str) {
        self.unless(schema["type"] == "object", || format!("{place} is not an object's: {schema}"));
        let properties = &schema["properties"];
        self.unless(properties.is_null() || properties.is_object(), || format!("{place}.properties"));
        for required in list(&schema["required"]) {
            let name = required.as_str().unwrap_or_default();
            self.unless(properties.get(name).is_some(), || {
                format!("{place} requires {name}, which it has not")
            });
        }
    }

    pub fn distinct<'a>(&mut self, names: impl IntoIterator<Item = &'a str>, place: &str) {
        let mut seen = BTreeSet::new();
        for name in names {
            self.unless(seen.insert(name), || format!("{place} has {name} twice"));
        }
    }
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Visits every schema in a schema, properties' names aside.
pub fn each_schema(schema: &Value, visit: &mut dyn FnMut(&Value)) {
    visit(schema);
    for (name, inner) in schema.as_object().into_iter().flatten() {
        match name.as_str() {
            "properties" | "$defs" | "definitions" => {
                inner.as_object().into_iter().flatten().for_each(|(_, inner)| each_schema(inner, visit));
            }
            "items" | "additionalProperties" | "not" if inner.is_object() => each_schema(inner, visit),
            "anyOf" | "oneOf" | "allOf" | "prefixItems" => {
                for inner in list(inner) {
                    each_schema(inner, visit);
                }
            }
            _ => {}
        }
    }
}
