//! What the end-to-end suites share: a real `roundhouse` process ([`House`]), providers that answer by script ([`Fake`]), and a
//! client that shows answers as they come. Test code: it panics where a test should fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "the whole crate is tests")]

pub mod caller;
pub mod client;
pub mod dialect;
pub mod fake;
pub mod house;
pub mod postbox;
pub mod proxies;
pub mod tls;
pub mod upstream;
pub mod wait;
pub mod wire;

pub use caller::{Caller, Heard};
pub use client::{Answer, Ask, Client, Open};
pub use dialect::Dialect;
pub use fake::{Fake, Gate, Reply, Seen, Vacant};
pub use house::{EMAIL, House, KEY, PASSWORD, Setup, merge, provider, route};
pub use upstream::{Call, SIGNATURE, Said, Upstream};
pub use wait::eventually;
