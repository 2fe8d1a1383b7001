//! What one process learns or does, the others know.

use roundhouse_tests::{Dialect, Fake, Gate, KEY, Reply, eventually, provider};
use serde_json::json;

use crate::support::{Replicas, ask, completions, hello, one_provider};

#[tokio::test]
async fn a_key_that_one_process_found_limited_is_skipped_by_the_others() {
    let fake = Fake::new(|seen| match seen.credential() {
        "limited" => {
            Reply::json(429, &json!({ "error": { "message": "slow down" } })).header("retry-after", "1000")
        }
        _ => Dialect::answer(seen, "hello"),
    })
    .await;
    let up = provider("up", "openai", &fake.url(), &["limited", "good"], &["m"]);
    let replicas = Replicas::start(3, &json!({ "providers": [up] })).await;
    eventually("the limited key was tried", async || {
        ask(&replicas.houses[0]).await;
        completions(&fake).iter().any(|seen| seen.credential() == "limited").then_some(())
    })
    .await;
    for house in &replicas.houses {
        house.await_keys("up", "cooling", 1).await;
    }
    let tried = |fake: &Fake| completions(fake).iter().filter(|seen| seen.credential() == "limited").count();
    let before = tried(&fake);
    for house in &replicas.houses {
        for _ in 0..4 {
            assert_eq!(ask(house).await.status, 200);
        }
    }
    assert_eq!(tried(&fake), before);
    for house in &replicas.houses {
        assert_eq!(house.client().post("/admin/reset-failed-keys").send().await.status, 401);
    }
}

#[tokio::test]
async fn a_change_of_the_configuration_is_seen_by_all() {
    let fake = hello().await;
    let mut replicas = Replicas::start(2, &one_provider(&fake)).await;
    let token = replicas.houses[0].administrator().await;
    let made = replicas.houses[0]
        .client()
        .post("/api/v1/access-keys")
        .bearer(&token)
        .json(&json!({ "name": "made" }))
        .send()
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    let key = made.json()["key"].as_str().unwrap().to_owned();
    for house in &replicas.houses {
        eventually("the new key works", async || {
            let answer = Dialect::Chat.ask(house.client(), &key, "m", false).send().await;
            (answer.status == 200).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_repeated_request_gets_its_answer_from_whichever_process_it_reaches() {
    let gate = Gate::default();
    let held = gate.clone();
    let fake = Fake::new(move |seen| Dialect::answer(seen, "hello").gated(0, &held)).await;
    let replicas = Replicas::start(2, &one_provider(&fake)).await;
    let repeat = |house: usize| {
        let client = replicas.houses[house].client().clone();
        Dialect::Chat.ask(&client, KEY, "m", false).header("idempotency-key", "k").send()
    };
    let first = tokio::spawn(repeat(0));
    eventually("the provider is asked", async || (completions(&fake).len() == 1).then_some(())).await;
    let second = tokio::spawn(repeat(1));
    eventually("the other process has it too", async || {
        (replicas.houses[1].metric("roundhouse_requests_in_flight").await == Some(1.0)).then_some(())
    })
    .await;
    gate.open();
    let (first, second) = (first.await.unwrap(), second.await.unwrap());
    assert_eq!((first.status, second.status), (200, 200), "{}", second.text());
    assert_eq!((&first.body, second.header("x-roundhouse-idempotent-replay")), (&second.body, "true"));
    assert_eq!(repeat(1).await.body, first.body);
    assert_eq!(completions(&fake).len(), 1);
    let other = Dialect::Chat
        .ask(replicas.houses[1].client(), KEY, "m", true)
        .header("idempotency-key", "k")
        .send()
        .await;
    assert_eq!(other.status, 409);
}

#[tokio::test]
async fn a_kept_answer_is_everybodys() {
    let fake = hello().await;
    let mut config = one_provider(&fake);
    config["gateway"] = json!({ "cache": { "enabled": true, "store": "redis" } });
    let replicas = Replicas::start(2, &config).await;
    for stream in [false, true] {
        let asked =
            |house: usize| Dialect::Chat.ask(replicas.houses[house].client(), KEY, "m", stream).send();
        let first = asked(0).await;
        assert_eq!(first.header("x-roundhouse-cache"), "miss");
        let again = eventually("the answer is kept", async || {
            let answer = asked(1).await;
            (answer.header("x-roundhouse-cache") == "hit").then_some(answer)
        })
        .await;
        assert_eq!(Dialect::Chat.text(&again).split(' ').next(), Some("answer"));
        assert_eq!(asked(0).await.body, again.body);
    }
}
