//! The configuration of an import, put into a draft.

use std::collections::HashSet;

use roundhouse_config::{Source, Sourced};
use roundhouse_interchange::{Document, Notes};
use serde_json::{Map, Value};

use super::outcome::{ObjectOutcome, What};
use super::{ImportError, Mode};
use crate::changes::{ChangeError, Draft};
use crate::objects::ObjectKind;

/// The list of things that stand in no configuration file: edits of models.
pub(crate) const MODELS: &str = "models";

/// Puts everything into the draft, and tells what becomes of each thing.
pub(super) fn put(
    draft: &mut Draft,
    document: &Document,
    mode: Mode,
    sources: &Sourced,
    notes: &mut Notes,
) -> Result<Vec<ObjectOutcome>, ImportError> {
    let mut outcomes = Vec::new();
    let mut seen: HashSet<(ObjectKind, String)> = HashSet::new();
    for (name, value) in &document.0 {
        match (kind_of_list(name), value) {
            (Some(kind), Value::Array(entries)) => {
                for (index, entry) in entries.iter().enumerate() {
                    let (name, body) = named(kind, name, index, entry)?;
                    if !seen.insert((kind, name.clone())) {
                        let message =
                            format!("{name:?} is there twice; which of the two counts would be a guess");
                        return Err(ChangeError::field(format!("{}[{index}]", list_of(kind)), message).into());
                    }
                    let what = one(draft, kind, &name, body, sources, notes);
                    outcomes.push(ObjectOutcome { kind: kind.as_str(), name, what });
                }
            }
            (Some(_), _) => return Err(ChangeError::field(name, "must be a list").into()),
            (None, Value::Object(fields)) => {
                seen.insert((ObjectKind::Settings, name.clone()));
                let what = section(draft, name, fields, mode);
                outcomes.push(ObjectOutcome {
                    kind: ObjectKind::Settings.as_str(),
                    name: name.clone(),
                    what,
                });
            }
            (None, _) => return Err(ChangeError::field(name, "is no list and no section of settings").into()),
        }
    }
    if mode == Mode::Replace {
        outcomes.extend(remove_others(draft, &seen));
    }
    Ok(outcomes)
}

fn one(
    draft: &mut Draft,
    kind: ObjectKind,
    name: &str,
    body: Value,
    sources: &Sourced,
    notes: &mut Notes,
) -> What {
    if is_declared(sources, kind, name) {
        let place = format!("{}[{name}]", list_of(kind));
        notes.skip(place, "stands in the configuration file or the environment, which stay as they are");
        return What::Skipped;
    }
    let what = compare(draft.get(kind, name).map(|object| &object.body), &body);
    draft.put(kind, name, body);
    what
}

/// True when a thing stands where only the operator can change it.
pub(super) fn is_declared(sources: &Sourced, kind: ObjectKind, name: &str) -> bool {
    let source = kind.list().and_then(|list| sources.entry(list, name));
    source.is_some_and(|source| *source != Source::Console)
}

fn compare(before: Option<&Value>, after: &Value) -> What {
    match before {
        None => What::Created,
        Some(before) if before == after => What::Unchanged,
        Some(_) => What::Changed,
    }
}

/// Sets the fields of a section; others stay, unless everything is replaced.
fn section(draft: &mut Draft, name: &str, fields: &Map<String, Value>, mode: Mode) -> What {
    let before = draft.get(ObjectKind::Settings, name).map(|object| object.body.clone());
    let mut body = match (&before, mode) {
        (Some(before), Mode::Merge) => before.clone(),
        _ => Value::Object(Map::new()),
    };
    merge(&mut body, fields);
    let what = compare(before.as_ref(), &body);
    draft.put(ObjectKind::Settings, name, body);
    what
}

fn merge(into: &mut Value, fields: &Map<String, Value>) {
    let Value::Object(into) = into else { return };
    for (name, value) in fields {
        match (into.get_mut(name), value) {
            (Some(there @ Value::Object(_)), Value::Object(fields)) => merge(there, fields),
            _ => {
                into.insert(name.clone(), value.clone());
            }
        }
    }
}

/// Removes what is not in the import; access keys stay, since a removed credential never comes back.
fn remove_others(draft: &mut Draft, seen: &HashSet<(ObjectKind, String)>) -> Vec<ObjectOutcome> {
    let mut gone = Vec::new();
    for kind in ObjectKind::all().filter(|kind| *kind != ObjectKind::AccessKey) {
        let names: Vec<String> = draft.list(kind).map(|object| object.name.clone()).collect();
        for name in names.into_iter().filter(|name| !seen.contains(&(kind, name.clone()))) {
            draft.delete(kind, &name);
            gone.push(ObjectOutcome { kind: kind.as_str(), name, what: What::Removed });
        }
    }
    gone
}

fn kind_of_list(list: &str) -> Option<ObjectKind> {
    if list == MODELS {
        return Some(ObjectKind::Model);
    }
    ObjectKind::all().find(|kind| kind.list() == Some(list))
}

fn list_of(kind: ObjectKind) -> &'static str {
    kind.list().unwrap_or(MODELS)
}

/// The name of an entry, and the entry without it.
fn named(kind: ObjectKind, list: &str, index: usize, entry: &Value) -> Result<(String, Value), ImportError> {
    let wrong = |message: &str| ImportError::from(ChangeError::field(format!("{list}[{index}]"), message));
    let mut fields = entry.as_object().ok_or_else(|| wrong("must be an object"))?.clone();
    let name = match kind.identity() {
        Some(identity) => match fields.shift_remove(identity) {
            Some(Value::String(name)) if !name.is_empty() => name,
            _ => return Err(wrong(&format!("needs the field `{identity}`"))),
        },
        None => catalogue_name(&fields),
    };
    Ok((name, Value::Object(fields)))
}

/// Entries of the catalogue count in the order of their names, so that the more special ones come first.
fn catalogue_name(fields: &Map<String, Value>) -> String {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let (pattern, provider) = (text("match"), text("provider"));
    let special = pattern.chars().filter(|c| *c != '*').count().min(999);
    let of = if provider.is_empty() { String::new() } else { format!(" of {provider}") };
    format!("{:03} {pattern}{of}", 999 - special)
}
