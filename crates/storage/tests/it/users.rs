//! People.

use roundhouse_domain::ErrorKind;
use roundhouse_storage::testing::databases;
use roundhouse_storage::users::{self, Role, User};

use crate::support::{ids, later, stored_user, user, write};

#[tokio::test]
async fn a_person_is_found_by_id_and_by_address_in_any_case() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = user(&ids, " Ada@Example.COM ");
        write!(database, |transaction| users::insert(&transaction, &ada, "the hash")).unwrap();
        let stored = User { email: "ada@example.com".to_owned(), ..ada.clone() };
        assert_eq!(users::get(database.reader(), ada.id).await.unwrap().as_ref(), Some(&stored));
        let found = users::find_by_email(database.reader(), "ADA@example.com").await.unwrap();
        assert_eq!(found, Some((stored, "the hash".to_owned())));
        assert_eq!(users::find_by_email(database.reader(), "eve@example.com").await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_second_person_with_the_same_address_is_a_conflict() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        stored_user(database, &ids, "ada@example.com").await;
        let transaction = database.write().await.unwrap();
        let error = users::insert(&transaction, &user(&ids, "ADA@example.com"), "hash").await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "storage_conflict"));
    }
}

#[tokio::test]
async fn people_are_listed_in_pages_in_the_order_they_came() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let mut emails = Vec::new();
        for number in 0..5 {
            emails.push(stored_user(database, &ids, &format!("{number}@example.com")).await.email);
        }
        let first = users::list(database.reader(), 3, None).await.unwrap();
        let rest = users::list(database.reader(), 3, Some(first[2].id)).await.unwrap();
        assert_eq!((first.len(), rest.len()), (3, 2));
        assert_eq!(first.into_iter().chain(rest).map(|user| user.email).collect::<Vec<_>>(), emails);
        assert_eq!(users::count(database.reader()).await.unwrap(), 5);
    }
}

#[tokio::test]
async fn an_update_changes_all_but_the_password() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let mut ada = stored_user(database, &ids, "ada@example.com").await;
        ada = User {
            name: "Countess".into(),
            role: Role::Administrator,
            disabled: true,
            updated_at: later(5),
            ..ada
        };
        assert!(write!(database, |transaction| users::update(&transaction, &ada)).unwrap());
        let found = users::find_by_email(database.reader(), "ada@example.com").await.unwrap();
        assert_eq!(found, Some((ada, "hash".to_owned())));
        let stranger = user(&ids, "eve@example.com");
        assert!(!write!(database, |transaction| users::update(&transaction, &stranger)).unwrap());
    }
}

#[tokio::test]
async fn a_new_password_replaces_the_old() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let change = write!(database, |transaction| users::update_password_hash(
            &transaction,
            ada.id,
            "new",
            later(9)
        ));
        assert!(change.unwrap());
        let (found, hash) =
            users::find_by_email(database.reader(), "ada@example.com").await.unwrap().unwrap();
        assert_eq!((hash.as_str(), found.updated_at), ("new", later(9)));
    }
}

#[tokio::test]
async fn a_person_is_deleted_once() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        assert!(write!(database, |transaction| users::delete(&transaction, ada.id)).unwrap());
        assert!(!write!(database, |transaction| users::delete(&transaction, ada.id)).unwrap());
    }
}
