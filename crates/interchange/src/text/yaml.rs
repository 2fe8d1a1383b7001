//! Values as YAML text that people read and edit.

use std::fmt::Write as _;

use serde_json::Value;

/// Writes `value` in block style; texts that could be taken for something else are in quotes.
pub(crate) fn write(value: &Value) -> String {
    let mut out = String::new();
    block(value, 0, &mut out);
    out
}

/// A list or an object over several lines, each indented by `depth` steps; anything else on one.
fn block(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                indent(depth, out);
                scalar(name, out);
                out.push(':');
                after_name(value, depth, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                indent(depth, out);
                out.push('-');
                after_dash(item, depth, out);
            }
        }
        value => {
            indent(depth, out);
            flow(value, out);
            out.push('\n');
        }
    }
}

fn after_name(value: &Value, depth: usize, out: &mut String) {
    if is_block(value) {
        out.push('\n');
        block(value, depth + 1, out);
    } else {
        out.push(' ');
        flow(value, out);
        out.push('\n');
    }
}

/// The first line of an item stands behind its dash, which is as wide as one step.
fn after_dash(item: &Value, depth: usize, out: &mut String) {
    if is_block(item) {
        let mut inner = String::new();
        block(item, depth + 1, &mut inner);
        out.push(' ');
        out.push_str(inner.trim_start_matches(' '));
    } else {
        out.push(' ');
        flow(item, out);
        out.push('\n');
    }
}

fn is_block(value: &Value) -> bool {
    match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

fn flow(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => scalar(text, out),
        // Numbers, booleans and nothing are written alike in JSON and YAML, and so are empty lists and objects.
        value => {
            let _ = write!(out, "{value}");
        }
    }
}

fn scalar(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        // A JSON text is a YAML text in double quotes (YAML 1.2.2, section 1.3).
        let _ = write!(out, "{}", Value::from(text));
    }
}

/// True for words that every reader takes for text.
fn is_plain(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || "_-./@+".contains(c);
    let address = |text: &str| {
        text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).is_some_and(|rest| {
            !rest.is_empty() && !rest.ends_with(':') && rest.chars().all(|c| word(c) || c == ':')
        })
    };
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(word)
        && !reserved.contains(&text.to_ascii_lowercase().as_str());
    is_word || address(text)
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_objects_stand_over_several_lines() {
        let value = json!({
            "providers": [
                { "provider": "a", "base_url": "https://a.example:8080/v1", "api": ["sk-1", "12"], "model": [{ "x": "z" }] },
                [],
            ],
            "on": "no",
            "none": {},
        });
        let text = "providers:\n  - provider: a\n    base_url: https://a.example:8080/v1\n    api:\n      - sk-1\n      - \"12\"\n    model:\n      - x: z\n  - []\n\"on\": \"no\"\nnone: {}\n";
        assert_eq!(write(&value), text);
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[a-zA-Z0-9:# '\"${}\\[\\]&*!|>%@`,?-]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::hash_map("[a-z0-9 :#-]{0,8}", inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_it_was(value in any_value()) {
            let object = json!({ "v": value });
            prop_assert_eq!(roundhouse_config::yaml_value(&write(&object)).unwrap(), object);
        }
    }
}
