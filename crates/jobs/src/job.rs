//! What a job is.

use roundhouse_domain::error::chain;
use roundhouse_domain::{Timestamp, UserId};
use roundhouse_storage::StorageError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::context::Context;

/// A piece of background work: the ids of what it is about. What it needs to work on them are its services.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its name in the database; never changed once it was used.
    const KIND: &'static str;

    /// How often it is begun at the most.
    const MAX_ATTEMPTS: u32 = 5;

    /// What it works with.
    type Services: Clone + Send + Sync + 'static;

    /// What it brings.
    type Output: Serialize + Send;

    /// Does it. May be called again for the same job, in another process too.
    ///
    /// Looks at [`Context::check`] between its pieces: it has some seconds to end when it is asked to, and then its future
    /// is dropped wherever it waits.
    fn run(
        self,
        services: Self::Services,
        context: Context,
    ) -> impl Future<Output = Result<Self::Output, JobError>> + Send;
}

/// Why a job did not get done. Its text is shown to people, so no secret is in it.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Trying again later may help.
    #[error("{0}")]
    Temporary(String),
    /// Trying again would not help.
    #[error("{0}")]
    Permanent(String),
    /// It was asked to stop, and did.
    #[error("it was stopped before it was done")]
    Stopped,
}

impl JobError {
    /// Trying again later may help.
    pub fn temporary(reason: impl Into<String>) -> Self {
        Self::Temporary(reason.into())
    }

    /// Trying again would not help.
    pub fn permanent(reason: impl Into<String>) -> Self {
        Self::Permanent(reason.into())
    }
}

impl From<StorageError> for JobError {
    fn from(error: StorageError) -> Self {
        tracing::warn!(error = chain(&error), "a job meets trouble with the database");
        Self::Temporary(error.to_string())
    }
}

/// How a job is to be run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Those with a higher one go first. Default 0.
    pub priority: i32,
    /// Not before. Default at once.
    pub run_at: Option<Timestamp>,
    /// How often it is begun at the most. Default what the kind says.
    pub max_attempts: Option<u32>,
    /// Of open jobs with the same one there is only one: a second one is not added.
    pub dedupe_key: Option<String>,
    /// What the job is about, in words for people: a name.
    pub subject: Option<String>,
    /// Who asks for it.
    pub created_by: Option<UserId>,
}

impl Options {
    /// With words for people: what it is about.
    pub fn about(subject: impl Into<String>) -> Self {
        Self { subject: Some(subject.into()), ..Self::default() }
    }

    /// Only one open job with this key.
    #[must_use]
    pub fn once(mut self, dedupe_key: impl Into<String>) -> Self {
        self.dedupe_key = Some(dedupe_key.into());
        self
    }

    /// Asked for by this person.
    #[must_use]
    pub fn by(mut self, user: UserId) -> Self {
        self.created_by = Some(user);
        self
    }
}
