//! The door for everyone who needs something done, or looks at it.

use std::sync::Arc;

use roundhouse_domain::{Clock, ErrorKind, Ids, JobId};
use roundhouse_storage::jobs::{self, Inserted, NewJob};
use roundhouse_storage::{ConnectionTrait, Database, StorageError};
use tokio::sync::Notify;

use crate::job::{Job, Options};

/// Takes jobs; clones are the same one.
#[derive(Clone, Debug)]
pub struct Queue(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    database: Database,
    clock: Clock,
    ids: Ids,
    added: Notify,
}

/// Why a job cannot be added, cancelled or tried again.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// There is no such job.
    #[error("there is no such job")]
    NotFound,
    /// A job that has ended cannot be cancelled.
    #[error("the job has ended already")]
    Ended,
    /// Only jobs that failed or were cancelled can be tried again.
    #[error("the job has not failed and was not cancelled, so it cannot be tried again")]
    NotRetryable,
    /// The same work waits or runs as another job.
    #[error("another job does the same work at the moment")]
    AlreadyOpen,
    /// The job cannot be written as JSON.
    #[error("the job cannot be stored")]
    Unwritable(#[source] serde_json::Error),
    /// The database did not take part.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl QueueError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::Ended | Self::NotRetryable | Self::AlreadyOpen => ErrorKind::Conflict,
            Self::Unwritable(_) => ErrorKind::Internal,
            Self::Storage(error) => error.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "job_not_found",
            Self::Ended => "job_ended",
            Self::NotRetryable => "job_not_retryable",
            Self::AlreadyOpen => "job_already_open",
            Self::Unwritable(_) => "job_unwritable",
            Self::Storage(error) => error.code(),
        }
    }
}

impl Queue {
    /// The queue in `database`.
    pub fn new(database: Database, clock: Clock, ids: Ids) -> Self {
        Self(Arc::new(Inner { database, clock, ids, added: Notify::new() }))
    }

    /// Adds a job in the caller's transaction: it is there if and only if that commits. An open job with the same dedupe
    /// key takes its place.
    pub async fn enqueue<J: Job>(
        &self,
        transaction: &impl ConnectionTrait,
        job: &J,
        options: Options,
    ) -> Result<Inserted, QueueError> {
        let payload = serde_json::to_string(job).map_err(QueueError::Unwritable)?;
        let max_attempts = options.max_attempts.unwrap_or(J::MAX_ATTEMPTS);
        self.insert(transaction, J::KIND, payload, max_attempts, options).await
    }

    /// Adds a job in a transaction of its own.
    pub async fn submit<J: Job>(&self, job: &J, options: Options) -> Result<Inserted, QueueError> {
        let transaction = self.0.database.write().await?;
        let inserted = self.enqueue(&transaction, job, options).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        self.0.added.notify_one();
        Ok(inserted)
    }

    pub(crate) async fn insert(
        &self,
        transaction: &impl ConnectionTrait,
        kind: &str,
        payload: String,
        max_attempts: u32,
        options: Options,
    ) -> Result<Inserted, QueueError> {
        let now = self.0.clock.now();
        let job = NewJob {
            id: self.0.ids.next(),
            kind: kind.to_owned(),
            subject: options.subject,
            payload,
            priority: options.priority,
            run_at: options.run_at.unwrap_or(now),
            max_attempts: max_attempts.max(1),
            dedupe_key: options.dedupe_key,
            created_by: options.created_by,
            created_at: now,
        };
        let inserted = jobs::insert(transaction, &job).await?;
        // Too early: the transaction is still open. The worker looks again and again for a while.
        self.0.added.notify_one();
        Ok(inserted)
    }

    /// Cancels a job that waits, and asks a running one to stop, which takes a second or two.
    pub async fn cancel(&self, transaction: &impl ConnectionTrait, id: JobId) -> Result<(), QueueError> {
        if jobs::cancel(transaction, id, self.0.clock.now()).await? {
            return Ok(());
        }
        Err(if jobs::get(transaction, id).await?.is_some() {
            QueueError::Ended
        } else {
            QueueError::NotFound
        })
    }

    /// Lets a job that failed or was cancelled wait again, with all its attempts.
    pub async fn retry(&self, transaction: &impl ConnectionTrait, id: JobId) -> Result<(), QueueError> {
        match jobs::retry(transaction, id, self.0.clock.now()).await {
            Ok(true) => {
                self.0.added.notify_one();
                Ok(())
            }
            Ok(false) if jobs::get(transaction, id).await?.is_some() => Err(QueueError::NotRetryable),
            Ok(false) => Err(QueueError::NotFound),
            Err(StorageError::Conflict(_)) => Err(QueueError::AlreadyOpen),
            Err(error) => Err(error.into()),
        }
    }

    /// Where the jobs are.
    pub fn database(&self) -> &Database {
        &self.0.database
    }

    /// The time.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn ids(&self) -> &Ids {
        &self.0.ids
    }

    /// Waits until somebody in this process has added a job, or is about to.
    pub(crate) async fn added(&self) {
        self.0.added.notified().await;
    }
}
