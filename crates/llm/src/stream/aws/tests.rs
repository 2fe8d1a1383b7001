use proptest::prelude::*;

use super::*;
use crate::stream::framing::Framing;
use crate::{Operation, Phase, StreamMeter, Wire};

/// The events that a stream had.
#[derive(Debug, Default, PartialEq)]
struct Seen(Vec<(String, String)>);

impl Sink for Seen {
    fn event(&mut self, name: &[u8], data: &[u8]) {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        self.0.push((text(name), text(data)));
    }

    fn opaque(&mut self) {}

    fn whole(&mut self) {}
}

fn framed(headers: &[(&str, &str)], payload: &[u8]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in headers {
        block.push(u8::try_from(name.len()).unwrap());
        block.extend(name.as_bytes());
        block.push(7);
        block.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        block.extend(value.as_bytes());
    }
    with_header_block(&block, payload)
}

fn with_header_block(block: &[u8], payload: &[u8]) -> Vec<u8> {
    let total = u32::try_from(LEAST_BYTES + block.len() + payload.len()).unwrap();
    let mut bytes = total.to_be_bytes().to_vec();
    bytes.extend(u32::try_from(block.len()).unwrap().to_be_bytes());
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    bytes.extend(block);
    bytes.extend(payload);
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    bytes
}

fn event(name: &str, payload: &str) -> Vec<u8> {
    let headers = [(":event-type", name), (":content-type", "application/json"), (":message-type", "event")];
    framed(&headers, payload.as_bytes())
}

fn chunk(inner: &str) -> Vec<u8> {
    event("chunk", &format!(r#"{{"bytes":"{}","p":"abc"}}"#, BASE64_STANDARD.encode(inner)))
}

fn exception(kind: &str, payload: &str) -> Vec<u8> {
    framed(&[(":exception-type", kind), (":message-type", "exception")], payload.as_bytes())
}

fn seen<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Seen {
    let (mut framing, mut seen) = (Framing::new(Wire::Converse), Seen::default());
    pieces.into_iter().for_each(|piece| framing.push(piece, &mut seen));
    framing.finish(&mut seen);
    seen
}

fn converse() -> Vec<u8> {
    [
        event("messageStart", r#"{"p":"a","role":"assistant"}"#),
        event("contentBlockDelta", r#"{"contentBlockIndex":0,"delta":{"text":"你"},"p":"ab"}"#),
        event("contentBlockStop", r#"{"contentBlockIndex":0}"#),
        event("messageStop", r#"{"stopReason":"end_turn"}"#),
        event(
            "metadata",
            r#"{"usage":{"inputTokens":3,"outputTokens":4,"totalTokens":7,"cacheReadInputTokens":9}}"#,
        ),
    ]
    .concat()
}

fn failure(bytes: &[u8]) -> crate::UpstreamError {
    let mut meter = StreamMeter::new(Wire::Converse);
    meter.push(bytes);
    meter.finish();
    meter.failure().cloned().unwrap_or_else(|| panic!("no failure: {meter:?}"))
}

#[test]
fn cutting_a_stream_at_every_byte_changes_nothing() {
    let bytes = converse();
    let whole = seen([&bytes[..]]);
    assert_eq!(whole.0.len(), 5);
    assert_eq!(whole.0[1].0, "contentBlockDelta");
    for at in 0..=bytes.len() {
        assert_eq!(seen([&bytes[..at], b"", &bytes[at..]]), whole, "cut at {at}");
    }
    assert_eq!(seen(bytes.chunks(1)), whole);
}

#[test]
fn the_meter_sees_content_usage_and_the_end() {
    let mut meter = StreamMeter::new(Wire::Converse);
    let bytes = converse();
    let start = event("messageStart", r#"{"p":"a","role":"assistant"}"#).len();
    meter.push(&bytes[..start]);
    assert_eq!(meter.phase(), Phase::Silent);
    meter.push(&bytes[start..]);
    meter.finish();
    assert_eq!(meter.phase(), Phase::Ended { complete: true });
    let usage = meter.usage();
    assert_eq!((usage.input, usage.output, usage.cached), (12, 4, 9));
    assert_eq!(meter.failure(), None);
}

#[test]
fn the_models_own_events_are_taken_out_of_chunks() {
    let bytes = [
        chunk(r#"{"type":"message_start","message":{"content":[],"usage":{"input_tokens":7}}}"#),
        chunk(r#"{"type":"content_block_delta","delta":{"type":"text_delta","text":"hi"}}"#),
        chunk(r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}"#),
        chunk(r#"{"type":"message_stop"}"#),
    ]
    .concat();
    for step in [bytes.len(), 1] {
        let mut meter = StreamMeter::new(Operation::Messages);
        bytes.chunks(step).for_each(|piece| meter.push(piece));
        meter.finish();
        assert_eq!(meter.phase(), Phase::Ended { complete: true });
        assert_eq!((meter.usage().input, meter.usage().output), (7, 2));
    }
}

#[test]
fn exceptions_are_failures_with_the_status_they_would_have_had() {
    for (kind, status) in [
        ("throttlingException", 429),
        ("modelTimeoutException", 408),
        ("validationException", 400),
        ("serviceUnavailableException", 503),
        ("internalServerException", 500),
        ("modelStreamErrorException", 500),
    ] {
        for bytes in [
            exception(kind, r#"{"message":"m"}"#),
            [converse(), exception(kind, r#"{"message":"m"}"#)].concat(),
        ] {
            let error = failure(&bytes);
            assert_eq!(
                (error.message.as_str(), error.kind.as_deref(), error.status),
                ("m", Some(kind), Some(status))
            );
        }
        let mut meter = StreamMeter::new(Operation::Messages);
        meter.push(&exception(kind, r#"{"message":"m"}"#));
        assert_eq!(meter.failure().and_then(|error| error.status), Some(status), "{kind}");
        assert_eq!(meter.phase(), Phase::Silent);
    }
    let original =
        failure(&exception("modelStreamErrorException", r#"{"message":"m","originalStatusCode":429}"#));
    assert_eq!(original.status, Some(429));
    let error = failure(&framed(
        &[(":message-type", "error"), (":error-code", "InternalError"), (":error-message", "m")],
        b"",
    ));
    assert_eq!((error.message.as_str(), error.kind.as_deref()), ("m", Some("InternalError")));
    assert_eq!(failure(&exception("throttlingException", "slow down")).message, "slow down");
}

#[test]
fn damaged_streams_are_failures() {
    let whole = converse();
    let mut huge = (16 * 1024 * 1024 + 1_u32).to_be_bytes().to_vec();
    huge.extend(0_u32.to_be_bytes());
    huge.extend(crc32fast::hash(&huge).to_be_bytes());
    for (bytes, fault) in [
        (whole[..whole.len() - 1].to_vec(), "ends within"),
        (whole[..5].to_vec(), "ends within"),
        (huge, "larger than 16 MiB"),
        (with_header_block(b"\x05ab", b""), "headers cannot be read"),
        (with_header_block(b"\x01a\x63", b""), "headers cannot be read"),
        (event("chunk", r#"{"bytes":"?"}"#), "not base64"),
        (event("chunk", "{}"), "no bytes"),
        (b"event: x\ndata: {}\n\n".to_vec(), "a checksum is wrong"),
    ] {
        let error = failure(&bytes);
        assert!(error.message.contains(fault), "{error:?}");
    }
}

#[test]
fn an_error_that_is_not_framed_is_read() {
    assert_eq!(failure(br#"{"message":"Too many requests"}"#).message, "Too many requests");
}

#[test]
fn headers_of_every_type_are_passed_over() {
    let mut block = Vec::new();
    for (kind, value) in [
        (0, &b""[..]),
        (1, b""),
        (2, b"1"),
        (3, b"12"),
        (4, b"1234"),
        (5, b"12345678"),
        (6, b"\x00\x02ab"),
        (8, b"12345678"),
        (9, b"1234567890123456"),
        (7, b"\x00\x05event"),
    ] {
        block.push(1);
        block.push(b'h');
        block.push(kind);
        block.extend(value);
    }
    block.extend(b"\x0b:event-type\x07\x00\x08metadata");
    assert_eq!(seen([&with_header_block(&block, b"{}")[..]]).0, [("metadata".to_owned(), "{}".to_owned())]);
}

proptest! {
    #[test]
    fn one_wrong_byte_is_always_found(at in 0..600_usize, flip in 1..=255_u8) {
        let mut bytes = converse();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        failure(&bytes);
    }

    #[test]
    fn any_bytes_pass_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), step in 1..9_usize) {
        let bytes = [vec![0], bytes].concat();
        prop_assert_eq!(seen(bytes.chunks(step)), seen([&bytes[..]]));
    }

    #[test]
    fn any_headers_and_payload_pass_without_panic(block in proptest::collection::vec(any::<u8>(), 0..60), payload in proptest::collection::vec(any::<u8>(), 0..60)) {
        seen([&with_header_block(&block, &payload)[..]]);
    }
}
