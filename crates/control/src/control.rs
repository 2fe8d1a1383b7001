//! The one that decides which configuration is in force.

use std::sync::Arc;

use metrics::{counter, gauge};
use parking_lot::{Mutex, RwLock};
use roundhouse_config::{Config, Sources};
use roundhouse_domain::{Clock, Ids, Timestamp};
use roundhouse_gateway::Gateway;
use roundhouse_gateway::hash::LookupHasher;
use roundhouse_jobs::Queue;
use roundhouse_storage::{Database, MasterKey, StorageError};
use tokio::sync::Notify;

use crate::discovery::Discovered;
use crate::plan;
use crate::status::ConfigStatus;

/// Applies configurations. Clones are the same one.
#[derive(Clone)]
pub struct Control(Arc<Inner>);

/// What a [`Control`] is made of.
pub struct Parts {
    /// Where things are stored.
    pub database: Database,
    /// Seals what is stored.
    pub master: MasterKey,
    /// What is configured.
    pub gateway: Gateway,
    /// Names keys.
    pub hasher: LookupHasher,
    /// The time.
    pub clock: Clock,
    /// Ids.
    pub ids: Ids,
    /// Where the configuration is read from, again and again.
    pub sources: Sources,
    /// The configuration as read at start.
    pub config: Config,
}

pub(crate) struct Inner {
    pub(crate) parts: Parts,
    config: RwLock<Arc<Config>>,
    status: Mutex<ConfigStatus>,
    applying: tokio::sync::Mutex<()>,
    pub(crate) discovered: Mutex<Discovered>,
    pub(crate) discover: Notify,
    pub(crate) sync_keys: Notify,
    pub(crate) queue: Queue,
}

/// Why a configuration is not in force.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// It is wrong; every problem, one each.
    #[error("{}", .0.join("\n"))]
    Invalid(Vec<String>),
    /// What is stored cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Control {
    /// A control of `parts`; nothing is applied yet.
    pub fn new(parts: Parts) -> Self {
        let config = RwLock::new(Arc::new(parts.config.clone()));
        let queue = Queue::new(parts.database.clone(), parts.clock.clone(), parts.ids.clone());
        Self(Arc::new(Inner {
            parts,
            config,
            status: Mutex::default(),
            applying: tokio::sync::Mutex::default(),
            discovered: Mutex::default(),
            discover: Notify::new(),
            sync_keys: Notify::new(),
            queue,
        }))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// The data plane.
    pub fn gateway(&self) -> &Gateway {
        &self.0.parts.gateway
    }

    /// Where things are stored.
    pub fn database(&self) -> &Database {
        &self.0.parts.database
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    /// The configuration in force.
    pub fn config(&self) -> Arc<Config> {
        self.0.config.read().clone()
    }

    /// How the configuration stands.
    pub fn status(&self) -> ConfigStatus {
        self.0.status.lock().clone()
    }

    /// Puts the configuration that was read at start in force.
    pub async fn start(&self) -> Result<(), ApplyError> {
        let result = self.apply().await;
        self.note(&result);
        result
    }

    /// Reads the configuration again and applies it. When it is wrong, the one before stays in force.
    pub async fn reload(&self) -> Result<(), ApplyError> {
        let sources = self.0.parts.sources.clone();
        let read = tokio::task::spawn_blocking(move || roundhouse_config::load(&sources)).await;
        let result = match read {
            Ok(Ok(config)) => self.put_in_force(config).await,
            Ok(Err(problems)) => {
                Err(ApplyError::Invalid(problems.0.iter().map(ToString::to_string).collect()))
            }
            Err(error) => Err(ApplyError::Invalid(vec![error.to_string()])),
        };
        self.note(&result);
        result
    }

    /// Applies the configuration in force once more, after something that is stored changed.
    pub async fn apply(&self) -> Result<(), ApplyError> {
        // Whether the files are in order is the reload's to say: this changes nothing about it.
        self.put_in_force((*self.config()).clone()).await
    }

    async fn put_in_force(&self, config: Config) -> Result<(), ApplyError> {
        let _applying = self.0.applying.lock().await;
        let plan = plan::build(self, &config).await?;
        let gateway = self.gateway().clone();
        let compiled = tokio::task::spawn_blocking(move || gateway.apply(&plan)).await;
        match compiled {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(ApplyError::Invalid(error.0)),
            Err(error) => return Err(ApplyError::Invalid(vec![error.to_string()])),
        }
        let before = std::mem::replace(&mut *self.0.config.write(), Arc::new(config));
        let config = self.config();
        #[allow(clippy::cast_precision_loss, reason = "a gauge is a float")]
        gauge!("roundhouse_config_applied_timestamp_seconds").set(self.now().as_millis() as f64 / 1_000.0);
        let mut status = self.0.status.lock();
        status.applied_at = self.0.parts.clock.now();
        status.warnings.clone_from(&config.warnings);
        status.needs_restart = needs_restart(&self.0.parts.config, &config);
        if before.warnings != config.warnings {
            config.warnings.iter().for_each(|warning| tracing::warn!(warning, "configuration"));
        }
        drop(status);
        self.0.discover.notify_one();
        self.0.sync_keys.notify_one();
        Ok(())
    }

    fn note(&self, result: &Result<(), ApplyError>) {
        let problems = match result {
            Ok(()) => Vec::new(),
            Err(ApplyError::Invalid(problems)) => problems.clone(),
            Err(ApplyError::Storage(error)) => vec![error.to_string()],
        };
        for problem in &problems {
            tracing::error!(problem, "the new configuration is not applied; the one before stays in force");
        }
        let valid = problems.is_empty();
        gauge!("roundhouse_config_valid").set(if valid { 1.0 } else { 0.0 });
        counter!("roundhouse_config_reloads_total", "result" => if valid { "applied" } else { "refused" })
            .increment(1);
        let mut status = self.0.status.lock();
        status.checked_at = self.0.parts.clock.now();
        status.problems = problems;
    }
}

/// What differs from the start and is only read there.
fn needs_restart(start: &Config, now: &Config) -> Vec<&'static str> {
    let mut names = Vec::new();
    if start.server.listen != now.server.listen {
        names.push("server.listen");
    }
    if start.database.url != now.database.url {
        names.push("database.url");
    }
    if start.log.file != now.log.file
        || start.log.format != now.log.format
        || start.log.level != now.log.level
    {
        names.push("log");
    }
    names
}
