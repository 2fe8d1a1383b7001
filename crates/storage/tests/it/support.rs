//! Things that tests store.

use roundhouse_domain::{Clock, Ids, KeyHash, Timestamp};
use roundhouse_storage::Database;
use roundhouse_storage::testing::START_MILLIS;
use roundhouse_storage::users::{self, Role, User};

/// The present of all tests.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(START_MILLIS);

/// This many milliseconds after [`NOW`].
pub(crate) fn later(millis: i64) -> Timestamp {
    Timestamp::from_millis(START_MILLIS + millis)
}

/// Ids that are the same in each run.
pub(crate) fn ids() -> Ids {
    Ids::seeded(Clock::frozen(START_MILLIS), 1)
}

/// A hash that differs by `number`.
pub(crate) fn key_hash(number: u32) -> KeyHash {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    KeyHash(bytes)
}

/// A person who is not stored yet.
pub(crate) fn user(ids: &Ids, email: &str) -> User {
    User {
        id: ids.next(),
        email: email.to_owned(),
        name: "Ada".to_owned(),
        role: Role::Member,
        disabled: false,
        has_password: true,
        language: None,
        time_zone: None,
        last_login_at: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// Runs changes in a transaction of their own.
macro_rules! write {
    ($database:expr, |$transaction:ident| $body:expr) => {{
        let $transaction = $database.write().await.unwrap();
        let result = $body.await;
        $transaction.commit().await.unwrap();
        result
    }};
}
pub(crate) use write;

/// Stores a person.
pub(crate) async fn stored_user(database: &Database, ids: &Ids, email: &str) -> User {
    let user = user(ids, email);
    write!(database, |transaction| users::insert(&transaction, &user, Some("hash"))).unwrap();
    user
}
