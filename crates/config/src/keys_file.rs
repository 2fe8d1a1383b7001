//! Texts of provider keys.

use std::collections::HashSet;

use roundhouse_domain::Secret;
use roundhouse_domain::spec::{Family, ProviderKind};
use serde_json::{Map, Value};

/// The keys of a file.
#[derive(Debug)]
pub struct Parsed {
    /// Each key once, in the order of the file.
    pub keys: Vec<Secret>,
    /// How many were there more than once.
    pub duplicates: usize,
}

/// Reads keys: one a line, or several separated by commas, semicolons or spaces, or a JSON array of texts. A `#` at the
/// beginning of a line or after a space begins a comment. A JSON object, alone in the file or on a line, is one key.
pub fn parse(text: &str) -> Parsed {
    let text = text.trim_start_matches('\u{feff}').trim();
    if is_object(text) {
        return collect([text].into_iter());
    }
    match serde_json::from_str::<Vec<String>>(text) {
        Ok(array) => collect(array.iter().map(|key| key.trim())),
        Err(_) => collect(text.lines().flat_map(keys_of_line)),
    }
}

/// Says what keeps a key of a provider of `kind` from being used: only what the clouds give as JSON need not stand in a header as it is.
pub fn check(key: &Secret, kind: Option<ProviderKind>) -> Result<(), &'static str> {
    let text = key.expose();
    let wanted: &[&str] = match kind.map(ProviderKind::family) {
        Some(Family::Vertex) if text.starts_with('{') => &["client_email", "private_key"],
        Some(Family::Bedrock) if text.starts_with('{') => &[],
        _ if text.bytes().all(|byte| byte.is_ascii_graphic()) => return Ok(()),
        _ => return Err("a key takes printable ASCII characters only, without spaces"),
    };
    // The reason why it cannot be read is not told: it would quote the key.
    let is_whole = |json: &Map<String, Value>| wanted.iter().all(|name| json.contains_key(*name));
    match serde_json::from_str(text) {
        Ok(json) if is_whole(&json) => Ok(()),
        _ => Err(
            "a key that begins with `{` must be the JSON of a service account or of AWS credentials, on one line",
        ),
    }
}

/// True for what a cloud gives as a credential.
fn is_object(text: &str) -> bool {
    text.starts_with('{') && serde_json::from_str::<Map<String, Value>>(text).is_ok()
}

/// The keys of a line. Quotes and brackets go too, so that a JSON array with a trailing comma or a comment works.
fn keys_of_line(line: &str) -> impl Iterator<Item = &str> {
    let object = Some(line.trim()).filter(|line| is_object(line));
    let line = if object.is_some() { "" } else { line };
    let words = line.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
    let words = words.take_while(|word| !word.starts_with('#'));
    object.into_iter().chain(words.map(|word| word.trim_matches(['"', '\'', '[', ']'])))
}

fn collect<'a>(words: impl Iterator<Item = &'a str>) -> Parsed {
    let mut seen = HashSet::new();
    let mut parsed = Parsed { keys: Vec::new(), duplicates: 0 };
    for word in words.filter(|word| !word.is_empty()) {
        if seen.insert(word) {
            parsed.keys.push(Secret::from(word));
        } else {
            parsed.duplicates += 1;
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        parse(text).keys.iter().map(|key| key.expose().to_owned()).collect()
    }

    #[test]
    fn every_form_of_a_keys_file_is_read() {
        let cases = [
            ("one a line", "a\nb\n\nc\n"),
            ("comments and blanks", "# keys\na\n  # more\n  b # of bob\n\nc  #\n"),
            ("Windows line ends and a byte order mark", "\u{feff}a\r\nb\r\n\r\nc\r\n"),
            ("commas and semicolons", "a,b; c"),
            ("spaces and tabs", " a b\tc "),
            ("JSON", r#"["a", "b", "c"]"#),
            ("JSON over lines", "[\n  \"a\",\n  \"b\",\n  \"c\"\n]\n"),
            ("JSON with a trailing comma", "[\"a\", \"b\", \"c\",]"),
        ];
        for (name, text) in cases {
            assert_eq!(keys(text), ["a", "b", "c"], "{name}");
        }
    }

    #[test]
    fn a_hash_inside_a_key_belongs_to_it() {
        assert_eq!(keys("sk-a#1\n#sk-b"), ["sk-a#1"]);
    }

    #[test]
    fn duplicates_are_counted_and_left_out() {
        let parsed = parse("a\nb\na\na\n");
        assert_eq!((parsed.keys.len(), parsed.duplicates), (2, 2));
        assert_eq!(parse("").keys.len(), 0);
        assert_eq!(parse("[]").keys.len(), 0);
    }

    #[test]
    fn an_object_is_one_key() {
        assert_eq!(keys("{\n  \"a\": \"b c\"\n}\n"), ["{\n  \"a\": \"b c\"\n}"]);
        assert_eq!(keys("a\n{\"a\": \"b, c # d\"}\n{e"), ["a", "{\"a\": \"b, c # d\"}", "{e"]);
    }

    #[test]
    fn escapes_in_json_are_read() {
        assert_eq!(keys(r#"["a\/b"]"#), ["a/b"]);
    }
}
