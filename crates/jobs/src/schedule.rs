//! Work that is done again and again.

use std::fmt;

use roundhouse_storage::schedules;
use roundhouse_storage::{Database, StorageError};

use crate::job::{Job, Options};
use crate::queue::{Queue, QueueError};
use crate::timing::Timing;

/// A named job with its times.
pub(crate) struct Schedule {
    name: &'static str,
    timing: Box<dyn Fn() -> Option<Timing> + Send + Sync>,
    kind: &'static str,
    max_attempts: u32,
    payload: Box<dyn Fn() -> Result<String, serde_json::Error> + Send + Sync>,
}

impl Schedule {
    pub(crate) fn new<J: Job>(
        name: &'static str,
        timing: impl Fn() -> Option<Timing> + Send + Sync + 'static,
        make: impl Fn() -> J + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            timing: Box::new(timing),
            kind: J::KIND,
            max_attempts: J::MAX_ATTEMPTS,
            payload: Box::new(move || serde_json::to_string(&make())),
        }
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schedule")
            .field("name", &self.name)
            .field("timing", &(self.timing)())
            .finish_non_exhaustive()
    }
}

/// Starts the work of all schedules that are due; tells of how many.
pub(crate) async fn start_due(queue: &Queue, known: &[Schedule]) -> Result<usize, QueueError> {
    let stored = schedules::list_all(queue.database().reader()).await?;
    let mut started = 0;
    for schedule in known {
        let Some(timing) = (schedule.timing)() else { continue };
        match stored.iter().find(|stored| stored.name == schedule.name) {
            None => add(queue, schedule, &timing).await?,
            Some(seen) if seen.timing != timing.to_string() => change(queue, seen, &timing).await?,
            Some(seen) if seen.next_run_at <= queue.clock().now() => {
                started += usize::from(start(queue, schedule, seen, &timing).await?);
            }
            Some(_) => {}
        }
    }
    Ok(started)
}

async fn add(queue: &Queue, schedule: &Schedule, timing: &Timing) -> Result<(), StorageError> {
    let transaction = queue.database().write().await?;
    let first = timing.first(queue.clock().now());
    schedules::insert(&transaction, schedule.name, &timing.to_string(), first).await?;
    Ok(transaction.commit().await?)
}

async fn change(queue: &Queue, seen: &schedules::Schedule, timing: &Timing) -> Result<(), StorageError> {
    let database: &Database = queue.database();
    let transaction = database.write().await?;
    let next = timing.first(queue.clock().now());
    schedules::update_timing(&transaction, seen, &timing.to_string(), next).await?;
    Ok(transaction.commit().await?)
}

/// Adds the job, in the same transaction that moves the schedule on; false when another process was first.
async fn start(
    queue: &Queue,
    schedule: &Schedule,
    seen: &schedules::Schedule,
    timing: &Timing,
) -> Result<bool, QueueError> {
    let payload = (schedule.payload)().map_err(QueueError::Unwritable)?;
    let transaction = queue.database().write().await?;
    let now = queue.clock().now();
    if !schedules::advance(&transaction, seen, now, timing.after(seen.next_run_at, now)).await? {
        return Ok(false);
    }
    let options = Options::default().once(format!("schedule/{}", schedule.name));
    let job = queue.insert(&transaction, schedule.kind, payload, schedule.max_attempts, options).await?;
    schedules::update_last_job(&transaction, schedule.name, job.id()).await?;
    transaction.commit().await.map_err(StorageError::from)?;
    Ok(true)
}
