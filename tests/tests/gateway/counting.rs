//! Which failures of a key add up: those in a row, or all of them.

use roundhouse_tests::{Dialect, Fake, House, Reply, provider};
use serde_json::{Value, json};

/// A provider that forbids calls for model `forbidden`, and serves all others.
async fn strict() -> Fake {
    Fake::new(|seen| match seen.model().as_str() {
        "forbidden" => Reply::json(403, &json!({ "error": { "message": "no" } })),
        _ => Dialect::answer(seen, "hello"),
    })
    .await
}

fn counted(fake: &Fake, failures: &Value) -> Value {
    let mut up = provider("up", "openai", &fake.url(), &["pk-1"], &["m", "forbidden"]);
    up["failures"] = failures.clone();
    json!({ "providers": [up], "gateway": { "failures": { "threshold": 100 }, "probes": { "interval": "0s" } } })
}

/// One failure between two successes.
async fn fail_between_successes(house: &House) {
    for (model, status) in [("m", 200), ("forbidden", 502), ("m", 200)] {
        let answer = house.chat(model).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}

#[tokio::test]
async fn failures_in_a_row_are_forgotten_after_a_success() {
    let fake = strict().await;
    let house = House::start(counted(&fake, &json!({ "threshold": 3 }))).await;
    for _ in 0..4 {
        fail_between_successes(&house).await;
    }
    assert_eq!(house.keys("up", "active").await, 1);
    for _ in 0..3 {
        assert_eq!(house.keys("up", "active").await, 1);
        house.chat("forbidden").await;
    }
    assert_eq!(house.keys("up", "invalid").await, 1);
}

#[tokio::test]
async fn cumulative_failures_add_up_whatever_succeeds_between_them() {
    let fake = strict().await;
    let mut house = House::start(counted(&fake, &json!({ "threshold": 3, "cumulative": true }))).await;
    fail_between_successes(&house).await;
    fail_between_successes(&house).await;
    assert_eq!(house.keys("up", "active").await, 1);
    house.restart().await;
    assert_eq!(house.chat("m").await.status, 200);
    assert_eq!(house.chat("forbidden").await.status, 502);
    assert_eq!(house.keys("up", "invalid").await, 1, "counts outlive a restart");
    assert_eq!(house.chat("m").await.status, 503);

    let reset = house.manage("POST", "/admin/reset-failed-keys").await;
    assert_eq!(reset.json()["reset_keys"], 1);
    fail_between_successes(&house).await;
    fail_between_successes(&house).await;
    assert_eq!(house.keys("up", "active").await, 1, "a reset starts the count anew");
}
