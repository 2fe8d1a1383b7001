//! A server that gives tokens, and a service account that it knows.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jsonwebtoken::{Algorithm, DecodingKey, TokenData, Validation};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Answers every request with the same status and JSON, and keeps the bodies it got.
pub(super) struct TokenServer {
    uri: String,
    keys: KeyPair,
    answer: Arc<Mutex<(u16, Value)>>,
    bodies: Arc<Mutex<Vec<String>>>,
    accepting: tokio::task::JoinHandle<()>,
}

impl TokenServer {
    pub(super) async fn new(status: u16, answer: Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("http://{}/token", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new((status, answer)));
        let bodies = Arc::<Mutex<Vec<String>>>::default();
        let (script, seen) = (answer.clone(), bodies.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, seen) = (script.clone(), seen.clone());
                let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
                    let (script, seen) = (script.clone(), seen.clone());
                    async move {
                        let body = request.into_body().collect().await.unwrap().to_bytes();
                        seen.lock().unwrap().push(String::from_utf8(body.to_vec()).unwrap());
                        let (status, answer) = script.lock().unwrap().clone();
                        let mut response = Response::new(Full::<bytes::Bytes>::from(answer.to_string()));
                        *response.status_mut() = StatusCode::from_u16(status).unwrap();
                        Ok::<_, Infallible>(response)
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { uri, keys: KeyPair::generate(KeySize::Rsa2048).unwrap(), answer, bodies, accepting }
    }

    /// Answers otherwise from now on.
    pub(super) fn answer(&self, status: u16, answer: Value) {
        *self.answer.lock().unwrap() = (status, answer);
    }

    /// The account's JSON, on one line.
    pub(super) fn account(&self) -> String {
        let der = self.keys.as_der().unwrap();
        let lines = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> =
            lines.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"));
        json!({
            "type": "service_account",
            "project_id": "own-project",
            "private_key_id": "kid-1",
            "private_key": pem,
            "client_email": "robot@own-project.iam.gserviceaccount.com",
            "token_uri": self.uri,
        })
        .to_string()
    }

    /// How often a token was asked for.
    pub(super) fn count(&self) -> usize {
        self.bodies.lock().unwrap().len()
    }

    /// The last assertion, its signature checked.
    pub(super) fn assertion(&self) -> TokenData<Value> {
        let body = self.bodies.lock().unwrap().last().unwrap().clone();
        let (grant, assertion) = body.split_once("&assertion=").unwrap();
        assert_eq!(grant, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer");
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        validation.set_audience(&[&self.uri]);
        let key = DecodingKey::from_rsa_der(self.keys.public_key().as_ref());
        jsonwebtoken::decode(assertion, &key, &validation).unwrap()
    }
}

impl Drop for TokenServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
