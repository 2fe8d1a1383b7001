//! The queue, its workers and schedules, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod crash;
mod queue;
mod running;
mod schedules;
mod support;
