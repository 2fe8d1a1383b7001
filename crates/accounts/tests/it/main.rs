//! People and their logins, on SQLite and on PostgreSQL, with a clock that stands until it is moved.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod groups;
mod passwords;
mod second_factor;
mod sessions;
mod setup;
mod support;
mod tokens;
mod users;
