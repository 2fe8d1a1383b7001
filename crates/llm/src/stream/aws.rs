//! Amazon's event streams (`application/vnd.amazon.eventstream`), in which Bedrock answers.
//!
//! What was an exception, and what cannot be decoded, becomes an event `error` with the data
//! `{"type":"error","error":{"type":…,"message":…}}`, which every dialect's reader knows.
//!
//! Source of the format: <https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html>, 2026-11.

mod message;

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Sink, reset};
use message::Message;

/// The two lengths and their checksum.
const PRELUDE_BYTES: usize = 12;

/// The prelude and the checksum of the whole.
const LEAST_BYTES: usize = PRELUDE_BYTES + 4;

/// The most that a message has, in bytes; Amazon's own clients take no larger payload.
const MAX_MESSAGE_BYTES: usize = 16 * 1024 * 1024;

/// Tells messages apart by their lengths, and checks them.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    /// What has come of the present message.
    partial: Vec<u8>,
    /// A message could not be read: where the next one begins is unknown.
    is_broken: bool,
}

/// What is wrong with a message, in words.
type Fault = &'static str;

/// An event of `InvokeModelWithResponseStream`: the model's own event in base64.
///
/// Source: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_PayloadPart.html>, 2026-11.
#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow)]
    bytes: Cow<'a, str>,
}

impl Messages {
    pub(super) fn push(&mut self, mut bytes: &[u8], sink: &mut impl Sink) {
        while !bytes.is_empty() && !self.is_broken {
            let missing = self.wanted() - self.partial.len();
            let (more, rest) = bytes.split_at(missing.min(bytes.len()));
            self.partial.extend_from_slice(more);
            bytes = rest;
            if let Err(fault) = self.step(sink) {
                self.fail(fault, sink);
            }
        }
    }

    pub(super) fn finish(&mut self, sink: &mut impl Sink) {
        if !self.is_broken && !self.partial.is_empty() {
            self.fail("it ends within a message", sink);
        }
    }

    /// How many bytes must have come before there is something to do.
    fn wanted(&self) -> usize {
        if self.partial.len() < PRELUDE_BYTES { PRELUDE_BYTES } else { message::total(&self.partial) }
    }

    fn step(&mut self, sink: &mut impl Sink) -> Result<(), Fault> {
        if self.partial.len() == PRELUDE_BYTES {
            return message::check_prelude(&self.partial);
        }
        if self.partial.len() < LEAST_BYTES || self.partial.len() < self.wanted() {
            return Ok(());
        }
        let mut whole = std::mem::take(&mut self.partial);
        let outcome = Message::read(&whole).and_then(|message| dispatch(&message, sink));
        reset(&mut whole);
        self.partial = whole;
        outcome
    }

    fn fail(&mut self, fault: Fault, sink: &mut impl Sink) {
        self.is_broken = true;
        self.partial = Vec::new();
        let message = format!("the provider's event stream is damaged: {fault}");
        emit_error("damaged_stream", json!({ "message": message }), sink);
    }
}

fn dispatch(message: &Message<'_>, sink: &mut impl Sink) -> Result<(), Fault> {
    match message.kind {
        b"exception" => emit_error(&String::from_utf8_lossy(message.exception), said(message.payload), sink),
        b"error" => {
            let words = json!({ "message": String::from_utf8_lossy(message.error_text) });
            emit_error(&String::from_utf8_lossy(message.error_code), words, sink);
        }
        _ if message.event == b"chunk" => {
            let chunk: Chunk<'_> =
                serde_json::from_slice(message.payload).map_err(|_| "a chunk has no bytes")?;
            let event =
                BASE64_STANDARD.decode(chunk.bytes.as_bytes()).map_err(|_| "a chunk is not base64")?;
            sink.event(b"", &event);
        }
        _ => sink.event(message.event, message.payload),
    }
    Ok(())
}

/// What an exception's payload says, which should be an object.
fn said(payload: &[u8]) -> Value {
    match serde_json::from_slice(payload) {
        Ok(object @ Value::Object(_)) => object,
        _ => json!({ "message": String::from_utf8_lossy(payload) }),
    }
}

fn emit_error(kind: &str, mut error: Value, sink: &mut impl Sink) {
    error["type"] = kind.into();
    sink.event(b"error", json!({ "type": "error", "error": error }).to_string().as_bytes());
}

#[cfg(test)]
mod tests;
