//! Credentials that people make for scripts of theirs.

use roundhouse_domain::{Ids, Permission, UserId};
use roundhouse_storage::personal_tokens::{self, PersonalToken};
use roundhouse_storage::testing::databases;
use roundhouse_storage::users;

use crate::support::{NOW, ids, later, stored_user, write};

fn token(ids: &Ids, user_id: UserId, number: u8) -> PersonalToken {
    PersonalToken {
        id: ids.next(),
        user_id,
        name: "laptop".to_owned(),
        token_hash: [number; 32],
        masked: "rhp-…abcd".to_owned(),
        scopes: Some([Permission::UsageRead].into_iter().collect()),
        created_at: NOW,
        expires_at: Some(later(1_000)),
        last_used_at: None,
    }
}

#[tokio::test]
async fn a_token_is_found_by_its_hash_with_its_owner() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let narrow = token(&ids, ada.id, 1);
        let wide = PersonalToken { scopes: None, expires_at: None, ..token(&ids, ada.id, 2) };
        for token in [&narrow, &wide] {
            write!(database, |transaction| personal_tokens::insert(&transaction, token)).unwrap();
        }
        let found = personal_tokens::find_by_hash(database.reader(), &[2; 32]).await.unwrap();
        assert_eq!(found, Some((wide.clone(), ada.clone())));
        assert_eq!(personal_tokens::find_by_hash(database.reader(), &[3; 32]).await.unwrap(), None);
        write!(database, |transaction| personal_tokens::update_last_used(&transaction, wide.id, later(5)))
            .unwrap();
        let used = PersonalToken { last_used_at: Some(later(5)), ..wide };
        assert_eq!(
            personal_tokens::list(database.reader(), ada.id, 9, None).await.unwrap(),
            [narrow.clone(), used.clone()]
        );
        assert_eq!(
            personal_tokens::list(database.reader(), ada.id, 9, Some(narrow.id)).await.unwrap(),
            [used]
        );
    }
}

#[tokio::test]
async fn tokens_are_removed_by_their_owners_and_with_them() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let eve = stored_user(database, &ids, "eve@example.com").await;
        let tokens = [1, 2, 3].map(|number| token(&ids, ada.id, number));
        for token in &tokens {
            write!(database, |transaction| personal_tokens::insert(&transaction, token)).unwrap();
        }
        let [first, ..] = &tokens;
        let delete = async |user| {
            write!(database, |transaction| personal_tokens::delete(&transaction, user, first.id)).unwrap()
        };
        assert_eq!(delete(eve.id).await, None);
        assert_eq!(delete(ada.id).await.as_ref(), Some(first));
        assert_eq!(delete(ada.id).await, None);
        write!(database, |transaction| users::delete(&transaction, ada.id)).unwrap();
        assert_eq!(personal_tokens::find_by_hash(database.reader(), &[2; 32]).await.unwrap(), None);
    }
}
