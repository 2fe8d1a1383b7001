//! People and their logins, on SQLite and on PostgreSQL, with a clock that stands until it is moved.

mod sessions;
mod setup;
mod support;
mod users;
