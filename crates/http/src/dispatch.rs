//! The first fork: the data plane's paths go straight to it, everything else to the router.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::response::IntoResponse;
use http::header::{HOST, HeaderMap};
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use tower::{Layer, Service};
use tower_http::cors::CorsLayer;

use crate::body::OutBody;
use crate::state::App;
use crate::{data_plane, health, route_names, router};

/// Sends requests where they belong. Clones are the same one.
#[derive(Clone)]
pub struct Dispatcher(Arc<Inner>);

struct Inner {
    app: App,
    router: Router,
    cors: Option<CorsLayer>,
}

impl Dispatcher {
    /// A dispatcher of `app`.
    pub fn new(app: App) -> Self {
        let router = router::router(app.clone());
        Self(Arc::new(Inner { cors: router::cors(&app.clients.cors_origins), router, app }))
    }

    /// Answers one request.
    pub async fn dispatch(&self, request: Request<Incoming>, peer: SocketAddr) -> Response<OutBody> {
        if !self.0.is_for_us(&request) {
            let refused = (StatusCode::MISDIRECTED_REQUEST, "this host name is not served here\n");
            return refused.into_response().map(OutBody::Page);
        }
        match &self.0.cors {
            None => self.0.route(request, peer).await,
            Some(cors) => {
                let inner = tower::service_fn(|request| async { Ok(self.0.route(request, peer).await) });
                let answered: Result<_, Infallible> = cors.layer(inner).call(request).await;
                answered.unwrap_or_else(|never| match never {})
            }
        }
    }
}

impl Inner {
    async fn route(&self, mut request: Request<Incoming>, peer: SocketAddr) -> Response<OutBody> {
        let client_ip = self.client_ip(request.headers(), peer);
        if self.app.serves.data_plane
            && let Some(place) = data_plane::place(request.method(), request.uri().path())
        {
            return data_plane::answer(&self.app, place, request, client_ip).await.map(OutBody::Answer);
        }
        if let Some(uri) = route_names::encode(request.method(), request.uri()) {
            *request.uri_mut() = uri;
        }
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client_ip, peer.port())));
        match self.router.clone().call(request.map(axum::body::Body::new)).await {
            Ok(response) => response.map(OutBody::Page),
            Err(never) => match never {},
        }
    }

    fn is_for_us(&self, request: &Request<Incoming>) -> bool {
        let allowed = &self.app.clients.allowed_hosts;
        if allowed.is_empty() || health::is_probe(request.uri().path()) {
            return true;
        }
        let named = request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let Some(host) = named.or_else(|| request.uri().host()) else { return false };
        let host = host.rsplit_once(':').map_or(host, |(name, port)| {
            if port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { host }
        });
        allowed.iter().any(|name| name == "*" || name.eq_ignore_ascii_case(host))
    }

    /// Where the client is: the connection's other end, or what a trusted proxy there says, from right to left.
    fn client_ip(&self, headers: &HeaderMap, peer: SocketAddr) -> IpAddr {
        let trusted =
            |ip: IpAddr| self.app.clients.trusted_proxies.iter().any(|network| network.contains(ip));
        let mut client = peer.ip().to_canonical();
        if !trusted(client) {
            return client;
        }
        let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
        for hop in hops.into_iter().rev() {
            // Who wrote what stands left of an unreadable hop is not known.
            let Some(address) = address(hop) else { break };
            client = address.to_canonical();
            if !trusted(client) {
                break;
            }
        }
        client
    }
}

/// An address as proxies write it: some add the port.
fn address(hop: &str) -> Option<IpAddr> {
    hop.parse().ok().or_else(|| hop.parse().ok().map(|with_port: SocketAddr| with_port.ip()))
}
