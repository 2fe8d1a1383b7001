//! Who is asked: strategies, tiers, weights, fallbacks and affinity.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::join_all;
use roundhouse_tests::house::providers;
use roundhouse_tests::{Answer, Dialect, Fake, Gate, House, KEY, Reply, eventually, provider, route};
use serde_json::{Value, json};

/// Providers `a`, `b`, `c` with model `m`, each known by its credential.
fn three(url: &str) -> Value {
    json!(["a", "b", "c"].map(|name| provider(name, "openai", url, &[&format!("key-{name}")], &["m"])))
}

fn routed(url: &str, strategy: &str, targets: &[(&str, u32)]) -> Value {
    json!({ "providers": three(url), "routes": [route("m", strategy, targets)], "gateway": { "breaker": { "failures": 0 } } })
}

fn provider_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.header("x-roundhouse-provider").to_owned()
}

async fn order(house: &House, count: usize) -> Vec<String> {
    let mut order = Vec::new();
    for _ in 0..count {
        order.push(provider_of(&house.chat("m").await));
    }
    order
}

async fn shares(house: &House, count: usize) -> HashMap<String, usize> {
    let mut shares = HashMap::new();
    for answer in join_all((0..count).map(|_| house.chat("m"))).await {
        *shares.entry(provider_of(&answer)).or_default() += 1;
    }
    shares
}

#[tokio::test]
async fn deterministic_strategies_follow_their_order() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let weights = [("a", 3), ("b", 1), ("c", 0)];
    for (strategy, expected) in [
        ("weighted", ["a", "a", "b", "a", "a", "a", "b", "a"]),
        ("round_robin", ["a", "b", "a", "b", "a", "b", "a", "b"]),
        ("ordered", ["a"; 8]),
    ] {
        let house = House::start(routed(&fake.url(), strategy, &weights)).await;
        assert_eq!(order(&house, 8).await, expected, "{strategy}");
    }
}

#[tokio::test]
async fn random_follows_weights_in_the_long_run() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house = House::start(routed(&fake.url(), "random", &[("a", 3), ("b", 1), ("c", 0)])).await;
    let shares = shares(&house, 400).await;
    // Six standard deviations around 300: one run in half a billion is outside.
    assert!((248..=352).contains(&shares["a"]) && shares["a"] + shares["b"] == 400, "{shares:?}");
}

#[tokio::test]
async fn least_busy_avoids_who_has_work() {
    let gate = Gate::default();
    let held = gate.clone();
    let fake = Fake::new(move |seen| {
        let answer = Dialect::answer(seen, "hello");
        if seen.header("x-hold").is_empty() { answer } else { answer.gated(0, &held) }
    })
    .await;
    let house = House::start(routed(&fake.url(), "least_busy", &[("a", 1), ("b", 1), ("c", 1)])).await;
    let client = house.client().clone();
    let holding = (0..2)
        .map(|_| tokio::spawn(Dialect::Chat.ask(&client, KEY, "m", false).header("x-hold", "1").send()));
    let holding: Vec<_> = holding.collect();
    eventually("two requests are under way", async || (fake.count() == 2).then_some(())).await;
    let free = order(&house, 6).await;
    gate.open();
    let mut held: Vec<_> =
        join_all(holding).await.into_iter().map(|answer| provider_of(&answer.unwrap())).collect();
    held.push(free[0].clone());
    held.sort();
    assert_eq!(held, ["a", "b", "c"], "one each, and the free one for all others");
    assert!(free.iter().all(|name| *name == free[0]), "{free:?}");
}

#[tokio::test]
async fn lowest_latency_prefers_the_fast_and_goes_on_measuring_the_slow() {
    let fake = Fake::new(|seen| {
        let answer = Dialect::answer(seen, "hello");
        if seen.credential() == "key-a" { answer.slow_body(Duration::from_millis(60)) } else { answer }
    })
    .await;
    let house = House::start(routed(&fake.url(), "lowest_latency", &[("a", 1), ("b", 1)])).await;
    let order = order(&house, 40).await;
    let slow = order.iter().filter(|name| *name == "a").count();
    assert!((1..=6).contains(&slow), "{order:?}");
}

#[tokio::test]
async fn lower_tiers_are_used_only_when_nothing_better_is_left() {
    let fake = Fake::new(|seen| match seen.credential() {
        "key-a" => Reply::json(500, &json!({ "error": { "message": "down" } })),
        _ => Dialect::answer(seen, "hello"),
    })
    .await;
    let mut implicit = three(&fake.url());
    for (at, tier) in [0, 1, 2].into_iter().enumerate() {
        implicit[at]["tier"] = tier.into();
    }
    let mut house =
        House::start(json!({ "providers": implicit, "gateway": { "breaker": { "failures": 0 } } })).await;
    for _ in 0..3 {
        let answer = house.chat("m").await;
        assert_eq!(provider_of(&answer), "b");
        assert_eq!(providers(&house.logged(answer.id()).await), ["a", "a", "b"]);
    }
    fake.script(|seen| Dialect::answer(seen, "hello"));
    assert_eq!(order(&house, 3).await, ["a", "a", "a"]);
}

#[tokio::test]
async fn implicit_routes_share_by_the_providers_weights_under_one_public_name() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut all = three(&fake.url());
    all[0]["models"] = json!([{ "name": "vendor/m-2024", "as": "m" }]);
    all[0]["weight"] = 20.into();
    all[2]["weight"] = 0.into();
    let house = House::start(json!({ "providers": all })).await;
    assert_eq!(order(&house, 6).await, ["a", "b", "a", "a", "b", "a"]);
    let models: Vec<_> = fake.seen().iter().map(roundhouse_tests::Seen::model).collect();
    assert_eq!(models[..2], ["vendor/m-2024", "m"]);
}

#[tokio::test]
async fn fallbacks_serve_when_no_target_is_left() {
    let fake = Fake::new(|seen| match seen.model().as_str() {
        "big" => Reply::json(503, &json!({ "error": { "message": "full" } })),
        _ => Dialect::answer(seen, "hello"),
    })
    .await;
    let up = provider("up", "openai", &fake.url(), &["pk-1"], &["big", "small"]);
    let mut big = route("big", "weighted", &[("up", 1)]);
    big["fallbacks"] = json!(["small"]);
    let mut house = House::start(json!({ "providers": [up], "routes": [big] })).await;
    for stream in [false, true] {
        let answer = Dialect::Chat.ask(house.client(), KEY, "big", stream).send().await;
        assert_eq!((answer.status, Dialect::Chat.text(&answer).as_str()), (200, "hello"));
        let logged = house.logged(answer.id()).await;
        let models: Vec<_> = logged["attempts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|attempt| attempt["model"].as_str().unwrap())
            .collect();
        assert_eq!(models, ["big", "big", "small"]);
        assert_eq!(logged["model"], "big");
    }
}

#[tokio::test]
async fn the_same_session_goes_to_the_same_provider_and_key() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let all = ["a", "b", "c"].map(|name| {
        let keys: Vec<_> = (0..3).map(|number| format!("key-{name}{number}")).collect();
        provider(name, "openai", &fake.url(), &keys.iter().map(String::as_str).collect::<Vec<_>>(), &["m"])
    });
    let house = House::start(json!({ "providers": all })).await;
    let mut homes = std::collections::HashSet::new();
    for session in 0..12 {
        for place in ["x-session-id", "prompt_cache_key", "user"] {
            let mut used = std::collections::HashSet::new();
            for _ in 0..3 {
                let mut body = Dialect::Chat.request("m", false);
                let id = format!("{place}-{session}");
                let mut ask = house.post("/v1/chat/completions");
                match place {
                    "x-session-id" => ask = ask.header(place, &id),
                    _ => body[place] = id.into(),
                }
                assert_eq!(ask.json(&body).send().await.status, 200);
                used.insert(fake.last().credential().to_owned());
            }
            assert_eq!(used.len(), 1, "{place}");
            homes.extend(used);
        }
    }
    assert!(homes.len() >= 5, "sessions are spread: {homes:?}");

    let home = {
        house
            .post("/v1/chat/completions")
            .header("x-session-id", "s")
            .json(&Dialect::Chat.request("m", false))
            .send()
            .await;
        fake.last().credential().to_owned()
    };
    let gone = home.clone();
    fake.script(move |seen| {
        if seen.credential() == gone { Reply::json(429, &json!({})) } else { Dialect::answer(seen, "hello") }
    });
    let answer = house
        .post("/v1/chat/completions")
        .header("x-session-id", "s")
        .json(&Dialect::Chat.request("m", false))
        .send()
        .await;
    assert_eq!(answer.status, 200);
    assert_ne!(fake.last().credential(), home);
}

#[tokio::test]
async fn attempts_are_bounded() {
    let fake = Fake::new(|_| Reply::json(429, &json!({ "error": { "message": "no" } }))).await;
    let keys: Vec<_> = (0..10).map(|number| format!("pk-{number}")).collect();
    let up =
        provider("up", "openai", &fake.url(), &keys.iter().map(String::as_str).collect::<Vec<_>>(), &["m"]);
    let mut house = House::start(json!({ "providers": [up], "gateway": { "max_attempts": 4 } })).await;
    let answer = house.chat("m").await;
    assert_eq!((answer.status, fake.count()), (429, 4));
    assert_eq!(house.logged(answer.id()).await["attempts"].as_array().unwrap().len(), 4);
}
