//! Which dialect an answer is in, whatever was asked: relays answer in their own, and aggregators in that of whoever served.

use crate::dialect::Dialect;
use crate::json::{Scanner, Step};
use crate::stream::Sink;
use crate::stream::framing::Framing;

/// The dialect of an answer, or of the beginning of one, in its pieces; none where it could be any.
pub fn recognised<'a>(answer: impl IntoIterator<Item = &'a [u8]>) -> Option<Dialect> {
    let mut first = First(None);
    // Framing tells a document from a stream, whatever was asked for.
    let mut framing = Framing::new(Dialect::Chat.into());
    for piece in answer {
        framing.push(piece, &mut first);
        if first.0.is_some() {
            return first.0;
        }
    }
    framing.finish(&mut first);
    first.0
}

/// The dialect of the first event that tells one.
struct First(Option<Dialect>);

impl Sink for First {
    fn event(&mut self, name: &[u8], data: &[u8]) {
        self.0 = self.0.or_else(|| sniff(name, data));
    }

    fn opaque(&mut self) {}

    fn whole(&mut self) {}
}

/// What the top of a JSON document says of its dialect.
#[derive(Debug, Default)]
struct Marks {
    object: Option<String>,
    kind: Option<String>,
    has_candidates: bool,
    has_output: bool,
    has_stop_reason: bool,
}

/// The dialect of a whole answer or of an event's data; none where it could be any.
pub(super) fn sniff(name: &[u8], data: &[u8]) -> Option<Dialect> {
    let mut marks = Marks::default();
    let mut scanner = Scanner::new(data);
    // What cannot be read to its end may have told enough before.
    let _ = marks.read(&mut scanner);
    marks.dialect().or_else(|| by_name(name))
}

impl Marks {
    fn read(&mut self, scanner: &mut Scanner<'_>) -> Step<()> {
        scanner.fields(|scanner, key| {
            match key.inner() {
                b"object" => self.object = scanner.text()?.map(Into::into),
                b"type" => self.kind = scanner.text()?.map(Into::into),
                b"candidates" | b"usageMetadata" | b"promptFeedback" => {
                    self.has_candidates = true;
                    scanner.skip()?;
                }
                b"output" => {
                    self.has_output = true;
                    scanner.skip()?;
                }
                b"stopReason" => {
                    self.has_stop_reason = true;
                    scanner.skip()?;
                }
                _ => scanner.skip()?,
            }
            Ok(())
        })
    }

    fn dialect(&self) -> Option<Dialect> {
        match self.object.as_deref() {
            Some("chat.completion" | "chat.completion.chunk") => return Some(Dialect::Chat),
            Some("text_completion") => return Some(Dialect::Completions),
            Some("response") => return Some(Dialect::Responses),
            _ => {}
        }
        match self.kind.as_deref() {
            Some("message" | "message_start") => Some(Dialect::Messages),
            Some("message-start") => Some(Dialect::Cohere),
            Some(kind) if kind.starts_with("response.") => Some(Dialect::Responses),
            _ if self.has_candidates => Some(Dialect::Gemini),
            _ if self.has_output && self.has_stop_reason => Some(Dialect::Converse),
            _ => None,
        }
    }
}

/// Amazon's events name themselves in their headers.
fn by_name(name: &[u8]) -> Option<Dialect> {
    matches!(name, b"messageStart").then_some(Dialect::Converse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_known_by_their_first_event_that_tells() {
        let stream = b"event: ping\ndata: {\"type\":\"ping\"}\n\ndata: {\"type\":\"message_start\"}\n\n";
        assert_eq!(recognised([&stream[..]]), Some(Dialect::Messages));
        assert_eq!(recognised([&br#"[{"candidates":[]}]"#[..]]), Some(Dialect::Gemini));
        assert_eq!(recognised([&br#"{"object":"response"}"#[..]]), Some(Dialect::Responses));
        assert_eq!(recognised([&b"<html>"[..]]), None);
    }

    #[test]
    fn each_dialect_is_known_by_its_answers() {
        for (name, data, dialect) in [
            ("", r#"{"id":"x","object":"chat.completion","choices":[]}"#, Some(Dialect::Chat)),
            ("", r#"{"object":"text_completion"}"#, Some(Dialect::Completions)),
            ("", r#"{"object":"response","output":[]}"#, Some(Dialect::Responses)),
            ("response.created", r#"{"type":"response.created","response":{}}"#, Some(Dialect::Responses)),
            ("", r#"{"type":"message","content":[]}"#, Some(Dialect::Messages)),
            ("", r#"{"candidates":[]}"#, Some(Dialect::Gemini)),
            ("", r#"{"output":{},"stopReason":"end_turn"}"#, Some(Dialect::Converse)),
            ("messageStart", r#"{"role":"assistant"}"#, Some(Dialect::Converse)),
            ("", r#"{"type":"message-start","id":"x"}"#, Some(Dialect::Cohere)),
            ("", "[DONE]", None),
            ("ping", r#"{"type":"ping"}"#, None),
        ] {
            assert_eq!(sniff(name.as_bytes(), data.as_bytes()), dialect, "{data}");
        }
    }
}
