//! How a command fails: one line on standard error that says what to do.

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

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
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            if !text.contains(&cause_text) {
                text = format!("{text}: {cause_text}");
            }
            source = cause.source();
        }
        Self(text)
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
