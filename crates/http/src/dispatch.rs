//! The first fork: the data plane's paths go straight to it, everything else to the router.

use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::extract::ConnectInfo;
use http::header::{HOST, HeaderMap};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use tower::Service;
use tower_http::cors::CorsLayer;

use crate::body::OutBody;
use crate::state::App;
use crate::{data_plane, router};

/// Sends requests where they belong. Clones share everything.
#[derive(Clone)]
pub struct Dispatcher {
    app: App,
    router: Router,
    cors: Option<CorsLayer>,
}

impl Dispatcher {
    /// A dispatcher of `app`.
    pub fn new(app: App) -> Self {
        let router = router::router(app.clone());
        Self { cors: router::cors(&app.clients.cors_origins), router, app }
    }

    /// Answers one request.
    pub async fn dispatch(&self, request: Request<Incoming>, peer: SocketAddr) -> Response<OutBody> {
        if !self.is_for_us(&request) {
            let mut response = Response::new(OutBody::Page("this host name is not served here".into()));
            *response.status_mut() = StatusCode::MISDIRECTED_REQUEST;
            return response;
        }
        match &self.cors {
            Some(cors) => {
                let inner = tower::service_fn(|request| async {
                    Ok::<_, std::convert::Infallible>(self.route(request, peer).await)
                });
                let mut service = tower::Layer::layer(cors, inner);
                match service.call(request).await {
                    Ok(response) => response.map(|body| body.unwrap_or_else(|| OutBody::Page(axum::body::Body::empty()))),
                    Err(never) => match never {},
                }
            }
            None => self.route(request, peer).await.map(|body| body.unwrap_or_else(|| OutBody::Page(axum::body::Body::empty()))),
        }
    }

    async fn route(&self, mut request: Request<Incoming>, peer: SocketAddr) -> Response<Option<OutBody>> {
        let client_ip = self.client_ip(request.headers(), peer);
        if self.app.serves.data_plane
            && let Some(place) = data_plane::place(request.method(), request.uri().path())
        {
            let response = data_plane::answer(&self.app, place, request, client_ip).await;
            return response.map(|body| Some(OutBody::Answer(body)));
        }
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client_ip, peer.port())));
        let head = request.method() == Method::HEAD;
        let response = match self.router.clone().call(request.map(axum::body::Body::new)).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        response.map(|body| (!head).then_some(OutBody::Page(body)))
    }

    fn is_for_us(&self, request: &Request<Incoming>) -> bool {
        let allowed = &self.app.clients.allowed_hosts;
        if allowed.is_empty() {
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
        let trusted = |ip: IpAddr| self.app.clients.trusted_proxies.iter().any(|network| network.contains(ip));
        let mut client = peer.ip().to_canonical();
        if !trusted(client) {
            return client;
        }
        let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<IpAddr> = values.flat_map(|value| value.split(',')).filter_map(|hop| hop.trim().parse().ok()).collect();
        for hop in hops.into_iter().rev() {
            client = hop.to_canonical();
            if !trusted(client) {
                break;
            }
        }
        client
    }
}
