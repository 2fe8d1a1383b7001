//! People end to end: who may call what, how they get in, and what they get by mail.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test that cannot go on fails"
)]

mod login;
mod mail;
mod matrix;
mod oidc;
mod playground;
mod postman;
mod support;
