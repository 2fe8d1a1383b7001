//! What people changed.

use roundhouse_domain::{Author, Ids, Timestamp, UserId};
use roundhouse_storage::audit::{self, Entry, Filter};
use roundhouse_storage::testing::databases;
use serde_json::json;

use crate::support::{ids, later, write};

fn entry(ids: &Ids, at: Timestamp, author: &Author, action: &str) -> Entry {
    Entry {
        id: ids.next(),
        at,
        author: author.clone(),
        action: action.to_owned(),
        object_kind: action.split('.').next().unwrap_or_default().to_owned(),
        object_id: format!("id of {action}"),
        object_name: "main".to_owned(),
        detail: json!({ "fields": ["name"], "count": 3 }),
    }
}

#[tokio::test]
async fn entries_are_listed_newest_first_and_by_what_they_say() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = Author::user(ids.next(), "ada@example.com");
        let entries = [
            entry(&ids, later(0), &ada, "groups.create"),
            entry(&ids, later(1), &Author::operator(), "users.create"),
            entry(&ids, later(2), &ada, "users.delete"),
        ];
        for entry in &entries {
            write!(database, |transaction| audit::insert(&transaction, entry)).unwrap();
        }
        let [first, second, third] = &entries;
        let listed = audit::list(database.reader(), &Filter::default(), 10, None).await.unwrap();
        assert_eq!(listed.iter().collect::<Vec<_>>(), [third, second, first]);
        let (actor, stranger) = (ada.user_id, Some(ids.next::<UserId>()));
        let nothing = Filter::default;
        for (filter, found) in [
            (Filter { actor, ..nothing() }, vec![third, first]),
            (Filter { actor: stranger, ..nothing() }, vec![]),
            (Filter { action: Some("users.".into()), ..nothing() }, vec![third, second]),
            (Filter { action: Some("users.create".into()), ..nothing() }, vec![second]),
            (Filter { object_kind: Some("groups".into()), ..nothing() }, vec![first]),
            (Filter { object_id: Some(third.object_id.clone()), ..nothing() }, vec![third]),
            (Filter { from: Some(later(1)), to: Some(later(2)), ..nothing() }, vec![second]),
        ] {
            let listed = audit::list(database.reader(), &filter, 10, None).await.unwrap();
            assert_eq!(listed.iter().collect::<Vec<_>>(), found, "{filter:?}");
        }
        let page = audit::list(database.reader(), &nothing(), 1, Some(third.id)).await.unwrap();
        assert_eq!(page.iter().collect::<Vec<_>>(), [second]);
    }
}

#[tokio::test]
async fn old_entries_are_removed_in_pieces_the_oldest_first() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        for millis in 0..5 {
            let entry = entry(&ids, later(millis), &Author::system(), "users.create");
            write!(database, |transaction| audit::insert(&transaction, &entry)).unwrap();
        }
        let mut removed = Vec::new();
        for _ in 0..3 {
            removed.push(
                write!(database, |transaction| audit::delete_before(&transaction, later(3), 2)).unwrap(),
            );
        }
        assert_eq!(removed, [2, 1, 0]);
        assert_eq!(audit::list(database.reader(), &Filter::default(), 10, None).await.unwrap().len(), 2);
    }
}
