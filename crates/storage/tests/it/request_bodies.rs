//! Captured bodies.

use roundhouse_storage::request_bodies::{self, Bodies, Body, Compressed};
use roundhouse_storage::testing::databases;

use crate::support::{ids, later, write};

#[tokio::test]
async fn bodies_come_back_as_they_were() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let request = Body { bytes: "你好 hello ".repeat(1_000).into_bytes(), is_cut: true };
        let bodies = Bodies { id: ids.next(), captured_at: later(0), request: Some(request), response: None };
        let other = Bodies { request: None, response: Some(Body::default()), ..bodies.clone() };
        for bodies in [&bodies, &other] {
            let compressed = Compressed::new(bodies).unwrap();
            write!(database, |transaction| request_bodies::insert(&transaction, &compressed)).unwrap();
        }
        assert_eq!(request_bodies::get(database.reader(), bodies.id).await.unwrap(), Some(bodies));
        assert!(request_bodies::exists(database.reader(), other.id).await.unwrap());
        assert_eq!(request_bodies::get(database.reader(), ids.next()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn old_bodies_are_removed_oldest_first() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let all: Vec<Bodies> = (0..4)
            .map(|second| Bodies {
                id: ids.next(),
                captured_at: later(second * 1_000),
                request: Some(Body::default()),
                response: None,
            })
            .collect();
        for bodies in &all {
            let compressed = Compressed::new(bodies).unwrap();
            write!(database, |transaction| request_bodies::insert(&transaction, &compressed)).unwrap();
        }
        let delete = async || {
            write!(database, |transaction| request_bodies::delete_before(&transaction, later(3_000), 2))
                .unwrap()
        };
        assert_eq!((delete().await, delete().await, delete().await), (2, 1, 0));
        assert!(request_bodies::get(database.reader(), all[3].id).await.unwrap().is_some());
    }
}
