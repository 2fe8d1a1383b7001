//! How providers fare.

use roundhouse_domain::{CheckOutcome, HealthStatus, Ids};
use roundhouse_storage::health::{self, CheckRecord, ProviderHealth, Sample};
use roundhouse_storage::testing::databases;

use crate::support::{NOW, ids, later, write};

fn check(ids: &Ids, provider: &str, millis: i64) -> CheckRecord {
    CheckRecord {
        id: ids.next(),
        provider: provider.to_owned(),
        address: "https://up.example/v1".to_owned(),
        at: later(millis),
        outcome: CheckOutcome::Failed,
        latency_ms: 20,
        error: Some("no answer in time".to_owned()),
        manual: true,
    }
}

#[tokio::test]
async fn checks_are_listed_sampled_and_removed_by_age() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let made = [check(&ids, "a", 0), check(&ids, "b", 1), check(&ids, "a", 2)];
        write!(database, |transaction| health::insert_checks(&transaction, &made)).unwrap();
        let list =
            async |limit, cursor| health::list_checks(database.reader(), "a", limit, cursor).await.unwrap();
        assert_eq!(list(9, None).await, [made[2].clone(), made[0].clone()]);
        assert_eq!(list(1, Some(made[2].id)).await, [made[0].clone()]);
        let sampled = async |provider, from| {
            let mut found = health::samples(database.reader(), provider, from).await.unwrap();
            found.sort_by_key(|sample| sample.at);
            found
        };
        let sample = |check: &CheckRecord| Sample {
            provider: check.provider.clone(),
            at: check.at,
            outcome: check.outcome,
            latency_ms: check.latency_ms,
        };
        assert_eq!(sampled(Some("a"), later(1)).await, [sample(&made[2])]);
        assert_eq!(sampled(None, NOW).await, made.each_ref().map(sample));
        let delete = async |most| {
            write!(database, |transaction| health::delete_before(&transaction, later(2), most)).unwrap()
        };
        assert_eq!((delete(1).await, delete(9).await, delete(9).await), (1, 1, 0));
        assert_eq!(sampled(None, NOW).await, [sample(&made[2])]);
    }
}

#[tokio::test]
async fn what_is_known_of_a_provider_is_replaced_and_forgotten() {
    for test in databases().await {
        let database = &test.database;
        let healthy = ProviderHealth {
            provider: "a".to_owned(),
            status: HealthStatus::Healthy,
            reason: None,
            failures: 0,
            checked_at: NOW,
            changed_at: NOW,
            disabled_at: None,
        };
        let disabled = ProviderHealth {
            status: HealthStatus::Unhealthy,
            reason: Some("it does not answer".to_owned()),
            failures: 3,
            checked_at: later(9),
            changed_at: later(5),
            disabled_at: Some(later(9)),
            ..healthy.clone()
        };
        assert_eq!(health::get(database.reader(), "a").await.unwrap(), None);
        for known in [&healthy, &disabled] {
            write!(database, |transaction| health::upsert(&transaction, known)).unwrap();
            assert_eq!(health::get(database.reader(), "a").await.unwrap().as_ref(), Some(known));
        }
        let locked = write!(database, |transaction| health::get_for_update(&transaction, "a")).unwrap();
        assert_eq!(locked.as_ref(), Some(&disabled));
        assert_eq!(health::list_all(database.reader()).await.unwrap(), [disabled]);
        assert!(write!(database, |transaction| health::delete(&transaction, "a")).unwrap());
        assert!(!write!(database, |transaction| health::delete(&transaction, "a")).unwrap());
    }
}
