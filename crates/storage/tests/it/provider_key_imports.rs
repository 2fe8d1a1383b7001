//! Keys that wait to be added.

use roundhouse_storage::provider_key_imports as imports;
use roundhouse_storage::testing::databases;

use crate::support::{NOW, ids, later, write};

#[tokio::test]
async fn keys_wait_until_they_are_added_or_too_old() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let [first, second] = [ids.next(), ids.next()];
        write!(database, |transaction| imports::insert(&transaction, first, "openai", vec![1, 2], NOW))
            .unwrap();
        write!(database, |transaction| imports::insert(&transaction, second, "openai", vec![3], later(9)))
            .unwrap();
        assert_eq!(imports::get_sealed(database.reader(), first).await.unwrap(), Some(vec![1, 2]));
        assert_eq!(
            write!(database, |transaction| imports::delete_before(&transaction, later(9))).unwrap(),
            1
        );
        assert_eq!(imports::get_sealed(database.reader(), first).await.unwrap(), None);
        assert!(write!(database, |transaction| imports::delete(&transaction, second)).unwrap());
        assert!(!write!(database, |transaction| imports::delete(&transaction, second)).unwrap());
    }
}
