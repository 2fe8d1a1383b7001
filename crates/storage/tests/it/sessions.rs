//! Logins.

use roundhouse_domain::{Ids, UserId};
use roundhouse_storage::sessions::{self, Session};
use roundhouse_storage::testing::databases;
use roundhouse_storage::users;

use crate::support::{NOW, ids, later, stored_user, write};

fn session(ids: &Ids, user_id: UserId, token: u8) -> Session {
    Session {
        id: ids.next(),
        user_id,
        refresh_hash: [token; 32],
        created_at: NOW,
        expires_at: later(1_000),
        revoked_at: None,
        last_used_at: NOW,
        address: Some("192.0.2.1".to_owned()),
        user_agent: None,
    }
}

#[tokio::test]
async fn a_login_is_found_with_its_person() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let login = session(&ids, ada.id, 1);
        write!(database, |transaction| sessions::insert(&transaction, &login)).unwrap();
        assert_eq!(sessions::get(database.reader(), login.id).await.unwrap(), Some((login, ada)));
        assert_eq!(sessions::get(database.reader(), ids.next()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_refresh_token_is_replaced_only_by_its_holder() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let login = session(&ids, ada.id, 1);
        write!(database, |transaction| sessions::insert(&transaction, &login)).unwrap();
        let next =
            Session { refresh_hash: [2; 32], expires_at: later(2_000), last_used_at: later(500), ..login };
        let refresh = |old| {
            let next = next.clone();
            async move { write!(database, |transaction| sessions::update_refresh_hash(&transaction, &next, &old)) }
        };
        assert!(refresh([1; 32]).await.unwrap());
        assert_eq!(sessions::get(database.reader(), next.id).await.unwrap().unwrap().0, next);
        assert!(!refresh([1; 32]).await.unwrap(), "an old token replaces nothing");
        assert!(write!(database, |transaction| sessions::revoke(&transaction, next.id, later(600))).unwrap());
        assert!(!refresh([2; 32]).await.unwrap(), "nor does any token of an ended login");
    }
}

#[tokio::test]
async fn a_login_is_ended_once_and_all_of_a_person_together() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let eve = stored_user(database, &ids, "eve@example.com").await;
        let logins = [session(&ids, ada.id, 1), session(&ids, ada.id, 2), session(&ids, eve.id, 3)];
        for login in &logins {
            write!(database, |transaction| sessions::insert(&transaction, login)).unwrap();
        }
        let end =
            |id| async move { write!(database, |transaction| sessions::revoke(&transaction, id, later(7))) };
        assert!(end(logins[0].id).await.unwrap());
        assert!(!end(logins[0].id).await.unwrap());
        assert_eq!(
            write!(database, |transaction| sessions::revoke_all(&transaction, ada.id, None, later(8)))
                .unwrap(),
            1
        );
        let mut ended = Vec::new();
        for login in &logins {
            ended.push(sessions::get(database.reader(), login.id).await.unwrap().unwrap().0.revoked_at);
        }
        assert_eq!(ended, [Some(later(7)), Some(later(8)), None]);
    }
}

#[tokio::test]
async fn expired_logins_are_removed_in_bounded_steps() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        for token in 0..3 {
            let login = session(&ids, ada.id, token);
            write!(database, |transaction| sessions::insert(&transaction, &login)).unwrap();
        }
        let expire = |time| async move {
            write!(database, |transaction| sessions::delete_expired(&transaction, time, 2)).unwrap()
        };
        assert_eq!(expire(later(1_000)).await, 0);
        assert_eq!(expire(later(1_001)).await, 2);
        assert_eq!(expire(later(1_001)).await, 1);
    }
}

#[tokio::test]
async fn logins_go_with_their_person() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let login = session(&ids, ada.id, 1);
        write!(database, |transaction| sessions::insert(&transaction, &login)).unwrap();
        write!(database, |transaction| users::delete(&transaction, ada.id)).unwrap();
        assert_eq!(sessions::get(database.reader(), login.id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_person_sees_the_logins_that_hold_and_keeps_one() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let eve = stored_user(database, &ids, "eve@example.com").await;
        let expired = Session { expires_at: later(10), ..session(&ids, ada.id, 1) };
        let logins = [session(&ids, ada.id, 2), session(&ids, ada.id, 3), session(&ids, eve.id, 4)];
        for login in logins.iter().chain([&expired]) {
            write!(database, |transaction| sessions::insert(&transaction, login)).unwrap();
        }
        let [first, second, _] = &logins;
        let list = async || sessions::list_of_user(database.reader(), ada.id, later(11), 10).await.unwrap();
        assert_eq!(list().await.iter().collect::<Vec<_>>(), [second, first]);
        let keep = Some(first.id);
        let ended =
            write!(database, |transaction| sessions::revoke_all(&transaction, ada.id, keep, later(12)));
        assert_eq!(ended.unwrap(), 2, "the expired one counts, too");
        assert_eq!(list().await.iter().collect::<Vec<_>>(), [first]);
    }
}
