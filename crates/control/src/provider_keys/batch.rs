//! Doing something with many keys of a provider.

mod work;

use roundhouse_domain::{Author, JobId, KeyHash, KeyStatus, ProviderKeyId};
use roundhouse_jobs::job::Options;
use roundhouse_jobs::{Context, Job, JobError};
use roundhouse_storage::provider_keys;
use roundhouse_storage::{StorageError, audit};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(super) use self::work::Position;
use super::{AT_ONCE, ProviderKeyError};
use crate::control::Control;

/// Tests at once; more become a job, since a provider takes its time.
const TESTS_AT_ONCE: u64 = 10;

/// Ids in one request at the most; a filter names any number.
const MOST_IDS: usize = 10_000;

/// Which keys of a provider; what is absent does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFilter {
    /// Of this status.
    pub status: Option<KeyStatus>,
    /// A text in the note, a tag, or the key as it is shown.
    pub text: Option<String>,
    /// A whole tag.
    pub tag: Option<String>,
    /// Exactly this key.
    pub key: Option<KeyHash>,
}

/// Which keys something is done with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// These.
    Ids(Vec<ProviderKeyId>),
    /// All that fit.
    Filter(KeyFilter),
}

/// What is done with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// They are removed.
    Delete,
    /// Those that are invalid or resting are active again.
    Restore,
    /// They are switched on.
    Enable,
    /// They are switched off.
    Disable,
    /// The provider is asked whether they work.
    Test,
    /// Another provider gets them as well.
    Copy {
        /// Its name.
        to: String,
    },
}

/// Something to be done with many keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Whose keys.
    pub provider: String,
    /// Which ones.
    pub which: Which,
    /// What.
    pub action: Action,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchResult {
    /// Keys that were meant.
    pub matched: u64,
    /// Keys that are different now: removed, switched, restored, copied.
    pub changed: u64,
    /// Keys that could not be: declared ones stay, and a provider has a key once.
    pub skipped: u64,
    /// Keys that were tested and work.
    pub works: u64,
    /// Keys that were tested and are refused.
    pub refused: u64,
    /// Keys that were tested without a clear answer.
    pub unclear: u64,
}

/// How a batch is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batched {
    /// It is.
    Done(BatchResult),
    /// A job does it, since there are many keys.
    Job(JobId),
}

/// Does something with many keys, some at a time.
#[derive(Serialize, Deserialize)]
pub(crate) struct BatchKeys {
    batch: Batch,
}

impl Action {
    /// The verb, as in the audit log.
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::Test => "test",
            Self::Copy { .. } => "copy",
        }
    }
}

impl Control {
    /// Does something with many keys of a provider: at once, or by a job where there are many.
    pub async fn batch_provider_keys(
        &self,
        by: &Author,
        mut batch: Batch,
    ) -> Result<Batched, ProviderKeyError> {
        if let Action::Copy { to } = &mut batch.action {
            *to = self.copy_target(&batch.provider, to)?;
        }
        if let Which::Ids(ids) = &mut batch.which {
            if ids.is_empty() || ids.len() > MOST_IDS {
                let message = format!("must hold 1 to {MOST_IDS} ids; a filter names any number of keys");
                return Err(ProviderKeyError::field("ids", message));
            }
            ids.sort_unstable();
            ids.dedup();
        }
        let matched = match &batch.which {
            Which::Ids(ids) => ids.len() as u64,
            Which::Filter(filter) => {
                let filter = filter.of(&batch.provider, self.now());
                provider_keys::count(self.database().reader(), &filter).await?
            }
        };
        let most = if batch.action == Action::Test { TESTS_AT_ONCE } else { AT_ONCE as u64 };
        let detail = json!({ "keys": matched, "which": batch.which, "action": batch.action });
        let action = format!("provider_keys.{}_many", batch.action.verb());
        let entry = self.keys_entry(by, &action, &batch.provider, detail);
        if matched <= most {
            let mut position = Position::default();
            let done = self.work(&batch, &mut position, None, Some(entry)).await;
            self.apply().await?;
            done?;
            return Ok(Batched::Done(position.result));
        }
        let mut options = Options::about(format!("{} {}", batch.action.verb(), batch.provider));
        options.created_by = by.user_id;
        let transaction = self.database().write().await?;
        let made = self.queue().enqueue(&transaction, &BatchKeys { batch }, options).await?;
        audit::insert(&transaction, &entry).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        Ok(Batched::Job(made.id()))
    }

    fn copy_target(&self, from: &str, to: &str) -> Result<String, ProviderKeyError> {
        let to = self.provider_spec(to).map_err(|_| ProviderKeyError::field("to", "names no provider"))?;
        if to.name.as_str() == from {
            return Err(ProviderKeyError::field("to", "must be another provider"));
        }
        Ok(to.name.as_str().to_owned())
    }
}

impl Job for BatchKeys {
    const KIND: &'static str = "provider_keys.batch";

    type Services = Control;
    type Output = BatchResult;

    async fn run(self, control: Control, context: Context) -> Result<BatchResult, JobError> {
        let mut position: Position = context.resume()?.unwrap_or_default();
        let worked = control.work(&self.batch, &mut position, Some(&context), None).await;
        // What was done until now is in force, also when it was stopped.
        control.apply().await.map_err(|error| JobError::temporary(error.to_string()))?;
        worked.map_err(|error| match error {
            ProviderKeyError::Stopping => JobError::Stopped,
            ProviderKeyError::NoProvider => JobError::permanent(error.to_string()),
            error => JobError::temporary(error.to_string()),
        })?;
        Ok(position.result)
    }
}
