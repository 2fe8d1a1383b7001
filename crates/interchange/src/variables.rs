//! Environment variables that files of others name.

use std::collections::BTreeMap;

/// The variables that texts may name; empty where files come from people who may not read the environment.
#[derive(Clone, Debug, Default)]
pub struct Variables(pub BTreeMap<String, String>);

impl Variables {
    /// The value of a variable that is set and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Replaces `${VAR}` and `${VAR:-default}`.
    ///
    /// # Errors
    /// The name of the first variable that is not set.
    pub(crate) fn expand(&self, text: &str) -> Result<String, String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (before, after) = rest.split_at(at);
            out.push_str(before);
            let Some(end) = after.find('}') else {
                rest = after;
                break;
            };
            let inside = &after[2..end];
            let (name, default) = inside.split_once(":-").map_or((inside, None), |(n, d)| (n, Some(d)));
            out.push_str(self.get(name).or(default).ok_or_else(|| name.to_owned())?);
            rest = &after[end + 1..];
        }
        out.push_str(rest);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_and_defaults_are_expanded() {
        let variables = Variables(BTreeMap::from([("KEY".to_owned(), "sk-1".to_owned())]));
        for (text, value) in [
            ("plain", Ok("plain")),
            ("a${KEY}b", Ok("ask-1b")),
            ("${NONE:-d}", Ok("d")),
            ("${NONE}", Err("NONE")),
            ("${KEY", Ok("${KEY")),
            ("$KEY", Ok("$KEY")),
        ] {
            assert_eq!(variables.expand(text).as_deref().map_err(String::as_str), value, "{text}");
        }
    }
}
