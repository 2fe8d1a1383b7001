#![no_main]
//! Whole answers of every provider for every caller.

use roundhouse_fuzz::{asked, pair};
use roundhouse_llm::convert::{self, Names, StreamConversion};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((operation, dialect, body)) = pair(data) else { return };
    let asked = asked(operation);
    if let Ok(answer) = convert::answer(dialect, body, &asked, &Names::default()) {
        let document: Result<serde_json::Value, _> = serde_json::from_slice(&answer.body);
        assert!(document.is_ok(), "{}", String::from_utf8_lossy(&answer.body));
    }
    let _ = StreamConversion::of_whole(dialect, body, &asked, Names::default());
});
