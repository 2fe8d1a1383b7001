//! The performance harness: a mock upstream, a load, and the table of `docs/performance.md`.

mod answer;
mod clock;
mod contender;
mod http1;
mod load;
mod machine;
mod mock;
mod models;
mod poll;
mod priority;
mod process;
mod profile;
mod reference;
mod report;
mod request;
mod rows;
mod run;
mod server;
mod signals;
mod stage;
mod stamp;
mod table;
mod watch;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Measures Roundhouse side by side with nginx and a bare hyper proxy.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves as the upstream.
    Mock(mock::Options),
    /// Loads a server on this machine and reports as JSON.
    Load(load::Options),
    /// Serves as a proxy of plain hyper.
    Proxy(reference::Options),
    /// Measures everything and writes the page.
    Run(run::Options),
    /// Records where Roundhouse spends its time under load.
    Profile(profile::Options),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Mock(options) => mock::serve(&options).map(|never| match never {}),
        Command::Load(options) => load::run(&options),
        Command::Proxy(options) => reference::serve(&options),
        Command::Run(options) => run::run(&options),
        Command::Profile(options) => profile::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "roundhouse-bench: {error}");
            ExitCode::FAILURE
        }
    }
}
