//! What control does, on a real database of each kind.

mod changes;
mod guardrails;
mod support;
