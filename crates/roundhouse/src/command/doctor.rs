//! Saying what is wrong and what to do.

use std::path::Path;
use std::process::ExitCode;

use roundhouse_config::Config;
use roundhouse_storage::{Database, MasterKey};

use super::{Done, block_on};
use crate::cli::SettingsArgs;
use crate::environment;
use crate::failure::say;
use crate::wiring;

/// What was found of one thing.
enum Finding {
    Good(String),
    Odd(String),
    Bad(String),
}

/// Runs `roundhouse doctor`.
pub fn run(settings: &SettingsArgs) -> Done {
    let sources = environment::sources(settings, None);
    let findings = match roundhouse_config::load(&sources) {
        Ok(config) => {
            let mut findings = vec![Finding::Good("the configuration has no problems".to_owned())];
            findings.extend(config.warnings.iter().cloned().map(Finding::Odd));
            findings.push(data_folder(&config.data_dir));
            findings.extend(providers(&config));
            findings.push(clients(&config));
            findings.push(port(&config));
            block_on(async {
                findings.extend(database(&config).await);
                Ok(ExitCode::SUCCESS)
            })?;
            findings
        }
        Err(problems) => problems.0.iter().map(|problem| Finding::Bad(problem.to_string())).collect(),
    };
    let mut code = ExitCode::SUCCESS;
    for finding in findings {
        match finding {
            Finding::Good(text) => say(format!("ok       {text}")),
            Finding::Odd(text) => say(format!("warning  {text}")),
            Finding::Bad(text) => {
                code = ExitCode::FAILURE;
                say(format!("problem  {text}"));
            }
        }
    }
    Ok(code)
}

fn data_folder(folder: &Path) -> Finding {
    let shown = folder.display();
    if !folder.exists() {
        return Finding::Good(format!("the data folder {shown} is made at the first start"));
    }
    let probe = folder.join(".doctor");
    match std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)) {
        Ok(()) => Finding::Good(format!("the data folder {shown} can be written")),
        Err(error) => Finding::Bad(format!(
            "the data folder {shown} cannot be written: {error}; give it to the user that runs the server"
        )),
    }
}

fn providers(config: &Config) -> Vec<Finding> {
    let providers = &config.declared.providers;
    if providers.is_empty() {
        let advice = "no provider is declared; set OPENAI_API_KEY, or declare providers in roundhouse.yaml, or try ROUNDHOUSE_DEMO=1";
        return vec![Finding::Odd(advice.to_owned())];
    }
    let finding = |spec: &roundhouse_domain::spec::ProviderSpec| match (spec.keys.len(), &spec.keys_file) {
        (0, Some(file)) => Finding::Bad(format!("provider {}: {} holds no key", spec.name, file.display())),
        (0, None) => Finding::Good(format!("provider {} is called without a key", spec.name)),
        (count, _) => Finding::Good(format!("provider {} has {count} keys", spec.name)),
    };
    providers.iter().map(finding).collect()
}

fn clients(config: &Config) -> Finding {
    match config.declared.access_keys.len() {
        0 => Finding::Good("no access key is declared; the first start makes one".to_owned()),
        count => Finding::Good(format!("{count} access keys are declared")),
    }
}

fn port(config: &Config) -> Finding {
    let listen = &config.server.listen;
    match std::net::TcpListener::bind(listen) {
        Ok(_) => Finding::Good(format!("{listen} is free")),
        Err(error) => Finding::Odd(format!(
            "{listen} cannot be listened on: {error}; a running server is fine, anything else is in the way"
        )),
    }
}

async fn database(config: &Config) -> Vec<Finding> {
    let options = wiring::open_options(config);
    let status = match Database::check(&options).await {
        Ok(status) => status,
        Err(error) => return vec![Finding::Bad(format!("the database cannot be used: {error}"))],
    };
    let mut findings = vec![match status.pending.len() {
        0 => Finding::Good("the database has this version's schema".to_owned()),
        count => Finding::Good(format!("the database gets {count} schema changes at the next start")),
    }];
    if status.pending.is_empty() {
        findings.push(master_key(config).await);
    }
    findings
}

async fn master_key(config: &Config) -> Finding {
    let fits = async {
        let master = MasterKey::load_or_create(config.security.encryption_key.as_ref(), &config.data_dir)
            .map_err(|error| error.to_string())?;
        let database =
            Database::open(&wiring::open_options(config)).await.map_err(|error| error.to_string())?;
        let verified = master.verify(&database).await.map_err(|error| error.to_string());
        database.close().await;
        verified
    };
    match fits.await {
        Ok(()) => Finding::Good("the encryption key opens what is sealed".to_owned()),
        Err(error) => Finding::Bad(error),
    }
}
