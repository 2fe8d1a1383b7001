//! Calls to the interfaces of other gateways.

use bytes::Bytes;
use http::{Method, Request, header};
use roundhouse_domain::Secret;
use roundhouse_outbound::Outbound;
use serde_json::Value;
use url::Url;

use crate::error::ReadError;

/// The most of an answer that a message repeats.
const MAX_REASON: usize = 200;

/// Another gateway's interface.
#[derive(Clone, Debug)]
pub struct Remote {
    outbound: Outbound,
    base: Url,
    key: Secret,
}

impl Remote {
    /// The interface at `url`, with the key that administers it.
    ///
    /// # Errors
    /// When the address is none.
    pub fn new(outbound: Outbound, url: &str, key: Secret) -> Result<Self, ReadError> {
        let wrong = || ReadError::shape("url", "expected an address such as http://gpt-load:3001");
        let base = Url::parse(url.trim()).map_err(|_| wrong())?;
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
            return Err(wrong());
        }
        Ok(Self { outbound, base, key })
    }

    /// Calls `path` and reads the JSON of its answer.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, ReadError> {
        let place = format!(
            "{}{}",
            self.base.host_str().unwrap_or_default(),
            path.split('?').next().unwrap_or_default()
        );
        let failed = |text: String| ReadError::Remote(format!("{place}: {text}"));
        let address = format!("{}{path}", self.base.as_str().trim_end_matches('/'));
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key.expose()))
            .header(header::ACCEPT, "application/json")
            .header(header::ACCEPT_LANGUAGE, "en-US");
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let request =
            request.body(body).map_err(|_| failed("the address or the key cannot be sent".to_owned()))?;
        let answer = self.outbound.send(request).await.map_err(|error| failed(error.to_string()))?;
        let status = answer.status();
        let value: Option<Value> = serde_json::from_slice(answer.body()).ok();
        if status.is_success() {
            return value.ok_or_else(|| failed("the answer is no JSON; is it the right address?".to_owned()));
        }
        if matches!(status.as_u16(), 401 | 403) {
            return Err(failed("it refuses the key".to_owned()));
        }
        let message = value.as_ref().and_then(|value| value.get("message")?.as_str()).unwrap_or_default();
        let message: String =
            roundhouse_domain::secret::redact(message, &self.key).chars().take(MAX_REASON).collect();
        Err(failed(format!("it answers {} {message}", status.as_u16()).trim_end().to_owned()))
    }
}
