//! Requests with an `Idempotency-Key`.

use roundhouse_tests::{Answer, Dialect, Fake, Gate, House, KEY, Reply, eventually, provider};
use serde_json::json;

async fn ask(house: &House, key: &str, stream: bool, model: &str) -> Answer {
    Dialect::Chat.ask(house.client(), KEY, model, stream).header("idempotency-key", key).send().await
}

async fn house(fake: &Fake) -> House {
    House::start(json!({ "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m", "n"])] }))
        .await
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer_again() {
    let fake = Fake::new(|seen| Dialect::answer(seen, &format!("answer {}", seen.index))).await;
    let mut house = house(&fake).await;
    for stream in [false, true] {
        let key = format!("k-{stream}");
        let first = ask(&house, &key, stream, "m").await;
        let again = ask(&house, &key, stream, "m").await;
        assert_eq!((first.status, again.status), (200, 200));
        assert_eq!(first.body, again.body);
        assert_eq!(again.header("content-type"), first.header("content-type"));
        assert_eq!(
            (first.header("x-roundhouse-idempotent-replay"), again.header("x-roundhouse-idempotent-replay")),
            ("", "true")
        );
        assert_ne!(first.id(), again.id());
        let logged = house.logged(again.id()).await;
        assert_eq!((&logged["outcome"], &logged["attempts"]), (&json!("ok"), &json!([])));
    }
    assert_eq!(fake.count(), 2);
}

#[tokio::test]
async fn requests_at_the_same_time_become_one() {
    let gate = Gate::default();
    let held = gate.clone();
    let fake = Fake::new(move |seen| Dialect::answer(seen, "hello").gated(0, &held)).await;
    let house = house(&fake).await;
    let client = house.client().clone();
    let asking: Vec<_> = (0..5)
        .map(|_| {
            tokio::spawn(Dialect::Chat.ask(&client, KEY, "m", false).header("idempotency-key", "k").send())
        })
        .collect();
    eventually("all are under way", async || {
        (house.metric("roundhouse_requests_in_flight").await == Some(5.0)).then_some(())
    })
    .await;
    gate.open();
    for answer in asking {
        let answer = answer.await.unwrap();
        assert_eq!((answer.status, Dialect::Chat.text(&answer).as_str()), (200, "hello"));
    }
    assert_eq!(fake.count(), 1);
}

#[tokio::test]
async fn a_key_for_another_body_is_a_conflict() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house = house(&fake).await;
    assert_eq!(ask(&house, "k", false, "m").await.status, 200);
    let other = ask(&house, "k", false, "n").await;
    assert_eq!((other.status, &other.json()["error"]["code"]), (409, &json!("idempotency_key_reused")));
    let odd = ask(&house, &"k".repeat(300), false, "m").await;
    assert_eq!((odd.status, &odd.json()["error"]["code"]), (400, &json!("invalid_idempotency_key")));
    assert_eq!(fake.count(), 1);
}

#[tokio::test]
async fn a_failure_told_behind_comments_is_not_kept_either() {
    let gate = Gate::default();
    let held = gate.clone();
    let fake =
        Fake::new(move |_| Reply::json(500, &json!({ "error": { "message": "no" } })).gated(0, &held)).await;
    let up = provider("up", "openai", &fake.url(), &["pk-1"], &["m"]);
    let house = House::start(json!({ "providers": [up], "gateway": { "keepalive_interval": "50ms", "breaker": { "failures": 0 } } })).await;
    let mut open =
        Dialect::Chat.ask(house.client(), KEY, "m", true).header("idempotency-key", "k").open().await;
    open.next().await.unwrap();
    gate.open();
    assert!(Dialect::Chat.error_event(open.rest().await.text()).is_some());
    fake.script(|seen| Dialect::answer(seen, "hello"));
    let answer = ask(&house, "k", true, "m").await;
    assert_eq!(Dialect::Chat.text(&answer), "hello", "{}", answer.text());
}

#[tokio::test]
async fn a_failed_or_abandoned_first_request_frees_the_key() {
    let fake = Fake::new(|_| Reply::json(400, &json!({ "error": { "message": "no" } }))).await;
    let house = house(&fake).await;
    assert_eq!(ask(&house, "k", false, "m").await.status, 400);
    fake.script(|_| Reply::events(Dialect::Chat.stream("one two")).cut_at(400));
    let broken = ask(&house, "k2", true, "m").await;
    assert!(Dialect::Chat.error_event(broken.text()).is_some(), "{}", broken.text());
    fake.script(|seen| Dialect::answer(seen, "hello"));
    for (key, stream) in [("k", false), ("k2", true)] {
        let answer = ask(&house, key, stream, "m").await;
        assert_eq!((answer.status, Dialect::Chat.text(&answer).as_str()), (200, "hello"), "{key}");
    }
}
