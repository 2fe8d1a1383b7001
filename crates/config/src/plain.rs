//! YAML of others as plain values: nothing is expanded, and no schema says what a text means.

use serde_json::{Map, Value};

use crate::report::{Problem, Problems};
use crate::yaml::{self, Content, Entry, Node, scalar};

/// The value of a YAML text, within the same bounds as our own files; nothing at all is an empty object.
///
/// # Errors
/// Everything that is wrong with the text, each with its line.
pub fn yaml_value(text: &str) -> Result<Value, Problems> {
    let (root, faults) = yaml::parse(text.trim_start_matches('\u{feff}'));
    if !faults.is_empty() {
        let problem = |fault: yaml::Fault| Problem {
            file: None,
            line: Some(fault.line),
            stored: None,
            path: fault.path,
            message: fault.message,
        };
        return Err(Problems(faults.into_iter().map(problem).collect()));
    }
    Ok(root.map_or_else(|| Value::Object(Map::new()), value))
}

fn value(node: Node) -> Value {
    match node.content {
        Content::Scalar { text, plain: true } => scalar::resolve(&text),
        Content::Scalar { text, plain: false } => Value::String(text),
        Content::List(items) => Value::Array(items.into_iter().map(value).collect()),
        Content::Map(entries) => Value::Object(entries.into_iter().map(member).collect()),
    }
}

fn member(entry: Entry) -> (String, Value) {
    (entry.key, value(entry.value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_stay_as_they_are() {
        let text = "a: ${KEY}\nb: [1, '2', 'true', yes]\nc: {d: 1.5, e: null}\n";
        let expected = json!({ "a": "${KEY}", "b": [1, "2", "true", "yes"], "c": { "d": 1.5, "e": null } });
        assert_eq!(yaml_value(text).unwrap(), expected);
        assert_eq!(yaml_value("").unwrap(), json!({}));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let problems = yaml_value("a: 1\na: 2\n").unwrap_err();
        assert_eq!((problems.0[0].line, problems.0[0].path.as_str()), (Some(2), "a"));
        let bomb = format!(
            "a: &a [x,x,x,x,x,x,x,x,x]\n{}",
            (0..9).fold(String::new(), |text, at| {
                let (this, before) = (char::from(b'b' + at), char::from(b'a' + at));
                format!("{text}{this}: &{this} [{}]\n", vec![format!("*{before}"); 9].join(","))
            })
        );
        assert!(yaml_value(&bomb).unwrap_err().to_string().contains("repeat more than"));
    }
}
