//! Amazon's event streams.
//!
//! Source: <https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html>, 2026-11.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

/// An event.
pub(super) fn event(name: &str, payload: &Value) -> Bytes {
    let headers = [(":event-type", name), (":content-type", "application/json"), (":message-type", "event")];
    message(&headers, &payload.to_string())
}

/// An event of another language, wrapped as `InvokeModelWithResponseStream` does it.
pub(super) fn chunk(inner: &Value) -> Bytes {
    event("chunk", &json!({ "bytes": BASE64_STANDARD.encode(inner.to_string()) }))
}

/// A failure within a stream.
pub(super) fn exception(kind: &str, message: &str) -> Bytes {
    let headers =
        [(":exception-type", kind), (":content-type", "application/json"), (":message-type", "exception")];
    self::message(&headers, &json!({ "message": message }).to_string())
}

fn message(headers: &[(&str, &str)], payload: &str) -> Bytes {
    let mut block = Vec::new();
    for (name, value) in headers {
        block.push(u8::try_from(name.len()).expect("names are short"));
        block.extend(name.as_bytes());
        block.push(7);
        block.extend(u16::try_from(value.len()).expect("values are short").to_be_bytes());
        block.extend(value.as_bytes());
    }
    let length = |length: usize| u32::try_from(length).expect("messages are short").to_be_bytes();
    let mut bytes = length(16 + block.len() + payload.len()).to_vec();
    bytes.extend(length(block.len()));
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    bytes.extend(block);
    bytes.extend(payload.as_bytes());
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    bytes.into()
}
