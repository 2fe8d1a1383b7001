//! What some providers demand of every node.

use serde_json::{Map, Value, json};

use super::rules::{Habit, Table};

/// Makes a node whose inner schemas fit do so itself; the keywords that could not stay.
pub(super) fn fit(node: &mut Map<String, Value>, table: &Table) -> Vec<&'static str> {
    let mut lost = Vec::new();
    if table.has(Habit::TextEnums) {
        lost.extend(text_enum(node));
    }
    if table.has(Habit::UpperTypes) {
        upper_type(node);
    }
    if table.has(Habit::OneItem)
        && node.get("minItems").and_then(Value::as_u64).is_some_and(|least| least > 1)
    {
        node.insert("minItems".to_owned(), 1.into());
        lost.push("minItems");
    }
    if table.has(Habit::Closed) && is_object(node) {
        let open = node.insert("additionalProperties".to_owned(), false.into());
        lost.extend(open.filter(|open| open != &Value::Bool(false)).map(|_| "additionalProperties"));
    }
    known_required(node);
    lost
}

fn is_object(node: &Map<String, Value>) -> bool {
    node.get("type").is_some_and(|kind| kind == "object") || node.contains_key("properties")
}

/// Names that are required but not declared are refused by some, and mean nothing to the others.
fn known_required(node: &mut Map<String, Value>) {
    let Some(mut required) = node.get_mut("required").map(Value::take) else { return };
    if let (Value::Array(names), Some(Value::Object(properties))) = (&mut required, node.get("properties")) {
        names.retain(|name| name.as_str().is_some_and(|name| properties.contains_key(name)));
    }
    node.insert("required".to_owned(), required);
}

fn text_enum(node: &mut Map<String, Value>) -> Option<&'static str> {
    let Value::Array(values) = node.get_mut("enum")? else { return node.swap_remove("enum").map(|_| "enum") };
    let before = values.len();
    values.retain(|value| value.as_str().is_some_and(|text| !text.is_empty()));
    let is_whole = values.len() == before;
    if values.is_empty() {
        node.swap_remove("enum");
    } else {
        node.entry("type").or_insert_with(|| "string".into());
    }
    (!is_whole).then_some("enum")
}

/// One type a node, in upper case; arrays say of what.
fn upper_type(node: &mut Map<String, Value>) {
    let guess =
        [("properties", "object"), ("items", "array")].into_iter().find(|(sign, _)| node.contains_key(*sign));
    if let Some((_, kind)) = guess {
        node.entry("type").or_insert_with(|| kind.into());
    }
    let Some(Value::String(kind)) = node.get_mut("type") else { return };
    kind.make_ascii_uppercase();
    if kind == "ARRAY" {
        node.entry("items").or_insert_with(|| json!({ "type": "STRING" }));
    }
}
