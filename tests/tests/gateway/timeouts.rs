//! Time limits: of attempts, of pauses, of the whole call; and comments that keep a waiting caller on the line.

use std::time::Duration;

use roundhouse_tests::house::{providers, verdicts};
use roundhouse_tests::{Dialect, Fake, Gate, House, KEY, Reply, provider};
use serde_json::{Value, json};

const KEEPALIVE: &str = ": keepalive\n\n";

fn one(fake: &Fake, dialect: Dialect, gateway: &Value) -> Value {
    json!({ "providers": [provider("up", dialect.kind(), &fake.url(), &["pk-1"], &["m"])], "gateway": gateway })
}

#[tokio::test]
async fn the_first_byte_has_its_time_by_gateway_provider_and_model() {
    let fake =
        Fake::new(
            |seen| if seen.credential() == "slow" { Reply::never() } else { Dialect::answer(seen, "hello") },
        )
        .await;
    let mut slow = provider("slow", "openai", &fake.url(), &["slow"], &[]);
    slow["models"] = json!(["m", { "name": "n", "timeouts": { "first_byte": "100ms" } }]);
    slow["timeouts"] = json!({ "first_byte": "150ms" });
    let good = provider("good", "openai", &fake.url(), &["good"], &["m", "n"]);
    let routes =
        ["m", "n"].map(|model| roundhouse_tests::route(model, "ordered", &[("slow", 1), ("good", 1)]));
    let mut house = House::start(json!({ "providers": [slow, good], "routes": routes })).await;
    for model in ["m", "n"] {
        for stream in [false, true] {
            let answer = Dialect::Chat.ask(house.client(), KEY, model, stream).send().await;
            let logged = house.logged(answer.id()).await;
            assert_eq!(
                (answer.status, providers(&logged)),
                (200, vec!["slow".to_owned(), "good".to_owned()])
            );
            assert_eq!(logged["attempts"][0]["error"], "no answer in time");
            let waited = logged["attempts"][0]["duration_ms"].as_u64().unwrap();
            assert!(waited >= if model == "m" { 150 } else { 100 }, "{waited}");
        }
    }
}

#[tokio::test]
async fn the_whole_call_has_its_time() {
    let fake = Fake::new(|_| Reply::never()).await;
    let timeouts =
        json!({ "timeouts": { "first_byte": "300ms", "total": "700ms" }, "breaker": { "failures": 0 } });
    let keys: Vec<_> = (0..20).map(|number| format!("pk-{number}")).collect();
    let keys: Vec<_> = keys.iter().map(String::as_str).collect();
    let up = provider("up", "openai", &fake.url(), &keys, &["m"]);
    let mut house = House::start(json!({ "providers": [up], "gateway": timeouts })).await;
    for dialect in [Dialect::Chat, Dialect::Responses] {
        let answer = dialect.ask(house.client(), KEY, "m", false).send().await;
        dialect.assert_error(&answer, 504, "timeout_error");
        let logged = house.logged(answer.id()).await;
        let attempts = verdicts(&logged).len();
        assert!((1..=3).contains(&attempts), "{logged:#}");
        let took = logged["duration_ms"].as_u64().unwrap();
        assert!(took >= 700, "{logged:#}");
    }
}

#[tokio::test]
async fn a_stream_that_stands_still_is_ended_with_an_error_event() {
    for dialect in Dialect::ALL {
        let events = dialect.stream("one two three");
        let size = events[..dialect.silent_events() + 2].concat().len();
        let fake = Fake::new(move |_| Reply::events(events.clone()).stuck_at(size)).await;
        let mut house = House::start(one(&fake, dialect, &json!({ "timeouts": { "idle": "300ms" } }))).await;
        let answer = dialect.ask(house.client(), KEY, "m", true).send().await;
        assert_eq!((answer.status, dialect.text(&answer).as_str()), (200, "one two "));
        assert_eq!(dialect.error_event(answer.text()).unwrap(), "the provider sent nothing more in time");
        assert_eq!(house.logged(answer.id()).await["outcome"], "broken");
        roundhouse_tests::eventually("the provider's connection is closed", async || {
            (fake.aborted() == 1).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_slow_stream_within_its_pauses_is_never_cut() {
    let fake = Fake::new(|_| {
        Reply::events(Dialect::Chat.stream("one two three four")).paced(Duration::from_millis(120))
    })
    .await;
    let timeouts = json!({ "timeouts": { "idle": "20s", "first_byte": "20s", "total": "400ms" } });
    let house = House::start(one(&fake, Dialect::Chat, &timeouts)).await;
    let answer = Dialect::Chat.ask(house.client(), KEY, "m", true).send().await;
    assert_eq!(Dialect::Chat.text(&answer), "one two three four");
    assert!(Dialect::Chat.ended_well(answer.text()), "a started stream may outlast the call's total time");
}

#[tokio::test]
async fn comments_keep_a_caller_on_the_line_before_and_within_an_answer() {
    for dialect in Dialect::ALL {
        let (first, second) = (Gate::default(), Gate::default());
        let gates = (first.clone(), second.clone());
        let within = dialect.silent_events() + 2;
        let fake = Fake::new(move |_| {
            Reply::events(dialect.stream("one two three")).gated(within, &gates.1).gated(0, &gates.0)
        })
        .await;
        let mut house = House::start(one(&fake, dialect, &json!({ "keepalive_interval": "100ms" }))).await;
        let mut open = dialect.ask(house.client(), KEY, "m", true).open().await;
        assert_eq!(open.status, 200);
        assert_eq!(open.headers["content-type"], "text/event-stream");
        for _ in 0..3 {
            assert_eq!(open.next().await.unwrap(), KEEPALIVE);
        }
        first.open();
        let mut seen = String::new();
        while seen.matches(KEEPALIVE).count() < 2 {
            seen.push_str(std::str::from_utf8(&open.next().await.unwrap()).unwrap());
        }
        second.open();
        let id = open.headers["x-request-id"].to_str().unwrap().to_owned();
        seen.push_str(open.rest().await.text());
        assert_eq!(seen.replace(KEEPALIVE, ""), dialect.stream("one two three").concat());
        assert_eq!(house.logged(&id).await["outcome"], "ok");
    }
}

#[tokio::test]
async fn behind_comments_everything_can_still_fail_over_and_a_failure_is_an_event() {
    for dialect in Dialect::ALL {
        let gate = Gate::default();
        let held = gate.clone();
        let fake = Fake::new(move |seen| match (seen.credential(), dialect) {
            ("bad", _) => Reply::json(500, &json!({ "error": { "message": "down" } })).gated(0, &held),
            _ => Dialect::answer(seen, "hello"),
        })
        .await;
        let all = [
            provider("bad", dialect.kind(), &fake.url(), &["bad"], &["m", "n"]),
            provider("good", dialect.kind(), &fake.url(), &["good"], &["m"]),
        ];
        let routes = json!([roundhouse_tests::route("m", "ordered", &[("bad", 1), ("good", 1)])]);
        let config =
            json!({ "providers": all, "routes": routes, "gateway": { "keepalive_interval": "50ms" } });
        let mut house = House::start(config).await;
        let mut opened = Vec::new();
        for model in ["m", "n"] {
            let mut open = dialect.ask(house.client(), KEY, model, true).open().await;
            assert_eq!((open.status, open.next().await.unwrap()), (200, KEEPALIVE.into()));
            opened.push(open);
        }
        gate.open();
        let failed = opened.pop().unwrap().rest().await;
        let answered = opened.pop().unwrap().rest().await;
        assert_eq!(dialect.text(&answered), "hello", "{dialect:?}");
        assert!(dialect.ended_well(answered.text()));
        assert!(dialect.error_event(failed.text()).unwrap().contains("attempts failed"), "{}", failed.text());
        let logged = house.logged(failed.id()).await;
        assert_eq!((&logged["outcome"], &logged["status"]), (&json!("failed"), &json!(502)));
    }
}
