//! Access keys over the API: of administrators, and of members who manage their own.

use roundhouse_tests::{Answer, Dialect, Fake, House, provider};
use serde_json::{Value, json};

const PASSWORD: &str = "a long enough password";

async fn house() -> (House, Fake) {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let providers = json!([provider("up", "openai-compatible", &fake.url(), &["pk-1"], &["m", "n"])]);
    (House::start(json!({ "providers": providers })).await, fake)
}

async fn call(house: &House, token: &str, method: &str, path: &str, body: &Value) -> Answer {
    let ask = house.client().ask(method.parse().expect("a method"), &format!("/api/v1{path}"));
    let ask = ask.bearer(token);
    if body.is_null() { ask.send().await } else { ask.json(body).send().await }
}

/// A member who is logged in: the id and the token.
async fn member(house: &mut House, name: &str) -> (String, String) {
    let admin = house.administrator().await;
    let email = format!("{name}@example.com");
    let new = json!({ "email": email, "name": name, "password": PASSWORD });
    let made = call(house, &admin, "POST", "/users", &new).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let login =
        house.client().post("/api/v1/auth/login").json(&json!({ "email": email, "password": PASSWORD }));
    let token = login.send().await.json()["access_token"].as_str().expect("a token").to_owned();
    (made.json()["id"].as_str().expect("an id").to_owned(), token)
}

fn text(answer: &Answer, field: &str) -> String {
    answer.json()[field].as_str().unwrap_or_else(|| panic!("no {field}: {}", answer.text())).to_owned()
}

async fn works(house: &House, key: &str) -> u16 {
    Dialect::Chat.ask(house.client(), key, "m", false).send().await.status
}

#[tokio::test]
async fn every_change_is_a_revision_and_none_has_a_credential() {
    let (mut house, _fake) = house().await;
    let admin = house.administrator().await;
    let new = json!({ "name": "ci", "models": ["m"], "tags": ["build"], "description": "for the build", "limits": { "concurrent": 5 } });
    let made = call(&house, &admin, "POST", "/access-keys", &new).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let key = text(&made, "key");
    assert!(key.starts_with("rh-") && key.len() == 46, "{}", key.len());
    assert_eq!(works(&house, &key).await, 200);
    let patch = json!({ "models": ["n"], "tags": null });
    let changed = call(&house, &admin, "PATCH", "/access-keys/ci", &patch).await;
    assert_eq!(
        (changed.status, &changed.json()["models"], &changed.json()["tags"]),
        (200, &json!(["n"]), &json!([]))
    );
    assert_eq!(works(&house, &key).await, 403);
    let off = call(&house, &admin, "PATCH", "/access-keys/ci", &json!({ "enabled": false })).await;
    assert_eq!((off.status, works(&house, &key).await), (200, 401));
    let revisions = call(&house, &admin, "GET", "/revisions", &Value::Null).await;
    assert_eq!(revisions.json()["items"].as_array().expect("a list").len(), 3);
    let number = revisions.json()["items"][0]["id"].as_i64().expect("a number");
    let undone = call(&house, &admin, "POST", &format!("/revisions/{number}/revert"), &json!({})).await;
    assert_eq!(undone.status, 200, "{}", undone.text());
    assert_eq!(works(&house, &key).await, 403, "it is on again, and may still not use this model");
    let audit = call(&house, &admin, "GET", "/audit", &Value::Null).await;
    for told in [revisions.text(), changed.text(), off.text(), audit.text(), &house.log()] {
        assert!(!told.contains(&key));
    }
    assert_eq!(call(&house, &admin, "DELETE", "/access-keys/ci", &Value::Null).await.status, 204);
    assert_eq!(call(&house, &admin, "GET", "/access-keys/ci", &Value::Null).await.status, 404);
    assert_eq!(works(&house, &key).await, 401);
}

#[tokio::test]
async fn wrong_fields_are_named_and_nothing_is_made() {
    let (mut house, _fake) = house().await;
    let admin = house.administrator().await;
    for (field, body) in [
        ("name", json!({ "name": " " })),
        ("key", json!({ "name": "a", "key": "rh-chosen-by-myself" })),
        ("owner", json!({ "name": "a", "owner": "nobody@example.com" })),
        ("limits.concurrent", json!({ "name": "a", "limits": { "concurrent": 0 } })),
        ("limits.usd_per_day", json!({ "name": "a", "limits": { "usd_per_day": -1 } })),
        ("allowed_networks[0]", json!({ "name": "a", "allowed_networks": ["ten"] })),
        ("expires_at", json!({ "name": "a", "expires_at": "soon" })),
        ("modles", json!({ "name": "a", "modles": ["m"] })),
    ] {
        let refused = call(&house, &admin, "POST", "/access-keys", &body).await;
        assert_eq!(refused.status, 400, "{field}: {}", refused.text());
        assert_eq!(refused.json()["errors"][0]["field"], field, "{}", refused.text());
    }
    let listed = call(&house, &admin, "GET", "/access-keys", &Value::Null).await;
    let names: Vec<_> =
        listed.json()["items"].as_array().expect("a list").iter().map(|key| key["name"].clone()).collect();
    assert_eq!(names, ["test"], "only the one of the file");
    let declared = call(&house, &admin, "PATCH", "/access-keys/test", &json!({ "enabled": false })).await;
    assert_eq!((declared.status, declared.json()["code"].as_str()), (409, Some("declared")));
}

#[tokio::test]
async fn an_old_credential_goes_on_for_its_grace_and_ends_when_revoked() {
    let (mut house, _fake) = house().await;
    let admin = house.administrator().await;
    let made = call(&house, &admin, "POST", "/access-keys", &json!({ "name": "ci" })).await;
    let (id, first) = (text(&made, "id"), text(&made, "key"));
    let path = format!("/access-keys/{id}");
    let second = call(&house, &admin, "POST", &format!("{path}/rotate"), &json!({ "grace": "1h" })).await;
    assert_eq!(second.status, 200, "{}", second.text());
    assert_eq!(second.json()["credentials"].as_array().expect("a list").len(), 2);
    let second = text(&second, "key");
    assert_eq!((works(&house, &first).await, works(&house, &second).await), (200, 200));
    house.restart().await;
    let admin = house.administrator().await;
    assert_eq!((works(&house, &first).await, works(&house, &second).await), (200, 200));
    let third = text(&call(&house, &admin, "POST", &format!("{path}/rotate"), &Value::Null).await, "key");
    assert_eq!(
        (works(&house, &first).await, works(&house, &second).await, works(&house, &third).await),
        (401, 401, 200)
    );
    assert_eq!(call(&house, &admin, "POST", &format!("{path}/revoke"), &Value::Null).await.status, 204);
    assert_eq!(works(&house, &third).await, 401);
    let shown = call(&house, &admin, "GET", &path, &Value::Null).await.json();
    assert_eq!((&shown["enabled"], &shown["masked_key"]), (&json!(true), &Value::Null));
    let audit = call(&house, &admin, "GET", "/audit?action=access_keys.", &Value::Null).await;
    assert_eq!(audit.json()["items"].as_array().expect("a list").len(), 3, "{}", audit.text());
}

#[tokio::test]
async fn members_manage_their_own_keys_within_what_they_are_allowed() {
    let (mut house, _fake) = house().await;
    let (ann, token) = member(&mut house, "ann").await;
    let (_, other) = member(&mut house, "bob").await;
    let admin = house.administrator().await;
    let limits = json!({ "usd_per_day": 2, "concurrent": 3 });
    let set = call(&house, &admin, "PUT", &format!("/users/{ann}/limits"), &limits).await;
    assert_eq!(set.status, 200, "{}", set.text());

    let made = call(
        &house,
        &token,
        "POST",
        "/access-keys",
        &json!({ "name": "anns", "limits": { "usd_per_day": 1 } }),
    )
    .await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["owner"], ann.as_str());
    let (id, key) = (text(&made, "id"), text(&made, "key"));
    assert_eq!(works(&house, &key).await, 200);
    for (field, patch) in [
        ("limits.usd_per_day", json!({ "limits": { "usd_per_day": 3 } })),
        ("limits.concurrent", json!({ "limits": { "concurrent": 4 } })),
        ("owner", json!({ "owner": "bob@example.com" })),
        ("owner", json!({ "owner": null })),
        ("locked", json!({ "locked": true })),
    ] {
        let refused = call(&house, &token, "PATCH", &format!("/access-keys/{id}"), &patch).await;
        assert_eq!(refused.status, 400, "{patch}: {}", refused.text());
        assert_eq!(refused.json()["errors"][0]["field"], field);
    }
    let lowered =
        call(&house, &token, "PATCH", "/access-keys/anns", &json!({ "limits": { "usd_per_day": 2 } })).await;
    assert_eq!(lowered.status, 200, "{}", lowered.text());

    // Somebody else's is not there.
    let path = format!("/access-keys/{id}");
    for (method, path, body) in [
        ("GET", path.clone(), Value::Null),
        ("PATCH", path.clone(), json!({ "enabled": false })),
        ("DELETE", path.clone(), Value::Null),
        ("POST", format!("{path}/rotate"), Value::Null),
        ("POST", format!("{path}/revoke"), Value::Null),
        ("POST", "/access-keys/batch".to_owned(), json!({ "ids": [id], "action": "delete" })),
        ("GET", "/access-keys/test".to_owned(), Value::Null),
    ] {
        assert_eq!(call(&house, &other, method, &path, &body).await.status, 404, "{method} {path}");
    }
    assert_eq!(call(&house, &other, "GET", "/access-keys", &Value::Null).await.json()["items"], json!([]));

    // What an administrator has locked, its owner may switch off and no more.
    assert_eq!(
        call(&house, &admin, "PATCH", "/access-keys/anns", &json!({ "locked": true })).await.status,
        200
    );
    let refused =
        call(&house, &token, "PATCH", "/access-keys/anns", &json!({ "limits": { "usd_per_day": 1 } })).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (403, Some("access_key_locked")));
    assert_eq!(
        call(&house, &token, "PATCH", "/access-keys/anns", &json!({ "enabled": false })).await.status,
        200
    );
    assert_eq!(works(&house, &key).await, 401);
    let refused = call(&house, &token, "PATCH", "/access-keys/anns", &json!({ "enabled": true })).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (403, Some("access_key_locked")));
    let all = json!({ "ids": ["anns"], "action": "enable" });
    assert_eq!(call(&house, &token, "POST", "/access-keys/batch", &all).await.status, 403);
    assert_eq!(works(&house, &key).await, 401);
}

#[tokio::test]
async fn keys_are_found_by_owner_text_and_state_and_changed_many_at_once() {
    let (mut house, _fake) = house().await;
    let (ann, token) = member(&mut house, "ann").await;
    let admin = house.administrator().await;
    let mut made = Vec::new();
    for body in [
        json!({ "name": "one", "tags": ["Nightly"] }),
        json!({ "name": "two", "expires_at": "2020-01-01T00:00:00Z" }),
        json!({ "name": "three", "owner": "ann@example.com" }),
    ] {
        made.push(text(&call(&house, &admin, "POST", "/access-keys", &body).await, "key"));
    }
    for (query, expected) in [
        ("q=nightly", vec!["one"]),
        ("expired=true", vec!["two"]),
        ("owner=ann@example.com", vec!["three"]),
        ("owner=nobody@example.com", vec![]),
        ("limit=2", vec!["one", "two"]),
    ] {
        let listed = call(&house, &admin, "GET", &format!("/access-keys?{query}"), &Value::Null).await.json();
        let names: Vec<_> = listed["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|key| key["name"].as_str().expect("a name").to_owned())
            .collect();
        assert_eq!(names, expected, "{query}");
    }
    let page = call(&house, &admin, "GET", "/access-keys?limit=2", &Value::Null).await.json();
    let next = page["next_cursor"].as_str().expect("a cursor");
    let page = call(&house, &admin, "GET", &format!("/access-keys?limit=2&cursor={next}"), &Value::Null)
        .await
        .json();
    assert_eq!(page["items"][0]["name"], "three");
    let mine = call(&house, &token, "GET", "/access-keys", &Value::Null).await.json();
    assert_eq!(
        (mine["items"].as_array().expect("a list").len(), &mine["items"][0]["owner"]),
        (1, &json!(ann))
    );

    let off = json!({ "ids": ["one", "three"], "action": "disable" });
    let off = call(&house, &admin, "POST", "/access-keys/batch", &off).await;
    assert_eq!(off.json()["changed"], 2, "{}", off.text());
    assert_eq!((works(&house, &made[0]).await, works(&house, &made[2]).await), (401, 401));
    let missing = json!({ "ids": ["one", "nonesuch"], "action": "enable" });
    assert_eq!(call(&house, &admin, "POST", "/access-keys/batch", &missing).await.status, 404);
    assert_eq!(works(&house, &made[0]).await, 401, "all or none");
}
