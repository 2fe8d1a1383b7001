//! Roundhouse: one door to every model.

mod cli;
mod command;
mod environment;
mod failure;
mod lock;
mod logging;
mod traces;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};

/// A third less memory and time than the system's under thousands of streams (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return cli::explain(&error),
    };
    let done = match cli.command {
        Command::Serve(args) => command::serve::run(&args),
        Command::Migrate(args) => command::migrate::run(&args),
        Command::Healthcheck(args) => command::healthcheck::run(&args),
        Command::Config { command } => command::config::run(command),
        Command::Openapi => command::openapi::run(),
        Command::User { command } => command::user::run(command),
        Command::Backup(args) => command::backup::run(&args),
        Command::Restore(args) => command::restore::run(&args),
        Command::RotateEncryptionKey(args) => command::rotate::run(&args),
        Command::Import(args) => command::import::run(&args),
        Command::Export(args) => command::export::run(&args),
        Command::Doctor(args) => command::doctor::run(&args),
    };
    match done {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}
