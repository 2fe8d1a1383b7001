//! Strings that fit a schema.

use serde_json::Value;

use super::flat::Flat;

/// Longer strings are not made, whatever a schema asks for.
const LONGEST: usize = 10_000;

/// A string for `schema`: of its format, its own example where it has a pattern, else `hint` in the right length.
pub(super) fn string(schema: &Flat<'_>, hint: &str, nth: usize) -> String {
    if let Some(text) = schema.get("format").and_then(Value::as_str).and_then(formatted) {
        return text.to_owned();
    }
    if let Some(own) = schema.get("pattern").and_then(|_| own(schema)) {
        return own.to_owned();
    }
    let least = schema.whole("minLength").unwrap_or(0).min(LONGEST);
    let most = schema.whole("maxLength").unwrap_or(LONGEST);
    let tail = if nth == 0 { String::new() } else { format!(" {}", nth + 1) };
    let room = most.saturating_sub(tail.len());
    let mut text: String = hint.chars().take(room).collect();
    text.extend(tail.chars().take(most));
    let short = least.saturating_sub(text.chars().count());
    text.extend(std::iter::repeat_n('.', short));
    text
}

/// What the schema itself gives as a value.
fn own<'a>(schema: &Flat<'a>) -> Option<&'a str> {
    let example = schema.get("examples").and_then(|examples| examples.get(0));
    example.or(schema.get("example")).or(schema.get("default"))?.as_str()
}

/// A value of a format of JSON Schema (2020-12, section 7.3).
fn formatted(format: &str) -> Option<&'static str> {
    Some(match format {
        "date" => "2026-01-31",
        "date-time" => "2026-01-31T12:00:00Z",
        "time" => "12:00:00Z",
        "duration" => "PT1H",
        "email" | "idn-email" => "demo@example.com",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "url" | "iri" => "https://example.com/",
        "uri-reference" | "iri-reference" | "json-pointer" => "/demo",
        "uuid" => "00000000-0000-4000-8000-000000000000",
        "regex" => "demo",
        _ => return None,
    })
}
