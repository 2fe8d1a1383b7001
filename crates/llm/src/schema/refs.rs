//! References between parts of a schema, and schemas that must all hold.

use serde_json::{Map, Value};

/// The part of `root` that a reference such as `#/$defs/Item` names.
pub(super) fn target<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    if pointer.contains('%') {
        // Percent signs only stand in names that generators of schemas do not make.
        return None;
    }
    root.pointer(pointer)
}

/// Adds to `node` what `other` demands as well; of two values for one keyword the first stays.
pub(super) fn merge(node: &mut Map<String, Value>, other: &Map<String, Value>) {
    for (keyword, value) in other {
        match (node.get_mut(keyword), value) {
            (None, _) => {
                node.insert(keyword.clone(), value.clone());
            }
            (Some(Value::Object(known)), Value::Object(more)) if keyword == "properties" => {
                more.iter().for_each(|(name, schema)| {
                    known.entry(name.as_str()).or_insert_with(|| schema.clone());
                });
            }
            (Some(Value::Array(known)), Value::Array(more)) if keyword == "required" => {
                let added: Vec<_> = more.iter().filter(|name| !known.contains(name)).cloned().collect();
                known.extend(added);
            }
            _ => {}
        }
    }
}

/// What it takes to copy `value`: its values, and long texts by their length.
pub(super) fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => 1 + text.len() / 64,
        Value::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(weight).sum::<usize>(),
        _ => 1,
    }
}
