//! Processes that are killed while they work.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use roundhouse_domain::{Clock, Secret};
use roundhouse_jobs::{Context, Job, JobError, Options, Registry, Settings};
use roundhouse_storage::jobs::{self, Filter, JobState};
use roundhouse_storage::testing::{START_MILLIS, TestDatabase, databases};
use roundhouse_storage::{Database, OpenOptions, StorageError, settings};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::support::{self, Working, eventually, queue};

/// Names the database of a process that this test starts.
const CHILD: &str = "ROUNDHOUSE_TEST_JOBS_CHILD";

const JOBS: u32 = 6;
const STEPS: u32 = 8;
/// How far the process gets that is killed.
const DEATH: u32 = 3;

/// Counts up in the database, step by step, each in one transaction with its checkpoint.
#[derive(Serialize, Deserialize)]
struct Steps(u32);

/// Where steps are counted, and how far: there the job goes on for ever.
#[derive(Clone)]
struct Way {
    database: Database,
    end: u32,
}

impl Job for Steps {
    const KIND: &'static str = "steps";
    type Services = Way;
    type Output = u32;

    async fn run(self, Way { database, end }: Way, context: Context) -> Result<u32, JobError> {
        let begin = context.resume::<u32>()?.unwrap_or(0);
        for step in begin..STEPS {
            if step == end {
                std::future::pending::<()>().await;
            }
            let transaction = database.write().await?;
            let name = format!("steps/{}", self.0);
            let stored = settings::get(&transaction, &name).await?;
            let count = stored.map_or(0, |bytes| u32::from_be_bytes(bytes.try_into().unwrap()));
            settings::set(&transaction, &name, &(count + 1).to_be_bytes()).await?;
            context.checkpoint_in(&transaction, &(step + 1)).await?;
            transaction.commit().await.map_err(StorageError::from)?;
        }
        Ok(STEPS - begin)
    }
}

fn short() -> Settings {
    Settings { lease: Duration::from_secs(3), ..support::settings() }
}

fn registry(database: &Database, end: u32) -> Registry {
    let mut registry = Registry::new();
    registry.register::<Steps>(Way { database: database.clone(), end });
    registry
}

/// Not a test of its own: what the process does that the next test kills. Without its variable there is nothing to do.
#[tokio::test]
async fn child_process() {
    #[expect(clippy::disallowed_methods, reason = "how the test tells the process which database it is")]
    let Ok(url) = std::env::var(CHILD) else { return };
    let options = OpenOptions {
        url: Secret::new(url),
        max_connections: 4,
        backup_dir: std::env::temp_dir(),
        clock: Clock::frozen(START_MILLIS),
    };
    let database = Database::open(&options).await.unwrap();
    let worker = roundhouse_jobs::Worker::new(queue(&database), registry(&database, DEATH), short());
    worker.run(CancellationToken::new()).await;
}

fn start_child(test: &TestDatabase) -> Child {
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new(program);
    command.args(["crash::child_process", "--exact", "--nocapture"]).env(CHILD, test.options.url.expose());
    command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap()
}

async fn steps(database: &Database, job: u32) -> u32 {
    let stored = settings::get(database.reader(), &format!("steps/{job}")).await.unwrap();
    stored.map_or(0, |bytes| u32::from_be_bytes(bytes.try_into().unwrap()))
}

#[tokio::test]
async fn a_killed_process_loses_nothing_and_repeats_nothing() {
    for test in databases().await {
        let (database, queue) = (&test.database, queue(&test.database));
        for job in 0..JOBS {
            queue.submit(&Steps(job), Options::default()).await.unwrap();
        }
        let mut child = start_child(&test);
        eventually("the process is in the middle of all jobs", async || {
            let mut least = u32::MAX;
            for job in 0..JOBS {
                least = least.min(steps(database, job).await);
            }
            least == DEATH
        })
        .await;
        // SIGKILL, which nobody can handle.
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(jobs::count(database.reader(), JobState::Running).await.unwrap(), u64::from(JOBS));
        let worker = Working::start(&queue, registry(database, STEPS), short());
        let done = async || jobs::count(database.reader(), JobState::Done).await.unwrap() == u64::from(JOBS);
        eventually("another process has done the rest", done).await;
        worker.stop().await;
        for job in 0..JOBS {
            assert_eq!(steps(database, job).await, STEPS);
        }
        for job in jobs::list(database.reader(), &Filter::default(), 100, None).await.unwrap() {
            assert!(job.attempts > 1);
            assert!(
                job.result.unwrap().parse::<u32>().unwrap() <= STEPS - DEATH,
                "it went on where the other stopped"
            );
        }
    }
}
