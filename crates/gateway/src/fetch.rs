//! Reading from addresses that callers choose.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, LOCATION, USER_AGENT};
use http::{Request, Response, StatusCode};
use roundhouse_domain::spec::FetchSpec;
use roundhouse_llm::convert::Fetched;
use roundhouse_outbound::{Guard, Outbound, OutboundError, Tls, TlsError};
use url::Url;

/// Redirects that are followed.
const MAX_REDIRECTS: usize = 3;

/// Reads from addresses that callers choose; clones share its connections.
#[derive(Clone, Debug)]
pub struct Fetcher {
    outbound: Outbound,
    timeout: Duration,
}

/// Why nothing was read. The texts are for the caller who gave the address.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It is no address of the web.
    #[error("one of their addresses is not of http or https")]
    Address,
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
    pub fn new(tls: &Tls, spec: &FetchSpec) -> Result<Self, TlsError> {
        let guard = Guard::public(&spec.allowed_networks);
        let outbound = Outbound::new(tls, guard, spec.timeout.0, spec.max_bytes)?;
        Ok(Self { outbound, timeout: spec.timeout.0 })
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
                let next = url.join(next).map_err(|_| FetchError::Address)?;
                url = parse(next.as_str())?;
                continue;
            }
            if status != StatusCode::OK {
                return Err(FetchError::Status { host, status: status.as_u16() });
            }
            return Ok(read(response));
        }
        Err(FetchError::Transport(format!("{} (too many redirects)", url.host_str().unwrap_or_default())))
    }

    async fn ask(&self, url: &Url) -> Result<Response<Bytes>, FetchError> {
        let request = Request::get(url.as_str()).header(ACCEPT, "*/*").header(USER_AGENT, "roundhouse");
        let request = request.body(Bytes::new()).map_err(|_| FetchError::Address)?;
        Ok(self.outbound.send(request).await?)
    }
}

fn read(response: Response<Bytes>) -> (String, Bytes) {
    let declared = media_type(response.headers());
    let bytes = response.into_body();
    (sniffed(&bytes).map_or(declared, str::to_owned), bytes)
}

impl From<OutboundError> for FetchError {
    fn from(error: OutboundError) -> Self {
        match error {
            OutboundError::Address => Self::Address,
            OutboundError::Forbidden(host) => Self::Forbidden(host),
            OutboundError::TooLarge(bytes) => Self::TooLarge(bytes),
            OutboundError::Timeout(_) => Self::Timeout,
            OutboundError::Transport(host) => Self::Transport(host),
        }
    }
}

fn parse(url: &str) -> Result<Url, FetchError> {
    let mut parsed = Url::parse(url).map_err(|_| FetchError::Address)?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host().is_none() {
        return Err(FetchError::Address);
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
