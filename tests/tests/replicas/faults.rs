//! Processes go on when what they share is gone.

use std::collections::HashSet;

use roundhouse_tests::{Dialect, KEY, eventually};
use serde_json::{Value, json};

use crate::support::{Replicas, ask, hello, one_provider};

#[tokio::test]
async fn without_redis_every_process_serves_on_and_says_so() {
    let fake = hello().await;
    let mut config = one_provider(&fake);
    config["gateway"] = json!({ "cache": { "enabled": true, "store": "redis" } });
    let replicas = Replicas::start(3, &config).await;
    for fault in [crate::faults::cut as fn(&Replicas), crate::faults::silence] {
        fault(&replicas);
        for house in &replicas.houses {
            replicas.await_metric(house, "roundhouse_redis_up", 0).await;
            replicas.await_metric(house, "roundhouse_processes", 1).await;
            let repeated = Dialect::Chat.ask(house.client(), KEY, "m", false).header("idempotency-key", "k");
            assert_eq!(repeated.send().await.status, 200);
            assert_eq!(ask(house).await.status, 200);
            let ready = house.client().get("/ready").send().await;
            assert_eq!(ready.status, 200);
            assert!(ready.json()["redis"].as_str().unwrap().contains("limits"), "{}", ready.text());
        }
        replicas.redis.mend();
        replicas.hear_each_other().await;
        assert_eq!(replicas.houses[0].client().get("/ready").send().await.json()["redis"], "ok");
    }
}

fn cut(replicas: &Replicas) {
    replicas.redis.cut();
}

fn silence(replicas: &Replicas) {
    replicas.redis.silence();
}

#[tokio::test]
async fn a_process_that_dies_takes_its_open_requests_along_and_no_claim_stays() {
    let fake = hello().await;
    let mut replicas = Replicas::start(3, &one_provider(&fake)).await;
    assert_eq!(ask(&replicas.houses[2]).await.status, 200);
    replicas.houses[2].kill().await;
    for house in &replicas.houses[..2] {
        replicas.await_metric(house, "roundhouse_processes", 2).await;
        assert_eq!(ask(house).await.status, 200);
    }
    replicas.houses[2].run().await;
    replicas.hear_each_other().await;
}

#[tokio::test]
async fn without_postgresql_requests_are_served_and_their_records_arrive_later_once_each() {
    let fake = hello().await;
    let mut replicas = Replicas::start(3, &one_provider(&fake)).await;
    let token = replicas.houses[0].administrator().await;
    replicas.postgres.cut();
    let mut ids = HashSet::new();
    for _ in 0..10 {
        for house in &replicas.houses {
            let answer = ask(house).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            ids.insert(answer.id().to_owned());
        }
    }
    let ready = replicas.houses[0].client().get("/ready").send().await;
    assert_eq!((ready.status, &ready.json()["database"]), (200, &json!("away")), "it serves on");
    replicas.postgres.mend();
    let logged = eventually("all records arrive", async || {
        let page = replicas.houses[0].client().get("/api/v1/requests?limit=500").bearer(&token).send().await;
        let page: Value = serde_json::from_slice(&page.body).ok()?;
        let logged: Vec<String> = page["items"]
            .as_array()?
            .iter()
            .filter_map(|item| Some(item["id"].as_str()?.to_owned()))
            .collect();
        ids.iter().all(|id| logged.contains(id)).then_some(logged)
    })
    .await;
    assert_eq!(logged.len(), logged.iter().collect::<HashSet<_>>().len(), "no record is there twice");
}
