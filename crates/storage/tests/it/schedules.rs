//! When work is to be done again.

use roundhouse_storage::schedules::{self, Schedule};
use roundhouse_storage::testing::databases;

use crate::support::{NOW, ids, later, write};

#[tokio::test]
async fn only_one_of_those_who_saw_a_schedule_moves_it_on() {
    for test in databases().await {
        let database = &test.database;
        write!(database, |transaction| schedules::insert(&transaction, "sync", "every 5ms", NOW)).unwrap();
        write!(database, |transaction| schedules::insert(&transaction, "sync", "every 9ms", later(9)))
            .unwrap();
        let seen = schedules::list_all(database.reader()).await.unwrap();
        let expected = Schedule {
            name: "sync".to_owned(),
            timing: "every 5ms".to_owned(),
            next_run_at: NOW,
            last_run_at: None,
            last_job_id: None,
        };
        assert_eq!(seen, [expected]);
        let advance = async || {
            write!(database, |transaction| schedules::advance(&transaction, &seen[0], later(1), later(5)))
                .unwrap()
        };
        assert!(advance().await);
        assert!(!advance().await);
        let job = ids().next();
        write!(database, |transaction| schedules::update_last_job(&transaction, "sync", job)).unwrap();
        let moved = schedules::list_all(database.reader()).await.unwrap();
        assert_eq!((moved[0].next_run_at, moved[0].last_run_at), (later(5), Some(later(1))));
        assert_eq!(moved[0].last_job_id, Some(job));
    }
}

#[tokio::test]
async fn a_timing_is_changed_once() {
    for test in databases().await {
        let database = &test.database;
        write!(database, |transaction| schedules::insert(&transaction, "sync", "every 5ms", NOW)).unwrap();
        let seen = schedules::list_all(database.reader()).await.unwrap().remove(0);
        let change = async |time| {
            write!(database, |transaction| schedules::update_timing(&transaction, &seen, "every 7ms", time))
                .unwrap()
        };
        assert!(change(later(7)).await);
        assert!(!change(later(8)).await);
        let changed = schedules::list_all(database.reader()).await.unwrap().remove(0);
        assert_eq!((changed.timing.as_str(), changed.next_run_at), ("every 7ms", later(7)));
    }
}
