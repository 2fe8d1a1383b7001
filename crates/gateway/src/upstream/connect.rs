//! Connections to one provider: direct, through an HTTP proxy or through SOCKS5, with or without TLS.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{HeaderValue, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use roundhouse_domain::Secret;
use roundhouse_outbound::{Tls, TlsError};
use tokio::net::TcpStream;
use tower::Service;

use super::RequestBody;

/// Idle connections are closed before providers and the balancers in front of them do it (commonly after 60 s).
const POOL_IDLE: Duration = Duration::from_secs(50);

/// A pooled client of one provider. Clones share the pool.
pub type Client = legacy::Client<HttpsConnector<Dial>, RequestBody>;

/// Why a provider's connections cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The proxy's address is none.
    #[error("the proxy must be http://, https:// or socks5:// with host and port")]
    Proxy,
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// Makes the client of a provider; without `tls` it can only speak plainly, and no certificates are loaded.
pub fn client(
    tls: Option<&Tls>,
    proxy: Option<&Secret>,
    connect_timeout: Duration,
) -> Result<Client, ConnectError> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(Duration::from_mins(1)));
    let way = match proxy {
        None => Way::Direct(tcp),
        Some(proxy) => proxied(tcp, proxy)?,
    };
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls.map_or_else(Tls::none, Tls::config)?)
        .https_or_http()
        .enable_http1()
        .wrap_connector(Dial { way, timeout: connect_timeout });
    let mut builder = legacy::Client::builder(TokioExecutor::new());
    builder.pool_timer(TokioTimer::new()).pool_idle_timeout(POOL_IDLE).pool_max_idle_per_host(4_096);
    // Frames go out as they come; the body of a rewritten request is up to three pieces.
    builder.http1_writev(true);
    Ok(builder.build(connector))
}

/// Says what keeps an address of a proxy from being used.
///
/// # Errors
/// [`ConnectError::Proxy`] when it is none.
pub fn check_proxy(proxy: &Secret) -> Result<(), ConnectError> {
    proxied(HttpConnector::new(), proxy).map(|_| ())
}

fn proxied(tcp: HttpConnector, proxy: &Secret) -> Result<Way, ConnectError> {
    let (scheme, rest) = proxy.expose().split_once("://").ok_or(ConnectError::Proxy)?;
    let (userinfo, host) = match rest.trim_end_matches('/').rsplit_once('@') {
        Some((userinfo, host)) => (Some(userinfo), host),
        None => (None, rest.trim_end_matches('/')),
    };
    // The dialled address is the proxy's own; which scheme the proxy URL had matters only to how it is spoken to.
    let address: Uri = format!("http://{host}").parse().map_err(|_| ConnectError::Proxy)?;
    if address.port().is_none() && !matches!(scheme, "http" | "https") {
        return Err(ConnectError::Proxy);
    }
    let (user, password) = userinfo.map_or((None, ""), |u| {
        let (user, password) = u.split_once(':').unwrap_or((u, ""));
        (Some(user), password)
    });
    match scheme {
        "http" => {
            let tunnel = Tunnel::new(address, tcp);
            Ok(Way::Tunnel(match user {
                Some(user) => tunnel.with_auth(basic(user, password)?),
                None => tunnel,
            }))
        }
        "socks5" | "socks5h" => {
            let socks = SocksV5::new(address, tcp).local_dns(scheme == "socks5");
            Ok(Way::Socks(match user {
                Some(user) => socks.with_auth(user.to_owned(), password.to_owned()),
                None => socks,
            }))
        }
        _ => Err(ConnectError::Proxy),
    }
}

fn basic(user: &str, password: &str) -> Result<HeaderValue, ConnectError> {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    let mut value = HeaderValue::try_from(format!("Basic {text}")).map_err(|_| ConnectError::Proxy)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Opens TCP connections the way a provider wants them, within a time.
#[derive(Clone)]
pub struct Dial {
    way: Way,
    timeout: Duration,
}

#[derive(Clone)]
enum Way {
    Direct(HttpConnector),
    Tunnel(Tunnel<HttpConnector>),
    Socks(SocksV5<HttpConnector>),
}

type Fault = Box<dyn std::error::Error + Send + Sync>;
type Dialling = Pin<Box<dyn Future<Output = Result<TokioIo<TcpStream>, Fault>> + Send>>;

impl Service<Uri> for Dial {
    type Response = TokioIo<TcpStream>;
    type Error = Fault;
    type Future = Dialling;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        match &mut self.way {
            Way::Direct(way) => way.poll_ready(cx).map_err(Into::into),
            Way::Tunnel(way) => way.poll_ready(cx).map_err(Into::into),
            Way::Socks(way) => way.poll_ready(cx).map_err(Into::into),
        }
    }

    fn call(&mut self, target: Uri) -> Dialling {
        match &mut self.way {
            Way::Direct(way) => within(self.timeout, way.call(target)),
            Way::Tunnel(way) => within(self.timeout, way.call(target)),
            Way::Socks(way) => within(self.timeout, way.call(target)),
        }
    }
}

fn within<E: Into<Fault>>(
    timeout: Duration,
    dialling: impl Future<Output = Result<TokioIo<TcpStream>, E>> + Send + 'static,
) -> Dialling {
    Box::pin(async move {
        match tokio::time::timeout(timeout, dialling).await {
            Ok(connected) => connected.map_err(Into::into),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "no connection in time").into()),
        }
    })
}
