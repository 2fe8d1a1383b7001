//! What decides an answer: a request's body as one digest, the same however the body is written.
//!
//! The order of an object's members, white space, escapes in strings and how a number is spelled make no difference; fields at
//! the top that only say who asks make none either.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use roundhouse_llm::{Operation, Protocol};
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Fields at the top of OpenAI's bodies that say who asks, or how the prompt is cached there, and do not change the answer.
/// Whether a stream is wanted is told apart.
/// Source: <https://platform.openai.com/docs/api-reference/chat/create>, 2026-11.
const OPENAI: [&str; 7] = [
    "stream",
    "user",
    "metadata",
    "safety_identifier",
    "prompt_cache_key",
    "prompt_cache_retention",
    "stream_options",
];

/// Of Anthropic's. Source: <https://docs.claude.com/en/api/messages>, 2026-11.
const ANTHROPIC: [&str; 2] = ["stream", "metadata"];

/// Of Google's. Source: <https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference>, 2026-11.
const GOOGLE: [&str; 1] = ["labels"];

/// A body in the one way to write it; none where it is not a JSON object. A stream's `stream_options` stay: they decide which
/// events there are.
pub(super) fn canonical(body: &[u8], operation: Operation, is_stream: bool) -> Option<Vec<u8>> {
    let ignored: &[&str] = match operation.protocol() {
        Protocol::Anthropic => &ANTHROPIC,
        Protocol::Gemini => &GOOGLE,
        Protocol::Openai if is_stream => &OPENAI[..6],
        Protocol::Openai => &OPENAI,
    };
    let mut out = Vec::with_capacity(body.len());
    let mut read = serde_json::Deserializer::from_slice(body);
    Top { out: &mut out, ignored }.deserialize(&mut read).ok()?;
    read.end().ok()?;
    Some(out)
}

/// The object at the top.
struct Top<'a> {
    out: &'a mut Vec<u8>,
    ignored: &'a [&'a str],
}

/// Any value below it.
struct Node<'a>(&'a mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        members(self.out, self.ignored, map)
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.push(b'n');
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.0.push(if value { b't' } else { b'f' });
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        number(self.0, &value.to_string());
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        number(self.0, &value.to_string());
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        // Whole ones are written without a point, as whole numbers are.
        number(self.0, &value.to_string());
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        text(self.0, value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.push(b'[');
        while items.next_element_seed(Node(&mut *self.0))?.is_some() {}
        self.0.push(b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        members(self.0, &[], map)
    }
}

/// Writes an object's members by name. Of a name that is given twice the last value counts, as it does for those who read it.
fn members<'de, A: MapAccess<'de>>(out: &mut Vec<u8>, ignored: &[&str], mut map: A) -> Result<(), A::Error> {
    out.push(b'{');
    let start = out.len();
    let mut values: BTreeMap<String, Range<usize>> = BTreeMap::new();
    while let Some(name) = map.next_key::<String>()? {
        if ignored.contains(&name.as_str()) {
            map.next_value::<IgnoredAny>()?;
            continue;
        }
        let from = out.len();
        map.next_value_seed(Node(&mut *out))?;
        values.insert(name, from..out.len());
    }
    let mut sorted = Vec::with_capacity(out.len() - start + values.len() * 16);
    for (name, range) in values {
        text(&mut sorted, &name);
        sorted.extend_from_slice(&out[range]);
    }
    out.truncate(start);
    out.append(&mut sorted);
    out.push(b'}');
    Ok(())
}

/// A text with its length before it, so that no two sequences of values look alike.
fn text(out: &mut Vec<u8>, text: &str) {
    out.push(b's');
    out.extend_from_slice(&(text.len() as u64).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

fn number(out: &mut Vec<u8>, digits: &str) {
    out.push(b'0');
    out.extend_from_slice(digits.as_bytes());
    out.push(b' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str, is_stream: bool) -> bool {
        let read = |body: &str| canonical(body.as_bytes(), Operation::ChatCompletions, is_stream).unwrap();
        read(a) == read(b)
    }

    #[test]
    fn how_a_body_is_written_makes_no_difference() {
        for (a, b) in [
            (r#"{"model":"m","n":1}"#, "{ \"n\" : 1,\n\"model\": \"m\" }"),
            (r#"{"a":{"x":1,"y":[1,2]}}"#, r#"{"a":{"y":[1, 2],"x":1}}"#),
            (r#"{"a":"\u0041\u4f60"}"#, r#"{"a":"A你"}"#),
            (r#"{"temperature":0}"#, r#"{"temperature":0.0}"#),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
        ] {
            assert!(same(a, b, false), "{a} {b}");
        }
    }

    #[test]
    fn what_is_said_makes_a_difference() {
        for (a, b) in [
            (r#"{"a":"1"}"#, r#"{"a":1}"#),
            (r#"{"a":["x","y"]}"#, r#"{"a":["y","x"]}"#),
            (r#"{"a":["x","y"]}"#, r#"{"a":["xy"]}"#),
            (r#"{"a":[1,2]}"#, r#"{"a":[12]}"#),
            (r#"{"a":null}"#, "{}"),
            (r#"{"a":{"b":1}}"#, r#"{"a":[{"b":1}]}"#),
            (r#"{"temperature":0}"#, r#"{"temperature":0.1}"#),
        ] {
            assert!(!same(a, b, false), "{a} {b}");
        }
    }

    #[test]
    fn who_asks_makes_no_difference_and_which_events_are_wanted_does_for_streams() {
        assert!(same(r#"{"a":1,"user":"x","metadata":{"k":"v"}}"#, r#"{"a":1}"#, true));
        assert!(!same(r#"{"a":{"user":"x"}}"#, r#"{"a":{}}"#, true));
        let with_usage = r#"{"a":1,"stream_options":{"include_usage":true}}"#;
        assert!(same(with_usage, r#"{"a":1}"#, false));
        assert!(!same(with_usage, r#"{"a":1}"#, true));
    }

    #[test]
    fn only_whole_objects_are_read() {
        for body in ["[1]", "{", "{} {}", "", "1"] {
            assert_eq!(canonical(body.as_bytes(), Operation::Embeddings, false), None, "{body}");
        }
    }
}
