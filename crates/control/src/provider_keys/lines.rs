//! Keys from what people paste or upload.

use std::collections::HashSet;

use roundhouse_config::keys_file;
use roundhouse_domain::Secret;
use roundhouse_domain::spec::ProviderKind;
use serde_json::Value;

/// What a text holds.
#[derive(Debug, Default)]
pub struct Lines {
    /// Each key once, in the order of the text.
    pub keys: Vec<Secret>,
    /// How many were there more than once.
    pub duplicates: usize,
    /// How many cannot be sent to a provider of that kind.
    pub unusable: usize,
}

/// Reads keys in the forms that people have them in: a JSON array of texts (of objects for the clouds), the list below `api:` of
/// uni-api's `api.yaml`, and everything that a keys file may hold: lines with `#` comments, commas, semicolons, spaces.
pub fn read(text: &str, kind: Option<ProviderKind>) -> Lines {
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut lines = Lines::default();
    let found = array(text).unwrap_or_else(|| {
        let parsed = keys_file::parse(&without_yaml(text));
        lines.duplicates = parsed.duplicates;
        parsed.keys
    });
    let mut seen = HashSet::with_capacity(found.len());
    for key in found.iter().filter(|key| !key.expose().trim().is_empty()) {
        if !seen.insert(key.expose()) {
            lines.duplicates += 1;
        } else if keys_file::check(key, kind).is_err() {
            lines.unusable += 1;
        } else {
            lines.keys.push(key.clone());
        }
    }
    lines
}

fn array(text: &str) -> Option<Vec<Secret>> {
    let items: Vec<Value> = serde_json::from_str(text).ok()?;
    let key = |item: Value| match item {
        Value::String(text) => Secret::new(text.trim()),
        other => Secret::new(other.to_string()),
    };
    Some(items.into_iter().map(key).collect())
}

/// The text without the marks of a YAML list, which no key begins with.
fn without_yaml(text: &str) -> String {
    let line = |line: &'_ str| {
        let line = line.trim();
        let line =
            line.strip_prefix("api:").or_else(|| line.strip_prefix("api_keys:")).unwrap_or(line).trim_start();
        line.strip_prefix("- ").unwrap_or(line).trim().to_owned()
    };
    if !text.lines().any(|line| line.trim_start().starts_with(['-', 'a'])) {
        return text.to_owned();
    }
    text.lines().map(line).filter(|line| line != "-").collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        read(text, None).keys.iter().map(|key| key.expose().to_owned()).collect()
    }

    #[test]
    fn every_form_that_people_have_keys_in_is_read() {
        let cases = [
            ("a JSON array", r#"["a1", "b2", "a1"]"#),
            ("lines with comments", "# keys\na1\n\nb2 # of Bob\n"),
            ("one line", "a1, b2;a1"),
            ("a list of YAML", "api:\n  - a1\n  - b2\n"),
            ("a list of YAML in one line", "api: [a1, b2]"),
            ("a list of YAML in quotes", "- \"a1\"\n- 'b2'\n"),
        ];
        for (name, text) in cases {
            assert_eq!(keys(text), ["a1", "b2"], "{name}");
        }
    }

    #[test]
    fn what_cannot_be_sent_is_counted_and_left_out() {
        let lines = read("a\nschlüssel\nb\na\n", Some(ProviderKind::Openai));
        assert_eq!((lines.keys.len(), lines.duplicates, lines.unusable), (2, 1, 1));
    }

    #[test]
    fn accounts_of_clouds_come_in_arrays_too() {
        let text = r#"[{"client_email": "a@b", "private_key": "k"}]"#;
        assert_eq!(read(text, Some(ProviderKind::Vertex)).keys.len(), 1);
    }
}
