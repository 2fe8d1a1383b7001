//! What people configured: the lowest layer, below file, environment and flags.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::report::{Origin, Report, child, field_path};

/// Where in the configuration something stands that people configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// An entry of a list.
    Entry {
        /// The list's name in the file, such as `providers`.
        list: &'static str,
        /// The field that names an entry; none where entries have no names.
        identity: Option<&'static str>,
    },
    /// A section; its name is the stored thing's.
    Section,
}

/// Something that people configured.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Where it stands.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// What the file would say there, secrets included.
    pub body: Value,
}

/// Names something that people configured.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoredRef {
    /// Where it stands.
    pub place: Place,
    /// Its name.
    pub name: String,
}

impl StoredRef {
    /// The field at `pointer`, of which `rest` is within what people configured, as they know it.
    pub(crate) fn field(&self, pointer: &str, rest: &str) -> String {
        match self.place {
            Place::Entry { .. } => field_path(rest),
            Place::Section => field_path(pointer.get(self.name.len() + 1..).unwrap_or(rest)),
        }
    }
}

impl fmt::Display for StoredRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Entry { list, .. } => write!(f, "{list}/{}", self.name),
            Place::Section => f.write_str(&self.name),
        }
    }
}

/// Fields that only a file or the environment has: paths of this machine, which only who can write its files may name, and
/// credentials, which are kept apart from what is configured.
const NOT_STORED: [(&str, &str); 4] = [
    ("keys_file", "can be set in the configuration file only"),
    ("key_file", "can be set in the configuration file only"),
    ("keys", "is no part of what is configured here: add keys to the provider instead"),
    ("key", "is no part of what is configured here: credentials are made, not chosen"),
];

/// Lays what people configured under `value`: what is there already wins.
pub(crate) fn lay_under(value: &mut Value, stored: &[Stored], report: &mut Report) {
    let Value::Object(root) = value else { return };
    for Stored { place, name, body } in stored {
        let by = StoredRef { place: *place, name: name.clone() };
        match place {
            Place::Entry { list, identity } => entry(root, list, *identity, body, by, report),
            Place::Section => {
                let section = root.entry(name.as_str()).or_insert_with(|| json!({}));
                merge(section, body, &format!("/{name}"), &by, report);
            }
        }
    }
}

fn entry(
    root: &mut Map<String, Value>,
    list: &str,
    identity: Option<&str>,
    body: &Value,
    by: StoredRef,
    report: &mut Report,
) {
    let Value::Array(items) = root.entry(list).or_insert_with(|| json!([])) else { return };
    let mut body = body.clone();
    if let (Some(identity), Value::Object(fields)) = (identity, &mut body) {
        if items.iter().any(|item| item.get(identity).and_then(Value::as_str) == Some(&by.name)) {
            return;
        }
        fields.insert(identity.to_owned(), by.name.as_str().into());
    }
    let pointer = format!("/{list}/{}", items.len());
    report.set_origin(pointer.clone(), Origin::Stored(by));
    for (field, message) in NOT_STORED {
        if body.get(field).is_some() {
            report.problem(&child(&pointer, field), message);
        }
    }
    items.push(body);
}

fn merge(into: &mut Value, body: &Value, pointer: &str, by: &StoredRef, report: &mut Report) {
    let (Value::Object(into), Value::Object(body)) = (into, body) else { return };
    for (key, value) in body {
        let pointer = child(pointer, key);
        let other = key.strip_suffix("_file").map_or_else(|| format!("{key}_file"), str::to_owned);
        if let Some(there) = into.get_mut(key) {
            merge(there, value, &pointer, by, report);
        } else if !into.contains_key(&other) {
            report.set_origin(pointer, Origin::Stored(by.clone()));
            into.insert(key.clone(), value.clone());
        }
    }
}
