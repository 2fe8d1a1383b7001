//! States of provider keys.

use roundhouse_domain::{KeyStateRecord, KeyStatus};
use roundhouse_storage::provider_key_states as states;
use roundhouse_storage::testing::databases;

use crate::support::{NOW, key_hash, later, write};

fn state(number: u32, status: KeyStatus, changed_ms: i64) -> KeyStateRecord {
    KeyStateRecord {
        provider: "openai".into(),
        key_hash: key_hash(number),
        status,
        cooling_until: (status == KeyStatus::Cooling).then(|| later(60_000)),
        failures: 2,
        rate_limits: 1,
        last_error: Some("429 slow down".into()),
        changed_at: later(changed_ms),
    }
}

#[tokio::test]
async fn states_come_back_as_they_were_stored() {
    for test in databases().await {
        let database = &test.database;
        let cooling = state(1, KeyStatus::Cooling, 0);
        let healed = KeyStateRecord {
            failures: 0,
            rate_limits: 0,
            last_error: None,
            changed_at: NOW,
            ..state(2, KeyStatus::Active, 0)
        };
        let both = [cooling, healed];
        write!(database, |transaction| states::upsert_batch(&transaction, &both)).unwrap();
        let mut found = states::list_all(database.reader()).await.unwrap();
        found.sort_by_key(|state| state.key_hash);
        assert_eq!(found, both);
    }
}

#[tokio::test]
async fn the_newest_state_wins_in_whatever_order_they_arrive() {
    for test in databases().await {
        let database = &test.database;
        let newest = [state(1, KeyStatus::Invalid, 30)];
        let batches = [
            vec![state(1, KeyStatus::Cooling, 10), newest[0].clone(), state(1, KeyStatus::Active, 20)],
            vec![state(1, KeyStatus::Active, 29)],
            vec![],
        ];
        for batch in &batches {
            write!(database, |transaction| states::upsert_batch(&transaction, batch)).unwrap();
            assert_eq!(states::list_all(database.reader()).await.unwrap(), newest);
        }
        let later = [state(1, KeyStatus::Active, 30)];
        write!(database, |transaction| states::upsert_batch(&transaction, &later)).unwrap();
        assert_eq!(
            states::list_all(database.reader()).await.unwrap(),
            later,
            "of equals, the last to arrive"
        );
    }
}

#[tokio::test]
async fn thirty_thousand_states_are_stored_and_forgotten_at_once() {
    for test in databases().await {
        let database = &test.database;
        let all: Vec<_> = (0..30_000).map(|number| state(number, KeyStatus::Cooling, 0)).collect();
        write!(database, |transaction| states::upsert_batch(&transaction, &all)).unwrap();
        assert_eq!(states::list_all(database.reader()).await.unwrap().len(), 30_000);
        let hashes: Vec<_> = all.iter().map(|state| state.key_hash).collect();
        let forgotten =
            write!(database, |transaction| states::delete(&transaction, "openai", &hashes)).unwrap();
        assert_eq!(forgotten, 30_000);
        assert_eq!(
            write!(database, |transaction| states::delete(&transaction, "azure", &hashes)).unwrap(),
            0
        );
    }
}
