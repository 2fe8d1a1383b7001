//! What a server says of itself.

use roundhouse_tests::{House, Setup, eventually};
use serde_json::{Value, json};

fn texts<'a>(about: &'a Value, level: &str) -> Vec<&'a str> {
    let findings = about["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["level"] == level)
        .map(|finding| finding["text"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_server_tells_what_it_is_and_what_the_doctor_would_say() {
    let setup = Setup::new(&json!({})).env("ROUNDHOUSE_DEMO", "1");
    let mut house =
        setup.argument("--role").argument("gateway").argument("--role").argument("app").start().await;
    let about = house.manage("GET", "/api/v1/about").await.json();
    assert_eq!(about["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!((&about["roles"], &about["redis"]), (&json!(["gateway", "app"]), &json!("off")));
    assert_eq!(about["database"]["kind"], "sqlite");
    assert!(about["database"]["version"].as_str().unwrap().starts_with("3."), "{about}");
    assert!(about["started_at"].as_str().unwrap().starts_with("20"), "{about}");
    assert_eq!((&about["providers"], &about["provider_keys"]["failed"]), (&json!(1), &json!(0)));
    assert_eq!(texts(&about, "problem"), [""; 0]);
    for expected in [
        "no problems",
        "can be written",
        "provider demo",
        "this version's schema",
        "the encryption key opens",
    ] {
        assert!(texts(&about, "ok").iter().any(|text| text.contains(expected)), "{expected}: {about}");
    }
}

#[tokio::test]
async fn a_refused_configuration_is_a_problem_that_is_found() {
    let mut house = House::start(json!({})).await;
    house.write_config("providers: [{ name: up, kind: openai, keys_file: nowhere.txt }]\n");
    let token = house.administrator().await;
    eventually("the problem is told", async || {
        let about = house.client().get("/api/v1/about").bearer(&token).send().await.json();
        texts(&about, "problem").iter().any(|text| text.contains("nowhere.txt")).then_some(())
    })
    .await;
}

#[tokio::test]
async fn everybody_who_is_logged_in_sees_the_version_and_the_licences_but_no_findings() {
    let mut house = House::start(json!({})).await;
    let made = json!({ "email": "ada@example.com", "password": "four score and seven" });
    let administrator = house.administrator().await;
    let added = house.client().post("/api/v1/users").bearer(&administrator).json(&made).send().await;
    assert_eq!(added.status, 201, "{}", added.text());
    let login = house.client().post("/api/v1/auth/login").json(&made).send().await.json();
    let token = login["access_token"].as_str().unwrap();
    let about = house.client().get("/api/v1/about").bearer(token).send().await.json();
    assert_eq!((&about["version"], &about["findings"]), (&json!(env!("CARGO_PKG_VERSION")), &Value::Null));
    let licences = house.client().get("/api/v1/about/licences").bearer(token).send().await;
    assert_eq!(licences.header("content-type"), "application/json");
    let licences = licences.json();
    let tokio = licences.as_array().unwrap().iter().find(|one| one["name"] == "tokio").unwrap();
    assert_eq!(
        (&tokio["licence"], &tokio["repository"]),
        (&json!("MIT"), &json!("https://github.com/tokio-rs/tokio"))
    );
}

#[tokio::test]
async fn models_without_a_price_are_told_where_budgets_count() {
    let budget = json!({ "name": "paid", "key": "rh-a-key-with-a-budget", "limits": { "usd_per_day": 5 } });
    let free = json!({ "name": "free", "key": "rh-a-key-without-a-budget" });
    let up = json!({ "name": "up", "kind": "openai-compatible", "base_url": "http://127.0.0.1:9/v1", "models": ["home-made"] });
    let mut house = House::start(json!({ "providers": [up], "access_keys": [budget, free] })).await;
    let about = house.manage("GET", "/api/v1/about").await.json();
    assert!(texts(&about, "warning").iter().any(|text| text.contains("home-made")), "{about}");
    let warnings = async |house: &mut House, name: &str| {
        let key = house.manage("GET", &format!("/api/v1/access-keys/{name}")).await;
        key.json()["warnings"].as_array().unwrap().clone()
    };
    assert!(warnings(&mut house, "paid").await[0].as_str().unwrap().contains("home-made"));
    assert!(warnings(&mut house, "free").await.is_empty());
    assert!(house.log().contains("home-made"));
    let priced = json!([{ "match": "home-made", "prices": { "input": 1, "output": 2 } }]);
    house
        .reconfigure(&json!({ "providers": [up], "access_keys": [budget, free], "catalogue": priced }))
        .await;
    assert!(warnings(&mut house, "paid").await.is_empty());
}
