//! Several processes on one PostgreSQL and one Redis. Both come from tests/with-services.sh, as `make test` starts it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod faults;
mod limits;
mod sharing;
mod support;
