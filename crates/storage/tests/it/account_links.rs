//! Links that were sent to people.

use roundhouse_domain::{Ids, UserId};
use roundhouse_storage::account_links::{self, AccountLink, LinkKind};
use roundhouse_storage::testing::databases;

use crate::support::{NOW, ids, later, stored_user, write};

fn link(ids: &Ids, user_id: UserId, number: u8) -> AccountLink {
    AccountLink {
        id: ids.next(),
        user_id,
        kind: LinkKind::PasswordReset,
        token_hash: [number; 32],
        created_at: NOW,
        expires_at: later(1_000),
    }
}

#[tokio::test]
async fn a_person_has_one_link_which_is_used_once() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let (old, new) = (link(&ids, ada.id, 1), link(&ids, ada.id, 2));
        for link in [&old, &new] {
            write!(database, |transaction| account_links::insert(&transaction, link)).unwrap();
        }
        assert_eq!(account_links::find_by_hash(database.reader(), &[1; 32]).await.unwrap(), None);
        let found = account_links::find_by_hash(database.reader(), &[2; 32]).await.unwrap();
        assert_eq!(found, Some((new.clone(), ada)));
        assert!(write!(database, |transaction| account_links::delete(&transaction, new.id)).unwrap());
        assert!(!write!(database, |transaction| account_links::delete(&transaction, new.id)).unwrap());
    }
}

#[tokio::test]
async fn expired_links_are_swept_away() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        for number in 0..3 {
            let user = stored_user(database, &ids, &format!("{number}@example.com")).await;
            let link = link(&ids, user.id, number);
            write!(database, |transaction| account_links::insert(&transaction, &link)).unwrap();
        }
        let mut swept = Vec::new();
        for time in [1_000, 1_001, 1_001, 1_001] {
            let deleted =
                write!(database, |transaction| account_links::delete_expired(&transaction, later(time), 2));
            swept.push(deleted.unwrap());
        }
        assert_eq!(swept, [0, 2, 1, 0]);
    }
}
