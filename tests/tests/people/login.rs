//! How browsers and scripts stay logged in, and what people see of themselves.

use roundhouse_tests::{EMAIL, House};
use serde_json::{Value, json};

use crate::support::{PASSWORD, ask, cookies, login, member, token};

#[tokio::test]
async fn a_browser_renews_its_login_with_a_cookie_that_goes_nowhere_else() {
    let house = House::start(json!({ "server": { "public_url": "https://llm.example.com" } })).await;
    let first = login(&house, EMAIL, roundhouse_tests::PASSWORD).await;
    let set = cookies(&first);
    let [(session, _, whole), (refresh, value, narrow)] = set.as_slice() else { panic!("{set:?}") };
    assert_eq!((session.as_str(), refresh.as_str()), ("roundhouse_session", "roundhouse_refresh"));
    for attributes in [whole, narrow] {
        for attribute in ["HttpOnly", "SameSite=Strict", "Secure"] {
            assert!(attributes.contains(attribute), "{attributes}");
        }
    }
    assert!(whole.contains("Path=/;") && narrow.contains("Path=/api/v1/auth/refresh;"), "{set:?}");
    let renew = async |value: &str, own: bool| {
        let ask = house.client().post("/api/v1/auth/refresh");
        let ask = ask.header("cookie", &format!("roundhouse_refresh={value}"));
        if own { ask.header("x-roundhouse-csrf", "1").send().await } else { ask.send().await }
    };
    let foreign = renew(value, false).await;
    assert_eq!((foreign.status, foreign.json()["code"].as_str()), (403, Some("csrf_header_missing")));
    let second = renew(value, true).await;
    assert_eq!(second.status, 200, "{}", second.text());
    let (_, next, _) = &cookies(&second)[1];
    assert_ne!(next, value);
    assert_eq!(renew(next, true).await.status, 200);
    let nobody = house.client().post("/api/v1/auth/refresh").send().await;
    assert_eq!((nobody.status, nobody.json()["code"].as_str()), (401, Some("not_logged_in")));
    let (_, value, _) = &cookies(&second)[0];
    let out = house.client().post("/api/v1/auth/logout").header("x-roundhouse-csrf", "1");
    let out = out.header("cookie", &format!("roundhouse_session={value}")).send().await;
    assert_eq!(out.status, 204);
    assert!(cookies(&out).iter().all(|(_, value, rest)| value.is_empty() && rest.contains("Max-Age=0")));
}

#[tokio::test]
async fn people_see_what_they_are_and_choose_language_and_time_zone() {
    let mut house = House::start(json!({})).await;
    let (_, ada) = member(&mut house, "ada@example.com").await;
    let me = ask(&house, &ada, ("GET", "/api/v1/auth/me"), &Value::Null).await.json();
    assert_eq!((&me["role"], &me["credential"]), (&json!("member"), &json!("session")));
    assert_eq!(me["permissions"], json!(["models.use", "access_keys.own", "usage.own"]));
    let wanted = json!({ "name": "Ada", "language": "zh-CN", "time_zone": "Asia/Shanghai" });
    let changed = ask(&house, &ada, ("PATCH", "/api/v1/auth/me"), &wanted).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let me = ask(&house, &ada, ("GET", "/api/v1/auth/me"), &Value::Null).await.json();
    assert_eq!((&me["name"], &me["time_zone"]), (&json!("Ada"), &json!("Asia/Shanghai")));
    let wrong = ask(&house, &ada, ("PATCH", "/api/v1/auth/me"), &json!({ "language": "zh_CN" })).await;
    assert_eq!((wrong.status, wrong.json()["code"].as_str()), (400, Some("language_invalid")));
    let taken = ask(&house, &ada, ("PATCH", "/api/v1/auth/me"), &json!({ "language": "" })).await;
    assert_eq!(taken.json()["language"], Value::Null);
    let wrong = ask(&house, &ada, ("PATCH", "/api/v1/auth/me"), &json!({ "role": "administrator" })).await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn a_token_of_a_script_may_what_it_says() {
    let mut house = House::start(json!({})).await;
    let administrator = house.administrator().await;
    let script = token(&house, &administrator, Some(&["users.read"])).await;
    let users = ask(&house, &script, ("GET", "/api/v1/users"), &Value::Null).await;
    assert_eq!((users.status, users.json()["items"][0]["email"].as_str()), (200, Some(EMAIL)));
    let new = json!({ "email": "eve@example.com", "password": PASSWORD });
    let refused = ask(&house, &script, ("POST", "/api/v1/users"), &new).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (403, Some("permission_required")));
    let refused = ask(&house, &script, ("GET", "/api/v1/settings"), &Value::Null).await;
    assert_eq!(refused.status, 403, "an administrator's token is no administrator");
}

#[tokio::test]
async fn strangers_register_only_where_they_may() {
    let house = House::start(json!({})).await;
    let new = json!({ "email": "ada@example.com", "password": PASSWORD });
    let refused = house.client().post("/api/v1/auth/register").json(&new).send().await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (403, Some("registration_closed")));
    let mut house = House::start(json!({ "security": { "registration": true } })).await;
    assert_eq!(house.client().get("/api/v1/auth/methods").send().await.json()["registration"], true);
    let joined = house.client().post("/api/v1/auth/register").json(&new).send().await;
    assert_eq!((joined.status, joined.json()["user"]["role"].as_str()), (200, Some("member")));
    let again = house.client().post("/api/v1/auth/register").json(&new).send().await;
    assert_eq!((again.status, again.json()["code"].as_str()), (409, Some("email_taken")));
    // The settings are followed without a restart.
    house.reconfigure(&json!({ "security": { "registration": false } })).await;
    roundhouse_tests::eventually("registration is closed", async || {
        let methods = house.client().get("/api/v1/auth/methods").send().await.json();
        (methods["registration"] == false).then_some(())
    })
    .await;
    let entries = house.manage("GET", "/api/v1/audit?action=users.register").await.json();
    assert_eq!(entries["items"][0]["actor"], "ada@example.com");
}
