#![no_main]
//! Requests of every caller for every provider.

use roundhouse_fuzz::{pair, read, write_all};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((operation, _, body)) = pair(data) else { return };
    if let Some(caller) = read(operation, body) {
        write_all(&caller);
    }
});
