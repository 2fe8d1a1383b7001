//! Models asked with a login instead of an access key.

use http::Method;
use roundhouse_tests::{Ask, EMAIL, House, PASSWORD, Setup, eventually};
use serde_json::{Value, json};

use crate::support::{ask, cookies, login, member, token};

const CHAT: &str = "/api/v1/playground/v1/chat/completions";

async fn house() -> House {
    Setup::new(&json!({})).env("ROUNDHOUSE_DEMO", "1").start().await
}

fn question(stream: bool) -> Value {
    json!({ "model": "demo", "stream": stream, "messages": [{ "role": "user", "content": "hello" }] })
}

fn called(house: &House, bearer: &str, body: &Value) -> Ask {
    house.client().post(CHAT).bearer(bearer).json(body)
}

#[tokio::test]
async fn people_ask_models_with_their_login_and_the_log_says_who() {
    let mut house = house().await;
    let (id, ada) = member(&mut house, "ada@example.com").await;
    let answer = called(&house, &ada, &question(false)).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.json()["choices"][0]["message"]["content"].is_string());
    assert_eq!(
        (answer.header("x-roundhouse-provider"), answer.header("x-roundhouse-attempts")),
        ("demo", "1")
    );
    let logged = house.logged(answer.id()).await;
    assert_eq!((&logged["user_id"], &logged["access_key_id"]), (&json!(id), &Value::Null), "{logged}");
    assert_eq!(logged["access_key"], "playground:ada@example.com");
    let own = ask(&house, &ada, ("GET", "/api/v1/requests"), &Value::Null).await.json();
    assert_eq!(own["items"][0]["id"], logged["id"], "{own}");
}

#[tokio::test]
async fn every_dialect_is_answered_below_the_playground() {
    let mut house = house().await;
    let bearer = house.administrator().await;
    let below = |path: &str| format!("/api/v1/playground{path}");
    let messages = question(false)["messages"].clone();
    let contents = json!({ "contents": [{ "role": "user", "parts": [{ "text": "hello" }] }] });
    for (path, body, field) in [
        ("/v1/messages", json!({ "model": "demo", "max_tokens": 99, "messages": messages }), "content"),
        ("/v1/responses", json!({ "model": "demo", "input": "hello" }), "output"),
        ("/v1/embeddings", json!({ "model": "demo", "input": "hello" }), "data"),
        ("/v1beta/models/demo:generateContent", contents, "candidates"),
    ] {
        let answer = ask(&house, &bearer, ("POST", &below(path)), &body).await;
        assert!(answer.status == 200 && answer.json()[field].is_array(), "{path}: {}", answer.text());
    }
    let models = ask(&house, &bearer, ("GET", &below("/v1/models")), &Value::Null).await.json();
    assert!(models["data"].as_array().unwrap().iter().any(|model| model["id"] == "demo"), "{models}");
    let unknown = ask(&house, &bearer, ("POST", &below("/v1/messages")), &json!({ "model": "none" })).await;
    assert_eq!(unknown.json()["type"], "error", "errors have the dialect's shape: {}", unknown.text());
    assert_eq!(ask(&house, &bearer, ("POST", &below("/v1/unknown")), &json!({})).await.status, 404);
}

#[tokio::test]
async fn streams_come_as_they_are_made() {
    let mut house = house().await;
    let bearer = house.administrator().await;
    let mut open = called(&house, &bearer, &question(true)).open().await;
    assert!(open.headers["content-type"].to_str().unwrap().starts_with("text/event-stream"));
    let first = open.next().await.unwrap();
    assert!(first.starts_with(b"data: ") && !first.ends_with(b"[DONE]\n\n"), "{first:?}");
    assert!(open.rest().await.text().ends_with("data: [DONE]\n\n"));
}

#[tokio::test]
async fn pages_of_other_sites_scripts_without_the_permission_and_strangers_are_refused() {
    let mut house = house().await;
    let nobody = house.client().post(CHAT).json(&question(false)).send().await;
    assert_eq!((nobody.status, nobody.json()["code"].as_str()), (401, Some("not_logged_in")));
    let key = house.post(CHAT).json(&question(false)).send().await;
    assert_eq!(key.status, 401, "an access key is no login");
    let set = cookies(&login(&house, EMAIL, PASSWORD).await);
    let cookie = format!("{}={}", set[0].0, set[0].1);
    let page = || house.client().ask(Method::POST, CHAT).header("cookie", &cookie).json(&question(false));
    let foreign = page().send().await;
    assert_eq!((foreign.status, foreign.json()["code"].as_str()), (403, Some("csrf_header_missing")));
    assert_eq!(page().header("x-roundhouse-csrf", "1").send().await.status, 200);
    let administrator = house.administrator().await;
    let script = token(&house, &administrator, Some(&["usage.own"])).await;
    let refused = called(&house, &script, &question(false)).send().await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (403, Some("permission_required")));
    let script = token(&house, &administrator, Some(&["models.use"])).await;
    assert_eq!(called(&house, &script, &question(false)).send().await.status, 200);
}

#[tokio::test]
async fn limits_of_people_and_their_groups_count() {
    let mut house = house().await;
    let administrator = house.administrator().await;
    let (id, ada) = member(&mut house, "ada@example.com").await;
    let limit = async |path: &str, requests: u64| {
        let limits = json!({ "requests_per_minute": requests });
        let set = ask(&house, &administrator, ("PUT", path), &limits).await;
        assert_eq!(set.status, 200, "{}", set.text());
    };
    limit(&format!("/api/v1/users/{id}/limits"), 1).await;
    assert_eq!(called(&house, &ada, &question(false)).send().await.status, 200);
    let over = called(&house, &ada, &question(false)).send().await;
    assert!(over.status == 429 && !over.header("retry-after").is_empty(), "{}", over.text());
    let (other, eve) = member(&mut house, "eve@example.com").await;
    let new = json!({ "name": "research" });
    let group = ask(&house, &administrator, ("POST", "/api/v1/groups"), &new).await.json();
    let group = group["id"].as_str().unwrap();
    let path = format!("/api/v1/groups/{group}/members/{other}");
    assert!(ask(&house, &administrator, ("PUT", &path), &Value::Null).await.status < 300);
    let limits = json!({ "requests_per_minute": 1 });
    let path = format!("/api/v1/groups/{group}/limits");
    assert_eq!(ask(&house, &administrator, ("PUT", &path), &limits).await.status, 200);
    let first = called(&house, &eve, &question(false)).send().await;
    assert_eq!(house.logged(first.id()).await["group"], "research");
    eventually("the group's limit counts", async || {
        (called(&house, &eve, &question(false)).send().await.status == 429).then_some(())
    })
    .await;
}
