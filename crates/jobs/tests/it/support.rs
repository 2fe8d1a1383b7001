//! Workers and jobs that tests use.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use roundhouse_domain::{Clock, Ids, JobId};
use roundhouse_jobs::{Context, Job, JobError, Queue, Registry, Settings, Worker};
use roundhouse_storage::Database;
use roundhouse_storage::jobs::{self, JobState};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Long enough for whatever is waited for; a test that needs it all fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// Settings under which nothing takes long.
pub(crate) fn settings() -> Settings {
    Settings {
        concurrent: 8,
        lease: Duration::from_secs(20),
        poll: Duration::from_millis(50),
        grace: Duration::from_millis(100),
        first_retry: Duration::from_millis(1),
        longest_retry: Duration::from_millis(4),
        retention: Duration::ZERO,
    }
}

pub(crate) fn queue(database: &Database) -> Queue {
    Queue::new(database.clone(), Clock::System, Ids::random(Clock::System))
}

/// A worker that runs until it is stopped.
pub(crate) struct Working {
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl Working {
    pub(crate) fn start(queue: &Queue, registry: Registry, settings: Settings) -> Self {
        let shutdown = CancellationToken::new();
        let worker = Worker::new(queue.clone(), registry, settings);
        Self { shutdown: shutdown.clone(), task: tokio::spawn(worker.run(shutdown)) }
    }

    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        self.task.await.unwrap();
    }
}

/// Waits until `check` is true.
pub(crate) async fn eventually(what: &str, mut check: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(PATIENCE, async {
        while !check().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    assert!(waited.await.is_ok(), "it did not come about: {what}");
}

/// Waits until a job is in that state, and returns it.
pub(crate) async fn wait_for(database: &Database, id: JobId, state: JobState) -> jobs::Job {
    let job = async || jobs::get(database.reader(), id).await.unwrap().unwrap();
    eventually(&format!("job is {}", state.as_str()), async || job().await.state == state).await;
    job().await
}

/// Counts how often each of its numbers was done.
#[derive(Serialize, Deserialize)]
pub(crate) struct Count(pub(crate) usize);

impl Job for Count {
    const KIND: &'static str = "count";
    type Services = Arc<Vec<AtomicU32>>;
    type Output = usize;

    async fn run(self, counts: Self::Services, _: Context) -> Result<usize, JobError> {
        counts[self.0].fetch_add(1, Ordering::Relaxed);
        tokio::task::yield_now().await;
        Ok(self.0)
    }
}

pub(crate) fn counts(size: usize) -> Arc<Vec<AtomicU32>> {
    Arc::new((0..size).map(|_| AtomicU32::new(0)).collect())
}

/// Fails as often as it says, then succeeds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Fail {
    pub(crate) times: u32,
}

impl Job for Fail {
    const KIND: &'static str = "fail";
    const MAX_ATTEMPTS: u32 = 3;
    type Services = ();
    type Output = u32;

    async fn run(self, (): (), context: Context) -> Result<u32, JobError> {
        if context.attempt() <= self.times {
            return Err(JobError::temporary(format!("attempt {} fails", context.attempt())));
        }
        Ok(context.attempt())
    }
}

/// Says that it runs, and then waits for a permit, or to be stopped.
#[derive(Serialize, Deserialize)]
pub(crate) struct Wait {
    pub(crate) heeds_stop: bool,
}

impl Job for Wait {
    const KIND: &'static str = "wait";
    type Services = Arc<Semaphore>;
    type Output = ();

    async fn run(self, permits: Self::Services, context: Context) -> Result<(), JobError> {
        context.progress(1, Some(2), "waiting");
        tokio::select! {
            _ = permits.acquire() => Ok(()),
            () = context.stop().cancelled(), if self.heeds_stop => Err(JobError::Stopped),
        }
    }
}
