//! The client.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use url::{Host, Url};

use crate::guard::{self, Guard, Resolver};
use crate::tls::{Tls, TlsError};

/// Idle connections kept for each host.
const IDLE_PER_HOST: usize = 4;

/// Sends requests to addresses that a [`Guard`] allows; clones share its connections.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client<HttpsConnector<HttpConnector<Resolver>>, Full<Bytes>>,
    guard: Guard,
    timeout: Duration,
    max_bytes: u64,
}

/// Why there is no answer. The texts name hosts at the most, never whole addresses: these may hold secrets.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// It is no address of the web.
    #[error("the address is not of http or https")]
    Address,
    /// It leads where the guard lets nobody go.
    #[error("the address of {0:?} is not public")]
    Forbidden(String),
    /// The answer is too large.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(u64),
    /// It took too long.
    #[error("no answer in time from {0}")]
    Timeout(String),
    /// There was no connection, or it broke.
    #[error("no connection to {0}, or it broke")]
    Transport(String),
}

impl Outbound {
    /// A client that keeps to `guard`; each request has `timeout` from its start to its answer's end, and answers have at most
    /// `max_bytes`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(tls: &Tls, guard: Guard, timeout: Duration, max_bytes: u64) -> Result<Self, TlsError> {
        let mut tcp = HttpConnector::new_with_resolver(Resolver::new(guard.clone()));
        tcp.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls.config()?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client =
            Client::builder(TokioExecutor::new()).pool_max_idle_per_host(IDLE_PER_HOST).build(connector);
        Ok(Self { client, guard, timeout, max_bytes })
    }

    /// Sends a request and reads its answer, whatever its status; redirects are the caller's to follow.
    ///
    /// # Cancel safety
    /// Dropped, the request is given up; the other side may have acted on it.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, OutboundError> {
        let host = host_of(request.uri()).unwrap_or_default();
        let sending = self.exchange(request);
        tokio::time::timeout(self.timeout, sending).await.map_err(|_| OutboundError::Timeout(host))?
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, OutboundError> {
        let url = Url::parse(&request.uri().to_string()).map_err(|_| OutboundError::Address)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OutboundError::Address);
        }
        let host = url.host_str().ok_or(OutboundError::Address)?.to_owned();
        // A host that is an address is never resolved.
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        if address.is_some_and(|address| !self.guard.allows(address)) {
            return Err(OutboundError::Forbidden(host));
        }
        let response = self.client.request(request.map(Full::new)).await.map_err(|error| {
            if guard::is_forbidden(&error) {
                OutboundError::Forbidden(host.clone())
            } else {
                OutboundError::Transport(host.clone())
            }
        })?;
        let (parts, body) = response.into_parts();
        let most = usize::try_from(self.max_bytes).unwrap_or(usize::MAX);
        let body = Limited::new(body, most).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                OutboundError::TooLarge(self.max_bytes)
            } else {
                OutboundError::Transport(host)
            }
        })?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }
}

fn host_of(uri: &http::Uri) -> Option<String> {
    uri.host().map(str::to_owned)
}
