#![no_main]
//! The little of a body that routing needs.

use bytes::Bytes;
use roundhouse_fuzz::pair;
use roundhouse_llm::Envelope;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((operation, _, body)) = pair(data) else { return };
    let body = Bytes::copy_from_slice(body);
    if let Ok(envelope) = Envelope::scan(&body, operation) {
        let _ = envelope.with_model(&body, "another");
    }
});
