//! What is configured over the API: in force at once, checked by field, undone by revision.

use roundhouse_tests::{Answer, Dialect, Fake, House, provider};
use serde_json::{Value, json};

async fn send(house: &mut House, method: &str, path: &str, body: &Value) -> Answer {
    let token = house.administrator().await;
    let method = method.parse().expect("a method");
    house.client().ask(method, &format!("/api/v1{path}")).bearer(&token).json(body).send().await
}

fn added(fake: &Fake) -> Value {
    json!({ "name": "added", "kind": "openai-compatible", "base_url": format!("{}/v1", fake.url()), "models": ["fresh"] })
}

#[tokio::test]
async fn a_provider_serves_from_the_answer_that_made_it_until_the_one_that_removes_it() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house = House::start(json!({ "providers": [] })).await;
    assert_eq!(house.chat("fresh").await.status, 404);
    let made = send(&mut house, "POST", "/providers", &added(&fake)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(house.chat("fresh").await.status, 200);
    let id = made.json()["id"].as_str().expect("an id").to_owned();
    let off = send(&mut house, "PATCH", &format!("/providers/{id}"), &json!({ "enabled": false })).await;
    assert_eq!(off.status, 200, "{}", off.text());
    assert_eq!(house.chat("fresh").await.status, 404);
    let on = send(&mut house, "PATCH", "/providers/added", &json!({ "enabled": null })).await;
    assert_eq!(on.status, 200, "{}", on.text());
    assert_eq!(house.chat("fresh").await.status, 200);
    assert_eq!(house.manage("DELETE", "/api/v1/providers/added").await.status, 204);
    assert_eq!(house.chat("fresh").await.status, 404);
    assert_eq!(house.manage("GET", "/api/v1/providers/added").await.status, 404);
}

#[tokio::test]
async fn each_wrong_field_is_named() {
    let mut house = House::start(json!({ "providers": [] })).await;
    let wrong = json!({ "name": "Wrong Name", "kind": "no-such-kind", "wieght": 1, "base_url": "ftp://x" });
    let refused = send(&mut house, "POST", "/providers", &wrong).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    let problem = refused.json();
    assert_eq!(problem["code"], "invalid_configuration");
    let errors = problem["errors"].as_array().expect("errors").clone();
    for field in ["name", "kind", "wieght"] {
        assert!(errors.iter().any(|error| error["field"] == field), "{field}: {problem}");
    }
    let secret = json!({ "name": "keyed", "kind": "openai", "keys": ["sk-planted-in-a-provider"] });
    let refused = send(&mut house, "POST", "/providers", &secret).await;
    assert_eq!(refused.json()["errors"][0]["field"], "keys");
    assert!(!house.log().contains("sk-planted-in-a-provider"));
    assert_eq!(house.manage("GET", "/api/v1/revisions").await.json()["items"], json!([]));
}

#[tokio::test]
async fn what_the_file_declares_is_shown_and_stays() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let filed = provider("filed", "openai", &fake.url(), &["sk-planted-in-a-file"], &["gpt"]);
    let mut house = House::start(json!({ "providers": [filed] })).await;
    let shown = house.manage("GET", "/api/v1/providers/filed").await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    assert_eq!(shown.json()["editable"], false);
    assert_eq!(shown.json()["origin"]["from"], "file");
    assert!(!shown.text().contains("sk-planted-in-a-file"));
    let refused = send(&mut house, "PATCH", "/providers/filed", &json!({ "weight": 1 })).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (409, Some("declared")));
    let taken = send(&mut house, "POST", "/providers", &json!({ "name": "filed", "kind": "openai" })).await;
    assert_eq!(taken.status, 409);
    assert_eq!(house.manage("DELETE", "/api/v1/providers/filed").await.status, 409);
}

#[tokio::test]
async fn a_revision_tells_what_changed_and_is_undone_with_its_secrets() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house = House::start(json!({ "providers": [] })).await;
    let mut body = added(&fake);
    body["proxy"] = json!("http://user:planted-proxy-password@127.0.0.1:9");
    assert_eq!(send(&mut house, "POST", "/providers", &body).await.status, 201);
    let shown = house.manage("GET", "/api/v1/providers/added").await;
    assert_eq!(shown.json()["secrets"], json!(["/proxy"]));
    let weighed =
        send(&mut house, "PATCH", "/providers/added", &json!({ "weight": 77, "proxy": null })).await;
    assert_eq!(weighed.status, 200, "{}", weighed.text());
    assert_eq!(house.chat("fresh").await.status, 200);
    let revisions = house.manage("GET", "/api/v1/revisions").await;
    let newest = &revisions.json()["items"][0];
    assert_eq!(newest["author"], roundhouse_tests::house::EMAIL);
    assert_eq!(newest["changes"][0]["name"], "added");
    assert_eq!(newest["changes"][0]["fields"][0]["after"], 77);
    let id = newest["id"].as_i64().expect("a number");
    let dry = send(&mut house, "POST", &format!("/revisions/{id}/revert?dry_run=true"), &json!({})).await;
    assert_eq!(dry.json()["changes"][0]["action"], "changed", "{}", dry.text());
    let undone = send(&mut house, "POST", &format!("/revisions/{id}/revert"), &json!({})).await;
    assert_eq!(undone.status, 200, "{}", undone.text());
    assert_eq!(house.manage("GET", "/api/v1/providers/added").await.json()["secrets"], json!(["/proxy"]));
    let back = send(&mut house, "POST", "/revisions/0/rollback", &json!({})).await;
    assert_eq!(back.status, 200, "{}", back.text());
    assert_eq!(house.manage("GET", "/api/v1/providers/added").await.status, 404);
    let all = house.manage("GET", "/api/v1/revisions").await;
    for text in [all.text(), shown.text(), weighed.text(), &house.log()] {
        assert!(!text.contains("planted-proxy-password"));
    }
}

#[tokio::test]
async fn settings_change_at_once_but_for_what_the_file_fixes() {
    let mut house = House::start(json!({ "providers": [], "gateway": { "max_attempts": 5 } })).await;
    let set =
        send(&mut house, "PATCH", "/settings", &json!({ "gateway": { "max_request_body_bytes": 1000 } }))
            .await;
    assert_eq!(set.status, 200, "{}", set.text());
    assert_eq!(set.json()["settings"]["gateway"]["max_request_body_bytes"], 1000);
    assert_eq!(set.json()["origins"]["/gateway/max_request_body_bytes"]["from"], "console");
    let large =
        house.post("/v1/chat/completions").json(&json!({ "model": "m", "messages": "x".repeat(2_000) }));
    assert_eq!(large.send().await.status, 413);
    let fixed = send(&mut house, "PATCH", "/settings", &json!({ "gateway": { "max_attempts": 7 } })).await;
    assert_eq!(fixed.status, 400);
    assert_eq!(fixed.json()["errors"][0]["field"], "gateway.max_attempts");
    let closed =
        send(&mut house, "PATCH", "/settings", &json!({ "database": { "url": "sqlite://x" } })).await;
    assert_eq!(closed.json()["errors"][0]["field"], "database");
}
