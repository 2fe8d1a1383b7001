//! Access keys.

use roundhouse_domain::spec::{LimitSpec, ModelRule};
use roundhouse_domain::{ErrorKind, Ids};
use roundhouse_storage::access_keys::{self, AccessKey};
use roundhouse_storage::testing::databases;
use roundhouse_storage::users;

use crate::support::{NOW, ids, later, stored_user, write};

fn key(ids: &Ids, name: &str, hash: u8) -> AccessKey {
    AccessKey {
        id: ids.next(),
        name: name.to_owned(),
        key_hash: [hash; 32],
        masked: "rh-1****abcd".to_owned(),
        models: vec![ModelRule::All],
        limits: LimitSpec::default(),
        expires_at: None,
        enabled: true,
        created_by: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

#[tokio::test]
async fn a_key_comes_back_as_it_was_stored() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let ci = AccessKey {
            models: vec![ModelRule::parse("openai/*").unwrap(), ModelRule::parse("<meta/llama>").unwrap()],
            limits: LimitSpec {
                requests_per_minute: Some(600),
                usd_per_day: Some(0.5),
                ..LimitSpec::default()
            },
            expires_at: Some(later(1_000)),
            created_by: Some(ada.id),
            ..key(&ids, "ci", 1)
        };
        write!(database, |transaction| access_keys::insert(&transaction, &ci)).unwrap();
        assert_eq!(access_keys::get(database.reader(), ci.id).await.unwrap(), Some(ci));
        assert_eq!(access_keys::get(database.reader(), ids.next()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn neither_name_nor_credential_is_given_out_twice() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        write!(database, |transaction| access_keys::insert(&transaction, &key(&ids, "ci", 1))).unwrap();
        for double in [key(&ids, "ci", 2), key(&ids, "other", 1)] {
            let transaction = database.write().await.unwrap();
            let error = access_keys::insert(&transaction, &double).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Conflict);
        }
    }
}

#[tokio::test]
async fn keys_are_listed_in_pages_and_in_full() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let keys: Vec<_> = (0..5).map(|number| key(&ids, &number.to_string(), number)).collect();
        for key in &keys {
            write!(database, |transaction| access_keys::insert(&transaction, key)).unwrap();
        }
        let page = access_keys::list(database.reader(), 2, Some(keys[1].id)).await.unwrap();
        assert_eq!(page, keys[2..4]);
        assert_eq!(access_keys::list(database.reader(), 2, None).await.unwrap(), keys[..2]);
        assert_eq!(access_keys::list_all(database.reader()).await.unwrap(), keys);
    }
}

#[tokio::test]
async fn an_update_keeps_who_made_the_key_and_when() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let before = AccessKey { created_by: Some(ada.id), ..key(&ids, "ci", 1) };
        write!(database, |transaction| access_keys::insert(&transaction, &before)).unwrap();
        let change = AccessKey {
            id: before.id,
            enabled: false,
            created_at: later(9),
            updated_at: later(9),
            ..key(&ids, "renamed", 2)
        };
        assert!(write!(database, |transaction| access_keys::update(&transaction, &change)).unwrap());
        let after = AccessKey { created_by: Some(ada.id), created_at: NOW, ..change };
        assert_eq!(access_keys::get(database.reader(), before.id).await.unwrap(), Some(after));
        let stranger = key(&ids, "stranger", 3);
        assert!(!write!(database, |transaction| access_keys::update(&transaction, &stranger)).unwrap());
    }
}

#[tokio::test]
async fn a_key_outlives_the_person_who_made_it() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let ci = AccessKey { created_by: Some(ada.id), ..key(&ids, "ci", 1) };
        write!(database, |transaction| access_keys::insert(&transaction, &ci)).unwrap();
        write!(database, |transaction| users::delete(&transaction, ada.id)).unwrap();
        let orphan = access_keys::get(database.reader(), ci.id).await.unwrap();
        assert_eq!(orphan, Some(AccessKey { created_by: None, ..ci }));
    }
}

#[tokio::test]
async fn a_key_is_deleted_once() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ci = key(&ids, "ci", 1);
        write!(database, |transaction| access_keys::insert(&transaction, &ci)).unwrap();
        assert!(write!(database, |transaction| access_keys::delete(&transaction, ci.id)).unwrap());
        assert!(!write!(database, |transaction| access_keys::delete(&transaction, ci.id)).unwrap());
    }
}
