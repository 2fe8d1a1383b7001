//! Callers that go away.

use roundhouse_tests::{Dialect, Fake, House, KEY, Reply, eventually, provider};
use serde_json::json;

async fn gone_from(dialect: Dialect, reply: fn(Dialect) -> Reply, stream: bool, pieces: usize) {
    let fake = Fake::new(move |_| reply(dialect)).await;
    let config = json!({ "providers": [provider("up", dialect.kind(), &fake.url(), &["pk-1"], &["m"])],
        "gateway": { "breaker": { "failures": 1 }, "keepalive_interval": "50ms" } });
    let mut house = House::start(config).await;
    let asking = dialect.ask(house.client(), KEY, "m", stream);
    if pieces == 0 {
        let asking = tokio::spawn(asking.try_open());
        eventually("the provider is asked", async || (fake.count() == 1).then_some(())).await;
        asking.abort();
    } else {
        let mut open = asking.open().await;
        for _ in 0..pieces {
            open.next().await.unwrap();
        }
    }
    eventually("the provider's connection is closed", async || (fake.aborted() == 1).then_some(())).await;
    let logged =
        eventually("the request is in the log", async || house.requests("outcome=cancelled").await.pop())
            .await;
    assert_eq!((&logged["status"], &logged["operation"]), (&json!(499), &json!(dialect.operation(stream))));
    let attempts = logged["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 1, "{logged:#}");
    assert!(["cancelled", "ok"].contains(&attempts[0]["verdict"].as_str().unwrap()), "{logged:#}");
    assert_eq!(house.keys("up", "active").await, 1, "nobody is punished");
    assert_eq!(house.metric("roundhouse_requests_in_flight").await, Some(0.0));
    fake.script(move |seen| Dialect::answer(seen, "hello"));
    assert_eq!(
        dialect.ask(house.client(), KEY, "m", false).send().await.status,
        200,
        "the breaker stays closed"
    );
}

#[tokio::test]
async fn while_a_whole_answer_is_waited_for() {
    gone_from(Dialect::Chat, |_| Reply::never(), false, 0).await;
}

#[tokio::test]
async fn while_comments_keep_the_line() {
    gone_from(Dialect::Messages, |_| Reply::never(), true, 2).await;
}

#[tokio::test]
async fn in_the_middle_of_a_stream() {
    for dialect in Dialect::ALL {
        let reply = |dialect: Dialect| {
            let events = dialect.stream("one two three");
            let size = events[..=dialect.silent_events()].concat().len();
            Reply::events(events).stuck_at(size)
        };
        gone_from(dialect, reply, true, 1).await;
    }
}
