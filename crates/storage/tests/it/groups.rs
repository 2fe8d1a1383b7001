//! Groups of people.

use std::collections::HashMap;

use roundhouse_domain::{Ids, Permission, Permissions};
use roundhouse_storage::groups::{self, Group};
use roundhouse_storage::testing::databases;
use roundhouse_storage::users;

use crate::support::{NOW, ids, later, stored_user, write};

pub(crate) fn group(ids: &Ids, name: &str) -> Group {
    Group {
        id: ids.next(),
        name: name.to_owned(),
        description: "People who look for things.".to_owned(),
        permissions: [Permission::UsageRead, Permission::RequestsRead].into_iter().collect(),
        created_at: NOW,
        updated_at: NOW,
    }
}

#[tokio::test]
async fn groups_are_kept_with_their_permissions_under_names_of_their_own() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let (one, two) = (group(&ids, "research"), group(&ids, "support"));
        for group in [&one, &two] {
            write!(database, |transaction| groups::insert(&transaction, group)).unwrap();
        }
        let again = group(&ids, "research");
        let transaction = database.write().await.unwrap();
        let error = groups::insert(&transaction, &again).await.unwrap_err();
        assert_eq!(error.code(), "storage_conflict");
        drop(transaction);
        assert_eq!(groups::get(database.reader(), one.id).await.unwrap().as_ref(), Some(&one));
        assert_eq!(
            groups::list(database.reader(), 10, Some(one.id)).await.unwrap(),
            std::slice::from_ref(&two)
        );
        let changed = Group { permissions: Permissions::NONE, updated_at: later(1), ..one };
        assert!(write!(database, |transaction| groups::update(&transaction, &changed)).unwrap());
        assert_eq!(groups::list(database.reader(), 1, None).await.unwrap(), [changed]);
        assert!(write!(database, |transaction| groups::delete(&transaction, two.id)).unwrap());
        assert!(!write!(database, |transaction| groups::delete(&transaction, two.id)).unwrap());
    }
}

#[tokio::test]
async fn members_come_and_go_and_go_with_the_group() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let research = group(&ids, "research");
        write!(database, |transaction| groups::insert(&transaction, &research)).unwrap();
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let eve = stored_user(database, &ids, "eve@example.com").await;
        for (user, fresh) in [(&ada, true), (&eve, true), (&ada, false)] {
            let put =
                write!(database, |transaction| groups::insert_member(&transaction, research.id, user.id));
            assert_eq!(put.unwrap(), fresh);
        }
        let members = groups::list_members(database.reader(), research.id, 1, None).await.unwrap();
        assert_eq!(members, std::slice::from_ref(&ada));
        let rest = groups::list_members(database.reader(), research.id, 9, Some(ada.id)).await.unwrap();
        assert_eq!(rest, std::slice::from_ref(&eve));
        let counts = groups::member_counts(database.reader(), &[research.id, ids.next()]).await.unwrap();
        assert_eq!(counts, HashMap::from([(research.id, 2)]));
        let mine = groups::list_of_user(database.reader(), ada.id).await.unwrap();
        assert_eq!(mine, std::slice::from_ref(&research));
        let left = write!(database, |transaction| groups::delete_member(&transaction, research.id, ada.id));
        assert!(left.unwrap());
        write!(database, |transaction| groups::delete(&transaction, research.id)).unwrap();
        assert_eq!(groups::list_of_user(database.reader(), eve.id).await.unwrap(), []);
        assert!(users::get(database.reader(), eve.id).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn what_a_provider_claims_changes_only_what_it_claimed_before() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let all = ["by-hand", "first", "second"].map(|name| group(&ids, name));
        for group in &all {
            write!(database, |transaction| groups::insert(&transaction, group)).unwrap();
        }
        write!(database, |transaction| groups::insert_member(&transaction, all[0].id, ada.id)).unwrap();
        for (claimed, wanted) in [
            (vec!["first", "nobody"], vec!["by-hand", "first"]),
            (vec!["second", "by-hand"], vec!["by-hand", "second"]),
            (vec![], vec!["by-hand"]),
        ] {
            let names: Vec<String> = claimed.into_iter().map(str::to_owned).collect();
            write!(database, |transaction| groups::sync_claimed(&transaction, ada.id, &names)).unwrap();
            let mine = groups::list_of_user(database.reader(), ada.id).await.unwrap();
            assert_eq!(mine.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), wanted);
        }
    }
}
