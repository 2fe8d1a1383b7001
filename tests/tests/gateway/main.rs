//! The data plane, end to end: a real server between a client and fake providers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod access;
mod azure;
mod bad_input;
mod breaker;
mod budgets;
mod cache;
mod cancel;
mod catalogue;
mod clouds;
mod counting;
mod cuts;
mod faults;
mod guardrails;
mod idempotency;
mod keys;
mod many_keys;
mod pass_through;
mod paths;
mod routing;
mod timeouts;
mod tls;
mod translation;
mod translation_tasks;
