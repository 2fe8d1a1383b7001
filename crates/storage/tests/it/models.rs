//! What providers list.

use roundhouse_domain::Timestamp;
use roundhouse_storage::Database;
use roundhouse_storage::models::{self, Listed, StoredModel, Synced};
use roundhouse_storage::testing::databases;

use crate::support::{NOW, ids, later, write};

fn listed(names: &[&str]) -> Vec<Listed> {
    names.iter().map(|name| Listed { name: (*name).to_owned(), ..Listed::default() }).collect()
}

async fn sync(database: &Database, provider: &str, list: &[Listed], now: Timestamp) -> Synced {
    let ids = roundhouse_domain::Ids::random(roundhouse_domain::Clock::System);
    write!(database, |transaction| models::sync(&transaction, provider, (list, true), now, &ids)).unwrap()
}

async fn all(database: &Database) -> Vec<(String, String, Timestamp, Timestamp, Option<Timestamp>)> {
    let row = |model: StoredModel| {
        (model.provider, model.listed.name, model.first_seen, model.last_seen, model.missing_since)
    };
    models::list_all(database.reader()).await.unwrap().into_iter().map(row).collect()
}

#[tokio::test]
async fn a_list_is_compared_with_the_one_before() {
    for test in databases().await {
        let database = &test.database;
        let first = sync(database, "a", &listed(&["z", "x", "x"]), NOW).await;
        assert_eq!(first, Synced { added: vec!["z".into(), "x".into()], ..Synced::default() });
        sync(database, "b", &listed(&["x"]), NOW).await;
        let second = sync(database, "a", &listed(&["x", "y"]), later(1)).await;
        assert_eq!(second, Synced { added: vec!["y".into()], removed: vec!["z".into()], unchanged: 1 });
        let row = |provider: &str, name: &str, first, last, missing| {
            (provider.to_owned(), name.to_owned(), first, last, missing)
        };
        assert_eq!(
            all(database).await,
            [
                row("a", "x", NOW, later(1), None),
                row("a", "y", later(1), later(1), None),
                row("a", "z", NOW, NOW, Some(later(1))),
                row("b", "x", NOW, NOW, None),
            ]
        );
        let third = sync(database, "a", &listed(&["x", "y", "z"]), later(2)).await;
        assert_eq!(third, Synced { added: vec!["z".into()], removed: Vec::new(), unchanged: 2 });
        assert_eq!(all(database).await[2], row("a", "z", NOW, later(2), None), "it keeps its history");
        let seen = models::last_seen(database.reader()).await.unwrap();
        assert!(seen.contains(&("a".to_owned(), later(2))) && seen.len() == 2);
    }
}

#[tokio::test]
async fn a_list_that_is_cut_short_takes_nothing_away() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        sync(database, "a", &listed(&["x", "y"]), NOW).await;
        let part = listed(&["x"]);
        let synced =
            write!(database, |transaction| models::sync(&transaction, "a", (&part, false), later(1), &ids));
        assert_eq!(synced.unwrap(), Synced { unchanged: 1, ..Synced::default() });
        assert!(all(database).await.iter().all(|model| model.4.is_none()));
    }
}

#[tokio::test]
async fn what_a_provider_says_of_a_model_is_kept_and_renewed() {
    for test in databases().await {
        let database = &test.database;
        let full = Listed {
            name: "x".into(),
            display_name: Some("X".into()),
            owned_by: Some("lab".into()),
            context_tokens: Some(128_000),
            max_output_tokens: Some(8_000),
        };
        sync(database, "a", &listed(&["x"]), NOW).await;
        let synced = sync(database, "a", std::slice::from_ref(&full), later(1)).await;
        assert_eq!(synced, Synced { unchanged: 1, ..Synced::default() });
        let model = models::list_of(database.reader(), "a").await.unwrap().remove(0);
        assert_eq!((&model.listed, model.first_seen), (&full, NOW));
        assert_eq!(models::get(database.reader(), model.id).await.unwrap(), Some(model));
    }
}

#[tokio::test]
async fn long_lists_are_taken_up_whole() {
    for test in databases().await {
        let database = &test.database;
        let names: Vec<_> = (0..2_500).map(|number| format!("m{number:05}")).collect();
        let long: Vec<_> =
            names.iter().map(|name| Listed { name: name.clone(), ..Listed::default() }).collect();
        sync(database, "a", &long, NOW).await;
        let again = sync(database, "a", &long[1..], later(1)).await;
        assert_eq!((again.unchanged, again.removed.len()), (2_499, 1));
    }
}

#[tokio::test]
async fn models_that_are_long_gone_are_forgotten() {
    for test in databases().await {
        let database = &test.database;
        sync(database, "a", &listed(&["x", "y"]), NOW).await;
        sync(database, "a", &listed(&["x"]), later(1)).await;
        assert_eq!(write!(database, |t| models::delete_missing_before(&t, later(1))).unwrap(), 0);
        assert_eq!(write!(database, |t| models::delete_missing_before(&t, later(2))).unwrap(), 1);
        assert_eq!(write!(database, |t| models::delete_of(&t, "a")).unwrap(), 1);
        assert!(all(database).await.is_empty());
    }
}
