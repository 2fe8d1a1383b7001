//! What operators do over the management API, with the real binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod access_keys;
mod configuration;
mod interchange;
