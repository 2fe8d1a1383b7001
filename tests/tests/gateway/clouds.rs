//! Providers of the clouds: tokens, signatures and paths.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use roundhouse_tests::{Dialect, Fake, House, KEY, Reply, provider};
use serde_json::{Value, json};

const PLACE: &str = "/v1/projects/own-project/locations/us-east5/publishers";

/// A service account whose tokens come from `fake`.
fn account(fake: &Fake) -> String {
    let keys = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der = STANDARD.encode(keys.as_der().unwrap().as_ref());
    json!({
        "project_id": "own-project",
        "private_key": format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n"),
        "client_email": "robot@own-project.iam.gserviceaccount.com",
        "token_uri": format!("{}/token", fake.url()),
    })
    .to_string()
}

async fn google(status: u16) -> Fake {
    Fake::new(move |seen| match seen.path() {
        "/token" if status == 200 => {
            Reply::json(200, &json!({ "access_token": "ya29.t", "expires_in": 3_599 }))
        }
        "/token" => Reply::json(status, &json!({ "error": "invalid_grant" })),
        path if path.ends_with(":rawPredict") => Reply::json(200, &Dialect::Messages.whole("hello there")),
        path if path.ends_with(":streamRawPredict") => Reply::events(Dialect::Messages.stream("hello there")),
        _ => Dialect::answer(seen, "hello there"),
    })
    .await
}

fn vertex(fake: &Fake, key: &str) -> Value {
    let mut vertex = provider("vertex", "vertex", &fake.url(), &[key], &["gemini-x", "claude-x@1"]);
    vertex["location"] = "us-east5".into();
    vertex
}

#[tokio::test]
async fn a_service_account_gets_one_token_for_many_calls() {
    let fake = google(200).await;
    let house = House::start(json!({ "providers": [vertex(&fake, &account(&fake))] })).await;
    let ask = || Dialect::Gemini.ask(house.client(), KEY, "gemini-x", true).send();
    for answer in join_all((0..50).map(|_| ask())).await {
        assert_eq!(Dialect::Gemini.text(&answer), "hello there", "{}", answer.text());
    }
    let (tokens, calls): (Vec<_>, Vec<_>) = fake.seen().into_iter().partition(|seen| seen.path() == "/token");
    assert_eq!((tokens.len(), calls.len()), (1, 50));
    for call in calls {
        assert_eq!(call.target, format!("{PLACE}/google/models/gemini-x:streamGenerateContent?alt=sse"));
        assert_eq!(call.header("authorization"), "Bearer ya29.t");
    }
    assert!(!house.log().contains("PRIVATE KEY"));
}

#[tokio::test]
async fn claude_on_vertex_is_asked_as_vertex_wants_it() {
    let fake = google(200).await;
    let house = House::start(json!({ "providers": [vertex(&fake, &account(&fake))] })).await;
    for (stream, method) in [(false, "rawPredict"), (true, "streamRawPredict")] {
        let answer = Dialect::Messages.ask(house.client(), KEY, "claude-x@1", stream).send().await;
        assert_eq!(Dialect::Messages.text(&answer), "hello there", "{}", answer.text());
        let seen = fake.last();
        assert_eq!(seen.target, format!("{PLACE}/anthropic/models/claude-x@1:{method}"));
        let body = seen.json();
        assert_eq!((&body["anthropic_version"], &body["model"]), (&json!("vertex-2023-10-16"), &Value::Null));
        assert_eq!(body["max_tokens"], 64);
    }
}

#[tokio::test]
async fn an_express_key_has_no_project_in_its_path() {
    let fake = google(200).await;
    let house = House::start(json!({ "providers": [vertex(&fake, "AIzaExpress")] })).await;
    let answer = Dialect::Gemini.ask(house.client(), KEY, "gemini-x", false).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let seen = fake.last();
    assert_eq!(seen.target, "/v1/publishers/google/models/gemini-x:generateContent");
    assert_eq!((seen.header("x-goog-api-key"), seen.header("authorization")), ("AIzaExpress", ""));
}

#[tokio::test]
async fn a_service_account_without_a_token_is_passed_over() {
    let fake = google(400).await;
    let mut spare = provider("spare", "gemini", &fake.url(), &["AIzaSpare"], &["gemini-x"]);
    spare["tier"] = 1.into();
    let house = House::start(json!({ "providers": [vertex(&fake, &account(&fake)), spare] })).await;
    let answer = Dialect::Gemini.ask(house.client(), KEY, "gemini-x", false).send().await;
    assert_eq!(Dialect::Gemini.text(&answer), "hello there", "{}", answer.text());
    assert_eq!(answer.header("x-roundhouse-provider"), "spare");
}

#[tokio::test]
async fn native_calls_of_bedrock_are_signed() {
    let fake = Fake::new(|_| Reply::json(200, &json!({ "ok": true }))).await;
    let mut bedrock = provider("bedrock", "bedrock", &fake.url(), &["AKIDEXAMPLE:secret/key:token"], &["m"]);
    bedrock["region"] = "eu-west-1".into();
    let house = House::start(json!({ "providers": [bedrock] })).await;
    let ask = house.post("/proxy/bedrock/model/m%3A0/converse").json(&json!({ "messages": [] }));
    let answer = ask.header("x-amz-date", "19990101T000000Z").send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let seen = fake.last();
    let authorization = seen.header("authorization");
    assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{authorization}");
    assert!(authorization.contains("/eu-west-1/bedrock/aws4_request, "), "{authorization}");
    assert!(authorization.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "));
    assert_eq!(
        (seen.header("x-amz-security-token"), seen.target.as_str()),
        ("token", "/model/m%3A0/converse")
    );
    assert!(authorization.contains(&seen.header("x-amz-date")[..8]));
}
