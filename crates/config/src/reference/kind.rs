//! What a field holds, in words for people.

use serde_json::Value;

use crate::schema::Shape;

/// The type of the field `key`, with its unit.
pub(super) fn kind_of(member: Shape<'_>, key: &str) -> String {
    if let Some(name) = reference_of(member).and_then(known) {
        return name.to_owned();
    }
    if member.accepts("array") {
        return match member.entry() {
            Some(entry) => format!("list of {}", kind_of(entry, key)),
            None => "list".to_owned(),
        };
    }
    let choices: Vec<String> = member.alternatives().iter().filter_map(|shape| choice(*shape)).collect();
    if !choices.is_empty() {
        return choices.join(", ");
    }
    scalar(member, key).to_owned()
}

fn scalar(member: Shape<'_>, key: &str) -> &'static str {
    let accepts = |name| member.accepts(name);
    match key {
        _ if accepts("boolean") => "true or false",
        _ if accepts("integer") && key.ends_with("_bytes") => "bytes",
        _ if accepts("integer") => "whole number",
        _ if accepts("number") && key.starts_with("usd_") => "US dollars",
        _ if accepts("number") => "number",
        _ if accepts("object") && member.member("").is_some() => "map of text",
        _ if accepts("object") => "map",
        "file" | "data_dir" => "path",
        _ if key.ends_with("_file") => "path",
        _ => "text",
    }
}

/// The name of the definition that a place refers to, directly or as an alternative to nothing.
fn reference_of(shape: Shape<'_>) -> Option<&str> {
    let node = shape.node();
    let direct = node.get("$ref").and_then(Value::as_str);
    let alternatives = node.get("anyOf").and_then(Value::as_array);
    let indirect = || alternatives?.iter().find_map(|node| node.get("$ref")?.as_str());
    direct.or_else(indirect)?.rsplit('/').next()
}

fn known(definition: &str) -> Option<&'static str> {
    Some(match definition {
        "Span" => "length of time",
        "Secret" => "secret",
        "Name" => "name",
        "ModelRule" => "model rule",
        "Network" => "IP address or network",
        "ProviderKind" => "[kind](#kinds-of-providers)",
        "Price" => "US dollars per million tokens",
        "Timestamp" => "time (RFC 3339) or date",
        _ => return None,
    })
}

fn choice(shape: Shape<'_>) -> Option<String> {
    shape.node().get("const").and_then(Value::as_str).map(|name| format!("`{name}`"))
}
