//! What alerts have found and told.

use roundhouse_storage::alerts::{self, AlertEvent, AlertState, Delivery, Silence};
use roundhouse_storage::testing::databases;

use crate::support::{NOW, ids, later, write};

fn state(rule: &str, object: &str) -> AlertState {
    AlertState {
        rule: rule.to_owned(),
        object: object.to_owned(),
        finding: "{}".to_owned(),
        since: NOW,
        fired_at: None,
        told_at: None,
    }
}

#[tokio::test]
async fn what_was_found_is_kept_by_rule_and_object() {
    for test in databases().await {
        let database = &test.database;
        let fired = AlertState { fired_at: Some(later(5)), told_at: Some(later(6)), ..state("down", "b") };
        for found in [&state("down", "a"), &state("down", "b"), &fired, &state("slow", "a")] {
            write!(database, |transaction| alerts::upsert_state(&transaction, found)).unwrap();
        }
        let of_rule =
            write!(database, |transaction| alerts::states_for_update(&transaction, "down")).unwrap();
        assert_eq!(of_rule, [state("down", "a"), fired.clone()]);
        write!(database, |transaction| alerts::delete_state(&transaction, "down", "a")).unwrap();
        let all = alerts::list_states(database.reader()).await.unwrap();
        assert_eq!(all, [fired, state("slow", "a")]);
        let others = write!(database, |transaction| alerts::delete_states_of_others(&transaction, &["slow"]));
        assert_eq!(others.unwrap(), 1);
        assert_eq!(
            write!(database, |transaction| alerts::delete_states_of_others(&transaction, &[])).unwrap(),
            1
        );
    }
}

#[tokio::test]
async fn events_are_listed_with_what_became_of_each_delivery() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let delivery = |channel: &str, state: &str, error: Option<&str>| Delivery {
            channel: channel.to_owned(),
            state: state.to_owned(),
            error: error.map(str::to_owned),
        };
        let event = |rule: &str, millis| AlertEvent {
            id: ids.next(),
            rule: rule.to_owned(),
            object: "a".to_owned(),
            kind: "fired".to_owned(),
            at: later(millis),
            since: NOW,
            finding: "{}".to_owned(),
            deliveries: vec![delivery("chat", "waiting", None)],
        };
        let made = [event("down", 0), event("slow", 1), event("down", 2)];
        for event in &made {
            write!(database, |transaction| alerts::insert_event(&transaction, event)).unwrap();
        }
        for news in [delivery("chat", "failed", Some("no answer")), delivery("mail", "sent", None)] {
            let id = made[0].id;
            assert!(
                write!(database, |transaction| alerts::update_delivery(&transaction, id, &news)).unwrap()
            );
        }
        let unknown = ids.next();
        let news = delivery("chat", "sent", None);
        assert!(
            !write!(database, |transaction| alerts::update_delivery(&transaction, unknown, &news)).unwrap()
        );
        let told = alerts::get_event(database.reader(), made[0].id).await.unwrap().unwrap();
        assert_eq!(
            told.deliveries,
            [delivery("chat", "failed", Some("no answer")), delivery("mail", "sent", None)]
        );
        let list = async |rule, limit, cursor| {
            let found = alerts::list_events(database.reader(), rule, limit, cursor).await.unwrap();
            found.into_iter().map(|event| event.id).collect::<Vec<_>>()
        };
        assert_eq!(list(None, 2, None).await, [made[2].id, made[1].id]);
        assert_eq!(list(Some("down"), 9, Some(made[2].id)).await, [made[0].id]);
        let removed = write!(database, |transaction| alerts::delete_events_before(&transaction, later(1), 9));
        assert_eq!(removed.unwrap(), 1);
        assert_eq!(alerts::get_event(database.reader(), made[0].id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_silence_covers_what_it_names_until_it_ends() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let silence = |rule: Option<&str>, object: Option<&str>| Silence {
            id: ids.next(),
            rule: rule.map(str::to_owned),
            object: object.map(str::to_owned),
            until: later(10),
            reason: "maintenance".to_owned(),
            created_by: None,
            created_at: NOW,
        };
        let made = [silence(Some("down"), None), silence(None, Some("a"))];
        for silence in &made {
            write!(database, |transaction| alerts::insert_silence(&transaction, silence)).unwrap();
        }
        let listed = alerts::list_silences(database.reader()).await.unwrap();
        assert_eq!(listed, [made[1].clone(), made[0].clone()]);
        assert!(made[0].covers("down", "b", later(9)) && !made[0].covers("slow", "a", later(9)));
        assert!(made[1].covers("slow", "a", later(9)) && !made[1].covers("slow", "b", later(9)));
        assert!(!made[0].covers("down", "b", later(10)));
        let gone = write!(database, |transaction| alerts::delete_silence(&transaction, made[0].id)).unwrap();
        assert_eq!(gone, Some(made[0].clone()));
        let gone = write!(database, |transaction| alerts::delete_silence(&transaction, made[0].id)).unwrap();
        assert_eq!(gone, None);
        let ended = |time| async move {
            write!(database, |transaction| alerts::delete_ended_silences(&transaction, time)).unwrap()
        };
        assert_eq!((ended(later(10)).await, ended(later(11)).await), (0, 1));
    }
}
