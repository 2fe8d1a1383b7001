//! Saying what is wrong and what to do.

use std::process::ExitCode;

use roundhouse_config::Config;
use roundhouse_control::findings::{
    Finding, Level, no_problems, of_configuration, of_encryption_key, of_schema,
};
use roundhouse_storage::{Database, MasterKey};

use super::{Done, block_on};
use crate::cli::SettingsArgs;
use crate::environment;
use crate::failure::say;
use crate::wiring;

/// Runs `roundhouse doctor`.
pub fn run(settings: &SettingsArgs) -> Done {
    let sources = environment::sources(settings, None);
    let findings = match roundhouse_config::load(&sources) {
        Ok(config) => {
            let mut findings = vec![no_problems()];
            findings.extend(of_configuration(&config, |spec| spec.keys.len()));
            findings.push(port(&config));
            block_on(async {
                findings.extend(database(&config).await);
                Ok(ExitCode::SUCCESS)
            })?;
            findings
        }
        Err(problems) => problems.0.iter().map(|problem| Finding::problem(problem.to_string())).collect(),
    };
    for Finding { level, text } in &findings {
        say(format!("{:8} {text}", level.as_str()));
    }
    let is_bad = findings.iter().any(|finding| finding.level == Level::Problem);
    Ok(if is_bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn port(config: &Config) -> Finding {
    let listen = &config.server.listen;
    match std::net::TcpListener::bind(listen) {
        Ok(_) => Finding::ok(format!("{listen} is free")),
        Err(error) => Finding::warning(format!(
            "{listen} cannot be listened on: {error}; a running server is fine, anything else is in the way"
        )),
    }
}

async fn database(config: &Config) -> Vec<Finding> {
    let options = wiring::open_options(config);
    let status = match Database::check(&options).await {
        Ok(status) => status,
        Err(error) => return vec![Finding::problem(format!("the database cannot be used: {error}"))],
    };
    let mut findings = vec![of_schema(status.pending.len())];
    if status.pending.is_empty() {
        findings.push(of_encryption_key(verified(config).await));
    }
    findings
}

async fn verified(config: &Config) -> Result<(), String> {
    let database = Database::open(&wiring::open_options(config)).await.map_err(|error| error.to_string())?;
    let configured = config.security.encryption_key.as_ref();
    let verified = MasterKey::of_database(configured, &config.data_dir, &database).await;
    database.close().await;
    verified.map(drop).map_err(|error| error.to_string())
}
