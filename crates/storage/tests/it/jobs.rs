//! Background work.

use roundhouse_domain::{Ids, JobId, Timestamp};
use roundhouse_storage::jobs::{self, Claim, Ending, Filter, Inserted, JobState, NewJob, Progress};
use roundhouse_storage::testing::databases;
use roundhouse_storage::{Database, StorageError};

use crate::support::{NOW, ids, later, write};

fn new(ids: &Ids, kind: &str) -> NewJob {
    NewJob {
        id: ids.next(),
        kind: kind.to_owned(),
        subject: Some("openai".to_owned()),
        payload: r#"{"provider":"openai"}"#.to_owned(),
        priority: 0,
        run_at: NOW,
        max_attempts: 2,
        dedupe_key: None,
        created_by: None,
        created_at: NOW,
    }
}

async fn insert(database: &Database, job: &NewJob) -> Inserted {
    write!(database, |transaction| jobs::insert(&transaction, job)).unwrap()
}

/// Takes everything of kind `sync` for a process, for a second.
async fn claim(database: &Database, ids: &Ids, now: Timestamp) -> Vec<Claim> {
    let lease = (now, Timestamp::from_millis(now.as_millis() + 1_000));
    let owner = ids.next();
    let claimed =
        write!(database, |transaction| jobs::claim(&transaction, owner, &["sync"], lease, 100)).unwrap();
    claimed.into_iter().map(|job| job.claim).collect()
}

async fn state(database: &Database, id: JobId) -> JobState {
    jobs::get(database.reader(), id).await.unwrap().unwrap().state
}

#[tokio::test]
async fn the_most_urgent_job_that_is_due_and_known_is_taken_first() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let (usual, urgent) = (new(&ids, "sync"), NewJob { priority: 5, ..new(&ids, "sync") });
        let early = NewJob { run_at: later(-1), ..new(&ids, "sync") };
        let future = NewJob { run_at: later(1), ..new(&ids, "sync") };
        let unknown = new(&ids, "other");
        for job in [&usual, &urgent, &early, &future, &unknown] {
            assert_eq!(insert(database, job).await, Inserted::New(job.id));
        }
        let mut taken = Vec::new();
        while jobs::has_due(database.reader(), &["sync"], NOW).await.unwrap() {
            let owner = ids.next();
            let lease = (NOW, later(1_000));
            let claimed =
                write!(database, |transaction| jobs::claim(&transaction, owner, &["sync"], lease, 1))
                    .unwrap();
            assert_eq!(claimed.len(), 1);
            assert_eq!(claimed[0].payload, usual.payload);
            taken.push(claimed[0].claim.id);
        }
        assert_eq!(taken, [urgent.id, early.id, usual.id]);
        let running = jobs::get(database.reader(), usual.id).await.unwrap().unwrap();
        assert_eq!((running.state, running.attempts), (JobState::Running, 1));
        assert_eq!((running.started_at, running.lease_until), (Some(NOW), Some(later(1_000))));
        assert_eq!(state(database, future.id).await, JobState::Waiting);
        assert_eq!(state(database, unknown.id).await, JobState::Waiting);
    }
}

#[tokio::test]
async fn of_open_jobs_with_one_key_there_is_one() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let job = || NewJob { dedupe_key: Some("sync/openai".to_owned()), ..new(&ids, "sync") };
        let (first, second, third) = (job(), job(), job());
        assert_eq!(insert(database, &first).await, Inserted::New(first.id));
        assert_eq!(insert(database, &second).await, Inserted::Open(first.id));
        let claim = claim(database, &ids, NOW).await[0];
        assert_eq!(insert(database, &second).await, Inserted::Open(first.id), "running is open too");
        let ending = Ending::Failed("no".to_owned());
        assert!(write!(database, |transaction| jobs::end(&transaction, &claim, &ending, NOW)).unwrap());
        assert_eq!(insert(database, &third).await, Inserted::New(third.id));
        let transaction = database.write().await.unwrap();
        let retried = jobs::retry(&transaction, first.id, NOW).await;
        assert!(matches!(retried, Err(StorageError::Conflict(_))));
    }
}

#[tokio::test]
async fn a_claim_is_worth_nothing_after_its_lease_was_given_to_another() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let job = new(&ids, "sync");
        insert(database, &job).await;
        let slow = claim(database, &ids, NOW).await[0];
        assert!(!jobs::has_expired(database.reader(), later(1_000)).await.unwrap());
        assert!(jobs::has_expired(database.reader(), later(1_001)).await.unwrap());
        assert_eq!(
            write!(database, |transaction| jobs::release_expired(&transaction, later(1_001))).unwrap(),
            1
        );
        let quick = claim(database, &ids, later(1_001)).await[0];
        assert_eq!((quick.id, quick.attempt), (job.id, 2));
        let (ending, progress) = (Ending::Done("1".to_owned()), Progress::default());
        let transaction = database.write().await.unwrap();
        assert!(!jobs::update_checkpoint(&transaction, &slow, "7").await.unwrap());
        assert!(!jobs::update_progress(&transaction, &slow, &progress).await.unwrap());
        assert!(!jobs::put_off(&transaction, &slow, "no", NOW).await.unwrap());
        assert!(!jobs::give_back(&transaction, &slow).await.unwrap());
        assert!(!jobs::end(&transaction, &slow, &ending, NOW).await.unwrap());
        assert_eq!(jobs::renew(&transaction, slow.owner, &[slow], later(9_000)).await.unwrap(), []);
        assert_eq!(jobs::renew(&transaction, quick.owner, &[quick], later(9_000)).await.unwrap(), [quick]);
        transaction.commit().await.unwrap();
        assert!(!jobs::has_expired(database.reader(), later(9_000)).await.unwrap());
    }
}

#[tokio::test]
async fn a_job_whose_processes_die_is_given_up() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let job = new(&ids, "sync");
        insert(database, &job).await;
        for round in 0..2 {
            assert_eq!(claim(database, &ids, later(round * 2_000)).await.len(), 1);
            let time = later(round * 2_000 + 1_001);
            assert_eq!(write!(database, |transaction| jobs::release_expired(&transaction, time)).unwrap(), 1);
        }
        let given_up = jobs::get(database.reader(), job.id).await.unwrap().unwrap();
        assert_eq!((given_up.state, given_up.finished_at), (JobState::Failed, Some(later(3_001))));
        assert!(given_up.error.unwrap().contains("process"));
    }
}

#[tokio::test]
async fn a_job_keeps_its_checkpoint_until_it_is_done_and_then_forgets_what_it_worked_on() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let job = new(&ids, "sync");
        insert(database, &job).await;
        let first = claim(database, &ids, NOW).await[0];
        let progress = Progress { done: 3, total: Some(9), message: Some("page 3".to_owned()) };
        let transaction = database.write().await.unwrap();
        assert!(jobs::update_checkpoint(&transaction, &first, "3").await.unwrap());
        assert!(jobs::update_progress(&transaction, &first, &progress).await.unwrap());
        assert!(jobs::put_off(&transaction, &first, "asleep", later(5)).await.unwrap());
        transaction.commit().await.unwrap();
        let waiting = jobs::get(database.reader(), job.id).await.unwrap().unwrap();
        assert_eq!((waiting.state, waiting.run_at), (JobState::Waiting, later(5)));
        assert_eq!((waiting.progress, waiting.error.as_deref()), (progress, Some("asleep")));
        let owner = ids.next();
        let lease = (later(5), later(1_000));
        let second =
            write!(database, |transaction| jobs::claim(&transaction, owner, &["sync"], lease, 1)).unwrap();
        assert_eq!(second[0].checkpoint.as_deref(), Some("3"));
        let ending = Ending::Done(r#"{"models":9}"#.to_owned());
        let claim = second[0].claim;
        assert!(write!(database, |transaction| jobs::end(&transaction, &claim, &ending, later(6))).unwrap());
        let done = jobs::get(database.reader(), job.id).await.unwrap().unwrap();
        assert_eq!((done.state, done.finished_at, done.error), (JobState::Done, Some(later(6)), None));
        assert_eq!(done.result.as_deref(), Some(r#"{"models":9}"#));
        assert!(!write!(database, |transaction| jobs::retry(&transaction, job.id, NOW)).unwrap());
    }
}

#[tokio::test]
async fn a_job_given_back_was_not_begun() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let job = new(&ids, "sync");
        insert(database, &job).await;
        let taken = claim(database, &ids, NOW).await[0];
        assert!(write!(database, |transaction| jobs::give_back(&transaction, &taken)).unwrap());
        let waiting = jobs::get(database.reader(), job.id).await.unwrap().unwrap();
        assert_eq!((waiting.state, waiting.attempts, waiting.lease_until), (JobState::Waiting, 0, None));
    }
}

#[tokio::test]
async fn waiting_jobs_are_cancelled_and_running_ones_asked_to_stop() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let (running, waiting) = (new(&ids, "sync"), new(&ids, "other"));
        insert(database, &running).await;
        insert(database, &waiting).await;
        let taken = claim(database, &ids, NOW).await[0];
        for id in [running.id, waiting.id] {
            assert!(write!(database, |transaction| jobs::cancel(&transaction, id, NOW)).unwrap());
        }
        assert_eq!(state(database, waiting.id).await, JobState::Cancelled);
        assert!(!write!(database, |transaction| jobs::cancel(&transaction, waiting.id, NOW)).unwrap());
        let asked = jobs::cancel_requested(database.reader(), taken.owner).await.unwrap();
        assert_eq!(asked, [running.id]);
        assert_eq!(jobs::cancel_requested(database.reader(), ids.next()).await.unwrap(), []);
        write!(database, |transaction| jobs::release_expired(&transaction, later(1_001))).unwrap();
        assert_eq!(state(database, running.id).await, JobState::Cancelled, "nobody begins it again");
        assert!(write!(database, |transaction| jobs::retry(&transaction, running.id, later(7))).unwrap());
        let again = jobs::get(database.reader(), running.id).await.unwrap().unwrap();
        assert_eq!((again.state, again.attempts, again.cancel_requested), (JobState::Waiting, 0, false));
    }
}

#[tokio::test]
async fn lists_are_filtered_pages_and_old_ended_jobs_go() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let made = [new(&ids, "sync"), new(&ids, "sync"), new(&ids, "other")];
        for job in &made {
            insert(database, job).await;
        }
        let list = async |state, kind: Option<&str>, limit, cursor| {
            let filter = Filter { state, kind: kind.map(str::to_owned) };
            let found = jobs::list(database.reader(), &filter, limit, cursor).await.unwrap();
            found.into_iter().map(|job| job.id).collect::<Vec<_>>()
        };
        assert_eq!(list(None, None, 2, None).await, [made[2].id, made[1].id]);
        assert_eq!(list(None, None, 2, Some(made[1].id)).await, [made[0].id]);
        assert_eq!(list(None, Some("other"), 9, None).await, [made[2].id]);
        let claims = claim(database, &ids, NOW).await;
        for claim in &claims {
            let ending = Ending::Done("null".to_owned());
            write!(database, |transaction| jobs::end(&transaction, claim, &ending, later(10))).unwrap();
        }
        assert_eq!(list(Some(JobState::Done), None, 9, None).await, [made[1].id, made[0].id]);
        assert_eq!(jobs::count(database.reader(), JobState::Done).await.unwrap(), 2);
        let delete = async |time, most| {
            write!(database, |transaction| jobs::delete_ended(&transaction, time, most)).unwrap()
        };
        assert_eq!(delete(later(10), 9).await, 0);
        assert_eq!(delete(later(11), 1).await, 1);
        assert_eq!(delete(later(11), 9).await, 1);
        assert_eq!(list(None, None, 9, None).await, [made[2].id]);
    }
}
