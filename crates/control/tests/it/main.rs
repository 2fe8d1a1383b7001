//! What control does, on a real database of each kind.
#![allow(clippy::expect_used, reason = "tests panic where they fail")]

mod changes;
mod guardrails;
mod interchange;
mod support;
