//! Credentials of clouds: signatures against AWS's published algorithm, tokens against a server on this machine.

mod server;

use std::fmt::Write;
use std::iter::once;
use std::time::Duration;

use aws_lc_rs::{digest, hmac};
use futures_util::future::join_all;
use http::{HeaderMap, Request};
use roundhouse_domain::spec::ProviderKind;
use roundhouse_domain::{KeyHash, Secret};
use serde_json::{Value, json};

use self::server::TokenServer;
use super::*;
use crate::key::KeyState;
use crate::upstream;

/// The time of AWS's published examples: 2015-08-30T12:36:00Z.
const NOW: Timestamp = Timestamp::from_millis(1_440_938_160_000);
const PAIR: &str = "AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const CONVERSE: &str = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m%3A0/converse?a=b";

fn key(text: &str) -> ProviderKey {
    ProviderKey::new(Secret::from(text), KeyHash([7; 16]), KeyState::default())
}

fn auth(kind: ProviderKind, key: &ProviderKey) -> Auth {
    Auth::new(kind, Some("us-east-1".to_owned()), once(key), None)
}

fn client() -> Client {
    upstream::client(None, None, Duration::from_secs(5)).unwrap()
}

fn fresh_token() -> Value {
    json!({ "access_token": "ya29.fresh", "expires_in": 3_599, "token_type": "Bearer" })
}

fn post(uri: &str) -> Request<()> {
    let request = Request::post(uri).header("content-type", "application/json");
    request.header("user-agent", "test").header("x-amz-date", "the caller's").body(()).unwrap()
}

async fn signed(kind: ProviderKind, text: &str, uri: &str, body: &[u8]) -> HeaderMap {
    let key = key(text);
    let mut request = post(uri);
    let auth = auth(kind, &key);
    let signer = auth.signer(Some(&key), &client(), NOW).await.unwrap();
    signer.sign(kind, &mut request, body, NOW).unwrap();
    request.headers().clone()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// The signature of a canonical request, as
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html> (2026-11) has it.
fn signature(canonical: &str, service: &str) -> String {
    let keyed = |key: &[u8], text: &str| {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
    };
    let secret = PAIR.split_once(':').unwrap().1;
    let day = keyed(format!("AWS4{secret}").as_bytes(), "20150830");
    let key = keyed(&keyed(&keyed(&day, "us-east-1"), service), "aws4_request");
    let hash = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let scope = format!("20150830/us-east-1/{service}/aws4_request");
    hex(&keyed(&key, &format!("AWS4-HMAC-SHA256\n20150830T123600Z\n{scope}\n{hash}")))
}

#[tokio::test]
async fn requests_to_bedrock_are_signed_as_aws_says() {
    let empty = hex(digest::digest(&digest::SHA256, b"").as_ref());
    let vanilla = format!(
        "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n{empty}"
    );
    // `get-vanilla` of AWS's Signature Version 4 test suite: the reference above is right.
    assert_eq!(
        signature(&vanilla, "service"),
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    );
    let body = br#"{"messages":[]}"#;
    let canonical = format!(
        "POST\n/model/m%253A0/converse\na=b\ncontent-type:application/json\n\
        host:bedrock-runtime.us-east-1.amazonaws.com\nx-amz-date:20150830T123600Z\n\n\
        content-type;host;x-amz-date\n{}",
        hex(digest::digest(&digest::SHA256, body).as_ref())
    );
    let headers = signed(ProviderKind::Bedrock, PAIR, CONVERSE, body).await;
    assert_eq!(headers["x-amz-date"], "20150830T123600Z");
    assert_eq!(
        headers["authorization"],
        format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/bedrock/aws4_request, \
            SignedHeaders=content-type;host;x-amz-date, Signature={}",
            signature(&canonical, "bedrock")
        )
    );
    assert!(headers["authorization"].is_sensitive());
}

#[tokio::test]
async fn every_form_of_an_aws_key_signs_alike() {
    let (id, secret) = PAIR.split_once(':').unwrap();
    let sts =
        json!({ "Credentials": { "AccessKeyId": id, "SecretAccessKey": secret, "SessionToken": "a:b" } });
    let plain =
        json!({ "aws_access_key_id": id, "aws_secret_access_key": secret, "aws_session_token": "a:b" });
    let forms = [format!("{PAIR}:a:b"), sts.to_string(), plain.to_string()];
    let mut seen = Vec::new();
    for form in &forms {
        let headers = signed(ProviderKind::Bedrock, form, CONVERSE, b"").await;
        assert_eq!(headers["x-amz-security-token"], "a:b");
        seen.push(headers["authorization"].clone());
    }
    assert!(seen.iter().all(|header| *header == seen[0]));
    assert!(seen[0].to_str().unwrap().contains("content-type;host;x-amz-date;x-amz-security-token"));
}

#[tokio::test]
async fn api_keys_and_tokens_stand_in_headers() {
    let cases = [
        (
            ProviderKind::Bedrock,
            "ABSKQmVkcm9ja0FQSUtleQ==",
            "authorization",
            "Bearer ABSKQmVkcm9ja0FQSUtleQ==",
        ),
        (ProviderKind::Bedrock, "key:with:colons", "authorization", "Bearer key:with:colons"),
        (ProviderKind::Vertex, "AIzaKey", "x-goog-api-key", "AIzaKey"),
        (ProviderKind::Vertex, "AQ.Key", "x-goog-api-key", "AQ.Key"),
        (ProviderKind::Vertex, "ya29.token", "authorization", "Bearer ya29.token"),
        (ProviderKind::Anthropic, "sk-ant", "x-api-key", "sk-ant"),
        (ProviderKind::Cohere, "co", "authorization", "Bearer co"),
    ];
    for (kind, text, name, value) in cases {
        let headers = signed(kind, text, "https://host.example/v1", b"").await;
        assert_eq!(headers[name], value, "{kind}");
    }
    let key = key("AIzaKey");
    let auth = auth(ProviderKind::Vertex, &key);
    let express = auth.signer(Some(&key), &client(), NOW).await.unwrap();
    assert_eq!(express.project(Some("p")), None);
}

#[tokio::test]
async fn fifty_calls_at_once_ask_for_one_token() {
    let server = TokenServer::new(200, fresh_token()).await;
    let key = key(&server.account());
    let (auth, client) = (auth(ProviderKind::Vertex, &key), client());
    let signers = join_all((0..50).map(|_| auth.signer(Some(&key), &client, NOW))).await;
    for signer in signers {
        let signer = signer.unwrap();
        let mut request = post("https://aiplatform.googleapis.com/v1/x");
        signer.sign(ProviderKind::Vertex, &mut request, b"", NOW).unwrap();
        assert_eq!(request.headers()["authorization"], "Bearer ya29.fresh");
        assert_eq!((signer.project(None), signer.project(Some("p"))), (Some("own-project"), Some("p")));
    }
    assert_eq!(server.count(), 1);
    let assertion = server.assertion();
    assert_eq!(
        (assertion.header.kid.as_deref(), &assertion.claims["exp"]),
        (Some("kid-1"), &json!(1_440_941_760))
    );
    assert_eq!(assertion.claims["iss"], "robot@own-project.iam.gserviceaccount.com");
    assert_eq!(assertion.claims["scope"], "https://www.googleapis.com/auth/cloud-platform");
}

#[tokio::test]
async fn a_token_is_kept_until_five_minutes_before_its_end() {
    let server = TokenServer::new(200, fresh_token()).await;
    let key = key(&server.account());
    let (auth, client) = (auth(ProviderKind::Vertex, &key), client());
    let count_at = async |seconds| {
        auth.signer(Some(&key), &client, NOW.plus(Duration::from_secs(seconds))).await.unwrap();
        server.count()
    };
    assert_eq!([count_at(0).await, count_at(3_298).await, count_at(3_300).await], [1, 1, 2]);
    // The configuration was read again: the token goes on.
    let next = Auth::new(ProviderKind::Vertex, None, once(&key), Some(&auth));
    next.signer(Some(&key), &client, NOW.plus(Duration::from_secs(3_400))).await.unwrap();
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_refused_service_account_is_a_refused_key_and_is_tried_again() {
    let refusal = json!({ "error": "invalid_grant", "error_description": "Invalid JWT Signature." });
    let server = TokenServer::new(400, refusal).await;
    let key = key(&server.account());
    let (auth, client) = (auth(ProviderKind::Vertex, &key), client());
    let refused = async || auth.signer(Some(&key), &client, NOW).await.unwrap_err();
    let why = refused().await;
    assert_eq!(why.sign, Sign::Status(401));
    assert_eq!(&*why.message, "the service account gets no token: 400 invalid_grant Invalid JWT Signature.");
    server.answer(503, json!("try later"));
    assert_eq!(refused().await.sign, Sign::Status(503));
    server.answer(200, json!({ "id_token": "x" }));
    assert_eq!(refused().await.sign, Sign::Empty);
    server.answer(200, fresh_token());
    assert!(auth.signer(Some(&key), &client, NOW).await.is_ok());
}

#[tokio::test]
async fn a_service_account_that_cannot_be_used_says_why() {
    let server = TokenServer::new(200, fresh_token()).await;
    let changed = |field: &str, value: &str| {
        let mut account: Value = serde_json::from_str(&server.account()).unwrap();
        account[field] = value.into();
        account.to_string()
    };
    let cases = [
        (changed("token_uri", "http://example.com/token"), "token_uri must begin with https://"),
        (changed("token_uri", "file:///etc/passwd"), "token_uri must begin with https://"),
        (changed("private_key", "no key"), "is no RSA key in PEM form"),
        (r#"{"type":"service_account"}"#.to_owned(), "JSON is incomplete"),
    ];
    for (text, expected) in cases {
        let key = key(&text);
        let why = auth(ProviderKind::Vertex, &key).signer(Some(&key), &client(), NOW).await.unwrap_err();
        assert_eq!(why.sign, Sign::Status(401));
        assert!(why.message.contains(expected), "{}", why.message);
    }
    assert_eq!(server.count(), 0);
    let encoded = key(&base64::Engine::encode(&base64::engine::general_purpose::STANDARD, server.account()));
    assert!(auth(ProviderKind::Vertex, &encoded).signer(Some(&encoded), &client(), NOW).await.is_ok());
}
