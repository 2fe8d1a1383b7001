//! Circuit breakers.

use roundhouse_tests::house::providers;
use roundhouse_tests::{Dialect, Fake, House, Reply, eventually, provider, route};
use serde_json::json;

#[tokio::test]
async fn a_failing_target_is_passed_over_and_tried_again_by_one_request_at_a_time() {
    let fake = Fake::new(|seen| match seen.credential() {
        "bad" => Reply::json(500, &json!({ "error": { "message": "down" } })),
        _ => Dialect::answer(seen, "hello"),
    })
    .await;
    let all = [
        provider("bad", "openai", &fake.url(), &["bad"], &["m", "other"]),
        provider("good", "openai", &fake.url(), &["good"], &["m"]),
    ];
    let config = json!({ "providers": all, "routes": [route("m", "ordered", &[("bad", 1), ("good", 1)])],
        "gateway": { "breaker": { "failures": 2, "open": "1s" } } });
    let mut house = House::start(config).await;
    let mut asked = Vec::new();
    for _ in 0..4 {
        let answer = house.chat("m").await;
        assert_eq!(answer.status, 200);
        asked.push(providers(&house.logged(answer.id()).await).join(" "));
    }
    assert_eq!(asked, ["bad good", "bad good", "good", "good"]);

    eventually("the breaker lets one request try", async || {
        let before = fake.seen().iter().filter(|seen| seen.credential() == "bad").count();
        assert_eq!(house.chat("m").await.status, 200);
        (fake.seen().iter().filter(|seen| seen.credential() == "bad").count() > before).then_some(())
    })
    .await;
    let answer = house.chat("m").await;
    assert_eq!(providers(&house.logged(answer.id()).await), ["good"], "a failed try opens it again");

    fake.script(|seen| Dialect::answer(seen, "hello"));
    eventually("a good try closes it", async || {
        (house.chat("m").await.header("x-roundhouse-provider") == "bad").then_some(())
    })
    .await;
    assert_eq!(house.chat("m").await.header("x-roundhouse-provider"), "bad");
}

#[tokio::test]
async fn it_opens_for_one_model_and_not_for_the_providers_others() {
    let fake = Fake::new(|seen| match seen.model().as_str() {
        "sick" => Reply::json(500, &json!({ "error": { "message": "down" } })),
        _ => Dialect::answer(seen, "hello"),
    })
    .await;
    let up = provider("up", "openai", &fake.url(), &["pk-1"], &["sick", "well"]);
    let house =
        House::start(json!({ "providers": [up], "gateway": { "breaker": { "failures": 2, "open": "1h" } } }))
            .await;
    assert_eq!(house.chat("sick").await.status, 502);
    let asked = fake.count();
    let answer = house.chat("sick").await;
    assert_eq!(fake.count(), asked, "an open breaker lets nothing through: {}", answer.text());
    Dialect::Chat.assert_error(&answer, 503, "server_error");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 3_000);
    assert_eq!(house.chat("well").await.status, 200);
}
