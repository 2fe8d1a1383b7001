//! What differs between a group that is there and what it should be.

use serde_json::{Map, Value};

use super::There;
use super::step::Step;
use crate::fields::{object, whole};

/// The step that makes a group what it should be, if one is needed; and the number of the group that is there.
pub(super) fn group(
    there: &There,
    name: &str,
    fields: &Map<String, Value>,
    steps: &mut Vec<Step>,
) -> Option<u64> {
    let Some(known) = there.get(name) else {
        steps.push(Step::CreateGroup { name: name.to_owned(), fields: fields.clone() });
        return None;
    };
    let mut changed = Map::new();
    for (field, ours) in fields {
        let theirs = known.get(field).unwrap_or(&Value::Null);
        // Settings that we say nothing of stay as they are there.
        let ours = if field == "config" { over(theirs, ours) } else { ours.clone() };
        if normal(theirs) != normal(&ours) {
            changed.insert(field.clone(), ours);
        }
    }
    if !changed.is_empty() {
        steps.push(Step::UpdateGroup { name: name.to_owned(), fields: changed });
    }
    known.get("id").and_then(whole)
}

fn over(theirs: &Value, ours: &Value) -> Value {
    let mut config = object(theirs).unwrap_or_default();
    config.extend(object(ours).unwrap_or_default());
    config.retain(|_, value| !value.is_null());
    Value::Object(config)
}

/// A value in which nothing is said in one way only, and the order of names does not matter.
fn normal(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> =
                fields.iter().map(|(name, value)| (name.clone(), normal(value))).collect();
            fields.retain(|(_, value)| !value.is_null());
            fields.sort_by(|(one, _), (other, _)| one.cmp(other));
            if fields.is_empty() { Value::Null } else { Value::Object(fields.into_iter().collect()) }
        }
        Value::Array(items) if items.is_empty() => Value::Null,
        Value::Array(items) => Value::Array(items.iter().map(normal).collect()),
        Value::String(text) if text.is_empty() => Value::Null,
        Value::Bool(false) => Value::Null,
        value => value.clone(),
    }
}
