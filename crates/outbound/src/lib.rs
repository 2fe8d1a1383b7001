//! Requests that Roundhouse makes on its own account: files by address, webhooks, logins elsewhere, other gateways.
//!
//! One client, which decides on the resolved address when it connects. Calls to providers go through the gateway's pools instead.

pub mod client;
pub mod guard;
pub mod tls;

pub use client::{Outbound, OutboundError};
pub use guard::Guard;
pub use tls::{Tls, TlsError};
