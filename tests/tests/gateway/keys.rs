//! Provider keys: rotation, states, and what outlives restarts and reloads.

use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use roundhouse_tests::house::verdicts;
use roundhouse_tests::{Dialect, Fake, House, Reply, Setup, eventually, provider};
use serde_json::{Value, json};

/// A provider that answers with an error to each credential that says which: `401.a` gets a 401.
async fn honest() -> Fake {
    Fake::new(|seen| match seen.credential().split('.').next().and_then(|status| status.parse().ok()) {
        Some(429) => {
            Reply::json(429, &json!({ "error": { "message": "slow down" } })).header("retry-after", "3600")
        }
        Some(402) => {
            Reply::json(429, &json!({ "error": { "message": "used up", "code": "insufficient_quota" } }))
        }
        Some(status) => {
            Reply::json(status, &json!({ "error": { "message": format!("no, {}", seen.credential()) } }))
        }
        None => Dialect::answer(seen, "hello"),
    })
    .await
}

fn one(url: &str, keys: &[&str]) -> Value {
    json!({ "providers": [provider("up", "openai", url, keys, &["m"])] })
}

#[tokio::test]
async fn keys_take_turns() {
    let fake = honest().await;
    let house = House::start(one(&fake.url(), &["a", "b", "c"])).await;
    for _ in 0..6 {
        assert_eq!(house.chat("m").await.status, 200);
    }
    let used: Vec<_> = fake.seen().iter().map(|seen| seen.credential().to_owned()).collect();
    assert_eq!(used, ["a", "b", "c", "a", "b", "c"]);
}

#[tokio::test]
async fn a_refused_key_is_probed_once_and_set_aside_until_an_administrator_resets_it() {
    let fake = honest().await;
    let mut house = House::start(one(&fake.url(), &["401.a", "b"])).await;
    let answer = house.chat("m").await;
    assert_eq!((answer.status, answer.header("x-roundhouse-attempts")), (200, "2"));
    assert_eq!(verdicts(&house.logged(answer.id()).await), ["credential_refused", "ok"]);
    house.await_keys("up", "invalid", 1).await;
    for _ in 0..4 {
        assert_eq!(house.chat("m").await.header("x-roundhouse-attempts"), "1");
    }
    let with_it: Vec<_> =
        fake.seen().into_iter().filter(|seen| seen.credential() == "401.a").map(|seen| seen.target).collect();
    assert_eq!(with_it, ["/v1/chat/completions", "/v1/models"]);
    let health = house.client().get("/health").send().await.json();
    assert_eq!(
        health["key_stats"],
        json!({ "total": 2, "available": 1, "failed": 1, "cooling": 0, "disabled": 0 })
    );

    fake.script(|seen| Dialect::answer(seen, "hello"));
    let reset = house.client().post("/admin/reset-failed-keys").send().await;
    assert_eq!(reset.status, 401, "{}", reset.text());
    let reset = house.manage("POST", "/admin/reset-failed-keys").await;
    assert_eq!((reset.status, reset.json()), (200, json!({ "status": "success", "reset_keys": 1 })));
    assert_eq!(house.keys("up", "active").await, 2);
    let before = fake.count();
    for _ in 0..2 {
        assert_eq!(house.chat("m").await.status, 200);
    }
    let used: HashSet<_> = fake.seen()[before..].iter().map(|seen| seen.credential().to_owned()).collect();
    assert_eq!(used.len(), 2);
}

#[tokio::test]
async fn a_key_that_its_probe_clears_goes_on() {
    let refuse = Arc::new(AtomicBool::new(true));
    let refusing = refuse.clone();
    let fake = Fake::new(move |seen| {
        if seen.method == "POST" && refusing.swap(false, Ordering::Relaxed) {
            return Reply::json(401, &json!({ "error": { "message": "odd" } }));
        }
        if seen.method == "GET" {
            Reply::json(200, &json!({ "data": [] }))
        } else {
            Dialect::answer(seen, "hello")
        }
    })
    .await;
    let house = House::start(one(&fake.url(), &["a", "b"])).await;
    assert_eq!(house.chat("m").await.status, 200);
    house.await_keys("up", "active", 2).await;
    assert!(fake.seen().iter().any(|seen| seen.target == "/v1/models" && seen.credential() == "a"));
}

#[tokio::test]
async fn an_invalid_key_comes_back_by_itself_when_its_provider_takes_it_again() {
    let fake = honest().await;
    let mut config = one(&fake.url(), &["401.a", "b"]);
    config["gateway"] = json!({ "probes": { "interval": "1s" } });
    let house = House::start(config).await;
    assert_eq!(house.chat("m").await.status, 200);
    house.await_keys("up", "invalid", 1).await;
    fake.script(|seen| Reply::json(200, &json!({ "data": [], "seen": seen.target })));
    house.await_keys("up", "active", 2).await;
}

#[tokio::test]
async fn a_rate_limited_key_rests_as_long_as_the_provider_says() {
    let limited = Arc::new(AtomicUsize::new(0));
    let count = limited.clone();
    let fake = Fake::new(move |seen| {
        if seen.credential() == "a" && count.fetch_add(1, Ordering::Relaxed) == 0 {
            return Reply::json(429, &json!({ "error": { "message": "slow down" } }))
                .header("retry-after", "2");
        }
        Dialect::answer(seen, "hello")
    })
    .await;
    let mut house = House::start(one(&fake.url(), &["a", "b"])).await;
    let answer = house.chat("m").await;
    assert_eq!(verdicts(&house.logged(answer.id()).await), ["rate_limited", "ok"]);
    assert_eq!(house.keys("up", "cooling").await, 1);
    assert_eq!(house.chat("m").await.header("x-roundhouse-attempts"), "1");
    assert_eq!(fake.last().credential(), "b");
    house.await_keys("up", "active", 2).await;
    eventually("key a is used again", async || {
        assert_eq!(house.chat("m").await.status, 200);
        (fake.last().credential() == "a").then_some(())
    })
    .await;
}

#[tokio::test]
async fn when_all_keys_rest_callers_are_told_when_to_come_back() {
    let fake = honest().await;
    let house = House::start(one(&fake.url(), &["429.a", "402.b"])).await;
    let answer = house.chat("m").await;
    Dialect::Chat.assert_error(&answer, 429, "rate_limit_error");
    assert_eq!(answer.json()["error"]["code"], "provider_rate_limited");
    let asked = fake.count();
    let answer = house.chat("m").await;
    Dialect::Chat.assert_error(&answer, 429, "rate_limit_error");
    assert_eq!(answer.json()["error"]["code"], "all_keys_cooling");
    // The provider asked for an hour; no rest after a rate limit is longer than half of one.
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1_700..=1_800).contains(&wait), "{wait}");
    assert_eq!(fake.count(), asked, "resting keys are not used");
    assert_eq!(house.keys("up", "cooling").await, 2);
}

#[tokio::test]
async fn a_used_up_quota_rests_for_hours() {
    let fake = honest().await;
    let house = House::start(one(&fake.url(), &["402.a"])).await;
    let wait: u64 = house.chat("m").await.header("retry-after").parse().unwrap();
    assert!((21_500..=21_600).contains(&wait), "{wait}");
}

#[tokio::test]
async fn forbidden_counts_up_to_the_threshold_and_a_success_clears_it() {
    let script = Arc::new(Mutex::new(vec![403, 200, 403, 403]));
    let statuses = script.clone();
    let fake = Fake::new(move |seen| {
        let mut left = statuses.lock().unwrap();
        let status = if left.is_empty() { 200 } else { left.remove(0) };
        if status == 200 {
            Dialect::answer(seen, "hello")
        } else {
            Reply::json(status, &json!({ "error": { "message": "no" } }))
        }
    })
    .await;
    let mut config = one(&fake.url(), &["a"]);
    config["gateway"] = json!({ "failures": { "threshold": 2 }, "probes": { "interval": "0s" } });
    let house = House::start(config).await;
    for status in [502, 200, 502] {
        assert_eq!(house.chat("m").await.status, status);
        assert_eq!(house.keys("up", "active").await, 1);
    }
    assert_eq!(house.chat("m").await.status, 502);
    assert_eq!(house.keys("up", "invalid").await, 1);
    let answer = house.chat("m").await;
    Dialect::Chat.assert_error(&answer, 503, "server_error");
    assert_eq!(answer.json()["error"]["code"], "no_usable_key");
    let health = house.client().get("/health").send().await.json();
    assert_eq!(health["status"], "degraded");
}

#[tokio::test]
async fn states_outlive_restarts_kills_and_other_configurations() {
    let fake = honest().await;
    let keys = ["401.a", "429.b", "c"];
    let mut config = one(&fake.url(), &keys);
    let mut house = House::start(config.clone()).await;
    assert_eq!(house.chat("m").await.status, 200);
    house.await_keys("up", "invalid", 1).await;
    let states = async |house: &House| {
        [
            house.keys("up", "invalid").await,
            house.keys("up", "cooling").await,
            house.keys("up", "active").await,
        ]
    };
    assert_eq!(states(&house).await, [1, 1, 1]);

    config["gateway"] = json!({ "max_attempts": 7 });
    config["providers"][0]["weight"] = 3.into();
    config["providers"][0]["keys"].as_array_mut().unwrap().push("d".into());
    house.reconfigure(&config).await;
    assert_eq!(states(&house).await, [1, 1, 2], "a snapshot is swapped");

    house.restart().await;
    assert_eq!(states(&house).await, [1, 1, 2], "a restart");

    // What is written behind a request is written within a second: the records of later requests show that it was.
    let id = house.chat("m").await.id().to_owned();
    house.logged(&id).await;
    house.kill().await;
    house.run().await;
    assert_eq!(states(&house).await, [1, 1, 2], "a kill");
    assert_eq!(house.logged(&id).await["status"], 200);
    let asked = fake.count();
    assert_eq!(house.chat("m").await.header("x-roundhouse-attempts"), "1");
    assert!(!fake.seen()[asked..].iter().any(|seen| seen.credential().contains('.')));
}

#[tokio::test]
async fn a_keys_file_is_watched_and_can_be_read_again_at_once() {
    let fake = honest().await;
    let mut up = provider("up", "openai", &fake.url(), &[], &["m"]);
    up.as_object_mut().unwrap().remove("keys");
    up["keys_file"] = "keys.txt".into();
    let mut house = House::prepare(Setup::new(&json!({ "providers": [up] })));
    let file = house.folder().join("keys.txt");
    std::fs::write(&file, "# mine\n\n  a  \n401.b\n\na\n").unwrap();
    house.run().await;
    assert_eq!(house.keys("up", "active").await, 2);
    for _ in 0..2 {
        assert_eq!(house.chat("m").await.status, 200);
    }
    house.await_keys("up", "invalid", 1).await;

    std::fs::write(&file, "a\n401.b\nc\nd\n").unwrap();
    house.await_keys("up", "active", 3).await;
    assert_eq!(house.keys("up", "invalid").await, 1, "a state survives a new file");

    std::fs::write(&file, "e\n").unwrap();
    let reload = house.client().post("/admin/reload-keys").bearer("nobody").send().await;
    assert_eq!(reload.status, 401, "{}", reload.text());
    let reload = house.manage("POST", "/admin/reload-keys").await;
    assert_eq!((reload.status, reload.json()), (200, json!({ "status": "success", "total_keys": 1 })));
    assert_eq!(house.chat("m").await.status, 200);
    assert_eq!(fake.last().credential(), "e");
}

#[tokio::test]
async fn the_environment_alone_makes_working_providers() {
    let fake = Fake::new(|seen| match (seen.method.as_str(), seen.credential()) {
        ("GET", "sk-1") => Reply::json(200, &json!({ "data": [{ "id": "gpt-x" }] })),
        ("GET", _) => Reply::json(200, &json!({ "data": [{ "id": "mega-x" }] })),
        _ => Dialect::answer(seen, "hello"),
    })
    .await;
    let setup = Setup::without_file().env("OPENAI_API_KEY", "sk-1").env("OPENAI_BASE_URL", &fake.v1());
    let setup =
        setup.env("MEGALLM_BASE_URL", &fake.v1()).env("MEGALLM_TIMEOUT", "20").env("MAX_KEY_RETRIES", "3");
    let mut house = House::prepare(setup);
    std::fs::create_dir(house.data()).unwrap();
    std::fs::write(house.data().join("keys.txt"), "mk-1\nmk-2\n").unwrap();
    house.run().await;
    let file = house.data().join("first-access-key.txt");
    let key = std::fs::read_to_string(&file).unwrap().trim().to_owned();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    eventually("models are discovered", async || {
        let models = house.client().get("/v1/models").bearer(&key).send().await.json();
        let ids: Vec<_> = models["data"].as_array()?.iter().map(|model| model["id"].clone()).collect();
        (ids == ["gpt-x", "mega-x"]).then_some(())
    })
    .await;
    for (model, owner) in [("gpt-x", "openai"), ("mega-x", "megallm")] {
        let answer = Dialect::Chat.ask(house.client(), &key, model, false).send().await;
        assert_eq!(
            (answer.status, answer.header("x-roundhouse-provider")),
            (200, owner),
            "{}",
            answer.text()
        );
    }
    assert!(["mk-1", "mk-2"].contains(&fake.last().credential()));
    let health = house.client().get("/health").send().await.json();
    assert_eq!(health["key_stats"]["total"], 3);
}
