//! Values that may be null, which every provider says differently.

use serde_json::{Map, Value, json};

use super::rules::Null;

/// Takes null out of a node where it does not stand in the `style` that is wanted; true where it was allowed.
///
/// A null branch of `anyOf` only stands in the way of a flag: everyone else takes it as it is.
pub(super) fn take(node: &mut Map<String, Value>, style: Null) -> bool {
    let flagged = node.swap_remove("nullable") == Some(Value::Bool(true));
    let listed = take_from_type(node);
    let branched = style == Null::Flag && take_branch(node, "anyOf") | take_branch(node, "oneOf");
    let is_null = flagged || listed || branched;
    if is_null && let Some(Value::Array(values)) = node.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    is_null
}

/// Allows null in a node that does not.
pub(super) fn allow(mut node: Map<String, Value>, style: Null) -> Map<String, Value> {
    match (style, node.get_mut("type")) {
        (Null::Flag, _) => {
            node.insert("nullable".to_owned(), true.into());
            return node;
        }
        (Null::List, Some(kind)) => {
            let kinds = match kind.take() {
                Value::Array(kinds) => kinds,
                one => vec![one],
            };
            *kind = kinds.into_iter().chain(["null".into()]).collect();
            if let Some(Value::Array(values)) = node.get_mut("enum") {
                values.push(Value::Null);
            }
            return node;
        }
        _ => {}
    }
    if let Some(Value::Array(branches)) = node.get_mut("anyOf") {
        branches.push(json!({ "type": "null" }));
        return node;
    }
    let description = node.swap_remove("description");
    let mut outer = Map::new();
    outer.extend(description.map(|text| ("description".to_owned(), text)));
    outer.insert("anyOf".to_owned(), json!([node, { "type": "null" }]));
    outer
}

/// Several types at once as branches, for providers that want one type a node.
pub(super) fn spread_types(node: &mut Map<String, Value>) {
    let Some(Value::Array(kinds)) = node.get_mut("type") else { return };
    let kinds = std::mem::take(kinds);
    node.swap_remove("type");
    let branches = kinds.into_iter().map(|kind| json!({ "type": kind }));
    node.entry("anyOf").or_insert_with(|| branches.collect());
}

fn take_from_type(node: &mut Map<String, Value>) -> bool {
    let Some(Value::Array(kinds)) = node.get_mut("type") else { return false };
    let before = kinds.len();
    kinds.retain(|kind| kind != "null");
    let is_null = kinds.len() < before;
    if kinds.len() == 1
        && let Some(kind) = kinds.pop()
    {
        node.insert("type".to_owned(), kind);
    }
    is_null
}

fn take_branch(node: &mut Map<String, Value>, list: &str) -> bool {
    let Some(Value::Array(branches)) = node.get_mut(list) else { return false };
    let before = branches.len();
    branches.retain(|branch| branch.get("type").is_none_or(|kind| kind != "null"));
    let is_null = branches.len() < before;
    if is_null && branches.len() == 1 {
        // What stands beside the list, such as a description, is nearer to the caller's intent.
        if let Some(Value::Object(only)) = branches.pop() {
            node.swap_remove(list);
            for (keyword, value) in only {
                node.entry(keyword).or_insert(value);
            }
        }
    }
    is_null
}
