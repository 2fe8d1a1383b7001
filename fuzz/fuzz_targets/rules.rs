#![no_main]
//! Changes to a body that pass it on; the first line is the rules.

use roundhouse_domain::spec::BodyRules;
use roundhouse_llm::rules;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some(at) = data.iter().position(|byte| *byte == b'\n') else { return };
    let own = BodyRules { set: serde_json::Map::new(), remove: vec!["model".to_owned(), "a.b".to_owned()] };
    let told: BodyRules = serde_json::from_slice(&data[..at]).unwrap_or_default();
    let _ = rules::apply(&[&own, &told], &data[at + 1..]);
});
