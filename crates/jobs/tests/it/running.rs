//! What happens to jobs while they run.

use std::sync::Arc;
use std::time::Duration;

use roundhouse_domain::JobId;
use roundhouse_jobs::{Context, Job, JobError, Options, Queue, Registry, Settings};
use roundhouse_storage::jobs::{self, JobState, Progress};
use roundhouse_storage::testing::databases;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::support::{Fail, Wait, Working, eventually, queue, settings, wait_for};

fn waiting(queue: &Queue, settings: Settings) -> (Working, Arc<Semaphore>) {
    let (mut registry, permits) = (Registry::new(), Arc::new(Semaphore::new(0)));
    registry.register::<Wait>(permits.clone()).register::<Fail>(()).register::<Panic>(());
    (Working::start(queue, registry, settings), permits)
}

async fn cancel(queue: &Queue, id: JobId) {
    let transaction = queue.database().write().await.unwrap();
    queue.cancel(&transaction, id).await.unwrap();
    transaction.commit().await.unwrap();
}

/// Has a fault.
#[derive(Serialize, Deserialize)]
struct Panic;

impl Job for Panic {
    const KIND: &'static str = "panic";
    const MAX_ATTEMPTS: u32 = 1;
    type Services = ();
    type Output = ();

    async fn run(self, (): (), _: Context) -> Result<(), JobError> {
        panic!("a fault")
    }
}

#[tokio::test]
async fn a_failed_job_is_tried_again_until_it_succeeds_or_has_no_attempts_left() {
    for test in databases().await {
        let (database, queue) = (&test.database, queue(&test.database));
        let (worker, _) = waiting(&queue, settings());
        let good = queue.submit(&Fail { times: 2 }, Options::default()).await.unwrap().id();
        let bad = queue.submit(&Fail { times: 9 }, Options::default()).await.unwrap().id();
        let done = wait_for(database, good, JobState::Done).await;
        assert_eq!((done.attempts, done.result.as_deref(), done.error), (3, Some("3"), None));
        let failed = wait_for(database, bad, JobState::Failed).await;
        assert_eq!((failed.attempts, failed.error.as_deref()), (3, Some("attempt 3 fails")));
        worker.stop().await;
    }
}

#[tokio::test]
async fn a_fault_in_a_job_harms_no_other() {
    for test in databases().await {
        let (database, queue) = (&test.database, queue(&test.database));
        let (worker, _) = waiting(&queue, settings());
        let fault = queue.submit(&Panic, Options::default()).await.unwrap().id();
        let failed = wait_for(database, fault, JobState::Failed).await;
        assert!(failed.error.unwrap().contains("fault of ours"));
        let other = queue.submit(&Fail { times: 0 }, Options::default()).await.unwrap().id();
        wait_for(database, other, JobState::Done).await;
        worker.stop().await;
    }
}

#[tokio::test]
async fn a_running_job_shows_its_progress() {
    for test in databases().await {
        let (database, queue) = (&test.database, queue(&test.database));
        let (worker, permits) = waiting(&queue, settings());
        let id = queue.submit(&Wait { heeds_stop: true }, Options::default()).await.unwrap().id();
        let expected = Progress { done: 1, total: Some(2), message: Some("waiting".to_owned()) };
        let shown = async || jobs::get(database.reader(), id).await.unwrap().unwrap().progress == expected;
        eventually("progress is shown", shown).await;
        assert_eq!(jobs::get(database.reader(), id).await.unwrap().unwrap().state, JobState::Running);
        permits.add_permits(1);
        wait_for(database, id, JobState::Done).await;
        worker.stop().await;
    }
}

#[tokio::test]
async fn a_running_job_is_cancelled_whether_it_heeds_that_or_not() {
    for test in databases().await {
        let (database, queue) = (&test.database, queue(&test.database));
        let (worker, _permits) = waiting(&queue, settings());
        for heeds_stop in [true, false] {
            let id = queue.submit(&Wait { heeds_stop }, Options::default()).await.unwrap().id();
            wait_for(database, id, JobState::Running).await;
            cancel(&queue, id).await;
            let cancelled = wait_for(database, id, JobState::Cancelled).await;
            assert_eq!((cancelled.attempts, cancelled.error), (1, None));
        }
        worker.stop().await;
    }
}

#[tokio::test]
async fn a_worker_that_stops_gives_its_jobs_back() {
    for test in databases().await {
        let (database, queue) = (&test.database, queue(&test.database));
        let (worker, _permits) = waiting(&queue, settings());
        let id = queue.submit(&Wait { heeds_stop: false }, Options::default()).await.unwrap().id();
        wait_for(database, id, JobState::Running).await;
        worker.stop().await;
        let given_back = jobs::get(database.reader(), id).await.unwrap().unwrap();
        assert_eq!((given_back.state, given_back.attempts), (JobState::Waiting, 0));
        assert_eq!(given_back.lease_until, None);
        let (worker, permits) = waiting(&queue, settings());
        permits.add_permits(1);
        wait_for(database, id, JobState::Done).await;
        worker.stop().await;
    }
}

#[tokio::test]
async fn a_lease_is_renewed_for_as_long_as_the_job_runs() {
    for test in databases().await {
        let (database, queue) = (&test.database, queue(&test.database));
        let short = Settings { lease: Duration::from_millis(600), ..settings() };
        let (worker, permits) = waiting(&queue, short.clone());
        let id = queue.submit(&Wait { heeds_stop: true }, Options::default()).await.unwrap().id();
        let first = wait_for(database, id, JobState::Running).await.lease_until;
        let (rival, _) = waiting(&queue, short);
        let renewed = async || {
            let until = jobs::get(database.reader(), id).await.unwrap().unwrap().lease_until;
            until.unwrap().since(first.unwrap()) > Duration::from_millis(1_500)
        };
        eventually("the lease is renewed several times", renewed).await;
        permits.add_permits(1);
        let done = wait_for(database, id, JobState::Done).await;
        assert_eq!(done.attempts, 1, "nobody else has begun it");
        worker.stop().await;
        rival.stop().await;
    }
}

#[tokio::test]
async fn old_ended_jobs_are_removed() {
    for test in databases().await {
        let (database, queue) = (&test.database, queue(&test.database));
        let (worker, _) = waiting(&queue, settings());
        let id = queue.submit(&Fail { times: 0 }, Options::default()).await.unwrap().id();
        wait_for(database, id, JobState::Done).await;
        worker.stop().await;
        let (worker, _) = waiting(&queue, Settings { retention: Duration::from_nanos(1), ..settings() });
        let gone = async || jobs::get(database.reader(), id).await.unwrap().is_none();
        eventually("the job is gone", gone).await;
        worker.stop().await;
    }
}
