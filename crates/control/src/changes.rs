//! Changing what is configured: every change is checked as a whole, is one revision, and is in force when it is made.

mod draft;
mod error;

use std::sync::Arc;

use roundhouse_config::{Config, Problems};
use roundhouse_domain::Author;
use roundhouse_gateway::snapshot::Snapshot;
use roundhouse_storage::audit::{self, Entry};
use roundhouse_storage::revisions::{self, ObjectChange, Revision, Version};
use roundhouse_storage::{DatabaseTransaction, StorageError, config_objects, config_version, provider_keys};
use tokio::sync::OwnedMutexGuard;

pub use self::draft::Draft;
pub use self::error::{ChangeError, FieldProblem};
use crate::control::{Control, Ready};
use crate::models::Effective;
use crate::objects::{self, Object, ObjectError, ObjectKind, Objects, seal};
use crate::plan;

/// A change under way. Others who change the configuration wait for its end; dropped, it leaves no trace.
pub struct Change {
    control: Control,
    author: Author,
    transaction: DatabaseTransaction,
    version: i64,
    draft: Draft,
    _applying: OwnedMutexGuard<()>,
}

/// What a change would do, or did.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What changes, by kind and name.
    pub changes: Vec<ObjectChange>,
    /// What looks wrong in the configuration that results.
    pub warnings: Vec<String>,
}

impl Control {
    /// Begins a change of what is configured, on `author`'s account.
    ///
    /// On SQLite all other writing waits until it ends: no network calls meanwhile.
    pub async fn begin_change(&self, author: &Author) -> Result<Change, ChangeError> {
        let applying = self.inner().applying.clone().lock_owned().await;
        let transaction = self.database().write().await?;
        let version = config_version::bump(&transaction).await?;
        let objects = objects::load(&transaction, &self.inner().parts.master).await?;
        let clock = (self.inner().parts.clock.clone(), self.inner().parts.ids.clone());
        Ok(Change {
            control: self.clone(),
            author: author.clone(),
            transaction,
            version,
            draft: Draft::new(objects, clock),
            _applying: applying,
        })
    }

    /// Makes a change in one go: edits, checks, keeps and applies it. Nothing is kept when `edit` or the check fails, and no
    /// revision is made when nothing changed.
    pub async fn change<T>(
        &self,
        author: &Author,
        summary: &str,
        edit: impl FnOnce(&mut Draft) -> Result<T, ChangeError>,
    ) -> Result<T, ChangeError> {
        let mut change = self.begin_change(author).await?;
        let made = edit(change.draft())?;
        change.commit(summary).await?;
        Ok(made)
    }
}

impl Change {
    /// What is configured, to be edited.
    pub fn draft(&mut self) -> &mut Draft {
        &mut self.draft
    }

    /// The transaction, for what belongs to the change and is no configuration: credentials, audit entries, jobs.
    pub fn transaction(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Checks the change and says what it would do; nothing is kept.
    pub async fn preview(self) -> Result<Difference, ChangeError> {
        let changes = self.differences()?;
        let (config, _) = self.check()?;
        self.compile(&config).await?;
        Ok(Difference { changes, warnings: config.warnings })
    }

    /// Checks, keeps and applies the change. Without any difference, only what stands in the transaction is kept.
    pub async fn commit(self, summary: &str) -> Result<Difference, ChangeError> {
        let changes = self.differences()?;
        let (config, set_aside) = self.check()?;
        self.keep(&changes, summary).await?;
        let (snapshot, models) = self.compile(&config).await?;
        let Self { control, draft, version, transaction, _applying, .. } = self;
        transaction.commit().await.map_err(StorageError::from)?;
        let warnings = config.warnings.clone();
        control.install(Ready { config, objects: draft.objects, set_aside, snapshot, models, version });
        Ok(Difference { changes, warnings })
    }

    /// The configuration as it would be.
    fn check(&self) -> Result<(Config, Vec<FieldProblem>), ChangeError> {
        let layers = self.control.layers();
        let (config, set_aside) = with_objects(&layers, &self.draft.objects).map_err(ChangeError::File)?;
        // What did not fit before need not fit now; what the change broke must.
        let known = self.control.set_aside();
        let fresh: Vec<_> = set_aside.iter().filter(|problem| !known.contains(problem)).cloned().collect();
        if fresh.is_empty() { Ok((config, set_aside)) } else { Err(ChangeError::Invalid(fresh)) }
    }

    async fn compile(&self, config: &Config) -> Result<(Arc<Snapshot>, Effective), ChangeError> {
        let (plan, models) =
            plan::build(&self.control, &self.transaction, config, &self.draft.objects).await?;
        Ok((self.control.compile(plan).await?, models))
    }

    /// What differs from before.
    fn differences(&self) -> Result<Vec<ObjectChange>, ObjectError> {
        let master = &self.control.inner().parts.master;
        let (before, after) = (&self.draft.before, &self.draft.objects);
        let keys = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key)));
        let differing = keys.filter(|key| before.get(*key) != after.get(*key));
        let mut changes = Vec::new();
        for key in differing {
            let version = |object: Option<&Object>| object.map(|object| version(object, master)).transpose();
            changes.push(ObjectChange {
                kind: key.0.as_str().to_owned(),
                name: key.1.clone(),
                before: version(before.get(key))?,
                after: version(after.get(key))?,
            });
        }
        Ok(changes)
    }

    async fn keep(&self, changes: &[ObjectChange], summary: &str) -> Result<(), ChangeError> {
        if changes.is_empty() {
            return Ok(());
        }
        let (transaction, now) = (&self.transaction, self.control.now());
        for change in changes {
            let Some(kind) = ObjectKind::parse(&change.kind) else { continue };
            self.keep_object(kind, &change.name).await?;
        }
        let number = revisions::latest(transaction).await? + 1;
        let revision = Revision {
            number,
            created_at: now,
            author_id: self.author.user_id,
            author: self.author.name.clone(),
            summary: summary.to_owned(),
            changes: changes.to_vec(),
        };
        revisions::insert(transaction, &revision).await?;
        let entry = Entry {
            id: self.control.inner().parts.ids.next(),
            at: now,
            author: self.author.clone(),
            action: "configuration.change".to_owned(),
            object_kind: "revision".to_owned(),
            object_id: number.to_string(),
            object_name: summary.to_owned(),
            detail: serde_json::Value::Null,
        };
        Ok(audit::insert(transaction, &entry).await?)
    }

    async fn keep_object(&self, kind: ObjectKind, name: &str) -> Result<(), ChangeError> {
        let transaction = &self.transaction;
        let key = (kind, name.to_owned());
        let (before, after) = (self.draft.before.get(&key), self.draft.objects.get(&key));
        if kind == ObjectKind::Provider && before.map(|object| object.id) != after.map(|object| object.id) {
            if let Some(gone) = before {
                provider_keys::set_aside(transaction, name, gone.id).await?;
            }
            if let Some(come) = after {
                provider_keys::bring_back(transaction, name, come.id).await?;
            }
        }
        match after {
            None => {
                config_objects::delete(transaction, kind.as_str(), name).await?;
            }
            Some(object) => {
                let (body, sealed) = seal(kind, &object.body, &self.control.inner().parts.master)
                    .map_err(ObjectError::from)?;
                let stored = config_objects::ConfigObject {
                    id: object.id,
                    kind: kind.as_str().to_owned(),
                    name: name.to_owned(),
                    body,
                    sealed,
                    created_at: object.created_at,
                    updated_at: object.updated_at,
                };
                config_objects::upsert(transaction, &stored).await?;
            }
        }
        Ok(())
    }
}

/// A document as a revision keeps it.
fn version(object: &Object, master: &roundhouse_storage::MasterKey) -> Result<Version, ObjectError> {
    use base64::Engine as _;
    let (body, sealed) = seal(object.kind, &object.body, master)?;
    Ok(Version {
        id: object.id.0,
        created_at: object.created_at.as_millis(),
        body,
        sealed: sealed.map(|bytes| base64::engine::general_purpose::STANDARD.encode(bytes)),
    })
}

/// The configuration of file, environment and flags with what people configured, as far as that fits; and what does not fit.
///
/// # Errors
/// When file, environment or flags are wrong by themselves.
pub(crate) fn with_objects(
    layers: &roundhouse_config::Layers,
    objects: &Objects,
) -> Result<(Config, Vec<FieldProblem>), Problems> {
    let mut stored = objects::layer(objects);
    let mut set_aside = Vec::new();
    loop {
        let problems = match layers.with(&stored) {
            Ok(config) => return Ok((config, set_aside)),
            Err(problems) => problems,
        };
        let found: Vec<_> = problems.0.iter().filter_map(FieldProblem::of).collect();
        let before = stored.len();
        stored.retain(|stored| !found.iter().any(|problem| problem.is_of(stored)));
        if stored.len() == before {
            return Err(problems);
        }
        set_aside.extend(found);
    }
}
