//! Environment variables in the file's texts.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Replaces `${VAR}`, `${VAR:-default}` (when unset or empty) and `$$` (a dollar sign); everything else stays, `{{…}}` too.
///
/// # Errors
/// A text for people when a variable is not set or its name is no name.
pub(crate) fn expand<'a>(
    text: &'a str,
    environment: &BTreeMap<String, String>,
) -> Result<Cow<'a, str>, String> {
    if !text.contains('$') {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(inside) = rest.strip_prefix('{') {
            let end =
                inside.find('}').ok_or("`${` without `}`; write `$${` for the characters themselves")?;
            out.push_str(value(&inside[..end], environment)?);
            rest = &inside[end + 1..];
        } else {
            out.push('$');
        }
    }
    out.push_str(rest);
    Ok(Cow::Owned(out))
}

fn value<'a>(inside: &'a str, environment: &'a BTreeMap<String, String>) -> Result<&'a str, String> {
    let (name, default) = match inside.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inside, None),
    };
    if !is_variable(name) {
        return Err(
            "`${…}` takes the name of an environment variable; write `$${` for the characters themselves"
                .to_owned(),
        );
    }
    if default.is_some_and(|default| default.contains("${")) {
        return Err(format!("the default of `${{{name}}}` cannot hold another variable"));
    }
    match (environment.get(name), default) {
        (Some(value), Some(default)) if value.is_empty() => Ok(default),
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(format!(
            "the environment variable `{name}` is not set; set it, or write `${{{name}:-default}}`"
        )),
    }
}

fn is_variable(name: &str) -> bool {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> Result<String, String> {
        let environment =
            BTreeMap::from([("KEY".to_owned(), "sk-1".to_owned()), ("EMPTY".to_owned(), String::new())]);
        expand(text, &environment).map(Cow::into_owned)
    }

    #[test]
    fn variables_defaults_and_dollars_are_expanded() {
        let cases = [
            ("plain", "plain"),
            ("${KEY}", "sk-1"),
            ("a${KEY}b${KEY}", "ask-1bsk-1"),
            ("${NONE:-d}", "d"),
            ("${NONE:-}", ""),
            ("${EMPTY:-d}", "d"),
            ("${EMPTY}", ""),
            ("${KEY:-d}", "sk-1"),
            ("$$", "$"),
            ("$${KEY}", "${KEY}"),
            ("cost $5", "cost $5"),
            ("{{client_ip}} $", "{{client_ip}} $"),
            ("${NONE:-http://a:-b}", "http://a:-b"),
        ];
        for (text, value) in cases {
            assert_eq!(expanded(text).as_deref(), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_expanded_says_why() {
        assert_eq!(
            expanded("${NONE}").unwrap_err(),
            "the environment variable `NONE` is not set; set it, or write `${NONE:-default}`"
        );
        assert!(expanded("${KEY").unwrap_err().contains("without `}`"));
        assert!(expanded("${1}").unwrap_err().contains("name of an environment variable"));
        assert!(expanded("${NONE:-${KEY}}").unwrap_err().contains("cannot hold another"));
    }
}
