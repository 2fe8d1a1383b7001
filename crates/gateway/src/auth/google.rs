//! Service accounts of Google: a signed assertion is exchanged for a token, which is kept until shortly before its end.
//!
//! Source: <https://developers.google.com/identity/protocols/oauth2/service-account#httprest>, 2026-11.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt, Limited};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use parking_lot::Mutex;
use roundhouse_domain::error::chain;
use roundhouse_domain::{Secret, Timestamp};
use roundhouse_llm::limits;
use serde::{Deserialize, Serialize};

use super::{Refused, bearer};
use crate::failure::Sign;
use crate::upstream::{Client, RequestBody};

const TOKEN_URI: &str = "https://oauth2.googleapis.com/token";
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
const GRANT: &str = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";

/// How long an assertion says it is good for: the longest that Google takes.
const ASSERTED_FOR: Duration = Duration::from_hours(1);

/// How long before its end a token is replaced, so that none ends on its way.
const MARGIN: Duration = Duration::from_mins(5);

/// The longest that one exchange may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Bytes of an answer with a token at the most.
const ANSWER_BYTES: usize = 64 << 10;

/// A service account.
pub(crate) struct Account {
    /// The project it belongs to.
    pub(super) project: Option<String>,
    email: String,
    key_id: Option<String>,
    key: EncodingKey,
    token_uri: Uri,
    exchange: Mutex<Option<Exchange>>,
}

/// A token, ready to stand in a header.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) header: HeaderValue,
    ends_at: Timestamp,
}

/// An exchange under way or done; all who wait for it share it, and it goes on when the first of them leaves.
type Exchange = Shared<BoxFuture<'static, Result<Token, Refused>>>;

#[derive(Deserialize)]
struct Json {
    client_email: String,
    private_key: Secret,
    private_key_id: Option<String>,
    project_id: Option<String>,
    token_uri: Option<String>,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    scope: &'a str,
    aud: String,
    iat: i64,
    exp: i64,
}

#[derive(Deserialize)]
struct Answer {
    access_token: Option<Secret>,
    #[serde(default)]
    expires_in: u64,
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

/// Whether `key` is an API key (`AIza…`, or `AQ.…` of express mode) rather than a token (`ya29.…`).
pub(super) fn is_api_key(key: &Secret) -> bool {
    ["AIza", "AQ."].iter().any(|start| key.expose().starts_with(start))
}

impl Account {
    /// Reads a service account's JSON, bare or in base64; none for what is neither, and why for one that cannot be used.
    pub(super) fn read(text: &str) -> Option<Result<Self, String>> {
        let text = text.trim();
        let decoded;
        let text = if text.starts_with('{') {
            text
        } else {
            decoded = STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok())?;
            decoded.trim_start().starts_with('{').then_some(decoded.as_str())?
        };
        Some(
            serde_json::from_str(text)
                .map_err(|_| "the service account's JSON is incomplete".to_owned())
                .and_then(Self::new),
        )
    }

    fn new(json: Json) -> Result<Self, String> {
        let key = EncodingKey::from_rsa_pem(json.private_key.expose().as_bytes())
            .map_err(|_| "the service account's private key is no RSA key in PEM form")?;
        let token_uri = match json.token_uri.as_deref().unwrap_or(TOKEN_URI).parse() {
            Ok(uri) if is_safe(&uri) => uri,
            _ => return Err("the service account's token_uri must begin with https://".to_owned()),
        };
        Ok(Self {
            project: json.project_id,
            email: json.client_email,
            key_id: json.private_key_id,
            key,
            token_uri,
            exchange: Mutex::new(None),
        })
    }

    /// A token that is good for some minutes more: the one that is kept, or a fresh one, for which all who wait ask once.
    pub(super) async fn token(self: &Arc<Self>, client: &Client, now: Timestamp) -> Result<Token, Refused> {
        let exchange = {
            let mut held = self.exchange.lock();
            match held.as_ref().filter(|exchange| is_good(exchange, now)) {
                Some(exchange) => exchange.clone(),
                None => held.insert(self.begin(client.clone(), now)).clone(),
            }
        };
        exchange.await
    }

    /// An exchange that goes on by itself, whoever leaves meanwhile.
    fn begin(self: &Arc<Self>, client: Client, now: Timestamp) -> Exchange {
        let asking = tokio::spawn(self.clone().ask(client, now));
        let lost = |_| Err(Refused::new(Sign::Transport, "the exchange for a token broke off"));
        async move { asking.await.unwrap_or_else(lost) }.boxed().shared()
    }

    async fn ask(self: Arc<Self>, client: Client, now: Timestamp) -> Result<Token, Refused> {
        let late = |_| Refused::new(Sign::Timeout, "no token in time");
        tokio::time::timeout(PATIENCE, self.exchange(client, now)).await.map_err(late)?
    }

    async fn exchange(&self, client: Client, now: Timestamp) -> Result<Token, Refused> {
        let body = [GRANT, &self.assertion(now)?].concat();
        let mut request = Request::new(RequestBody::whole(body.into()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.token_uri.clone();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
        let broken = |error: &dyn std::error::Error| {
            Refused::new(Sign::Transport, format!("no token: {}", chain(error)))
        };
        let response = client.request(request).await.map_err(|error| broken(&error))?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, ANSWER_BYTES).collect().await.map_err(|error| broken(&*error))?;
        let refused = |refused| Refused { retry_after: limits::retry_after(&parts.headers, now), ..refused };
        read(parts.status.as_u16(), &body.to_bytes(), now).map_err(refused)
    }

    fn assertion(&self, now: Timestamp) -> Result<String, Refused> {
        let issued = now.as_millis().div_euclid(1_000);
        let claims = Claims {
            iss: &self.email,
            scope: SCOPE,
            aud: self.token_uri.to_string(),
            iat: issued,
            exp: now.plus(ASSERTED_FOR).as_millis().div_euclid(1_000),
        };
        let header = Header { kid: self.key_id.clone(), ..Header::new(Algorithm::RS256) };
        jsonwebtoken::encode(&header, &claims, &self.key)
            .map_err(|_| Refused::credential("the service account's key cannot sign"))
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("email", &self.email).finish_non_exhaustive()
    }
}

/// True for an exchange that is under way, or whose token is good for some minutes more.
fn is_good(exchange: &Exchange, now: Timestamp) -> bool {
    match exchange.peek() {
        None => true,
        Some(Ok(token)) => token.ends_at > now.plus(MARGIN),
        Some(Err(_)) => false,
    }
}

/// Tokens are asked for over TLS, or from this machine.
fn is_safe(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    match uri.scheme_str() {
        Some("https") => !host.is_empty(),
        Some("http") => is_here,
        _ => false,
    }
}

fn read(status: u16, body: &Bytes, now: Timestamp) -> Result<Token, Refused> {
    let answer = serde_json::from_slice::<Answer>(body).ok();
    if (200..300).contains(&status) {
        let answer = answer.and_then(|answer| Some((answer.access_token?, answer.expires_in)));
        let (token, seconds) = answer
            .ok_or_else(|| Refused::new(Sign::Empty, "the answer to the service account holds no token"))?;
        let ends_at = now.plus(Duration::from_secs(seconds));
        return Ok(Token { header: bearer(token.expose())?, ends_at });
    }
    let said = answer.map(|answer| format!("{} {}", answer.error, answer.error_description));
    let said = said.unwrap_or_default();
    let message = format!("the service account gets no token: {status} {}", said.trim());
    // A refused assertion answers 400 (RFC 6749 section 5.2).
    let status = if matches!(status, 400 | 401 | 403) { 401 } else { status };
    Err(Refused::new(Sign::Status(status), message))
}
