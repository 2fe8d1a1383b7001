//! The master key and the database it belongs to.

use roundhouse_domain::{ErrorKind, Secret};
use roundhouse_storage::MasterKey;
use roundhouse_storage::testing::databases;

fn key(text: &str) -> MasterKey {
    MasterKey::from_text(&Secret::from(text))
}

#[tokio::test]
async fn a_wrong_master_key_is_noticed() {
    for test in databases().await {
        key("right").verify(&test.database).await.unwrap();
        key("right").verify(&test.database).await.unwrap();
        let error = key("wrong").verify(&test.database).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Invalid, "encryption_key_wrong"));
    }
}

#[tokio::test]
async fn of_two_keys_that_arrive_together_one_is_taken() {
    for test in databases().await {
        let keys = [key("one"), key("two")];
        let (one, two) = tokio::join!(keys[0].verify(&test.database), keys[1].verify(&test.database));
        assert_ne!(one.is_ok(), two.is_ok());
    }
}
