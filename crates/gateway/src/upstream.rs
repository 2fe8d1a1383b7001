//! Speaking HTTP to providers: connections, bodies, and the demo provider in their place.

mod body;
mod connect;

pub use body::{RequestBody, UpstreamBody, UpstreamBodyError};
pub use connect::{Client, ConnectError, check_proxy, client};
