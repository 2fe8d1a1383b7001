//! A gpt-load for tests: its interface for groups, keys, sets of groups and settings, with its envelope and its rules.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use roundhouse_domain::Secret;
use roundhouse_interchange::Remote;
use roundhouse_outbound::{Guard, Outbound, Tls};
use serde_json::{Map, Value, json};

pub const AUTH_KEY: &str = "sk-administrator-123456";

#[derive(Default)]
pub struct Gateway {
    pub groups: BTreeMap<u64, Map<String, Value>>,
    /// Keys with their groups.
    pub keys: Vec<(u64, String, &'static str)>,
    /// Sets with members and weights.
    pub links: BTreeMap<(u64, u64), u64>,
    /// Calls that changed something.
    pub calls: Vec<String>,
}

type Shared = Arc<Mutex<Gateway>>;

/// Starts one; it ends with the test's runtime.
pub async fn start() -> (Shared, String) {
    let shared = Shared::default();
    let app = Router::new()
        .route("/api/groups", get(groups).post(create))
        .route("/api/groups/{id}", put(update))
        .route("/api/groups/{id}/sub-groups", get(members).post(add_members))
        .route("/api/groups/{id}/sub-groups/{sub}/weight", put(weigh))
        .route("/api/groups/{id}/sub-groups/{sub}", delete(remove_member))
        .route("/api/keys", get(keys))
        .route("/api/keys/add-multiple", post(add_keys))
        .route("/api/keys/delete-multiple", post(delete_keys))
        .route("/api/settings", get(settings))
        .layer(middleware::from_fn(authenticate))
        .with_state(shared.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it listens"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (shared, url)
}

/// Its interface as a client.
pub fn remote(url: &str, key: &str) -> Remote {
    let outbound = Outbound::new(&Tls::default(), Guard::none(), std::time::Duration::from_secs(10), 8 << 20);
    Remote::new(outbound.expect("TLS is set up"), url, Secret::from(key)).expect("it is an address")
}

async fn authenticate(request: Request, next: Next) -> Response {
    let given = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    if given == Some(&format!("Bearer {AUTH_KEY}")) {
        return next.run(request).await;
    }
    refuse(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "the key is wrong")
}

fn refuse(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({ "code": code, "message": message }))).into_response()
}

fn answer(data: impl Into<Value>) -> Response {
    Json(json!({ "code": 0, "message": "success", "data": data.into() })).into_response()
}

async fn groups(State(shared): State<Shared>) -> Response {
    let groups: Vec<Value> = shared.lock().unwrap().groups.values().cloned().map(Value::Object).collect();
    answer(groups)
}

async fn create(State(shared): State<Shared>, Json(mut group): Json<Map<String, Value>>) -> Response {
    let mut gateway = shared.lock().unwrap();
    let name = group.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let fits = !name.is_empty()
        && name.len() <= 100
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c));
    if !fits {
        return refuse(StatusCode::BAD_REQUEST, "VALIDATION_FAILED", "the name does not fit");
    }
    if gateway.groups.values().any(|other| other["name"] == name.as_str()) {
        return refuse(StatusCode::CONFLICT, "DUPLICATE_RESOURCE", "the name is taken");
    }
    let is_standard = group.get("group_type") != Some(&json!("aggregate"));
    let has_upstream = group
        .get("upstreams")
        .and_then(Value::as_array)
        .is_some_and(|list| list.iter().any(|up| up["weight"] != json!(0)));
    if is_standard
        && (!has_upstream || group.get("test_model").and_then(Value::as_str).is_none_or(str::is_empty))
    {
        return refuse(
            StatusCode::BAD_REQUEST,
            "VALIDATION_FAILED",
            "a group needs an upstream and a test model",
        );
    }
    let id = gateway.groups.keys().max().copied().unwrap_or_default() + 1;
    group.insert("id".to_owned(), json!(id));
    gateway.calls.push(format!("create {name}"));
    gateway.groups.insert(id, group.clone());
    answer(Value::Object(group))
}

async fn update(
    State(shared): State<Shared>,
    Path(id): Path<u64>,
    Json(fields): Json<Map<String, Value>>,
) -> Response {
    let mut gateway = shared.lock().unwrap();
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    let call = format!("update {id}: {}", names.join(","));
    gateway.calls.push(call);
    let Some(group) = gateway.groups.get_mut(&id) else {
        return refuse(StatusCode::NOT_FOUND, "NOT_FOUND", "no such group");
    };
    group.extend(fields);
    answer(Value::Object(group.clone()))
}

async fn members(State(shared): State<Shared>, Path(id): Path<u64>) -> Response {
    let gateway = shared.lock().unwrap();
    let of = gateway.links.iter().filter(|((set, _), _)| *set == id);
    let members: Vec<Value> = of
        .map(|((_, sub), weight)| json!({ "group": gateway.groups[sub], "weight": weight, "total_keys": 0 }))
        .collect();
    answer(members)
}

async fn add_members(State(shared): State<Shared>, Path(id): Path<u64>, Json(body): Json<Value>) -> Response {
    let mut gateway = shared.lock().unwrap();
    gateway.calls.push(format!("add members to {id}"));
    for member in body["sub_groups"].as_array().expect("it is a list") {
        let sub = member["group_id"].as_u64().expect("it is a number");
        if gateway.groups[&sub]["channel_type"] != gateway.groups[&id]["channel_type"] {
            return refuse(StatusCode::BAD_REQUEST, "VALIDATION_FAILED", "channels differ");
        }
        gateway.links.insert((id, sub), member["weight"].as_u64().expect("it is a number"));
    }
    answer(Value::Null)
}

async fn weigh(
    State(shared): State<Shared>,
    Path((id, sub)): Path<(u64, u64)>,
    Json(body): Json<Value>,
) -> Response {
    let mut gateway = shared.lock().unwrap();
    gateway.calls.push(format!("weigh {sub} in {id}"));
    gateway.links.insert((id, sub), body["weight"].as_u64().expect("it is a number"));
    answer(Value::Null)
}

async fn remove_member(State(shared): State<Shared>, Path((id, sub)): Path<(u64, u64)>) -> Response {
    let mut gateway = shared.lock().unwrap();
    gateway.calls.push(format!("remove {sub} from {id}"));
    gateway.links.remove(&(id, sub));
    answer(Value::Null)
}

async fn keys(State(shared): State<Shared>, Query(query): Query<BTreeMap<String, u64>>) -> Response {
    let gateway = shared.lock().unwrap();
    let size = usize::try_from(query["page_size"].min(1_000)).expect("it is small");
    let page = usize::try_from(query["page"]).expect("it is small");
    let of: Vec<_> = gateway.keys.iter().filter(|(group, ..)| *group == query["group_id"]).collect();
    let row = |(group, key, status): &&(u64, String, &str)| json!({ "id": 1, "key_value": key, "group_id": group, "status": status, "notes": "", "failure_count": 0 });
    let items: Vec<Value> = of.iter().skip((page - 1) * size).take(size).map(row).collect();
    answer(
        json!({ "items": items, "pagination": { "page": page, "page_size": size, "total_items": of.len() } }),
    )
}

fn listed(body: &Value) -> (u64, Vec<String>) {
    let keys = body["keys_text"].as_str().expect("it is text").split_whitespace().map(str::to_owned);
    (body["group_id"].as_u64().expect("it is a number"), keys.collect())
}

async fn add_keys(State(shared): State<Shared>, Json(body): Json<Value>) -> Response {
    let mut gateway = shared.lock().unwrap();
    let (group, keys) = listed(&body);
    if keys.len() > 5_000 {
        return refuse(StatusCode::BAD_REQUEST, "VALIDATION_FAILED", "too many keys");
    }
    gateway.calls.push(format!("add {} keys to {group}", keys.len()));
    gateway.keys.extend(keys.into_iter().map(|key| (group, key, "active")));
    answer(json!({ "added_count": 0, "ignored_count": 0, "total_in_group": 0 }))
}

async fn delete_keys(State(shared): State<Shared>, Json(body): Json<Value>) -> Response {
    let mut gateway = shared.lock().unwrap();
    let (group, keys) = listed(&body);
    gateway.calls.push(format!("delete {} keys of {group}", keys.len()));
    gateway.keys.retain(|(of, key, _)| *of != group || !keys.contains(key));
    answer(json!({ "deleted_count": 0, "ignored_count": 0, "total_in_group": 0 }))
}

async fn settings() -> Response {
    answer(json!([{ "category_name": "basic", "settings": [
        { "key": "proxy_keys", "name": "Global proxy keys", "value": "sk-global-123456", "type": "string" },
        { "key": "max_retries", "name": "Retries", "value": 5, "type": "int" },
    ] }]))
}
