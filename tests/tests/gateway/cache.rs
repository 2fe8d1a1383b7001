//! Answers that are kept for the next one who asks the same.

use roundhouse_tests::{Answer, Dialect, Fake, Gate, House, KEY, Reply, Setup, eventually, provider};
use serde_json::{Value, json};

const OTHER: &str = "rh-the-access-key-of-another";

async fn house(fake: &Fake, cache: &Value) -> House {
    let keys = json!([{ "name": "tests", "key": KEY }, { "name": "other", "key": OTHER }]);
    House::start(json!({
        "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m", "n"])],
        "access_keys": keys,
        "gateway": { "cache": cache },
    }))
    .await
}

async fn numbered() -> Fake {
    Fake::new(|seen| Dialect::answer(seen, &format!("answer {}", seen.index))).await
}

async fn post(house: &House, key: &str, body: &Value) -> Answer {
    house.client().post("/v1/chat/completions").bearer(key).json(body).send().await
}

fn question(extra: &Value) -> Value {
    let mut body = json!({ "model": "m", "messages": [{ "role": "user", "content": "hi" }] });
    roundhouse_tests::house::merge(&mut body, extra);
    body
}

fn word(answer: &Answer) -> &str {
    answer.header("x-roundhouse-cache")
}

#[tokio::test]
async fn without_a_cache_nothing_is_said_of_it() {
    let fake = numbered().await;
    let house = house(&fake, &json!({})).await;
    for _ in 0..2 {
        assert_eq!(word(&post(&house, KEY, &question(&json!({}))).await), "");
    }
    assert_eq!(fake.count(), 2);
}

#[tokio::test]
async fn the_same_question_gets_the_same_answer_whole_and_streamed() {
    let fake = numbered().await;
    let mut house = house(&fake, &json!({ "enabled": true })).await;
    for dialect in [Dialect::Chat, Dialect::Responses, Dialect::Messages, Dialect::Gemini] {
        for stream in [false, true] {
            let ask = || dialect.ask(house.client(), KEY, "m", stream).send();
            let (first, again) = (ask().await, ask().await);
            assert_eq!((first.status, again.status), (200, 200), "{dialect:?}: {}", first.text());
            assert_eq!((word(&first), word(&again)), ("miss", "hit"), "{dialect:?} {stream}");
            assert_eq!(first.body, again.body);
            assert!(again.complete);
            assert_eq!(again.header("content-type"), first.header("content-type"));
            assert_eq!(again.header("x-roundhouse-provider"), "up");
            assert_eq!(
                (again.header("x-roundhouse-attempts"), again.header("x-roundhouse-cost-usd")),
                ("0", "0")
            );
            assert_ne!(first.id(), again.id());
            let logged = house.logged(again.id()).await;
            assert_eq!((&logged["outcome"], &logged["attempts"]), (&json!("ok"), &json!([])));
        }
    }
    assert_eq!(fake.count(), 8);
}

#[tokio::test]
async fn how_a_question_is_written_and_who_is_said_to_ask_makes_no_difference() {
    let fake = numbered().await;
    let house = house(&fake, &json!({ "enabled": true })).await;
    let first = post(&house, KEY, &question(&json!({ "user": "ada", "temperature": 0 }))).await;
    let other = "{ \"temperature\": 0.0, \"messages\":[{\"content\":\"h\\u0069\",\"role\":\"user\"}],\n\"model\":\"m\",\"stream\":false}";
    let again = house.post("/v1/chat/completions").text(other).send().await;
    assert_eq!((word(&again), &again.body), ("hit", &first.body), "{}", again.text());
    for extra in [json!({ "model": "n" }), json!({ "max_tokens": 5 }), json!({ "stream": true })] {
        assert_eq!(word(&post(&house, KEY, &question(&extra)).await), "miss", "{extra}");
    }
}

#[tokio::test]
async fn answers_are_an_access_keys_own_unless_they_are_shared() {
    let fake = numbered().await;
    for (scope, expected) in [("access_key", "miss"), ("shared", "hit")] {
        let house = house(&fake, &json!({ "enabled": true, "scope": scope })).await;
        let body = question(&json!({}));
        assert_eq!(word(&post(&house, KEY, &body).await), "miss");
        assert_eq!(word(&post(&house, OTHER, &body).await), expected, "{scope}");
    }
}

#[tokio::test]
async fn variety_tools_and_who_asks_for_it_pass_the_cache_by() {
    let fake = numbered().await;
    let house = house(&fake, &json!({ "enabled": true })).await;
    let tool = json!({ "type": "function", "function": { "name": "f", "parameters": {} } });
    for extra in [json!({ "temperature": 0.5 }), json!({ "tools": [tool] })] {
        for _ in 0..2 {
            assert_eq!(word(&post(&house, KEY, &question(&extra)).await), "bypass", "{extra}");
        }
    }
    let asked = fake.count();
    for (name, value) in [("cache-control", "no-store"), ("x-roundhouse-cache", "bypass")] {
        for _ in 0..2 {
            let answer = Dialect::Chat.ask(house.client(), KEY, "m", false).header(name, value).send().await;
            assert_eq!(word(&answer), "bypass", "{name}");
        }
    }
    assert_eq!(fake.count(), asked + 4);
    let ask = || Dialect::Chat.ask(house.client(), KEY, "m", false);
    assert_eq!(word(&ask().send().await), "miss");
    let fresh = ask().header("cache-control", "no-cache").send().await;
    let next = ask().send().await;
    assert_eq!((word(&fresh), word(&next)), ("bypass", "hit"));
    assert_eq!(next.body, fresh.body, "a fresh answer takes the place of the one before");
    let native = house.post("/proxy/up/chat/completions").json(&question(&json!({}))).send().await;
    assert_eq!(word(&native), "bypass");
}

#[tokio::test]
async fn routes_and_access_keys_have_their_own_say() {
    let fake = numbered().await;
    let route = json!({ "model": "n", "tiers": [[{ "provider": "up", "model": "n" }]], "cache": { "enabled": true } });
    let keys = json!([{ "name": "tests", "key": KEY }, { "name": "other", "key": OTHER, "cache": { "enabled": false } }]);
    let house = House::start(json!({
        "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m", "n"])],
        "routes": [route],
        "access_keys": keys,
    }))
    .await;
    let n = question(&json!({ "model": "n" }));
    assert_eq!(word(&post(&house, KEY, &question(&json!({}))).await), "");
    assert_eq!((word(&post(&house, KEY, &n).await), word(&post(&house, KEY, &n).await)), ("miss", "hit"));
    assert_eq!(word(&post(&house, OTHER, &n).await), "");
}

#[tokio::test]
async fn failures_and_broken_streams_are_not_kept() {
    let fake = Fake::new(|_| Reply::json(400, &json!({ "error": { "message": "no" } }))).await;
    let house = house(&fake, &json!({ "enabled": true })).await;
    let ask = |stream| Dialect::Chat.ask(house.client(), KEY, "m", stream).send();
    assert_eq!(ask(false).await.status, 400);
    fake.script(|_| Reply::events(Dialect::Chat.stream("one two")).cut_at(400));
    assert!(Dialect::Chat.error_event(ask(true).await.text()).is_some());
    fake.script(|seen| Dialect::answer(seen, "hello"));
    for stream in [false, true] {
        let answer = ask(stream).await;
        assert_eq!((word(&answer), Dialect::Chat.text(&answer).as_str()), ("miss", "hello"));
    }
}

#[tokio::test]
async fn the_same_question_at_the_same_time_is_asked_once() {
    for stream in [false, true] {
        let gate = Gate::default();
        let held = gate.clone();
        let fake = Fake::new(move |seen| Dialect::answer(seen, "hello").gated(0, &held)).await;
        let up = provider("up", "openai", &fake.url(), &["pk-1"], &["m"]);
        let gateway =
            json!({ "cache": { "enabled": true, "single_flight": true }, "keepalive_interval": "50ms" });
        let house = House::start(json!({ "providers": [up], "gateway": gateway })).await;
        let client = house.client().clone();
        let asking: Vec<_> =
            (0..8).map(|_| tokio::spawn(Dialect::Chat.ask(&client, KEY, "m", stream).send())).collect();
        eventually("all are under way", async || {
            (house.metric("roundhouse_requests_in_flight").await == Some(8.0)).then_some(())
        })
        .await;
        gate.open();
        for answer in asking {
            let answer = answer.await.unwrap();
            assert_eq!(
                (answer.status, Dialect::Chat.text(&answer).as_str()),
                (200, "hello"),
                "{}",
                answer.text()
            );
        }
        assert_eq!(fake.count(), 1, "stream: {stream}");
    }
}

#[tokio::test]
async fn who_goes_away_first_takes_nobody_along() {
    let gate = Gate::default();
    let held = gate.clone();
    let fake = Fake::new(move |seen| Dialect::answer(seen, "hello").gated(0, &held)).await;
    let cache = json!({ "enabled": true, "single_flight": true });
    let house = house(&fake, &cache).await;
    let client = house.client().clone();
    let first = tokio::spawn(Dialect::Chat.ask(&client, KEY, "m", false).send());
    eventually("the first is asked", async || (fake.count() == 1).then_some(())).await;
    let second = tokio::spawn(Dialect::Chat.ask(&client, KEY, "m", false).send());
    eventually("both are under way", async || {
        (house.metric("roundhouse_requests_in_flight").await == Some(2.0)).then_some(())
    })
    .await;
    first.abort();
    eventually("the second is asked in its place", async || (fake.count() == 2).then_some(())).await;
    gate.open();
    let answer = second.await.unwrap();
    assert_eq!((answer.status, word(&answer)), (200, "miss"));
}

#[tokio::test]
async fn memory_is_bounded_however_much_is_asked() {
    let long = "x".repeat(200_000);
    let fake = Fake::new(move |seen| Dialect::answer(seen, &long)).await;
    let up = provider("up", "openai", &fake.url(), &["pk-1"], &["m"]);
    let setup = Setup::new(&json!({
        "providers": [up],
        "gateway": { "cache": { "enabled": true, "max_bytes": 4 << 20 } },
    }));
    let house = setup.start().await;
    let ask = async |number: usize| {
        let body = question(&json!({ "seed": number }));
        assert_eq!(word(&post(&house, KEY, &body).await), "miss");
    };
    for number in 0..50 {
        ask(number).await;
    }
    let before = house.resident_bytes();
    for number in 50..450 {
        ask(number).await;
    }
    let grown = house.resident_bytes().saturating_sub(before);
    assert!(grown < 30 << 20, "80 MB of answers grew memory by {grown} bytes");
}
