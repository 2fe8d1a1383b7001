//! Anthropic messages, whole and as the events of a stream.
//!
//! Source: <https://docs.claude.com/en/docs/build-with-claude/streaming>, 2026-11.

use super::{Ending, Facts};
use crate::json::{Scanner, Step};

/// What is told of a message, in an event or alone.
#[derive(Default)]
struct Message {
    has_content: bool,
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
        b"message" => scanner.fields(|scanner, key| field(facts, &mut message, scanner, key.inner())),
        b"delta" => scanner.fields(|scanner, key| delta(&mut message, scanner, key.inner())),
        name => field(facts, &mut message, scanner, name),
    })?;
    let kind = kind.or_else(|| std::str::from_utf8(event).ok().map(Into::into));
    facts.is_known = true;
    facts.is_semantic = message.has_content || message.ending == Ending::Telling;
    match kind.as_deref() {
        Some("message" | "message_stop") => facts.is_terminal = true,
        Some("error") => facts.is_error = true,
        Some(
            "ping"
            | "message_start"
            | "message_delta"
            | "content_block_start"
            | "content_block_delta"
            | "content_block_stop",
        ) => {}
        _ => {
            facts.is_known = facts.is_error;
            facts.is_semantic = !facts.is_error;
        }
    }
    Ok(())
}

fn field(facts: &mut Facts, message: &mut Message, scanner: &mut Scanner<'_>, name: &[u8]) -> Step<()> {
    match name {
        b"usage" => facts.counts.read(scanner)?,
        b"stop_reason" => message.ending = Ending::read(scanner)?,
        b"error" => facts.is_error |= scanner.is_present()?,
        b"content" | b"content_block" => message.has_content |= scanner.has_content()?,
        _ => scanner.skip()?,
    }
    Ok(())
}

/// Part of a content block, or of what ends the message.
fn delta(message: &mut Message, scanner: &mut Scanner<'_>, name: &[u8]) -> Step<()> {
    match name {
        b"stop_reason" => message.ending = Ending::read(scanner)?,
        b"type" | b"signature" | b"stop_sequence" | b"container" => scanner.skip()?,
        _ => message.has_content |= scanner.has_content()?,
    }
    Ok(())
}
