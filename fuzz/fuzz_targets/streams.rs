#![no_main]
//! Streams of every provider for every caller: the same however they are cut.

use roundhouse_fuzz::{asked, pair};
use roundhouse_llm::convert::{Names, StreamConversion};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((operation, dialect, stream)) = pair(data) else { return };
    let asked = asked(operation);
    let [whole, cut] = [stream.len().max(1), 3].map(|piece| {
        let mut conversion = StreamConversion::new(dialect, &asked, Names::default());
        let mut out: Vec<u8> = stream.chunks(piece).flat_map(|piece| conversion.push(piece)).collect();
        out.extend(conversion.finish());
        (out, conversion.usage(), conversion.is_complete(), conversion.failure().cloned())
    });
    assert!(std::str::from_utf8(&whole.0).is_ok());
    assert_eq!(whole, cut);
});
