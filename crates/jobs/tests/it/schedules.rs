//! Work that is done again and again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use roundhouse_domain::{Clock, Ids, Timestamp};
use roundhouse_jobs::{Context, Job, JobError, Queue, Registry, Timing};
use roundhouse_storage::jobs::{self, Filter, JobState};
use roundhouse_storage::schedules;
use roundhouse_storage::testing::{START_MILLIS, TestDatabase, databases};
use serde::{Deserialize, Serialize};

use crate::support::{Working, eventually, settings};

/// Counts its runs.
#[derive(Serialize, Deserialize)]
struct Tick;

impl Job for Tick {
    const KIND: &'static str = "tick";
    type Services = Arc<AtomicU32>;
    type Output = ();

    async fn run(self, count: Self::Services, _: Context) -> Result<(), JobError> {
        count.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

fn ticking(queue: &Queue, count: &Arc<AtomicU32>, timing: Option<Timing>) -> Working {
    let mut registry = Registry::new();
    registry.register::<Tick>(count.clone()).schedule("tick", move || timing.clone(), || Tick);
    Working::start(queue, registry, settings())
}

async fn ended(test: &TestDatabase) -> usize {
    let filter = Filter { state: Some(JobState::Done), kind: None };
    jobs::list(test.database.reader(), &filter, 100, None).await.unwrap().len()
}

#[tokio::test]
async fn several_processes_start_the_work_of_each_time_once() {
    for test in databases().await {
        let clock = Clock::frozen(START_MILLIS);
        let queue = Queue::new(test.database.clone(), clock.clone(), Ids::random(clock.clone()));
        let count = Arc::new(AtomicU32::new(0));
        let every_minute = || Some(Timing::Every(Duration::from_mins(1)));
        let workers = [(); 3].map(|()| ticking(&queue, &count, every_minute()));
        for time in 1..=3 {
            eventually("the work of this time is done", async || ended(&test).await == time).await;
            clock.advance(Duration::from_mins(1));
        }
        eventually("the last one too", async || ended(&test).await == 4).await;
        for worker in workers {
            worker.stop().await;
        }
        assert_eq!(count.load(Ordering::SeqCst), 4);
    }
}

#[tokio::test]
async fn times_that_were_missed_are_made_up_for_once() {
    for test in databases().await {
        let clock = Clock::frozen(START_MILLIS);
        let queue = Queue::new(test.database.clone(), clock.clone(), Ids::random(clock.clone()));
        let count = Arc::new(AtomicU32::new(0));
        let nightly = || Some(Timing::cron("0 3 * * *").unwrap());
        let next = async || {
            let stored = schedules::list_all(test.database.reader()).await.unwrap();
            stored.first().map(|schedule| schedule.next_run_at)
        };
        let worker = ticking(&queue, &count, nightly());
        let three = Timestamp::parse("2026-11-01T03:00:00Z").unwrap();
        eventually("the first time is known", async || next().await == Some(three)).await;
        worker.stop().await;
        clock.advance(Duration::from_hours(24 * 5));
        let worker = ticking(&queue, &count, nightly());
        eventually("it is done", async || ended(&test).await == 1).await;
        worker.stop().await;
        assert_eq!(count.load(Ordering::SeqCst), 1);
        assert_eq!(next().await, Timestamp::parse("2026-11-06T03:00:00Z"));
    }
}

#[tokio::test]
async fn another_timing_counts_from_now_and_none_is_never() {
    for test in databases().await {
        let clock = Clock::frozen(START_MILLIS);
        let queue = Queue::new(test.database.clone(), clock.clone(), Ids::random(clock));
        let count = Arc::new(AtomicU32::new(0));
        let stored = async || schedules::list_all(test.database.reader()).await.unwrap();
        let worker = ticking(&queue, &count, None);
        worker.stop().await;
        assert_eq!(stored().await, []);
        for text in ["0 3 * * *", "0 4 * * *"] {
            let worker = ticking(&queue, &count, Some(Timing::cron(text).unwrap()));
            let timing = format!("cron {text}");
            eventually("it is taken up", async || stored().await.iter().any(|known| known.timing == timing))
                .await;
            worker.stop().await;
        }
        assert_eq!(stored().await[0].next_run_at, Timestamp::parse("2026-11-01T04:00:00Z").unwrap());
        assert_eq!(count.load(Ordering::SeqCst), 0);
    }
}
