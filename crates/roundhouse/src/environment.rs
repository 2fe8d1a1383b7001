//! Settings of this process.

use std::collections::BTreeMap;

use roundhouse_config::{Config, Flags, Sources};

use crate::cli::SettingsArgs;
use crate::failure::Failure;

/// Where this process's settings come from.
pub fn sources(args: &SettingsArgs, listen: Option<&str>) -> Sources {
    Sources {
        file: args.config.clone(),
        environment: variables(),
        flags: Flags { listen: listen.map(str::to_owned), data_dir: args.data.clone() },
    }
}

/// The environment variables that are text.
pub fn variables() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Reads the settings.
pub fn load(sources: &Sources) -> Result<Config, Failure> {
    roundhouse_config::load(sources).map_err(|problems| {
        let count = problems.0.len();
        let word = if count == 1 { "problem" } else { "problems" };
        Failure::new(format!("the configuration has {count} {word}:\n{problems}"))
    })
}
