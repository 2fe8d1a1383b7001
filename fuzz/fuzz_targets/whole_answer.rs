#![no_main]
//! What is seen of an answer that passes through.

use roundhouse_domain::spec::ProviderKind;
use roundhouse_fuzz::pair;
use roundhouse_llm::{answer, models};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((operation, dialect, body)) = pair(data) else { return };
    let _ = answer::inspect(operation, body);
    let _ = answer::inspect(dialect, body);
    let _ = models::parse_list(ProviderKind::Openai, body);
    let _ = models::parse_list(ProviderKind::Gemini, body);
});
