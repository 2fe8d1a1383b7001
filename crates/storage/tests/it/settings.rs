//! Single values by name.

use roundhouse_storage::settings;
use roundhouse_storage::testing::databases;

use crate::support::write;

#[tokio::test]
async fn a_value_is_replaced_by_the_next() {
    for test in databases().await {
        let database = &test.database;
        assert_eq!(settings::get(database.reader(), "theme").await.unwrap(), None);
        for value in [&b"dark"[..], b"light", b"light"] {
            write!(database, |transaction| settings::set(&transaction, "theme", value)).unwrap();
            assert_eq!(settings::get(database.reader(), "theme").await.unwrap().as_deref(), Some(value));
        }
    }
}

#[tokio::test]
async fn the_first_value_wins_where_only_one_may() {
    for test in databases().await {
        let database = &test.database;
        for value in [&b"first"[..], b"second"] {
            let found =
                write!(database, |transaction| settings::get_or_insert(&transaction, "canary", value))
                    .unwrap();
            assert_eq!(found, b"first");
        }
    }
}

#[tokio::test]
async fn a_value_is_deleted_once() {
    for test in databases().await {
        let database = &test.database;
        write!(database, |transaction| settings::set(&transaction, "link", b"hash")).unwrap();
        assert!(write!(database, |transaction| settings::delete(&transaction, "link")).unwrap());
        assert!(!write!(database, |transaction| settings::delete(&transaction, "link")).unwrap());
        assert_eq!(settings::get(database.reader(), "link").await.unwrap(), None);
    }
}
