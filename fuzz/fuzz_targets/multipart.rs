#![no_main]
//! Forms; the first line is their content type.

use bytes::Bytes;
use roundhouse_llm::FormEnvelope;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some(at) = data.iter().position(|byte| *byte == b'\n') else { return };
    let Ok(content_type) = std::str::from_utf8(&data[..at]) else { return };
    let body = Bytes::copy_from_slice(&data[at + 1..]);
    if let Ok(form) = FormEnvelope::scan(content_type, &body) {
        let _ = form.with_model(&body, "another");
    }
});
