//! Formats of other gateways: what is read, and that nothing hostile does any harm.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests panic where they should fail"
)]

#[path = "formats/fake_gpt_load.rs"]
mod fake_gpt_load;
#[path = "formats/gpt_load.rs"]
mod gpt_load;
#[path = "formats/gpt_load_live.rs"]
mod gpt_load_live;
#[path = "formats/hostile.rs"]
mod hostile;
#[path = "formats/lite_llm.rs"]
mod lite_llm;
#[path = "formats/one_api.rs"]
mod one_api;
#[path = "formats/roundhouse.rs"]
mod roundhouse;
#[path = "formats/support.rs"]
mod support;
#[path = "formats/uni_api.rs"]
mod uni_api;
