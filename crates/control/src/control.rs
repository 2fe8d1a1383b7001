//! The one that decides which configuration is in force.

use std::sync::Arc;

use metrics::{counter, gauge};
use parking_lot::{Mutex, RwLock};
use roundhouse_config::{Config, Layers, Sources};
use roundhouse_domain::{Clock, Ids, Timestamp};
use roundhouse_gateway::Gateway;
use roundhouse_gateway::compile::Plan;
use roundhouse_gateway::hash::LookupHasher;
use roundhouse_gateway::snapshot::Snapshot;
use roundhouse_jobs::Queue;
use roundhouse_storage::{Database, MasterKey, StorageError, config_version};
use tokio::sync::Notify;

use crate::changes::{FieldProblem, with_objects};
use crate::models::{Discovery, Effective};
use crate::objects::{self, ObjectError, ObjectKind, Objects};
use crate::plan;
use crate::prices;
use crate::provider_keys::Reveals;
use crate::status::ConfigStatus;
use crate::stored_keys::StoredKeys;

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
    in_force: RwLock<InForce>,
    status: Mutex<ConfigStatus>,
    /// One configuration at a time is put in force.
    pub(crate) applying: Arc<tokio::sync::Mutex<()>>,
    pub(crate) discovery: Mutex<Discovery>,
    pub(crate) discover: Notify,
    pub(crate) sync_keys: Notify,
    pub(crate) queue: Queue,
    pub(crate) stored_keys: StoredKeys,
    pub(crate) reveals: Reveals,
}

/// What is served by.
#[derive(Clone)]
struct InForce {
    config: Arc<Config>,
    /// The last that could be read of file, environment and flags.
    layers: Arc<Layers>,
    objects: Arc<Objects>,
    models: Arc<Effective>,
    /// What people configured and does not fit, so that it is left out.
    set_aside: Arc<[FieldProblem]>,
    /// The number of changes that this includes.
    version: i64,
}

/// A configuration that is checked and compiled.
pub(crate) struct Ready {
    pub(crate) config: Config,
    pub(crate) objects: Objects,
    /// What does not fit.
    pub(crate) set_aside: Vec<FieldProblem>,
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) models: Effective,
    /// The number of changes that it includes.
    pub(crate) version: i64,
}

/// Why a configuration is not in force.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// It is wrong; every problem, one each.
    #[error("{}", .0.join("\n"))]
    Invalid(Vec<String>),
    /// What people configured cannot be read.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// What is stored cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Control {
    /// A control of `parts`; nothing is applied yet.
    pub fn new(parts: Parts) -> Self {
        let queue = Queue::new(parts.database.clone(), parts.clock.clone(), parts.ids.clone());
        let in_force = InForce {
            config: Arc::new(parts.config.clone()),
            layers: Arc::new(Layers::read(&parts.sources)),
            objects: Arc::default(),
            models: Arc::default(),
            set_aside: Arc::default(),
            version: 0,
        };
        Self(Arc::new(Inner {
            parts,
            in_force: RwLock::new(in_force),
            status: Mutex::default(),
            applying: Arc::default(),
            discovery: Mutex::default(),
            discover: Notify::new(),
            sync_keys: Notify::new(),
            queue,
            stored_keys: StoredKeys::default(),
            reveals: Reveals::default(),
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
        self.0.in_force.read().config.clone()
    }

    /// What people configured, as it is in force.
    pub fn objects(&self) -> Arc<Objects> {
        self.0.in_force.read().objects.clone()
    }

    /// All models as they are in force.
    pub fn models(&self) -> Arc<Effective> {
        self.0.in_force.read().models.clone()
    }

    /// The name of the provider that `text` names, or is the id of.
    pub fn provider_name(&self, text: &str) -> Option<String> {
        let config = self.config();
        if let Some(spec) = config.declared.providers.iter().find(|spec| spec.name.as_str() == text) {
            return Some(spec.name.to_string());
        }
        let id: uuid::Uuid = text.parse().ok()?;
        let objects = self.objects();
        let mut providers = objects.values().filter(|object| object.kind == ObjectKind::Provider);
        providers.find(|object| object.id.0 == id).map(|object| object.name.clone())
    }

    /// The number by which requests of a session prefer the same target.
    pub fn affinity(&self, session: &str) -> u64 {
        self.0.parts.hasher.affinity(session)
    }

    /// What people configured and does not fit, so that it is left out.
    pub fn set_aside(&self) -> Arc<[FieldProblem]> {
        self.0.in_force.read().set_aside.clone()
    }

    /// The number of changes that the configuration in force includes.
    pub(crate) fn version(&self) -> i64 {
        self.0.in_force.read().version
    }

    pub(crate) fn layers(&self) -> Arc<Layers> {
        self.0.in_force.read().layers.clone()
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
        let read = tokio::task::spawn_blocking(move || Layers::read(&sources)).await;
        let result = match read {
            Ok(layers) => self.put_in_force(Some(layers)).await,
            Err(error) => Err(ApplyError::Invalid(vec![error.to_string()])),
        };
        self.note(&result);
        result
    }

    /// Applies the configuration in force once more, after something that is stored changed.
    pub async fn apply(&self) -> Result<(), ApplyError> {
        // Whether the files are in order is the reload's to say: this changes nothing about it.
        self.put_in_force(None).await
    }

    /// Applies the configuration in force once more, unless somebody has done so since the change of that number: of many
    /// changes at the same time, one application serves all.
    pub(crate) async fn apply_at_least(&self, version: i64) -> Result<(), ApplyError> {
        let applying = self.0.applying.lock().await;
        if self.version() >= version {
            return Ok(());
        }
        self.put_in_force_locked(None, applying).await
    }

    async fn put_in_force(&self, layers: Option<Layers>) -> Result<(), ApplyError> {
        let applying = self.0.applying.lock().await;
        self.put_in_force_locked(layers, applying).await
    }

    async fn put_in_force_locked(
        &self,
        layers: Option<Layers>,
        _applying: tokio::sync::MutexGuard<'_, ()>,
    ) -> Result<(), ApplyError> {
        let reader = self.database().reader();
        // Before the rest: what changes meanwhile is taken up with the next number.
        let version = config_version::get(reader).await?;
        let objects = objects::load(reader, &self.0.parts.master).await?;
        let layers = layers.map_or_else(|| self.layers(), Arc::new);
        let (config, set_aside) = with_objects(&layers, &objects)
            .map_err(|problems| ApplyError::Invalid(problems.0.iter().map(ToString::to_string).collect()))?;
        let (plan, models) = plan::build(self, reader, &config, &objects).await?;
        let snapshot = self.compile(plan).await?;
        self.0.in_force.write().layers = layers;
        self.install(Ready { config, objects, set_aside, snapshot, models, version });
        Ok(())
    }

    pub(crate) async fn compile(&self, plan: Plan) -> Result<Arc<Snapshot>, ApplyError> {
        let gateway = self.gateway().clone();
        match tokio::task::spawn_blocking(move || gateway.compile(&plan)).await {
            Ok(Ok(snapshot)) => Ok(Arc::new(snapshot)),
            Ok(Err(error)) => Err(ApplyError::Invalid(error.0)),
            Err(error) => Err(ApplyError::Invalid(vec![error.to_string()])),
        }
    }

    /// Serves by a configuration from now on; whoever calls holds `applying`.
    pub(crate) fn install(&self, ready: Ready) {
        if let Some(warning) = prices::warning(&ready.snapshot)
            && prices::warning(&self.gateway().snapshot()).as_ref() != Some(&warning)
        {
            tracing::warn!(warning, "budgets");
        }
        self.gateway().install(ready.snapshot);
        let config = Arc::new(ready.config);
        for problem in ready.set_aside.iter().filter(|problem| !self.set_aside().contains(problem)) {
            tracing::warn!(%problem, "left out of the configuration");
        }
        let before = {
            let mut in_force = self.0.in_force.write();
            in_force.objects = Arc::new(ready.objects);
            in_force.models = Arc::new(ready.models);
            in_force.set_aside = ready.set_aside.into();
            in_force.version = ready.version;
            std::mem::replace(&mut in_force.config, config.clone())
        };
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
    }

    fn note(&self, result: &Result<(), ApplyError>) {
        let problems = match result {
            Ok(()) => Vec::new(),
            Err(ApplyError::Invalid(problems)) => problems.clone(),
            Err(error) => vec![error.to_string()],
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
