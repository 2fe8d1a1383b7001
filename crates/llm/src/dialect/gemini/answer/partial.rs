//! Calls whose arguments come in pieces, as Gemini 3 streams them on Vertex AI.
//!
//! Source: <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling#streaming-fc>, 2026-11.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::json::{Scanner, Step};
use crate::number;

/// How deep arguments may nest.
const MAX_DEPTH: usize = 64;

/// A call that is not whole.
#[derive(Debug, Default)]
pub(super) struct Partial {
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) signature: Option<String>,
    arguments: Value,
}

/// One step of a path.
#[derive(Debug)]
enum Hop<'a> {
    Name(Cow<'a, str>),
    Index(usize),
}

impl Hop<'_> {
    /// The place that it leads to, made where it is not there.
    fn go<'v>(&self, value: &'v mut Value) -> &'v mut Value {
        match self {
            Self::Name(name) => {
                if !value.is_object() {
                    *value = Value::Object(Map::new());
                }
                &mut value[name.as_ref()]
            }
            Self::Index(index) => {
                if !value.is_array() {
                    *value = Value::Array(Vec::new());
                }
                let Value::Array(items) = value else { return value };
                // Items come in order: a large number must not take memory.
                let index = (*index).min(items.len());
                if index == items.len() {
                    items.push(Value::Null);
                }
                &mut items[index]
            }
        }
    }
}

impl Partial {
    /// Takes the pieces of a `partialArgs`.
    pub(super) fn take(&mut self, pieces: &[u8]) {
        // Whatever it is, the document was JSON as a whole.
        let _ = Scanner::new(pieces).elements(|scanner| {
            let (path, piece) = read(scanner)?;
            if let (Some(path), Some(piece)) = (path, piece) {
                self.add(&path, piece);
            }
            Ok(())
        });
    }

    /// Takes arguments that came whole.
    pub(super) fn set(&mut self, arguments: &[u8]) {
        self.arguments = serde_json::from_slice(arguments).unwrap_or_default();
    }

    /// The arguments as text.
    pub(super) fn arguments(&self) -> String {
        if self.arguments.is_object() { self.arguments.to_string() } else { "{}".to_owned() }
    }

    fn add(&mut self, path: &str, piece: Value) {
        let steps = steps(path);
        if steps.is_empty() || steps.len() > MAX_DEPTH {
            return;
        }
        let place = steps.iter().fold(&mut self.arguments, |value, step| step.go(value));
        match (place, piece) {
            (Value::String(known), Value::String(more)) => known.push_str(&more),
            (place, piece) => *place = piece,
        }
    }
}

/// A piece's path and value.
fn read(scanner: &mut Scanner<'_>) -> Step<(Option<String>, Option<Value>)> {
    let (mut path, mut piece) = (None, None);
    scanner.fields(|scanner, key| {
        match key.inner() {
            b"jsonPath" => path = scanner.text()?.map(Cow::into_owned),
            b"stringValue" => piece = scanner.text()?.map(|text| json!(text)),
            b"numberValue" | b"boolValue" => piece = serde_json::from_slice(scanner.raw()?).ok(),
            b"nullValue" => {
                scanner.skip()?;
                piece = Some(Value::Null);
            }
            _ => scanner.skip()?,
        }
        Ok(())
    })?;
    Ok((path, piece.map(whole)))
}

/// Numbers come as doubles; whole ones are written without a fraction.
fn whole(value: Value) -> Value {
    value.as_f64().map_or(value, number::plain)
}

/// The steps of a path such as `$.foo['a b'][0].data` (RFC 9535).
fn steps(path: &str) -> Vec<Hop<'_>> {
    let (mut steps, mut rest) = (Vec::new(), path.strip_prefix('$').unwrap_or(path));
    while !rest.is_empty() && steps.len() <= MAX_DEPTH {
        if let Some(inner) = rest.strip_prefix('[') {
            let (step, after) = bracketed(inner);
            steps.push(step);
            rest = after;
        } else {
            let name = rest.strip_prefix('.').unwrap_or(rest);
            let end = name.find(['.', '[']).unwrap_or(name.len());
            steps.push(Hop::Name(name[..end].into()));
            rest = &name[end..];
        }
    }
    steps
}

fn bracketed(inner: &str) -> (Hop<'_>, &str) {
    let Some(quote) = inner.chars().next().filter(|first| matches!(first, '\'' | '"')) else {
        let (digits, rest) = inner.split_once(']').unwrap_or((inner, ""));
        return (Hop::Index(digits.parse().unwrap_or(usize::MAX)), rest);
    };
    let mut name = String::new();
    let mut letters = inner[1..].char_indices();
    while let Some((_, letter)) = letters.next() {
        match letter {
            '\\' => name.extend(letters.next().map(|(_, escaped)| escaped)),
            letter if letter == quote => break,
            letter => name.push(letter),
        }
    }
    let rest = letters.as_str();
    (Hop::Name(name.into()), rest.strip_prefix(']').unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_to_the_whole() {
        let mut partial = Partial::default();
        for pieces in [
            r#"[{"jsonPath":"$.place.city","stringValue":"New ","willContinue":true}]"#,
            r#"[{"jsonPath":"$.place.city","stringValue":"Delhi"},{"jsonPath":"$.days","numberValue":3}]"#,
            r#"[{"jsonPath":"$.list[0]","stringValue":"a"},{"jsonPath":"$.list[1]","boolValue":true}]"#,
            r#"[{"jsonPath":"$['it\\'s'].x","nullValue":"NULL_VALUE"},{"jsonPath":"$.list[99]","numberValue":0.5}]"#,
            r#"[{"jsonPath":7},null,{"stringValue":"x"},{"jsonPath":"$","stringValue":"x"}]"#,
        ] {
            partial.take(pieces.as_bytes());
        }
        assert_eq!(
            partial.arguments(),
            r#"{"place":{"city":"New Delhi"},"days":3,"list":["a",true,0.5],"it's":{"x":null}}"#
        );
        assert_eq!(Partial::default().arguments(), "{}");
    }
}
