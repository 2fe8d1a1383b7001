//! The same server on PostgreSQL. The server of the tests comes from tests/with-services.sh, as `make test` does it.

use roundhouse_storage::testing::Place;
use roundhouse_tests::house::verdicts;
use roundhouse_tests::{Dialect, Fake, House, Reply, Setup, provider};
use serde_json::json;

#[tokio::test]
async fn requests_states_and_keys_outlive_restarts_on_postgresql_too() {
    let place = Place::postgres().await;
    let fake = Fake::new(|seen| match seen.credential() {
        "limited" => {
            Reply::json(429, &json!({ "error": { "message": "slow down" } })).header("retry-after", "1000")
        }
        _ => Dialect::answer(seen, "hello"),
    })
    .await;
    let up = provider("up", "openai", &fake.url(), &["limited", "good"], &["m"]);
    let setup = Setup::new(&json!({ "providers": [up] })).env("DATABASE_URL", place.options().url.expose());
    let mut house: House = setup.start().await;
    let answer = house.chat("m").await;
    assert_eq!((answer.status, Dialect::Chat.text(&answer).as_str()), (200, "hello"));
    let logged = house.logged(answer.id()).await;
    assert_eq!(verdicts(&logged), ["rate_limited", "ok"]);
    let token = house.administrator().await;
    let made = house
        .client()
        .post("/api/v1/access-keys")
        .bearer(&token)
        .json(&json!({ "name": "made" }))
        .send()
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    let key = made.json()["key"].as_str().unwrap().to_owned();

    house.restart().await;
    assert_eq!((house.keys("up", "cooling").await, house.keys("up", "active").await), (1, 1));
    assert_eq!(house.logged(answer.id()).await, logged);
    assert_eq!(Dialect::Chat.ask(house.client(), &key, "m", false).send().await.status, 200);

    let last = house.chat("m").await.id().to_owned();
    house.logged(&last).await;
    house.kill().await;
    house.run().await;
    assert_eq!(house.logged(&last).await["status"], 200);
    assert_eq!(house.keys("up", "cooling").await, 1);
    assert!(!house.data().join("roundhouse.db").exists());
    assert_eq!(house.terminate().await, Some(0), "{}", house.log());
}
