#![no_main]
//! What is seen of a stream that passes through: the same however it is cut.

use roundhouse_fuzz::pair;
use roundhouse_llm::StreamMeter;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((_, dialect, stream)) = pair(data) else { return };
    let [whole, cut] = [stream.len().max(1), 3].map(|piece| {
        let mut meter = StreamMeter::new(dialect);
        stream.chunks(piece).for_each(|piece| meter.push(piece));
        meter.finish();
        (meter.usage(), meter.is_complete(), meter.failure().cloned(), meter.has_content())
    });
    assert_eq!(whole, cut);
});
