//! Models of providers: found out, renamed, switched off, removed.

use std::sync::{Arc, Mutex};

use roundhouse_tests::{Answer, Dialect, Fake, House, Reply, eventually};
use serde_json::{Value, json};

/// A provider that lists what is in the list, and answers chats.
async fn lister(names: &[&str]) -> (Fake, Arc<Mutex<Vec<String>>>) {
    let list = Arc::new(Mutex::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()));
    let listed = list.clone();
    let fake = Fake::new(move |seen| {
        if !seen.target.starts_with("/v1/models") {
            return Dialect::answer(seen, "hello");
        }
        let models: Vec<_> =
            listed.lock().unwrap().iter().map(|name| json!({ "id": name, "owned_by": "lab" })).collect();
        Reply::json(200, &json!({ "object": "list", "data": models }))
    })
    .await;
    (fake, list)
}

fn config(fake: &Fake) -> Value {
    json!({ "providers": [{ "name": "p", "kind": "openai", "base_url": fake.v1(), "keys": ["key-1"] }] })
}

async fn ask(house: &mut House, method: &str, path: &str, body: &Value) -> Answer {
    let token = house.administrator().await;
    let ask = house.client().ask(method.parse().unwrap(), path).bearer(&token);
    let answer = ask.json(body).send().await;
    assert!(answer.status < 500, "{method} {path}: {}", answer.text());
    answer
}

async fn models(house: &mut House, query: &str) -> Vec<Value> {
    let answer = house.manage("GET", &format!("/api/v1/models?limit=500&{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["items"].as_array().unwrap().clone()
}

async fn model(house: &mut House, name: &str) -> Value {
    let all = models(house, "").await;
    all.into_iter().find(|model| model["name"] == name).unwrap_or_else(|| panic!("{name} is known"))
}

/// Waits until the provider's list was taken up.
async fn discovered(house: &mut House, count: usize) {
    let (token, client) = (house.administrator().await, house.client().clone());
    eventually("the models are discovered", async || {
        let answer = client.get("/api/v1/models").bearer(&token).send().await.json();
        (answer["items"].as_array()?.len() == count).then_some(())
    })
    .await;
}

/// The public names that clients see.
async fn public(house: &House) -> Vec<String> {
    let list = house.get("/v1/models").send().await.json();
    list["data"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_renamed_model_is_served_under_its_new_name_at_once() {
    let (fake, _) = lister(&["gpt-x-2024-08-06", "other"]).await;
    let mut house = House::start(config(&fake)).await;
    discovered(&mut house, 2).await;
    let found = model(&mut house, "gpt-x-2024-08-06").await;
    assert_eq!(
        (&found["origin"], &found["status"], &found["owned_by"]),
        (&json!("discovered"), &json!("served"), &json!("lab"))
    );
    let path = format!("/api/v1/models/{}", found["id"].as_str().unwrap());
    let renamed =
        ask(&mut house, "PATCH", &path, &json!({ "public_name": "org/gpt-x", "aliases": ["x"] })).await;
    assert_eq!((renamed.status, &renamed.json()["public_names"]), (200, &json!(["org/gpt-x", "x"])));
    assert_eq!(public(&house).await, ["org/gpt-x", "other", "x"]);
    for name in ["org/gpt-x", "x"] {
        assert_eq!(house.chat(name).await.status, 200);
        let sent: Value = serde_json::from_slice(&fake.last().body).unwrap();
        assert_eq!(sent["model"], "gpt-x-2024-08-06");
    }
    assert_eq!(house.chat("gpt-x-2024-08-06").await.status, 404);
    house.restart().await;
    assert_eq!(house.chat("x").await.status, 200, "it is remembered");
    let back = ask(&mut house, "PATCH", &path, &json!({ "public_name": null, "aliases": [] })).await;
    assert_eq!(back.json()["public_names"], json!(["gpt-x-2024-08-06"]));
    for (body, status) in [
        (json!({ "public_name": " x" }), 400),
        (json!({ "public_name": "" }), 400),
        (json!({ "unknown": 1 }), 400),
    ] {
        assert_eq!(ask(&mut house, "PATCH", &path, &body).await.status, status, "{body}");
    }
    let unknown = "/api/v1/models/01900000-0000-7000-8000-000000000000";
    assert_eq!(ask(&mut house, "PATCH", unknown, &json!({})).await.status, 404);
}

#[tokio::test]
async fn vanished_models_leave_their_routes_and_deleted_ones_stay_away() {
    let (fake, list) = lister(&["a", "b", "c"]).await;
    let mut house = House::start(config(&fake)).await;
    discovered(&mut house, 3).await;
    let path = format!("/api/v1/models/{}", model(&mut house, "b").await["id"].as_str().unwrap());
    assert_eq!(ask(&mut house, "DELETE", &path, &json!({})).await.status, 204);
    assert_eq!(public(&house).await, ["a", "c"]);
    *list.lock().unwrap() = ["a", "b", "d"].map(str::to_owned).to_vec();
    let synced = ask(&mut house, "POST", "/api/v1/providers/p/sync-models", &json!({})).await;
    assert_eq!(synced.json(), json!({ "added": ["d"], "removed": ["c"], "unchanged": 2, "complete": true }),);
    assert_eq!(public(&house).await, ["a", "d"]);
    let missing = models(&mut house, "missing=true").await;
    assert_eq!(
        (missing.len(), &missing[0]["name"], &missing[0]["status"]),
        (1, &json!("c"), &json!("missing"))
    );
    assert_eq!(house.chat("c").await.status, 404);
    let deleted = models(&mut house, "deleted=true").await;
    assert_eq!((deleted.len(), &deleted[0]["name"]), (1, &json!("b")));
    let restored = ask(&mut house, "PATCH", &path, &json!({ "deleted": false })).await;
    assert_eq!(restored.json()["status"], "served");
    assert_eq!(public(&house).await, ["a", "b", "d"]);
    list.lock().unwrap().clear();
    let empty = ask_any(&mut house, "/api/v1/providers/p/sync-models").await;
    assert_eq!((empty.status, &empty.json()["code"]), (502, &json!("models_not_listed")));
    assert_eq!(public(&house).await, ["a", "b", "d"], "an empty list takes nothing away");
    assert_eq!(ask_any(&mut house, "/api/v1/providers/nobody/sync-models").await.status, 404);
}

async fn ask_any(house: &mut House, path: &str) -> Answer {
    let token = house.administrator().await;
    house.client().post(path).bearer(&token).json(&json!({})).send().await
}

#[tokio::test]
async fn a_batch_is_one_change_and_its_dry_run_none() {
    let (fake, _) = lister(&["m-20240101", "m-20250101", "n"]).await;
    let mut house = House::start(config(&fake)).await;
    discovered(&mut house, 3).await;
    let before = public(&house).await;
    let mut batch = json!({ "filter": { "q": "m-" }, "action": "strip_date", "dry_run": true });
    let told = ask(&mut house, "POST", "/api/v1/models/batch", &batch).await.json();
    assert_eq!((told["changes"].as_array().unwrap().len(), &told["dry_run"]), (2, &json!(true)));
    assert_eq!(told["merges"][0]["name"], "m", "{told}");
    assert_eq!(public(&house).await, before, "a dry run changes nothing");
    batch["dry_run"] = false.into();
    let done = ask(&mut house, "POST", "/api/v1/models/batch", &batch).await.json();
    assert_eq!(done["changes"], told["changes"], "a dry run tells what is done");
    assert_eq!(public(&house).await, ["m", "n"]);
    let off = json!({ "filter": {}, "action": "disable" });
    assert_eq!(ask(&mut house, "POST", "/api/v1/models/batch", &off).await.status, 200);
    assert!(public(&house).await.is_empty());
    for wrong in [
        json!({ "action": "enable" }),
        json!({ "filter": {}, "ids": [], "action": "enable" }),
        json!({ "filter": { "nonesuch": 1 }, "action": "enable" }),
        json!({ "filter": {}, "action": "rename" }),
        json!({ "filter": {}, "action": "rename", "pattern": "(" }),
    ] {
        assert_eq!(ask(&mut house, "POST", "/api/v1/models/batch", &wrong).await.status, 400, "{wrong}");
    }
    let on = json!({ "filter": {}, "action": "enable" });
    let on = ask(&mut house, "POST", "/api/v1/models/batch", &on).await.json();
    assert_eq!(on["changes"].as_array().unwrap().len(), 3);
    assert_eq!(public(&house).await, ["m", "n"]);
}

#[tokio::test]
async fn normalised_names_stand_beside_the_originals_and_are_previewed() {
    let (fake, _) = lister(&["Org/Model-X-Instruct", "gpt4o-latest"]).await;
    let mut whole = config(&fake);
    let mut house = House::start(whole.clone()).await;
    discovered(&mut house, 2).await;
    let preview = ask(&mut house, "POST", "/api/v1/models/preview", &json!({})).await.json();
    let names: Vec<_> =
        preview["renamings"].as_array().unwrap().iter().map(|renaming| renaming["name"].clone()).collect();
    assert_eq!(names, ["model-x", "gpt-4o"]);
    assert_eq!(public(&house).await.len(), 2, "a preview changes nothing");
    whole["normalisation"] = json!({ "enabled": true });
    house.reconfigure(&whole).await;
    assert_eq!(public(&house).await, ["Org/Model-X-Instruct", "gpt-4o", "gpt4o-latest", "model-x"]);
    assert_eq!(house.chat("gpt-4o").await.status, 200);
    let wrong = json!({ "rules": [{ "name": "r", "kind": "replace", "pattern": "(" }] });
    let refused = ask(&mut house, "POST", "/api/v1/models/preview", &wrong).await;
    assert_eq!((refused.status, &refused.json()["code"]), (400, &json!("invalid_rule")));
}

#[tokio::test]
async fn declared_models_are_shown_and_cannot_be_changed() {
    let (fake, _) = lister(&["a"]).await;
    let mut whole = config(&fake);
    whole["providers"][0]["models"] = json!(["m"]);
    let mut house = House::start(whole).await;
    let declared = model(&mut house, "m").await;
    assert_eq!(declared["origin"], "declared");
    let path = format!("/api/v1/models/{}", declared["id"].as_str().unwrap());
    let refused = ask(&mut house, "PATCH", &path, &json!({ "enabled": false })).await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("read_only")));
    let token = house.administrator().await;
    let sync =
        house.client().post("/api/v1/providers/p/sync-models").bearer(&token).json(&json!({})).send().await;
    assert_eq!(sync.status, 400);
}
