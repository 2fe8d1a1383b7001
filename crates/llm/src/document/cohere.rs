//! Cohere's chat, whole and as the events of a stream.
//!
//! Sources: <https://docs.cohere.com/reference/chat>, <https://docs.cohere.com/reference/chat-stream>; 2026-11.

use super::{Ending, Facts};
use crate::json::{Scanner, Step};

const EVENTS: [&str; 11] = [
    "message-start",
    "content-start",
    "content-delta",
    "content-end",
    "tool-plan-delta",
    "tool-call-start",
    "tool-call-delta",
    "tool-call-end",
    "citation-start",
    "citation-end",
    "message-end",
];

/// What is told of a message, in an event or alone.
#[derive(Default)]
struct Message {
    has_content: bool,
    is_text: bool,
    ending: Ending,
}

pub(super) fn read(facts: &mut Facts, event: &[u8], scanner: &mut Scanner<'_>) -> Step<()> {
    let mut kind = None;
    let mut message = Message::default();
    scanner.members(|scanner, key| match key.inner() {
        b"type" => {
            kind = scanner.text()?;
            Ok(())
        }
        b"delta" => scanner.fields(|scanner, key| field(facts, &mut message, scanner, key.inner())),
        name => field(facts, &mut message, scanner, name),
    })?;
    let kind =
        kind.or_else(|| std::str::from_utf8(event).ok().filter(|name| !name.is_empty()).map(Into::into));
    // An error is nothing but a message in words.
    facts.is_error |= message.is_text && kind.is_none();
    if message.ending != Ending::Open {
        facts.choice(0, message.ending);
    }
    facts.is_semantic |= message.has_content;
    facts.is_terminal = match kind.as_deref() {
        Some(kind) => kind == "message-end",
        None => facts.is_known,
    };
    let is_event = kind.as_deref().is_some_and(|kind| EVENTS.contains(&kind));
    facts.is_known |= is_event || facts.is_error || facts.counts.is_told();
    facts.is_semantic |= !facts.is_known && kind.is_some();
    Ok(())
}

fn field(facts: &mut Facts, message: &mut Message, scanner: &mut Scanner<'_>, name: &[u8]) -> Step<()> {
    match name {
        b"message" if scanner.peek() == Some(b'{') => {
            facts.is_known = true;
            message.has_content |= scanner.has_content()?;
        }
        b"message" => message.is_text = scanner.is_present()?,
        b"finish_reason" => {
            let reason = scanner.text()?;
            facts.is_error |= matches!(reason.as_deref(), Some("ERROR" | "TIMEOUT"));
            message.ending = Ending::of(reason.as_deref());
        }
        b"usage" => facts.counts.read(scanner)?,
        b"error" => facts.is_error |= scanner.is_present()?,
        _ => scanner.skip()?,
    }
    Ok(())
}
