//! Budgets and limits of access keys, their owners and groups.

use roundhouse_tests::{Answer, Dialect, Fake, House, KEY, Reply, eventually, provider};
use serde_json::{Value, json};

/// Answers cost 18 tokens, at a tenth of a cent each.
const CATALOGUE: &str = r#"[{ "match": "*", "prices": { "input": 1000, "output": 1000 } }]"#;

fn config(fake: &Fake, keys: &Value) -> Value {
    let catalogue: Value = serde_json::from_str(CATALOGUE).unwrap();
    json!({
        "providers": Dialect::ALL.map(|dialect| {
            let name = format!("{dialect:?}").to_lowercase();
            provider(&name, dialect.kind(), &fake.url(), &["pk-1"], &[name.as_str()])
        }),
        "catalogue": catalogue,
        "access_keys": keys,
        "gateway": { "max_attempts": 1, "timeouts": { "first_byte": "1s" }, "breaker": { "failures": 0 } },
    })
}

fn model_of(dialect: Dialect) -> String {
    format!("{dialect:?}").to_lowercase()
}

async fn ask(house: &House, key: &str, dialect: Dialect, stream: bool) -> Answer {
    dialect.ask(house.client(), key, &model_of(dialect), stream).send().await
}

async fn send(house: &mut House, method: &str, path: &str, body: &Value) -> Answer {
    let token = house.administrator().await;
    let method = method.parse().unwrap();
    house.client().ask(method, &format!("/api/v1{path}")).bearer(&token).json(body).send().await
}

/// What a provider answers in a dialect.
type Script = fn(Dialect) -> Reply;

#[tokio::test]
async fn a_budget_that_is_spent_is_refused_in_every_protocol_until_it_is_renewed() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let keys = Dialect::ALL.map(|dialect| {
        json!({ "name": format!("{dialect:?}"), "key": format!("rh-budget-{dialect:?}"), "limits": { "usd_per_day": 0.01 } })
    });
    let house = House::start(config(&fake, &json!(keys))).await;
    for dialect in Dialect::ALL {
        let key = format!("rh-budget-{dialect:?}");
        let answer = ask(&house, &key, dialect, false).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("x-roundhouse-cost-usd"), "0.018");
        assert_eq!(answer.header("x-roundhouse-budget-remaining-usd"), "0");
        let refused = ask(&house, &key, dialect, true).await;
        let kind = match dialect {
            Dialect::Chat | Dialect::Responses => "insufficient_quota",
            _ => dialect.error_kind(429),
        };
        dialect.assert_error(&refused, 429, kind);
        assert!(refused.text().contains("0.01 USD per day"), "{}", refused.text());
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=86_400).contains(&wait), "{wait}");
        assert_eq!(refused.header("x-should-retry"), "false");
    }
    assert_eq!(fake.count(), 4);
}

#[tokio::test]
async fn answers_tell_what_is_left_in_the_callers_protocol() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let limits = json!({ "requests_per_minute": 10, "tokens_per_minute": 100_000, "usd_per_month": 5 });
    let keys = json!([{ "name": "told", "key": "rh-told-of-limits", "limits": limits }, { "name": "free", "key": KEY }]);
    let house = House::start(config(&fake, &keys)).await;
    let answer = ask(&house, "rh-told-of-limits", Dialect::Chat, false).await;
    assert_eq!(answer.header("x-ratelimit-limit-requests"), "10");
    assert_eq!(answer.header("x-ratelimit-remaining-requests"), "9");
    assert_eq!(answer.header("x-ratelimit-remaining-tokens"), "99982");
    assert!(answer.header("x-ratelimit-reset-requests").ends_with('s'));
    assert_eq!(answer.header("x-roundhouse-budget-remaining-usd"), "4.982");
    let answer = ask(&house, "rh-told-of-limits", Dialect::Messages, false).await;
    assert_eq!(answer.header("anthropic-ratelimit-requests-remaining"), "8");
    assert_eq!(answer.header("anthropic-ratelimit-tokens-limit"), "100000");
    assert!(answer.header("anthropic-ratelimit-tokens-reset").ends_with('Z'));
    let answer = ask(&house, KEY, Dialect::Chat, false).await;
    for name in ["x-ratelimit-limit-requests", "x-roundhouse-budget-remaining-usd"] {
        assert!(!answer.headers.contains_key(name), "nothing is told of limits that there are not");
    }
}

#[tokio::test]
async fn what_was_spent_survives_a_crash() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let keys = json!([{ "name": "spent", "key": "rh-spent-budget00", "limits": { "usd_per_day": 0.03 } }]);
    let mut house = House::start(config(&fake, &keys)).await;
    for stream in [false, true] {
        assert_eq!(ask(&house, "rh-spent-budget00", Dialect::Chat, stream).await.status, 200);
    }
    eventually("what was spent is written", async || {
        let answer = house.manage("GET", "/api/v1/requests?outcome=ok").await.json();
        (answer["items"].as_array()?.len() == 2).then_some(())
    })
    .await;
    // What is written of budgets follows within one more interval.
    assert_eq!(ask(&house, "rh-spent-budget00", Dialect::Chat, false).await.status, 429);
    eventually("the refusal is written, and so all before it", async || {
        let answer = house.manage("GET", "/api/v1/requests").await.json();
        (answer["items"].as_array()?.len() >= 2).then_some(())
    })
    .await;
    house.kill().await;
    house.run().await;
    let refused = ask(&house, "rh-spent-budget00", Dialect::Chat, false).await;
    assert_eq!(refused.status, 429, "{}", refused.text());
    let shown = house.manage("GET", "/api/v1/access-keys/spent").await.json();
    assert_eq!(shown["usage"]["today"]["tokens"], 36);
    assert_eq!(shown["usage"]["this_month"]["requests"], 2);
}

#[tokio::test]
async fn reservations_end_with_the_call_however_it_ends() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let limits = json!({ "usd_per_day": 100, "tokens_per_minute": 1_000_000, "concurrent": 100 });
    let keys = json!([{ "name": "tried", "key": "rh-reserved-for00", "limits": limits }]);
    let mut house = House::start(config(&fake, &keys)).await;
    let replies: [(&str, Script); 6] = [
        ("error", |_| Reply::json(500, &json!({ "error": { "message": "oops" } }))),
        ("refusal", |_| {
            Reply::json(400, &json!({ "error": { "message": "no", "type": "invalid_request_error" } }))
        }),
        ("closed", |_| Reply::closed()),
        ("timeout", |_| Reply::never()),
        ("cut", |dialect| Reply::events(dialect.stream("one two three")).cut_at(150)),
        ("whole", |dialect| Reply::events(dialect.stream("one two three"))),
    ];
    for (what, reply) in replies {
        fake.script(move |_| reply(Dialect::Chat));
        for dialect in [Dialect::Chat] {
            ask(&house, "rh-reserved-for00", dialect, true).await;
        }
        released(&mut house, what).await;
    }
    // The caller goes away in the middle.
    fake.script(|_| Reply::events(Dialect::Chat.stream("one two three")).stuck_at(400));
    let mut open = Dialect::Chat.ask(house.client(), "rh-reserved-for00", "chat", true).open().await;
    open.next().await.unwrap();
    drop(open);
    released(&mut house, "caller gone").await;
    // A body that cannot be read, and a model that nobody serves.
    let broken = house.client().post("/v1/chat/completions").bearer("rh-reserved-for00").text("{");
    assert_eq!(broken.send().await.status, 400);
    let unknown = Dialect::Chat.ask(house.client(), "rh-reserved-for00", "nonesuch", false);
    assert_eq!(unknown.send().await.status, 404);
    released(&mut house, "refused before").await;
}

async fn released(house: &mut House, what: &str) {
    let token = house.administrator().await;
    let client = house.client().clone();
    eventually(&format!("nothing is reserved after {what}"), async || {
        let shown = client.get("/api/v1/access-keys/tried").bearer(&token).send().await.json();
        let usage = &shown["usage"];
        (usage["open_requests"] == 0
            && usage["reserved"]["tokens"] == 0
            && usage["reserved"]["cost_usd"] == 0.0)
            .then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_key_is_used_from_its_networks_only_and_proxies_are_believed_only_where_trusted() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let keys = json!([
        { "name": "office", "key": "rh-from-the-office", "allowed_networks": ["203.0.113.0/24", "2001:db8::/32"] },
        { "name": "local", "key": "rh-from-this-machine", "allowed_networks": ["127.0.0.1"] },
    ]);
    let mut trusting = config(&fake, &keys);
    trusting["server"] = json!({ "trusted_proxies": ["127.0.0.1"] });
    let house = House::start(trusting).await;
    for dialect in Dialect::ALL {
        let ask = |from: &str| {
            let ask = dialect.ask(house.client(), "rh-from-the-office", &model_of(dialect), false);
            ask.header("x-forwarded-for", from)
        };
        for (from, status) in [("203.0.113.9", 200), ("2001:db8::1", 200), ("198.51.100.1", 403)] {
            let answer = ask(from).send().await;
            assert_eq!(answer.status, status, "{from}: {}", answer.text());
            if status == 403 {
                dialect.assert_error(&answer, 403, dialect.error_kind(403));
                assert!(answer.text().contains(from), "{}", answer.text());
            }
        }
    }
    let listed = house.client().get("/v1/models").bearer("rh-from-the-office").send().await;
    assert_eq!(listed.status, 403);

    let house = House::start(config(&fake, &keys)).await;
    let spoofed = Dialect::Chat.ask(house.client(), "rh-from-the-office", "chat", false);
    assert_eq!(spoofed.header("x-forwarded-for", "203.0.113.9").send().await.status, 403);
    let local = Dialect::Chat.ask(house.client(), "rh-from-this-machine", "chat", false);
    assert_eq!(local.header("x-forwarded-for", "203.0.113.9").send().await.status, 200);
}

#[tokio::test]
async fn a_groups_budget_is_shared_by_the_keys_of_its_members() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house = House::start(config(&fake, &json!([]))).await;
    let group = send(&mut house, "POST", "/groups", &json!({ "name": "research" })).await.json();
    let group = group["id"].as_str().unwrap().to_owned();
    let mut keys = Vec::new();
    for name in ["ann", "bob"] {
        let email = format!("{name}@example.com");
        let new =
            json!({ "email": email, "name": name, "password": "a long enough password", "groups": [group] });
        let made = send(&mut house, "POST", "/users", &new).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let made = send(&mut house, "POST", "/access-keys", &json!({ "name": name, "owner": email })).await;
        assert_eq!(made.status, 201, "{}", made.text());
        keys.push(made.json()["key"].as_str().unwrap().to_owned());
    }
    let limits =
        send(&mut house, "PUT", &format!("/groups/{group}/limits"), &json!({ "usd_per_day": 0.03 })).await;
    assert_eq!(limits.status, 200, "{}", limits.text());
    for key in &keys {
        assert_eq!(ask(&house, key, Dialect::Chat, false).await.status, 200);
    }
    for key in &keys {
        let refused = ask(&house, key, Dialect::Messages, false).await;
        Dialect::Messages.assert_error(&refused, 429, "rate_limit_error");
        assert!(refused.text().contains("the group \\\"research\\\""), "{}", refused.text());
    }
    let shown = house.manage("GET", &format!("/api/v1/groups/{group}/limits")).await.json();
    assert_eq!(shown["usage"]["today"]["tokens"], 36);
    assert_eq!(shown["usage"]["remaining"]["usd_today"], 0.0);
    // Who leaves the group leaves its budget; who is kept out may not use keys.
    let bob = house.manage("GET", "/api/v1/users?q=bob").await.json();
    let bob = bob["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(house.manage("DELETE", &format!("/api/v1/groups/{group}/members/{bob}")).await.status, 204);
    assert_eq!(ask(&house, &keys[1], Dialect::Chat, false).await.status, 200);
    let off = send(&mut house, "PATCH", &format!("/users/{bob}"), &json!({ "disabled": true })).await;
    assert_eq!(off.status, 200, "{}", off.text());
    assert_eq!(ask(&house, &keys[1], Dialect::Chat, false).await.status, 401);
}

#[tokio::test]
async fn a_burst_overdraws_a_budget_by_no_more_than_one_call() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    // A call is expected to cost some 4.1 dollars, since it does not bound its answer, and costs 0.018.
    let keys = json!([{ "name": "burst", "key": "rh-burst-of-calls", "limits": { "usd_per_day": 0.1 } }]);
    let mut house = House::start(config(&fake, &keys)).await;
    let client = house.client().clone();
    let asking: Vec<_> = (0..200)
        .map(|_| tokio::spawn(Dialect::Chat.ask(&client, "rh-burst-of-calls", "chat", false).send()))
        .collect();
    let mut answered = 0;
    for answer in asking {
        answered += usize::from(answer.await.unwrap().status == 200);
    }
    assert!((1..=6).contains(&answered), "{answered} calls of 0.018 in 0.1");
    let shown = house.manage("GET", "/api/v1/access-keys/burst").await.json();
    assert!(shown["usage"]["today"]["cost_usd"].as_f64().unwrap() < 0.1 + 0.018);
}
