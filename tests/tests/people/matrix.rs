//! Every operation of the OpenAPI document: without a credential, without the permission, with just that permission, and
//! on somebody else's object.
//!
//! An operation's `security` says who may call it: nothing is everybody, `[]` administrators, `["own"]` anyone who is logged
//! in, on what is theirs, and else the one permission that is needed.

use http::Method;
use roundhouse_tests::House;
use serde_json::{Value, json};

use crate::support::{ask, member, token};

/// Who has not shown who they are may call these, and why.
const PUBLIC: [&str; 14] = [
    // Balancers and people who look whether it runs.
    "health",
    "ready",
    // How one gets in.
    "auth_login",
    "auth_refresh",
    "auth_methods",
    "auth_setup",
    "auth_register",
    "auth_oidc_start",
    "auth_oidc_callback",
    // Whoever holds a link has nothing else yet.
    "auth_forgot_password",
    "auth_link",
    "auth_password",
    // The names that these have in older documents.
    "healthz",
    "api_health",
];

/// An id that nothing has.
const NOTHING: &str = "01890000-0000-7000-8000-00000000dead";

struct Operation {
    id: String,
    method: String,
    path: String,
    /// None for everybody; the names for those who are logged in.
    needs: Option<Vec<String>>,
}

impl Operation {
    /// What an operation with path parameters is called with.
    fn path_of(&self, value: &str) -> String {
        let mut path = String::new();
        for (index, part) in self.path.split(['{', '}']).enumerate() {
            path.push_str(if index % 2 == 0 { part } else { value });
        }
        path
    }

    fn is_own(&self) -> bool {
        self.needs.as_ref().is_some_and(|needs| needs.iter().any(|need| need == "own"))
    }
}

async fn operations(house: &House) -> Vec<Operation> {
    let document = house.client().get("/openapi.json").send().await.json();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let needs = operation["security"].as_array().map(|alternatives| {
                let scopes = alternatives.iter().filter_map(|alternative| alternative["bearer"].as_array());
                let names = scopes.flatten().filter_map(Value::as_str).map(str::to_owned);
                names.collect()
            });
            operations.push(Operation {
                id: operation["operationId"].as_str().unwrap_or(path).to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                needs,
            });
        }
    }
    operations
}

/// Status and code of the answer to a request that is empty but for its credential.
async fn answer(house: &House, operation: &Operation, bearer: Option<&str>) -> (u16, String) {
    let method: Method = operation.method.parse().unwrap();
    let mut ask = house.client().ask(method, &operation.path_of(NOTHING));
    if let Some(bearer) = bearer {
        ask = ask.bearer(bearer);
    }
    let open = ask.json(&json!({})).open().await;
    let status = open.status;
    if status < 400 {
        // It may be an endless stream.
        return (status, String::new());
    }
    let body: Value = serde_json::from_slice(&open.rest().await.body).unwrap_or_default();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn without_a_credential_only_public_operations_answer() {
    let house = House::start(json!({})).await;
    let operations = operations(&house).await;
    assert!(operations.len() > 40, "the document has its operations");
    for operation in &operations {
        let (status, code) = answer(&house, operation, None).await;
        if operation.needs.is_none() {
            let public = PUBLIC.contains(&operation.id.as_str());
            assert!(public, "{} is public, and not on the list of those that may be", operation.id);
        } else {
            assert_eq!((status, code.as_str()), (401, "not_logged_in"), "{}", operation.id);
        }
        for nonsense in ["nonsense", "rhp-nonsense"] {
            if operation.needs.is_some() {
                let (status, _) = answer(&house, operation, Some(nonsense)).await;
                assert_eq!(status, 401, "{} with {nonsense}", operation.id);
            }
        }
    }
}

#[tokio::test]
async fn each_operation_lets_in_whom_it_says_and_nobody_else() {
    let mut house = House::start(json!({})).await;
    let administrator = house.administrator().await;
    let (_, session) = member(&mut house, "plain@example.com").await;
    // A token cannot log out, or anything like that.
    let plain = token(&house, &session, None).await;
    let known = ask(&house, &plain, ("GET", "/api/v1/groups/permissions"), &Value::Null).await.json();
    let names = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    let (all, members) = (names(&known["all"]), names(&known["member"]));
    let mut wrong = Vec::new();
    for operation in operations(&house).await {
        let Some(needs) = &operation.needs else { continue };
        let mut needs = needs.clone();
        needs.dedup();
        let (status, code) = answer(&house, &operation, Some(&plain)).await;
        let own = operation.is_own() || needs.iter().any(|need| members.contains(need));
        let refused = matches!(status, 403 | 404) && code != "session_required";
        if own && status == 403 && code != "session_required" || own && status == 401 {
            wrong.push(format!("{}: a member got {status} {code}", operation.id));
        }
        if !own && !refused {
            wrong.push(format!("{}: a member without {needs:?} got {status} {code}", operation.id));
        }
        for need in needs.iter().filter(|need| *need != "own") {
            if !all.contains(need) {
                wrong.push(format!("{}: `{need}` is no permission", operation.id));
                continue;
            }
            let scoped = token(&house, &administrator, Some(&[need.as_str()])).await;
            let (status, code) = answer(&house, &operation, Some(&scoped)).await;
            if matches!(status, 401 | 403) {
                wrong.push(format!("{}: with just `{need}` got {status} {code}", operation.id));
            }
            forget_tokens(&house, &administrator).await;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// One has only so many.
async fn forget_tokens(house: &House, bearer: &str) {
    let held = ask(house, bearer, ("GET", "/api/v1/tokens"), &Value::Null).await.json();
    for token in held["items"].as_array().unwrap() {
        let path = format!("/api/v1/tokens/{}", token["id"].as_str().unwrap());
        assert_eq!(ask(house, bearer, ("DELETE", &path), &Value::Null).await.status, 204);
    }
}

#[tokio::test]
async fn somebody_elses_object_is_not_there() {
    let mut house = House::start(json!({})).await;
    let (_, owner) = member(&mut house, "owner@example.com").await;
    let (_, stranger) = member(&mut house, "stranger@example.com").await;
    let objects = objects_of(&house, &owner).await;
    for operation in operations(&house).await.iter().filter(|operation| operation.path.contains('{')) {
        if !operation.is_own() {
            continue;
        }
        let (collection, _) = operation.path.split_once("/{").unwrap();
        let found = objects.iter().find(|(path, _)| *path == collection);
        let (_, id) = found.unwrap_or_else(|| panic!("no object of {collection} to try {}", operation.id));
        for id in [id.as_str(), NOTHING, "nonsense"] {
            let call = (operation.method.as_str(), operation.path_of(id));
            let answer = ask(&house, &stranger, (call.0, &call.1), &json!({})).await;
            assert_eq!(answer.status, 404, "{} {call:?}: {}", operation.id, answer.text());
        }
    }
    for (collection, id) in &objects {
        let held = ask(&house, &owner, ("GET", collection), &Value::Null).await.json();
        let items = held["items"].as_array().unwrap();
        assert!(items.iter().any(|item| item["id"] == id.as_str()), "{collection} lost {id}");
    }
}

/// An object of each kind that people have of their own, by its collection.
async fn objects_of(house: &House, bearer: &str) -> Vec<(&'static str, String)> {
    token(house, bearer, None).await;
    let mut objects = Vec::new();
    for collection in ["/api/v1/tokens", "/api/v1/auth/sessions"] {
        let held = ask(house, bearer, ("GET", collection), &Value::Null).await.json();
        objects.push((collection, held["items"][0]["id"].as_str().unwrap().to_owned()));
    }
    objects
}
