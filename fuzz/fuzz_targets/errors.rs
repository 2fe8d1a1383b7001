#![no_main]
//! Error bodies of providers.

use roundhouse_llm::{errors, limits};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    for (status, kind) in [(200, None), (429, Some("application/json")), (502, Some("text/html"))] {
        let _ = errors::read_error(status, kind, data);
    }
    let _ = limits::retry_delay_in_body(data);
});
