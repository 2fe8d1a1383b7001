//! Access keys: who may use what, and how much of it.

use roundhouse_tests::{Dialect, Fake, Gate, House, KEY, eventually, provider};
use serde_json::{Value, json};

fn providers(fake: &Fake) -> Value {
    json!([
        provider("openai", "openai", &fake.url(), &["pk-1"], &["gpt", "vendor/slashed"]),
        provider("backup", "openai-compatible", &fake.url(), &["pk-2"], &["gpt", "llama"]),
        provider("claude", "anthropic", &fake.url(), &["pk-3"], &["sonnet"]),
        provider("google", "gemini", &fake.url(), &["pk-4"], &["flash"]),
    ])
}

fn model_of(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Chat | Dialect::Responses => "gpt",
        Dialect::Messages => "sonnet",
        Dialect::Gemini => "flash",
    }
}

#[tokio::test]
async fn a_missing_or_unknown_or_expired_key_is_refused_in_every_protocol() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let keys = json!([
        { "name": "old", "key": "rh-old-key-of-tests", "expires_at": "2020-01-01T00:00:00Z" },
        { "name": "off", "key": "rh-off-key-of-tests", "enabled": false },
        { "name": "new", "key": "rh-new-key-of-tests", "expires_at": "2999-01-01T00:00:00Z" },
    ]);
    let house = House::start(json!({ "providers": providers(&fake), "access_keys": keys })).await;
    for dialect in Dialect::ALL {
        let path = dialect.path(model_of(dialect), false);
        let body = dialect.request(model_of(dialect), false);
        let answer = house.client().post(&path).json(&body).send().await;
        dialect.assert_error(&answer, 401, dialect.error_kind(401));
        for key in ["nobody", "rh-old-key-of-tests", "rh-off-key-of-tests", KEY] {
            let answer = dialect.ask(house.client(), key, model_of(dialect), true).send().await;
            dialect.assert_error(&answer, 401, dialect.error_kind(401));
            assert!(!answer.text().contains(key));
        }
        let answer =
            dialect.ask(house.client(), "rh-new-key-of-tests", model_of(dialect), false).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    assert_eq!(fake.count(), 4);
    assert_eq!(house.metric("roundhouse_unauthenticated_requests_total").await, Some(20.0));
}

#[tokio::test]
async fn rules_say_which_models_a_key_may_use() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let rules = [
        ("rh-everything-0000", json!(["all"])),
        ("rh-by-model-000000", json!(["gpt", "sonnet"])),
        ("rh-by-provider-000", json!(["backup/*"])),
        ("rh-by-both-0000000", json!(["backup/gpt"])),
        ("rh-by-slash-000000", json!(["<vendor/slashed>"])),
        ("rh-nothing-at-all0", json!(["no-such-model"])),
    ];
    let keys: Vec<_> =
        rules.iter().map(|(key, models)| json!({ "name": key, "key": key, "models": models })).collect();
    let house = House::start(json!({ "providers": providers(&fake), "access_keys": keys })).await;
    let allowed: [(&str, &[&str]); 6] = [
        ("rh-everything-0000", &["flash", "gpt", "llama", "sonnet", "vendor/slashed"]),
        ("rh-by-model-000000", &["gpt", "sonnet"]),
        ("rh-by-provider-000", &["gpt", "llama"]),
        ("rh-by-both-0000000", &["gpt"]),
        ("rh-by-slash-000000", &["vendor/slashed"]),
        ("rh-nothing-at-all0", &[]),
    ];
    for (key, models) in allowed {
        let listed = house.client().get("/v1/models").bearer(key).send().await;
        assert_eq!((listed.status, listed.json()["object"].as_str()), (200, Some("list")));
        let ids: Vec<_> = listed.json()["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|model| model["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(ids, models, "{key}");
        let gemini = house.client().get(&format!("/v1beta/models?key={key}")).send().await.json();
        let names: Vec<_> = gemini["models"]
            .as_array()
            .unwrap()
            .iter()
            .map(|model| model["name"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(names, models.iter().map(|model| format!("models/{model}")).collect::<Vec<_>>());
        for model in ["gpt", "llama", "vendor/slashed"] {
            let one = house.client().get(&format!("/v1/models/{model}")).bearer(key).send().await;
            let answer = Dialect::Chat.ask(house.client(), key, model, false).send().await;
            if models.contains(&model) {
                assert_eq!(
                    (one.status, one.json()["id"].as_str(), answer.status),
                    (200, Some(model), 200),
                    "{key} {model}"
                );
            } else {
                Dialect::Chat.assert_error(&one, 404, "invalid_request_error");
                Dialect::Chat.assert_error(&answer, 403, "permission_error");
                assert_eq!(answer.json()["error"]["code"], "model_not_allowed");
            }
        }
    }
    // Only as served by that provider: never by the other one.
    for _ in 0..4 {
        let answer = Dialect::Chat.ask(house.client(), "rh-by-both-0000000", "gpt", false).send().await;
        assert_eq!(answer.header("x-roundhouse-provider"), "backup");
    }
    for (key, path, status) in [
        ("rh-by-provider-000", "/proxy/backup/v1/chat/completions", 200),
        ("rh-by-provider-000", "/proxy/openai/v1/chat/completions", 403),
        ("rh-by-model-000000", "/proxy/openai/v1/chat/completions", 403),
    ] {
        let answer =
            house.client().post(path).bearer(key).json(&Dialect::Chat.request("gpt", false)).send().await;
        assert_eq!(answer.status, status, "{key} {path}: {}", answer.text());
    }
}

#[tokio::test]
async fn models_nobody_serves_are_not_found_in_every_protocol() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house = House::start(json!({ "providers": providers(&fake) })).await;
    for dialect in Dialect::ALL {
        for stream in [false, true] {
            let answer = dialect.ask(house.client(), KEY, "nonesuch", stream).send().await;
            dialect.assert_error(&answer, 404, dialect.error_kind(404));
            assert!(answer.text().contains("nonesuch"));
            let logged = house.logged(answer.id()).await;
            assert_eq!(
                (&logged["status"], &logged["outcome"], &logged["attempts"]),
                (&json!(404), &json!("caller_fault"), &json!([]))
            );
        }
    }
    assert_eq!(fake.count(), 0);
}

#[tokio::test]
async fn model_lists_are_in_the_callers_protocol() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house = House::start(json!({ "providers": providers(&fake) })).await;
    let anthropic = house.get("/v1/models").header("anthropic-version", "2023-06-01").send().await.json();
    assert_eq!(
        (&anthropic["has_more"], &anthropic["first_id"], &anthropic["last_id"]),
        (&json!(false), &json!("flash"), &json!("vendor/slashed"))
    );
    assert_eq!(
        (&anthropic["data"][0]["type"], &anthropic["data"][0]["id"]),
        (&json!("model"), &json!("flash"))
    );
    let one = house.get("/v1/models/sonnet").header("anthropic-version", "2023-06-01").send().await.json();
    assert_eq!(
        (&one["type"], &one["id"], &one["display_name"]),
        (&json!("model"), &json!("sonnet"), &json!("sonnet"))
    );
    let gemini = house.get("/v1beta/models/flash").send().await.json();
    assert_eq!(gemini["name"], "models/flash");
    let openai = house.get("/v1/models/gpt").send().await.json();
    assert_eq!((&openai["object"], &openai["id"]), (&json!("model"), &json!("gpt")));
    assert!(openai["created"].as_i64().unwrap() > 1_700_000_000);
    let google = house.client().get("/v1/models").header("x-goog-api-key", KEY).send().await.json();
    assert_eq!(google["models"][0]["name"], "models/flash");
    let missing = house.get("/v1beta/models/nonesuch").send().await;
    Dialect::Gemini.assert_error(&missing, 404, "NOT_FOUND");
    let missing = house.get("/v1/models/nonesuch").header("anthropic-version", "2023-06-01").send().await;
    Dialect::Messages.assert_error(&missing, 404, "not_found_error");
    let refused = house.client().get("/v1beta/models").send().await;
    Dialect::Gemini.assert_error(&refused, 401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn requests_per_minute_are_limited_and_the_refusal_says_when_to_come_back() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let keys = Dialect::ALL.map(|dialect| {
        json!({ "name": format!("{dialect:?}"), "key": format!("rh-limited-{dialect:?}"), "limits": { "requests_per_minute": 2 } })
    });
    let mut house = House::start(json!({ "providers": providers(&fake), "access_keys": keys })).await;
    for dialect in Dialect::ALL {
        let key = format!("rh-limited-{dialect:?}");
        for _ in 0..2 {
            assert_eq!(dialect.ask(house.client(), &key, model_of(dialect), false).send().await.status, 200);
        }
        let refused = dialect.ask(house.client(), &key, model_of(dialect), true).send().await;
        dialect.assert_error(&refused, 429, dialect.error_kind(429));
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
    }
    // The counts outlive a new configuration.
    let mut config = json!({ "providers": providers(&fake), "access_keys": keys });
    config["gateway"] = json!({ "max_attempts": 5 });
    house.reconfigure(&config).await;
    assert_eq!(Dialect::Chat.ask(house.client(), "rh-limited-Chat", "gpt", false).send().await.status, 429);
}

#[tokio::test]
async fn open_requests_are_limited_and_places_come_back() {
    let gate = Gate::default();
    let held = gate.clone();
    let fake = Fake::new(move |seen| Dialect::answer(seen, "hello").gated(0, &held)).await;
    let keys = json!([{ "name": "few", "key": "rh-two-at-a-time", "limits": { "concurrent": 2 } }]);
    let house = House::start(json!({ "providers": providers(&fake), "access_keys": keys })).await;
    let client = house.client().clone();
    let asking: Vec<_> = (0..2)
        .map(|_| tokio::spawn(Dialect::Chat.ask(&client, "rh-two-at-a-time", "gpt", true).send()))
        .collect();
    eventually("both are under way", async || (fake.count() == 2).then_some(())).await;
    let refused = Dialect::Chat.ask(&client, "rh-two-at-a-time", "gpt", false).send().await;
    Dialect::Chat.assert_error(&refused, 429, "rate_limit_error");
    assert_eq!(refused.header("retry-after"), "1");
    gate.open();
    for answer in asking {
        assert_eq!(answer.await.unwrap().status, 200);
    }
    assert_eq!(Dialect::Chat.ask(&client, "rh-two-at-a-time", "gpt", false).send().await.status, 200);
}

#[tokio::test]
async fn tokens_per_minute_are_limited_by_what_providers_counted() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let keys =
        json!([{ "name": "thrifty", "key": "rh-thirty-tokens", "limits": { "tokens_per_minute": 30 } }]);
    let house = House::start(json!({ "providers": providers(&fake), "access_keys": keys })).await;
    let mut statuses = Vec::new();
    for stream in [false, true, false] {
        statuses
            .push(Dialect::Chat.ask(house.client(), "rh-thirty-tokens", "gpt", stream).send().await.status);
    }
    assert_eq!(statuses, [200, 200, 429]);
}

#[tokio::test]
async fn keys_made_by_an_administrator_work_at_once_and_stop_at_once() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house = House::start(json!({ "providers": providers(&fake) })).await;
    let token = house.administrator().await;
    let new = json!({ "name": "made", "models": ["gpt"] });
    let made = house.client().post("/api/v1/access-keys").bearer(&token).json(&new).send().await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    let use_it = async |house: &House, key: &str| {
        Dialect::Chat.ask(house.client(), key, "gpt", false).send().await.status
    };
    assert_eq!(use_it(&house, key).await, 200);
    house.restart().await;
    assert_eq!(use_it(&house, key).await, 200, "it outlives a restart");
    let rotated = house.manage("POST", &format!("/api/v1/access-keys/{id}/rotate")).await.json();
    let fresh = rotated["key"].as_str().unwrap();
    assert_eq!((use_it(&house, key).await, use_it(&house, fresh).await), (401, 200));
    assert_eq!(house.manage("DELETE", &format!("/api/v1/access-keys/{id}")).await.status, 204);
    assert_eq!(use_it(&house, fresh).await, 401);
}
