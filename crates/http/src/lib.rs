//! HTTP: the data plane's paths, the management API, health and metrics. The only crate that knows HTTP servers.

pub mod actor;
mod admin;
mod api;
mod body;
mod data_plane;
mod dispatch;
mod health;
mod metrics;
pub mod openapi;
mod problem;
mod router;
pub mod server;
pub mod state;

pub use server::serve;
pub use state::App;
