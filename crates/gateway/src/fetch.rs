//! Reading from addresses that callers choose: the one client that decides on the resolved address when it connects.

mod guard;

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, LOCATION, USER_AGENT};
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use roundhouse_domain::spec::FetchSpec;
use roundhouse_llm::convert::Fetched;
use url::{Host, Url};

use crate::upstream::{ConnectError, Tls};
use guard::{Guard, Resolver};

/// Redirects that are followed.
const MAX_REDIRECTS: usize = 3;

/// Reads from addresses that callers choose; clones share its connections.
#[derive(Clone, Debug)]
pub struct Fetcher {
    client: Client<HttpsConnector<HttpConnector<Resolver>>, Empty<Bytes>>,
    guard: Guard,
    max_bytes: u64,
    timeout: Duration,
}

/// Why nothing was read. The texts are for the caller who gave the address.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It is no address of the web.
    #[error("{0:?} is not an http or https address")]
    Address(String),
    /// It leads where callers may not go.
    #[error(
        "the address of {0:?} is not public; the operator can allow its network (gateway.fetch.allowed_networks)"
    )]
    Forbidden(String),
    /// The server refused.
    #[error("{host} answered {status} for the file")]
    Status {
        /// Who.
        host: String,
        /// What.
        status: u16,
    },
    /// It is too large.
    #[error("the file is larger than the {0} bytes that are allowed here")]
    TooLarge(u64),
    /// It took too long.
    #[error("the file did not arrive in time")]
    Timeout,
    /// There was no connection, or it broke.
    #[error("the file could not be read from {0}")]
    Transport(String),
}

impl Fetcher {
    /// A reader of public addresses, and of those that `spec` allows.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(tls: &Tls, spec: &FetchSpec) -> Result<Self, ConnectError> {
        let guard = Guard::new(&spec.allowed_networks);
        let mut tcp = HttpConnector::new_with_resolver(Resolver::new(guard.clone()));
        tcp.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls.config()?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(4).build(connector);
        Ok(Self { client, guard, max_bytes: spec.max_bytes, timeout: spec.timeout.0 })
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Each for the caller who gave the address.
    pub async fn get(&self, url: &str) -> Result<Fetched, FetchError> {
        let (mime, bytes) =
            tokio::time::timeout(self.timeout, self.follow(url)).await.map_err(|_| FetchError::Timeout)??;
        Ok(Fetched { url: url.to_owned(), mime, data: BASE64_STANDARD.encode(&bytes) })
    }

    async fn follow(&self, url: &str) -> Result<(String, Bytes), FetchError> {
        let mut url = parse(url)?;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.ask(&url).await?;
            let host = url.host_str().unwrap_or_default().to_owned();
            let status = response.status();
            let next = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            if let Some(next) = next.filter(|_| status.is_redirection()) {
                let next = url.join(next).map_err(|_| FetchError::Address(next.to_owned()))?;
                url = parse(next.as_str())?;
                continue;
            }
            if status != StatusCode::OK {
                return Err(FetchError::Status { host, status: status.as_u16() });
            }
            return self.read(response, host).await;
        }
        Err(FetchError::Transport(format!("{} (too many redirects)", url.host_str().unwrap_or_default())))
    }

    async fn ask(&self, url: &Url) -> Result<Response<Incoming>, FetchError> {
        let shown = || url.host_str().unwrap_or_default().to_owned();
        // A host that is an address is never resolved.
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        if address.is_some_and(|address| !self.guard.allows(address)) {
            return Err(FetchError::Forbidden(shown()));
        }
        let uri: Uri = url.as_str().parse().map_err(|_| FetchError::Address(url.to_string()))?;
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = uri;
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("*/*"));
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static("roundhouse"));
        self.client.request(request).await.map_err(|error| {
            if guard::is_forbidden(&error) {
                FetchError::Forbidden(shown())
            } else {
                FetchError::Transport(shown())
            }
        })
    }

    async fn read(&self, response: Response<Incoming>, host: String) -> Result<(String, Bytes), FetchError> {
        let declared = media_type(response.headers());
        let most = usize::try_from(self.max_bytes).unwrap_or(usize::MAX);
        let body = Limited::new(response.into_body(), most).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                FetchError::TooLarge(self.max_bytes)
            } else {
                FetchError::Transport(host)
            }
        })?;
        let bytes = body.to_bytes();
        let mime = sniffed(&bytes).map_or(declared, str::to_owned);
        Ok((mime, bytes))
    }
}

fn parse(url: &str) -> Result<Url, FetchError> {
    let shown = || FetchError::Address(url.chars().take(200).collect());
    let mut parsed = Url::parse(url).map_err(|_| shown())?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host().is_none() {
        return Err(shown());
    }
    parsed.set_fragment(None);
    Ok(parsed)
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The MIME type by the first bytes, for what models are shown: servers often say something else.
/// Source: <https://mimesniff.spec.whatwg.org/>, 2026-11.
fn sniffed(bytes: &[u8]) -> Option<&'static str> {
    let starts: [(&[u8], &str); 6] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"ID3", "audio/mpeg"),
        (b"OggS", "audio/ogg"),
    ];
    let riff = bytes.starts_with(b"RIFF").then(|| bytes.get(8..12)).flatten();
    match riff {
        Some(b"WEBP") => Some("image/webp"),
        Some(b"WAVE") => Some("audio/wav"),
        _ => starts.into_iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, mime)| mime),
    }
}
