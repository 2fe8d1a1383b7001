//! Running the server, end to end: configuration, commands, shutdown, trouble, and what it tells about itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod about;
mod alerts;
mod clients;
mod commands;
mod config;
mod health;
mod jobs;
mod ledger;
mod lifecycle;
mod load;
mod models;
mod postgres;
mod provider_health;
mod provider_keys;
mod recovery;
mod routes;
mod secrets;
mod telemetry;
mod trouble;
