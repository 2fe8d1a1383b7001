//! HTTP: the data plane's paths, the management API, health and metrics. The only crate that knows HTTP servers.

pub mod actor;
mod admin;
mod api;
mod body;
mod data_plane;
mod dispatch;
mod health;
mod metrics;
pub mod need;
pub mod openapi;
mod problem;
mod route_names;
mod router;
mod schema;
pub mod server;
pub mod state;
mod trace;
mod web;

pub use server::serve;
pub use state::App;
