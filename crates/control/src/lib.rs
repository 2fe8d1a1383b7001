//! What keeps the data plane going: it compiles what operators declare and what is stored into snapshots, swaps them in, and writes
//! down what the data plane reports.

pub mod access_keys;
pub mod alerts;
mod callers;
pub mod capture;
pub mod changes;
pub mod control;
pub mod dashboard;
pub mod entries;
pub mod export;
pub mod findings;
mod follow;
pub mod guardrails;
pub mod health;
pub mod import;
pub mod jobs;
pub mod keys;
pub mod letters;
mod limits;
pub mod models;
pub mod objects;
mod plan;
mod prices;
pub mod provider_keys;
pub mod recorder;
pub mod requests;
pub mod revisions;
pub mod routes;
pub mod settings;
mod spending;
pub mod status;
mod stored_keys;
pub mod usage;
mod watch;

pub use control::{Control, Parts};
pub use recorder::{Recorder, Writer};
pub use status::ConfigStatus;
