//! What each command does.

pub mod backup;
pub mod config;
pub mod doctor;
pub mod export;
pub mod healthcheck;
pub mod import;
pub mod migrate;
pub mod openapi;
pub mod restore;
pub mod rotate;
pub mod serve;
pub mod user;

use std::process::ExitCode;

use crate::failure::Failure;

/// How a command ends.
pub type Done = Result<ExitCode, Failure>;

/// Runs a command that waits for things, on a runtime of one thread.
fn block_on(work: impl Future<Output = Done>) -> Done {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
