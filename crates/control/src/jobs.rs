//! Background work: which kinds there are, and what people may do to it.

use roundhouse_domain::{Author, JobId};
use roundhouse_jobs::{Queue, QueueError, Registry, Timing};
use roundhouse_storage::audit::{self, Entry};
use roundhouse_storage::jobs::{self, Filter, Job};
use roundhouse_storage::schedules::{self, Schedule};
use roundhouse_storage::{ConnectionTrait, StorageError};
use serde_json::Value;

use crate::control::Control;
use crate::export::KeepInStep;
use crate::provider_keys::{BatchKeys, ImportKeys};

impl Control {
    /// Where jobs are put.
    pub fn queue(&self) -> &Queue {
        &self.inner().queue
    }

    /// The jobs that a process can do which has this control, with their schedules.
    pub fn job_registry(&self) -> Registry {
        let mut registry = Registry::new();
        self.register_health(&mut registry);
        registry.register::<ImportKeys>(self.clone()).register::<BatchKeys>(self.clone());
        self.register_alerts(&mut registry);
        let control = self.clone();
        let in_step = move || {
            let export = &control.config().export;
            let is_wanted = export.gpt_load.in_step || export.uni_api.in_step;
            is_wanted.then_some(Timing::Every(export.interval.0))
        };
        registry.register::<KeepInStep>(self.clone());
        registry.schedule("export.keep_in_step", in_step, || KeepInStep);
        registry
    }

    /// Jobs, newest first, `limit` of them before `cursor`.
    pub async fn jobs(
        &self,
        filter: &Filter,
        limit: u64,
        cursor: Option<JobId>,
    ) -> Result<Vec<Job>, QueueError> {
        Ok(jobs::list(self.database().reader(), filter, limit, cursor).await?)
    }

    /// The job of that id.
    pub async fn job(&self, id: JobId) -> Result<Job, QueueError> {
        jobs::get(self.database().reader(), id).await?.ok_or(QueueError::NotFound)
    }

    /// Cancels a job that waits, and asks a running one to stop.
    pub async fn cancel_job(&self, by: Author, id: JobId) -> Result<Job, QueueError> {
        let transaction = self.database().write().await?;
        self.queue().cancel(&transaction, id).await?;
        let job = self.note_job(&transaction, by, "jobs.cancel", id).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        Ok(job)
    }

    /// Lets a job that failed or was cancelled be done again.
    pub async fn retry_job(&self, by: Author, id: JobId) -> Result<Job, QueueError> {
        let transaction = self.database().write().await?;
        self.queue().retry(&transaction, id).await?;
        let job = self.note_job(&transaction, by, "jobs.retry", id).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        Ok(job)
    }

    /// All schedules, by name.
    pub async fn schedules(&self) -> Result<Vec<Schedule>, StorageError> {
        schedules::list_all(self.database().reader()).await
    }

    async fn note_job(
        &self,
        transaction: &impl ConnectionTrait,
        author: Author,
        action: &str,
        id: JobId,
    ) -> Result<Job, QueueError> {
        let job = jobs::get(transaction, id).await?.ok_or(QueueError::NotFound)?;
        let parts = &self.inner().parts;
        let entry = Entry {
            id: parts.ids.next(),
            at: parts.clock.now(),
            author,
            action: action.to_owned(),
            object_kind: "job".to_owned(),
            object_id: id.to_string(),
            object_name: job.kind.clone(),
            detail: job.subject.clone().map_or(Value::Null, Value::String),
        };
        audit::insert(transaction, &entry).await?;
        Ok(job)
    }
}
