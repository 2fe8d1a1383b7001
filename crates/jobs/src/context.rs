//! What a running job has at hand.

use std::sync::Arc;
use std::time::Duration;

use roundhouse_domain::{Clock, JobId, Timestamp};
use roundhouse_storage::jobs::{self, Progress};
use roundhouse_storage::{ConnectionTrait, StorageError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use crate::job::JobError;
use crate::queue::Queue;
use crate::worker::Run;

/// What a running job has at hand; clones are of the same run.
#[derive(Clone, Debug)]
pub struct Context {
    run: Arc<Run>,
    queue: Queue,
    checkpoint: Option<Arc<str>>,
}

impl Context {
    pub(crate) fn new(run: Arc<Run>, queue: Queue, checkpoint: Option<String>) -> Self {
        Self { run, queue, checkpoint: checkpoint.map(Into::into) }
    }

    /// The job's id.
    pub fn job_id(&self) -> JobId {
        self.run.claim.id
    }

    /// Which attempt this is, from 1.
    pub fn attempt(&self) -> u32 {
        self.run.claim.attempt
    }

    /// The time.
    pub fn clock(&self) -> &Clock {
        self.queue.clock()
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock().now()
    }

    /// Where further jobs go.
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Done when the job is to stop: somebody cancelled it, the process ends, or another one has taken the job over.
    pub fn stop(&self) -> &CancellationToken {
        &self.run.stop
    }

    /// # Errors
    /// [`JobError::Stopped`] when the job is to stop.
    pub fn check(&self) -> Result<(), JobError> {
        if self.run.stop.is_cancelled() { Err(JobError::Stopped) } else { Ok(()) }
    }

    /// Waits, but not on after the job is to stop.
    ///
    /// # Errors
    /// [`JobError::Stopped`] when the job is to stop.
    pub async fn sleep(&self, duration: Duration) -> Result<(), JobError> {
        tokio::select! {
            () = self.run.stop.cancelled() => Err(JobError::Stopped),
            () = tokio::time::sleep(duration) => Ok(()),
        }
    }

    /// Says how much is done, of how much where that is known, and what is going on. Costs nothing: it is written once a
    /// second.
    pub fn progress(&self, done: u64, total: Option<u64>, message: impl Into<String>) {
        let message = Some(message.into()).filter(|message: &String| !message.is_empty());
        self.run.set_progress(Progress { done, total, message });
    }

    /// Where an earlier run got to.
    ///
    /// # Errors
    /// When what is kept is no `T`.
    pub fn resume<T: DeserializeOwned>(&self) -> Result<Option<T>, JobError> {
        let read = |text: &Arc<str>| serde_json::from_str(text);
        let unreadable = |error| JobError::Permanent(format!("its checkpoint cannot be read: {error}"));
        self.checkpoint.as_ref().map(read).transpose().map_err(unreadable)
    }

    /// Keeps where a later run is to go on.
    ///
    /// # Errors
    /// [`JobError::Stopped`] when another process has taken the job over.
    pub async fn checkpoint<T: Serialize + Sync>(&self, position: &T) -> Result<(), JobError> {
        let transaction = self.queue.database().write().await?;
        self.checkpoint_in(&transaction, position).await?;
        Ok(transaction.commit().await.map_err(StorageError::from)?)
    }

    /// Keeps where a later run is to go on, in the transaction that did the work up to there: so no piece is done twice.
    ///
    /// # Errors
    /// [`JobError::Stopped`] when another process has taken the job over; then the transaction must not be committed.
    pub async fn checkpoint_in<T: Serialize + Sync>(
        &self,
        transaction: &impl ConnectionTrait,
        position: &T,
    ) -> Result<(), JobError> {
        let position =
            serde_json::to_string(position).map_err(|error| JobError::permanent(error.to_string()))?;
        if jobs::update_checkpoint(transaction, &self.run.claim, &position).await? {
            return Ok(());
        }
        Err(JobError::Stopped)
    }
}
