//! Routes: shown, set, explained, and why logged requests went where they went.

use roundhouse_tests::{Answer, Dialect, Fake, House, Reply, provider};
use serde_json::{Value, json};

async fn ask(house: &mut House, method: &str, path: &str, body: &Value) -> Answer {
    let token = house.administrator().await;
    house.client().ask(method.parse().unwrap(), path).bearer(&token).json(body).send().await
}

fn two(url: &str) -> Value {
    json!({
        "providers": [
            provider("a", "openai", url, &["key-a1", "key-a2"], &["org/m", "n"]),
            provider("b", "openai", url, &["key-b"], &["org/m"]),
        ],
    })
}

/// The targets of an explanation's routes.
fn targets(explanation: &Value) -> Vec<Value> {
    let routes = explanation["routes"].as_array().unwrap().iter();
    let tiers = routes.flat_map(|route| route["tiers"].as_array().unwrap());
    tiers.flat_map(|tier| tier.as_array().unwrap().clone()).collect()
}

fn standings(targets: &[Value]) -> Vec<(&str, &str)> {
    let of = |target: &Value, name: &str| target[name].as_str().map(str::to_owned);
    targets
        .iter()
        .map(|target| {
            assert!(of(target, "reason").is_some_and(|reason| !reason.is_empty()), "{target}");
            (target["provider"].as_str().unwrap(), target["standing"].as_str().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn a_route_is_set_served_and_taken_back() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house = House::start(two(&fake.url())).await;
    let listed = house.manage("GET", "/api/v1/routes").await.json();
    let names: Vec<_> =
        listed["items"].as_array().unwrap().iter().map(|route| route["model"].clone()).collect();
    assert_eq!(names, ["n", "org/m"]);
    let implicit = house.manage("GET", "/api/v1/routes/org/m").await.json();
    assert_eq!(
        (&implicit["origin"], implicit["tiers"][0].as_array().unwrap().len()),
        (&json!("implicit"), 2)
    );
    assert_eq!(implicit, house.manage("GET", "/api/v1/routes/org%2Fm").await.json());
    let body = json!({
        "strategy": "ordered",
        "tiers": [[{ "provider": "b", "model": "org/m" }], [{ "provider": "a", "model": "org/m", "weight": 3 }]],
        "fallbacks": ["n"],
    });
    let put = ask(&mut house, "PUT", "/api/v1/routes/org/m", &body).await;
    assert_eq!((put.status, &put.json()["origin"]), (200, &json!("configured")), "{}", put.text());
    for _ in 0..3 {
        assert_eq!(house.chat("org/m").await.header("x-roundhouse-provider"), "b");
    }
    assert_eq!(house.manage("DELETE", "/api/v1/routes/org/m").await.status, 204);
    assert_eq!(house.manage("GET", "/api/v1/routes/org/m").await.json()["origin"], "implicit");
    assert_eq!(house.manage("DELETE", "/api/v1/routes/org/m").await.status, 404);
    assert_eq!(house.manage("GET", "/api/v1/routes/nonesuch").await.status, 404);
}

#[tokio::test]
async fn a_route_that_leads_nowhere_is_refused_and_named() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut config = two(&fake.url());
    let target = json!({ "provider": "a", "model": "n" });
    config["routes"] = json!([{ "model": "n", "tiers": [[target]] }]);
    let mut house = House::start(config).await;
    for (body, field) in [
        (json!({ "tiers": [[{ "provider": "nobody", "model": "n" }]] }), "tiers[0][0].provider"),
        (json!({ "tiers": [[{ "provider": "a", "model": "nothing" }]] }), "tiers[0][0].model"),
        (json!({ "tiers": [[target]], "fallbacks": ["nothing"] }), "fallbacks[0]"),
        (json!({ "tiers": [[]] }), "tiers[0]"),
        (json!({ "tiers": [[{ "provider": "a", "model": "n", "weight": 0 }]] }), "tiers[0]"),
        (json!({}), "tiers"),
    ] {
        let refused = ask(&mut house, "PUT", "/api/v1/routes/x", &body).await;
        assert_eq!(refused.status, 400, "{body}");
        assert!(refused.text().contains(field), "{field}: {}", refused.text());
    }
    assert_eq!(house.manage("GET", "/api/v1/routes/x").await.status, 404, "nothing was kept");
    for method in ["PUT", "DELETE"] {
        let refused = ask(&mut house, method, "/api/v1/routes/n", &json!({ "tiers": [[target]] })).await;
        assert_eq!(refused.status, 409, "a declared route is read-only: {}", refused.text());
    }
}

#[tokio::test]
async fn an_explanation_tells_who_would_be_asked_and_why_nobody_else() {
    let fake = Fake::new(|seen| match seen.credential() {
        "key-a1" | "key-a2" => {
            Reply::json(429, &json!({ "error": { "message": "slow down" } })).header("retry-after", "600")
        }
        _ => Dialect::answer(seen, "hello"),
    })
    .await;
    let mut config = two(&fake.url());
    config["access_keys"] = json!([
        { "name": "test", "key": roundhouse_tests::KEY },
        { "name": "only-a", "key": "rh-another-access-key", "models": ["a/*"] },
    ]);
    let mut house = House::start(config).await;
    let path = "/api/v1/routes/org/m/explain";
    let explained = ask(&mut house, "POST", path, &json!({ "operation": "chat.completions" })).await.json();
    assert_eq!(standings(&targets(&explained)), [("a", "chosen"), ("b", "not_its_turn")]);
    assert_eq!(targets(&explained)[0]["share"], 0.5);
    assert_eq!(targets(&explained)[0]["protocol"], "native");
    // Both keys of the first are told to rest.
    while fake.seen().iter().filter(|seen| seen.credential().starts_with("key-a")).count() < 2 {
        assert_eq!(house.chat("org/m").await.header("x-roundhouse-provider"), "b");
    }
    let explained = ask(&mut house, "POST", path, &json!({})).await.json();
    assert_eq!(explained["first"]["provider"], "b");
    assert_eq!(standings(&targets(&explained)), [("a", "keys_cooling"), ("b", "chosen")]);
    let resting = &targets(&explained)[0];
    assert_eq!((&resting["keys"]["cooling"], resting["until"].is_string()), (&json!(2), true));
    assert!(resting["reason"].as_str().unwrap().contains("2 resting until"), "{resting}");
    let explained = ask(&mut house, "POST", path, &json!({ "access_key": "only-a" })).await.json();
    assert_eq!((&explained["first"], standings(&targets(&explained))[1]), (&Value::Null, ("b", "forbidden")));
    let simulated =
        ask(&mut house, "POST", "/api/v1/routes/org/m/simulate", &json!({ "requests": 10 })).await.json();
    assert_eq!((&simulated[0]["requests"], &simulated[1]["requests"]), (&json!(0), &json!(10)));
    for (body, status) in [(json!({ "operation": "dance" }), 400), (json!({ "access_key": "nobody" }), 400)] {
        assert_eq!(ask(&mut house, "POST", path, &body).await.status, status);
    }
    assert_eq!(ask(&mut house, "POST", "/api/v1/routes/nonesuch/explain", &json!({})).await.status, 404);
}

#[tokio::test]
async fn a_logged_request_tells_whom_it_passed_over() {
    let fake = Fake::new(|seen| match seen.credential() {
        "key-a1" => {
            Reply::json(429, &json!({ "error": { "message": "slow down" } })).header("retry-after", "600")
        }
        _ => Dialect::answer(seen, "hello"),
    })
    .await;
    let mut house = House::start(two(&fake.url())).await;
    let first = house.chat("n").await;
    let told = house.logged(first.id()).await;
    let rounds = &told["choices"][0]["rounds"];
    assert_eq!(rounds.as_array().unwrap().len(), 2, "one for each attempt: {told}");
    assert_eq!(rounds[0]["candidates"][0]["standing"], "chosen");
    assert_eq!(rounds[1]["keys"], json!({ "usable": 1, "cooling": 1, "set_aside": 0 }));
    let second = house.chat("n").await;
    let told = house.logged(second.id()).await;
    assert_eq!(told["attempts"].as_array().unwrap().len(), 1);
    let choices = &told["choices"][0];
    assert_eq!(choices["rounds"][0]["keys"]["cooling"], 1, "a resting key was passed over: {told}");
    assert_eq!(choices["rounds"][0]["candidates"][0]["provider"], "a");
    let spread = house.chat("org/m").await;
    let told = house.logged(spread.id()).await;
    let candidates = told["choices"][0]["rounds"][0]["candidates"].as_array().unwrap().clone();
    let mut standings: Vec<_> =
        candidates.iter().map(|candidate| candidate["standing"].as_str().unwrap()).collect();
    standings.sort_unstable();
    assert_eq!(standings, ["chosen", "not_its_turn"]);
}
