//! What holds of all bytes, from callers and from providers.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod anything;
mod bounds;
