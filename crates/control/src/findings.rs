//! What is in order and what is not, with what to do: for `roundhouse doctor`, and for the page about a running server.

use std::path::Path;

use roundhouse_config::Config;
use roundhouse_domain::spec::ProviderSpec;

use crate::control::Control;
use crate::prices;

/// What was found of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How good or bad it is.
    pub level: Level,
    /// What it is, and what to do.
    pub text: String,
}

/// How good or bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, and may not be what somebody wants.
    Warning,
    /// Something does not work.
    Problem,
}

impl Level {
    /// Its name, as it is shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

impl Finding {
    /// Something as it should be.
    pub fn ok(text: impl Into<String>) -> Self {
        Self { level: Level::Ok, text: text.into() }
    }

    /// Something that works, and may not be what somebody wants.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { level: Level::Warning, text: text.into() }
    }

    /// Something that does not work.
    pub fn problem(text: impl Into<String>) -> Self {
        Self { level: Level::Problem, text: text.into() }
    }
}

/// What is to say of a configuration and its data folder; `keys` counts the keys of a provider.
pub fn of_configuration(config: &Config, keys: impl Fn(&ProviderSpec) -> usize) -> Vec<Finding> {
    let mut findings: Vec<_> = config.warnings.iter().map(Finding::warning).collect();
    findings.push(data_folder(&config.data_dir));
    let providers = &config.declared.providers;
    if providers.is_empty() {
        findings.push(Finding::warning(
            "no provider is declared; set OPENAI_API_KEY, or declare providers in roundhouse.yaml, or try ROUNDHOUSE_DEMO=1",
        ));
    }
    findings.extend(providers.iter().map(|spec| provider(spec, keys(spec))));
    findings.push(match config.declared.access_keys.len() {
        0 => Finding::ok("no access key is declared; the first start makes one"),
        count => Finding::ok(format!("{count} access keys are declared")),
    });
    findings
}

fn provider(spec: &ProviderSpec, keys: usize) -> Finding {
    match (keys, &spec.keys_file) {
        (0, Some(file)) => {
            Finding::problem(format!("provider {}: {} holds no key", spec.name, file.display()))
        }
        (0, None) => Finding::ok(format!("provider {} is called without a key", spec.name)),
        (count, _) => Finding::ok(format!("provider {} has {count} keys", spec.name)),
    }
}

fn data_folder(folder: &Path) -> Finding {
    let shown = folder.display();
    if !folder.exists() {
        return Finding::ok(format!("the data folder {shown} is made at the first start"));
    }
    let probe = folder.join(".doctor");
    match std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)) {
        Ok(()) => Finding::ok(format!("the data folder {shown} can be written")),
        Err(error) => Finding::problem(format!(
            "the data folder {shown} cannot be written: {error}; give it to the user that runs the server"
        )),
    }
}

/// Whether the newest configuration is in force, in words.
pub fn no_problems() -> Finding {
    Finding::ok("the configuration has no problems")
}

/// Whether the database has this version's schema, in words.
pub fn of_schema(pending: usize) -> Finding {
    match pending {
        0 => Finding::ok("the database has this version's schema"),
        count => Finding::ok(format!("the database gets {count} schema changes at the next start")),
    }
}

/// Whether the encryption key fits, in words.
pub fn of_encryption_key(verified: Result<(), String>) -> Finding {
    match verified {
        Ok(()) => Finding::ok("the encryption key opens what is sealed"),
        Err(error) => Finding::problem(error),
    }
}

impl Control {
    /// What is to say of the configuration in force and of what it stands on.
    pub async fn findings(&self) -> Vec<Finding> {
        let status = self.status();
        let mut findings: Vec<_> = status.problems.iter().map(Finding::problem).collect();
        if findings.is_empty() {
            findings.push(no_problems());
        }
        findings.extend(self.set_aside().iter().map(|problem| Finding::warning(problem.to_string())));
        findings.extend(status.needs_restart.iter().map(|setting| {
            Finding::warning(format!("{setting} has changed and takes effect at the next start"))
        }));
        let (config, snapshot) = (self.config(), self.gateway().snapshot_full());
        findings.extend(prices::warning(&snapshot).map(Finding::warning));
        let of_configuration = tokio::task::spawn_blocking(move || {
            of_configuration(&config, |spec| {
                snapshot
                    .providers
                    .get(spec.name.as_str())
                    .map_or(spec.keys.len(), |provider| provider.keys.keys().len())
            })
        });
        match of_configuration.await {
            Ok(found) => findings.extend(found),
            Err(error) => findings.push(Finding::problem(error.to_string())),
        }
        findings.extend(self.database_findings().await);
        findings
    }

    async fn database_findings(&self) -> Vec<Finding> {
        let database = self.database();
        if let Err(error) = database.ping().await {
            return vec![Finding::problem(format!("the database cannot be used: {error}"))];
        }
        let verified = self.inner().parts.master.verify(database).await;
        // A server starts with the newest schema only.
        vec![of_schema(0), of_encryption_key(verified.map(drop).map_err(|error| error.to_string()))]
    }
}
