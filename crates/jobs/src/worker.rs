//! The one that does the jobs of a process.

mod beat;
mod execute;
mod run;
mod settle;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use metrics::gauge;
use parking_lot::Mutex;
use roundhouse_domain::JobId;
use roundhouse_domain::error::chain;
use roundhouse_storage::{StorageError, jobs};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use self::run::Reason;
pub(crate) use self::run::Run;
use crate::queue::Queue;
use crate::registry::Registry;
use crate::schedule;
use crate::settings::Settings;

/// When to look again after somebody in this process has added a job in a transaction that may still be open.
const LOOKS: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(20), Duration::from_millis(80), Duration::from_millis(300)];

/// How often schedules are looked at.
const SCHEDULES: Duration = Duration::from_secs(1);

/// Does jobs. One is enough for a process.
#[derive(Debug)]
pub struct Worker(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    queue: Queue,
    registry: Registry,
    settings: Settings,
    /// Names this worker in leases.
    owner: Uuid,
    running: Mutex<HashMap<JobId, Arc<Run>>>,
    tasks: TaskTracker,
    /// A job has ended, so another one can begin.
    freed: Notify,
}

impl Worker {
    /// A worker that knows `registry`.
    pub fn new(queue: Queue, registry: Registry, settings: Settings) -> Self {
        let owner = queue.ids().next();
        Self(Arc::new(Inner {
            queue,
            registry,
            settings,
            owner,
            running: Mutex::default(),
            tasks: TaskTracker::new(),
            freed: Notify::new(),
        }))
    }

    /// Works until `shutdown`. Jobs that run then may end within the grace time; the others are given back, so that another
    /// process, or this one after a restart, goes on with them.
    pub async fn run(self, shutdown: CancellationToken) {
        let (worker, idle) = (self.0, CancellationToken::new());
        let working = async {
            tokio::join!(worker.take_jobs(&shutdown), worker.start_schedules(&shutdown));
            worker.stop_all(Reason::Shutdown);
            worker.tasks.close();
            worker.tasks.wait().await;
            idle.cancel();
        };
        tokio::join!(working, worker.beat(&idle));
    }
}

impl Inner {
    async fn take_jobs(self: &Arc<Self>, shutdown: &CancellationToken) {
        let mut look = 0;
        while !shutdown.is_cancelled() {
            let pause = LOOKS.get(look).copied();
            look = match self.take(pause.is_some()).await {
                // There may be more than could be taken.
                Ok(1..) => 0,
                Ok(0) => look.saturating_add(1),
                Err(error) => {
                    tracing::warn!(error = chain(&error), "cannot look for jobs");
                    LOOKS.len()
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = self.queue.added() => look = 0,
                () = self.freed.notified() => look = 0,
                () = tokio::time::sleep(pause.unwrap_or(self.settings.poll)) => {}
            }
        }
    }

    /// Takes as many jobs as there is room for, and begins them; tells how many.
    async fn take(self: &Arc<Self>, eager: bool) -> Result<usize, StorageError> {
        let free = self.settings.concurrent.saturating_sub(self.running.lock().len());
        let (kinds, now) = (self.registry.kinds(), self.queue.clock().now());
        if free == 0 || kinds.is_empty() {
            return Ok(0);
        }
        let database = self.queue.database();
        // Looking first keeps SQLite's one writer free. A job that is being added is not to be seen yet: a writer waits for it.
        if !eager && !jobs::has_due(database.reader(), &kinds, now).await? {
            return Ok(0);
        }
        let lease = (now, now.plus(self.settings.lease));
        let transaction = database.write().await?;
        let claimed = jobs::claim(&transaction, self.owner, &kinds, lease, free as u64).await?;
        transaction.commit().await?;
        let count = claimed.len();
        for job in claimed {
            self.begin(job, lease.1);
        }
        Ok(count)
    }

    async fn start_schedules(&self, shutdown: &CancellationToken) {
        if self.registry.schedules.is_empty() {
            return;
        }
        while !shutdown.is_cancelled() {
            if let Err(error) = schedule::start_due(&self.queue, &self.registry.schedules).await {
                tracing::warn!(error = chain(&error), "cannot look at schedules");
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(SCHEDULES) => {}
            }
        }
    }

    fn stop_all(&self, reason: Reason) {
        self.runs().iter().for_each(|run| run.stop_for(reason));
    }

    fn runs(&self) -> Vec<Arc<Run>> {
        self.running.lock().values().cloned().collect()
    }

    fn enter(&self, run: &Arc<Run>) {
        let mut running = self.running.lock();
        running.insert(run.claim.id, run.clone());
        count(running.len());
    }

    fn leave(&self, run: &Run) {
        let mut running = self.running.lock();
        running.remove(&run.claim.id);
        count(running.len());
        drop(running);
        self.freed.notify_one();
    }
}

#[allow(clippy::cast_precision_loss, reason = "a gauge is a float")]
fn count(running: usize) {
    gauge!("roundhouse_jobs_running").set(running as f64);
}
