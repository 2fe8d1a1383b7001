//! Streams that are framed otherwise than they were recorded mean the same.

use crate::answers::{self, CALLERS};
use crate::record::{self, Record};

/// Places to cut `length` bytes at, the same ones in each run.
fn random_cuts(length: usize, seed: u64) -> Vec<usize> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut cuts = Vec::new();
    let mut at = 0;
    while at < length {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        at += 1 + (state >> 33) as usize % 200;
        cuts.push(at.min(length));
    }
    cuts
}

/// The same stream as other servers would frame it.
fn reframed(record: &Record) -> Vec<(&'static str, Vec<u8>)> {
    let Ok(text) = std::str::from_utf8(&record.answer) else { return Vec::new() };
    if record.is_aws || text.trim_start().starts_with('[') {
        return Vec::new();
    }
    let plain = text.replace("\r\n", "\n");
    let plain = plain.trim_end().to_owned() + "\n\n";
    // Some streams have no other end.
    let is_told = plain.contains("\"finish_reason\":\"") || plain.contains("\"finish_reason\": \"");
    let undone = if is_told || !plain.contains("[DONE]") {
        plain.replace("data: [DONE]\n\n", "")
    } else {
        plain.clone()
    };
    vec![
        ("CRLF", plain.replace('\n', "\r\n").into_bytes()),
        ("comments", plain.replace("\n\n", "\n: keepalive\n\n: OPENROUTER PROCESSING\n\n").into_bytes()),
        ("pings", plain.replace("\n\n", "\n\nevent: ping\ndata: {\"type\": \"ping\"}\n\n").into_bytes()),
        ("no blank after the colon", plain.replace("data: ", "data:").into_bytes()),
        ("no [DONE]", undone.clone().into_bytes()),
        ("[DONE]", (undone + "data: [DONE]\n\n").into_bytes()),
        ("no last line end", plain.trim_end().as_bytes().to_vec()),
    ]
}

#[test]
fn a_recorded_stream_means_the_same_however_it_is_cut() {
    for (number, record) in record::all().iter().enumerate().filter(|(_, record)| record.is_stream) {
        // Every caller's dialect in its turn.
        let dialect = CALLERS[number % CALLERS.len()];
        let length = record.answer.len();
        let whole = answers::converted(record, dialect, &[length]);
        let cuts = random_cuts(length, number as u64);
        assert_eq!(answers::converted(record, dialect, &cuts), whole, "{} {cuts:?}", record.name());
        if length < 4_000 {
            let bytes: Vec<_> = (1..=length).collect();
            for dialect in CALLERS {
                let whole = answers::converted(record, dialect, &[length]);
                assert_eq!(answers::converted(record, dialect, &bytes), whole, "{}", record.name());
            }
        }
    }
}

#[test]
fn a_recorded_stream_means_the_same_however_it_is_framed() {
    for (number, record) in record::all().iter().enumerate().filter(|(_, record)| record.is_stream) {
        let dialect = CALLERS[number % CALLERS.len()];
        let whole = answers::converted(record, dialect, &[record.answer.len()]);
        for (how, answer) in reframed(record) {
            let length = answer.len();
            let other = Record { answer, ..record.clone() };
            for cuts in [vec![length], random_cuts(length, number as u64)] {
                let converted = answers::converted(&other, dialect, &cuts);
                assert_eq!(converted, whole, "{} as {}: {how}", record.name(), dialect.name());
            }
        }
    }
}
