//! Printing the OpenAPI document.

use std::process::ExitCode;

use super::Done;
use crate::failure::say;

/// Runs `roundhouse openapi`.
pub fn run() -> Done {
    say(roundhouse_http::openapi::document().to_pretty_json()?);
    Ok(ExitCode::SUCCESS)
}
