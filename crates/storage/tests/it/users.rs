//! People.

use roundhouse_domain::ErrorKind;
use roundhouse_storage::groups;
use roundhouse_storage::testing::databases;
use roundhouse_storage::users::{self, Filter, Role, User};

use crate::support::{ids, later, stored_user, user, write};

#[tokio::test]
async fn a_person_is_found_by_id_and_by_address_in_any_case() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = user(&ids, " Ada@Example.COM ");
        write!(database, |transaction| users::insert(&transaction, &ada, Some("the hash"))).unwrap();
        let stored = User { email: "ada@example.com".to_owned(), ..ada.clone() };
        assert_eq!(users::get(database.reader(), ada.id).await.unwrap().as_ref(), Some(&stored));
        let found = users::find_by_email(database.reader(), "ADA@example.com").await.unwrap();
        assert_eq!(found, Some((stored, Some("the hash".to_owned()))));
        assert_eq!(users::find_by_email(database.reader(), "eve@example.com").await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_second_person_with_the_same_address_is_a_conflict() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        stored_user(database, &ids, "ada@example.com").await;
        let transaction = database.write().await.unwrap();
        let error = users::insert(&transaction, &user(&ids, "ADA@example.com"), None).await.unwrap_err();
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
        let first = users::list(database.reader(), &Filter::default(), 3, None).await.unwrap();
        let rest = users::list(database.reader(), &Filter::default(), 3, Some(first[2].id)).await.unwrap();
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
        assert_eq!(found, Some((ada, Some("hash".to_owned()))));
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
        assert_eq!((hash.as_deref(), found.updated_at), (Some("new"), later(9)));
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

#[tokio::test]
async fn people_are_found_by_parts_of_their_names_and_by_what_they_are() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let group = crate::groups::group(&ids, "research");
        write!(database, |transaction| groups::insert(&transaction, &group)).unwrap();
        let mut found = Vec::new();
        for (email, name, role) in [
            ("ada@example.com", "Ada Lovelace", Role::Administrator),
            ("grace_h@example.com", "Grace", Role::Member),
            ("alan@example.com", "100%", Role::Member),
        ] {
            let person = User { name: name.to_owned(), role, ..user(&ids, email) };
            write!(database, |transaction| users::insert(&transaction, &person, None)).unwrap();
            found.push(person);
        }
        let kept_out = User { disabled: true, ..found[2].clone() };
        write!(database, |transaction| users::update(&transaction, &kept_out)).unwrap();
        write!(database, |transaction| groups::insert_member(&transaction, group.id, found[1].id)).unwrap();
        let nothing = Filter::default;
        for (filter, wanted) in [
            (Filter { text: Some("LOVE".into()), ..nothing() }, vec![0]),
            (Filter { text: Some("e_h@".into()), ..nothing() }, vec![1]),
            (Filter { text: Some("0%".into()), ..nothing() }, vec![2]),
            (Filter { text: Some("%a".into()), ..nothing() }, vec![]),
            (Filter { role: Some(Role::Member), ..nothing() }, vec![1, 2]),
            (Filter { disabled: Some(true), ..nothing() }, vec![2]),
            (Filter { group: Some(group.id), ..nothing() }, vec![1]),
        ] {
            let people = users::list(database.reader(), &filter, 10, None).await.unwrap();
            let ids: Vec<_> = people.iter().map(|person| person.id).collect();
            assert_eq!(ids, wanted.iter().map(|index: &usize| found[*index].id).collect::<Vec<_>>());
        }
        assert_eq!(write!(database, |transaction| users::lock_administrators(&transaction)).unwrap(), 1);
    }
}

#[tokio::test]
async fn a_person_may_have_no_password_and_a_last_login() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = user(&ids, "ada@example.com");
        write!(database, |transaction| users::insert(&transaction, &ada, None)).unwrap();
        assert_eq!(users::get_password_hash(database.reader(), ada.id).await.unwrap(), None);
        write!(database, |transaction| users::update_last_login(&transaction, ada.id, later(7))).unwrap();
        let (found, hash) =
            users::find_by_email(database.reader(), "ada@example.com").await.unwrap().unwrap();
        assert_eq!((found.last_login_at, hash), (Some(later(7)), None));
    }
}
