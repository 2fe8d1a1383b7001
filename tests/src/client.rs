//! A plain HTTP client that hides nothing: whole answers, and streams piece by piece.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// No answer takes longer, unless something is stuck.
const PATIENCE: Duration = Duration::from_mins(1);

/// A client of one server.
#[derive(Clone, Debug)]
pub struct Client {
    base: String,
    inner: legacy::Client<HttpConnector, Full<Bytes>>,
}

/// A request to be sent.
#[derive(Debug)]
pub struct Ask {
    client: Client,
    request: http::request::Builder,
    body: Bytes,
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as much as came.
    pub body: Bytes,
    /// Whether the body ended as HTTP wants it.
    pub complete: bool,
}

/// An answer that is still coming.
#[derive(Debug)]
pub struct Open {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    body: Incoming,
}

impl Client {
    /// A client of the server at `base`, such as `http://127.0.0.1:8080`.
    pub fn new(base: impl Into<String>) -> Self {
        let inner = legacy::Client::builder(TokioExecutor::new()).build_http();
        Self { base: base.into(), inner }
    }

    /// A request of any method.
    pub fn ask(&self, method: Method, path: &str) -> Ask {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        Ask { client: self.clone(), request, body: Bytes::new() }
    }

    /// A GET request.
    pub fn get(&self, path: &str) -> Ask {
        self.ask(Method::GET, path)
    }

    /// A POST request.
    pub fn post(&self, path: &str) -> Ask {
        self.ask(Method::POST, path)
    }
}

impl Ask {
    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// With a bearer credential.
    #[must_use]
    pub fn bearer(self, credential: &str) -> Self {
        self.header(AUTHORIZATION.as_str(), &format!("Bearer {credential}"))
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.text(body.to_string())
    }

    /// With a body that says it is JSON.
    #[must_use]
    pub fn text(self, body: impl Into<Bytes>) -> Self {
        self.header(CONTENT_TYPE.as_str(), "application/json").body(body)
    }

    /// With a body of no said type.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it and waits for the head of the answer, if there is one.
    pub async fn try_open(self) -> Result<Open, legacy::Error> {
        let request = self.request.body(Full::new(self.body)).expect("requests of tests are well-formed");
        let answering = tokio::time::timeout(PATIENCE, self.client.inner.request(request)).await;
        let (parts, body) = answering.expect("an answer comes in time")?.into_parts();
        Ok(Open { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    /// Sends it and waits for the head of the answer.
    pub async fn open(self) -> Open {
        self.try_open().await.expect("the server answers")
    }

    /// Sends it and waits for the whole answer.
    pub async fn send(self) -> Answer {
        self.open().await.rest().await
    }
}

impl Open {
    /// The next piece; none at the end, also where the end is a cut.
    pub async fn next(&mut self) -> Option<Bytes> {
        self.frame().await?.ok()
    }

    /// All that is still to come.
    pub async fn rest(mut self) -> Answer {
        let mut body = BytesMut::new();
        let mut complete = true;
        while let Some(frame) = self.frame().await {
            let Ok(piece) = frame else {
                complete = false;
                break;
            };
            body.extend_from_slice(&piece);
        }
        Answer { status: self.status, headers: self.headers, body: body.freeze(), complete }
    }

    async fn frame(&mut self) -> Option<Result<Bytes, hyper::Error>> {
        let frame =
            tokio::time::timeout(PATIENCE, self.body.frame()).await.expect("the answer goes on in time")?;
        Some(frame.map(|frame| frame.into_data().unwrap_or_default()))
    }
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("answers are UTF-8")
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// A header's value; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("headers are ASCII"))
    }

    /// The request's id.
    pub fn id(&self) -> &str {
        self.header("x-request-id")
    }
}
