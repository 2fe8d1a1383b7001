//! How a command fails: one line on standard error that says what to do.

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use roundhouse_domain::error::chain;

/// Why a command failed.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure in words.
    pub fn new(message: impl Display) -> Self {
        Self(message.to_string())
    }

    /// Prints it, and gives the exit status.
    pub fn report(&self) -> ExitCode {
        print(&self.0);
        ExitCode::FAILURE
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(chain(&error))
    }
}

/// Prints a line on standard error.
pub fn print(line: &str) {
    // Nobody may be listening there.
    let _ = writeln!(std::io::stderr(), "roundhouse: {line}");
}

/// Prints a line on standard output.
pub fn say(line: impl Display) {
    // Nobody may be listening there.
    let _ = writeln!(std::io::stdout(), "{line}");
}
