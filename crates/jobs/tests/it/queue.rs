//! Putting jobs into the queue, and taking them out.

use std::sync::atomic::Ordering;

use roundhouse_jobs::{Options, QueueError, Registry};
use roundhouse_storage::jobs::{self, Filter, Inserted, JobState};
use roundhouse_storage::testing::databases;

use crate::support::{Count, Fail, Working, counts, eventually, queue, settings, wait_for};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_run_a_thousand_jobs_once_each() {
    const JOBS: usize = 1_000;
    for test in databases().await {
        let (database, counts) = (&test.database, counts(JOBS));
        let queue = queue(database);
        let worker = || {
            let mut registry = Registry::new();
            registry.register::<Count>(counts.clone());
            Working::start(&queue, registry, settings())
        };
        let transaction = database.write().await.unwrap();
        for number in 0..JOBS {
            queue.enqueue(&transaction, &Count(number), Options::default()).await.unwrap();
        }
        let workers = [worker(), worker()];
        transaction.commit().await.unwrap();
        let done = async || jobs::count(database.reader(), JobState::Done).await.unwrap() == JOBS as u64;
        eventually("all jobs are done", done).await;
        for worker in workers {
            worker.stop().await;
        }
        assert!(counts.iter().all(|count| count.load(Ordering::Relaxed) == 1));
    }
}

#[tokio::test]
async fn a_transaction_that_is_rolled_back_leaves_no_job() {
    for test in databases().await {
        let (database, queue) = (&test.database, queue(&test.database));
        let transaction = database.write().await.unwrap();
        let job = queue.enqueue(&transaction, &Count(0), Options::default()).await.unwrap();
        assert!(jobs::get(&transaction, job.id()).await.unwrap().is_some());
        transaction.rollback().await.unwrap();
        let left = jobs::list(database.reader(), &Filter::default(), 10, None).await.unwrap();
        assert_eq!(left, []);
    }
}

#[tokio::test]
async fn the_same_work_is_enqueued_once() {
    for test in databases().await {
        let queue = queue(&test.database);
        let options = || Options::about("openai").once("sync/openai");
        let first = queue.submit(&Count(0), options()).await.unwrap();
        assert_eq!(queue.submit(&Count(0), options()).await.unwrap(), Inserted::Open(first.id()));
        let job = jobs::get(test.database.reader(), first.id()).await.unwrap().unwrap();
        assert_eq!((job.kind.as_str(), job.subject.as_deref()), ("count", Some("openai")));
    }
}

#[tokio::test]
async fn a_job_is_left_to_workers_that_know_it() {
    for test in databases().await {
        let (queue, mut registry) = (queue(&test.database), Registry::new());
        registry.register::<Fail>(());
        let unknown = queue.submit(&Count(0), Options::default()).await.unwrap().id();
        let known = queue.submit(&Fail { times: 0 }, Options::default()).await.unwrap().id();
        let worker = Working::start(&queue, registry, settings());
        wait_for(&test.database, known, JobState::Done).await;
        worker.stop().await;
        let left = jobs::get(test.database.reader(), unknown).await.unwrap().unwrap();
        assert_eq!((left.state, left.attempts), (JobState::Waiting, 0));
    }
}

#[tokio::test]
async fn what_cannot_be_done_to_a_job_is_told() {
    for test in databases().await {
        let (database, queue) = (&test.database, queue(&test.database));
        let id = queue.submit(&Count(0), Options::default()).await.unwrap().id();
        let transaction = database.write().await.unwrap();
        assert!(matches!(queue.retry(&transaction, id).await, Err(QueueError::NotRetryable)));
        queue.cancel(&transaction, id).await.unwrap();
        assert!(matches!(queue.cancel(&transaction, id).await, Err(QueueError::Ended)));
        queue.retry(&transaction, id).await.unwrap();
        let unknown = roundhouse_domain::JobId::from(uuid::Uuid::nil());
        assert!(matches!(queue.cancel(&transaction, unknown).await, Err(QueueError::NotFound)));
        assert!(matches!(queue.retry(&transaction, unknown).await, Err(QueueError::NotFound)));
    }
}
