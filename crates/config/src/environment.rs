//! Settings from environment variables, laid over the file's values.

pub(crate) mod compat;
mod declare;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::nearest::{nearest, suggestion};
use crate::report::{Origin, Report, field_path};
use crate::schema::{Field, Shape, fields};
use crate::tree::typed;

pub(crate) use declare::declare;

/// Variables of ours that are no setting's own name.
const SHORT_NAMES: [&str; 5] = [
    "ROUNDHOUSE_CONFIG",
    "ROUNDHOUSE_ENCRYPTION_KEY",
    "ROUNDHOUSE_ADMIN_EMAIL",
    "ROUNDHOUSE_ADMIN_PASSWORD",
    "ROUNDHOUSE_ACCESS_KEY",
];

/// The values as they come together: later writers win.
pub(crate) struct Overlay<'a> {
    pub(crate) value: &'a mut Value,
    pub(crate) schema: &'a Value,
    pub(crate) environment: &'a BTreeMap<String, String>,
    pub(crate) report: &'a mut Report,
}

impl Overlay<'_> {
    /// Lays the environment over the values: first the names that other programs' files have, then our own.
    pub(crate) fn apply(&mut self) {
        compat::apply(self);
        let fields = fields(self.schema);
        for field in &fields {
            if let Some(text) = self.variable(&field.variable) {
                let value = from_variable(&text, field.shape);
                self.set(&field.pointer, value, &field.variable);
            }
        }
        self.refuse_unknown(&fields);
    }

    /// A variable's text; an empty one counts as not set, as in files that name every variable.
    fn variable(&self, name: &str) -> Option<String> {
        self.environment.get(name).filter(|text| !text.trim().is_empty()).cloned()
    }

    /// Sets a field, and takes away a file's other way to give it (`x` or `x_file`).
    pub(crate) fn set(&mut self, pointer: &str, value: Value, origin: &str) {
        let mut parent = &mut *self.value;
        let (path, key) = pointer.rsplit_once('/').unwrap_or(("", pointer));
        for segment in path.split('/').skip(1) {
            let Value::Object(map) = parent else { return };
            parent = map.entry(segment).or_insert_with(|| Value::Object(Map::new()));
        }
        let Value::Object(map) = parent else { return };
        map.shift_remove(&match key.strip_suffix("_file") {
            Some(secret) => secret.to_owned(),
            None => format!("{key}_file"),
        });
        map.insert(key.to_owned(), value);
        self.report.set_origin(pointer, Origin::Named(origin.to_owned()));
    }

    fn refuse_unknown(&mut self, fields: &[Field<'_>]) {
        let known = || fields.iter().map(|field| field.variable.as_str()).chain(SHORT_NAMES);
        for name in self.environment.keys().filter(|name| name.starts_with("ROUNDHOUSE_")) {
            if known().any(|variable| variable == name) {
                continue;
            }
            if name.contains("__") {
                let hint = match suggestion(name, known()) {
                    hint if hint.is_empty() => "; `docs/configuration.md` lists all".to_owned(),
                    hint => hint,
                };
                self.report.named_problem(name, format!("no such setting{hint}"));
            } else if let Some(meant) = nearest(name, known()) {
                // Orchestrators set variables such as ROUNDHOUSE_PORT for a service of our name: only likely mistakes count.
                self.report.warn(format!("{name}: ignored; did you mean `{meant}`?"));
            }
        }
    }
}

/// The value of a variable for a place of the given shape.
fn from_variable(text: &str, shape: Shape<'_>) -> Value {
    if shape.accepts("string") {
        return Value::String(text.to_owned());
    }
    if shape.accepts("array") {
        return Value::Array(list(text).into_iter().map(Value::String).collect());
    }
    match boolean(text).filter(|_| shape.accepts("boolean")) {
        Some(boolean) => Value::Bool(boolean),
        None => typed(text.trim(), true, Some(shape)),
    }
}

/// A JSON array of texts, a YAML one, or texts separated by commas.
fn list(text: &str) -> Vec<String> {
    if let Ok(items) = serde_json::from_str(text) {
        return items;
    }
    let inner = text.trim().trim_start_matches('[').trim_end_matches(']');
    let items = inner.split(',').map(|item| item.trim().trim_matches(['"', '\'']));
    items.filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// What people write for yes and no.
fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// Where a setting that `pointer` names stands, for texts that mention it.
fn mention(pointer: &str) -> String {
    format!("`{}`", field_path(pointer))
}
