//! What control does, on a real database of each kind.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "tests panic where they fail")]

mod changes;
mod guardrails;
mod interchange;
mod retention;
mod support;
