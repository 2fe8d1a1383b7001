//! People of tests.

use http::Method;
use roundhouse_tests::{Answer, House};
use serde_json::{Value, json};

/// The password of everybody but the administrator.
pub(crate) const PASSWORD: &str = "four score and seven";

/// Sends a request with a bearer credential and a JSON body.
pub(crate) async fn ask(house: &House, bearer: &str, (method, path): (&str, &str), body: &Value) -> Answer {
    let method: Method = method.parse().unwrap();
    house.client().ask(method, path).bearer(bearer).json(body).send().await
}

/// Adds a member and logs them in; returns their id and access token.
pub(crate) async fn member(house: &mut House, email: &str) -> (String, String) {
    let administrator = house.administrator().await;
    let new = json!({ "email": email, "password": PASSWORD });
    let added = ask(house, &administrator, ("POST", "/api/v1/users"), &new).await;
    assert_eq!(added.status, 201, "{}", added.text());
    let id = added.json()["id"].as_str().unwrap().to_owned();
    (id, login(house, email, PASSWORD).await.json()["access_token"].as_str().unwrap().to_owned())
}

/// Logs somebody in.
pub(crate) async fn login(house: &House, email: &str, password: &str) -> Answer {
    let login = json!({ "email": email, "password": password });
    house.client().post("/api/v1/auth/login").json(&login).send().await
}

/// A fresh personal token with these scopes.
pub(crate) async fn token(house: &House, bearer: &str, scopes: Option<&[&str]>) -> String {
    let made =
        ask(house, bearer, ("POST", "/api/v1/tokens"), &json!({ "name": "t", "scopes": scopes })).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["token"].as_str().unwrap().to_owned()
}

/// The cookies that an answer sets, by name: value and attributes.
pub(crate) fn cookies(answer: &Answer) -> Vec<(String, String, String)> {
    let set = answer.headers.get_all("set-cookie").into_iter();
    let split = set.map(|cookie| {
        let cookie = cookie.to_str().unwrap();
        let (pair, attributes) = cookie.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), value.to_owned(), attributes.to_owned())
    });
    split.collect()
}
