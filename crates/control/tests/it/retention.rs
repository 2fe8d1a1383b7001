//! Forgetting what is old.

use std::time::Duration;

use roundhouse_domain::{Clock, Ids, RequestId, RequestRecord, Timestamp};
use roundhouse_storage::testing::START_MILLIS;
use roundhouse_storage::usage::{self, Grain};
use roundhouse_storage::{Database, requests};

use crate::support::grounds;

const MINUTE: Duration = Duration::from_mins(1);
const FILE: &str = "requests: { retention: 1h, minutes_retention: 1h }\n";

/// Requests from two hours before the clocks of tests begin, one each of these.
fn old(count: usize, apart: Duration) -> Vec<RequestRecord> {
    let clock = Clock::frozen(START_MILLIS - 2 * Grain::Hour.millis());
    let ids = Ids::seeded(clock.clone(), 1);
    (0..count)
        .map(|_| {
            clock.advance(apart);
            RequestRecord::new(ids.next(), clock.now())
        })
        .collect()
}

async fn is_there(database: &Database, id: RequestId) -> bool {
    requests::get(database.reader(), id).await.unwrap().is_some()
}

#[tokio::test]
async fn requests_are_written_between_the_pieces_of_a_great_removal() {
    for ground in grounds(FILE).await {
        let database = &ground.place.database;
        let old = old(8_000, Duration::from_millis(1));
        for batch in old.chunks(2_000) {
            requests::insert_batch(database, batch).await.unwrap();
        }
        let ids = Ids::seeded(Clock::frozen(START_MILLIS), 2);
        let write = async || {
            let new = RequestRecord::new(ids.next(), Clock::frozen(START_MILLIS).now());
            requests::insert_batch(database, std::slice::from_ref(&new)).await.unwrap();
            new.id
        };
        // Both at once, so that there are connections for both.
        let (one, other) = tokio::join!(write(), write());
        let mut written = vec![one, other];
        let mut removal = std::pin::pin!(ground.control.remove_old());
        loop {
            tokio::select! {
                removed = &mut removal => break removed.unwrap(),
                id = write() => written.push(id),
            }
        }
        // One may have come before the first piece; what came after it, and before the end, came in between.
        assert!(written.len() >= 4, "{} were written", written.len() - 2);
        assert!(!is_there(database, old[old.len() - 1].id).await);
        for id in written {
            assert!(is_there(database, id).await);
        }
    }
}

#[tokio::test]
async fn all_that_is_old_goes_however_many_pieces_it_takes() {
    for ground in grounds(FILE).await {
        let database = &ground.place.database;
        let mut old = old(1_500, MINUTE / 100);
        for (number, record) in old.iter_mut().enumerate() {
            record.access_key = format!("team-{number}").into();
        }
        requests::insert_batch(database, &old).await.unwrap();
        ground.control.remove_old().await.unwrap();
        let all = requests::list(database.reader(), &requests::Filter::default(), 10, None).await.unwrap();
        assert_eq!(all, []);
        let query = |grain| usage::Query {
            from: Timestamp::from_millis(0),
            to: Timestamp::from_millis(START_MILLIS * 2),
            grain: Some(grain),
            ..usage::Query::default()
        };
        let sum =
            async |grain| usage::list(database.reader(), &query(grain)).await.unwrap()[0].counts.requests;
        assert_eq!((sum(Grain::Minute).await, sum(Grain::Hour).await), (0, 1_500));
    }
}
