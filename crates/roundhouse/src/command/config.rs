//! Looking at configuration files.

use std::process::ExitCode;

use super::Done;
use crate::cli::{ConfigCommand, SettingsArgs};
use crate::environment;
use crate::failure::{print, say};

/// Runs `roundhouse config …`.
pub fn run(command: ConfigCommand) -> Done {
    match command {
        ConfigCommand::Schema => {
            say(serde_json::to_string_pretty(&roundhouse_config::schema())?);
            Ok(ExitCode::SUCCESS)
        }
        ConfigCommand::Check { file } => {
            let settings = SettingsArgs { config: Some(file.clone()), data: None };
            let config = environment::load(&environment::sources(&settings, None))?;
            config.warnings.iter().for_each(|warning| print(&format!("warning: {warning}")));
            say(format!("{}: no problems", file.display()));
            Ok(ExitCode::SUCCESS)
        }
    }
}
