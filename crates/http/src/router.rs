//! Everything that is not the data plane's.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::HeaderName;
use http::{HeaderValue, Method, StatusCode};
use roundhouse_domain::ErrorKind;
use roundhouse_gateway::CallError;
use roundhouse_llm::Protocol;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use crate::problem::Problem;
use crate::state::App;
use crate::{health, metrics, openapi, web};

/// Bytes of a request to the management API at the most: a list of 100,000 keys is well below.
const API_BODY_BYTES: usize = 16 << 20;

/// Methods that browsers may be asked to use from other origins.
const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];

/// The router of `app`.
pub fn router(app: App) -> Router {
    let (documented, document) = openapi::routes().split_for_parts();
    let mut router = Router::new()
        .route("/", get(root))
        .merge(documented_for(&app, documented))
        .merge(utoipa_swagger_ui::SwaggerUi::new("/docs").url("/openapi.json", document));
    for path in health::ALIASES {
        router = router.route(path, get(health::health));
    }
    if app.clients.metrics {
        router = router.route("/metrics", get(metrics::guarded));
    }
    router
        .fallback(unknown)
        .layer(DefaultBodyLimit::max(API_BODY_BYTES))
        .layer(middleware::from_fn_with_state(app.clone(), tagged))
        .with_state(app)
}

/// Answers only metrics, for a listener of their own.
pub fn metrics_router(app: App) -> Router {
    Router::new().route("/metrics", get(metrics::metrics)).with_state(app)
}

/// Which other origins' pages may call; none when no origin is configured.
///
/// The headers that a browser asks for are allowed by name: `*` would not cover `Authorization`, and so no SDK's request
/// (<https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name>, 2026-11).
pub fn cors(origins: &[String]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let layer = CorsLayer::new()
        .allow_methods(METHODS)
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([
            HeaderName::from_static("x-request-id"),
            HeaderName::from_static("x-roundhouse-provider"),
            HeaderName::from_static("x-roundhouse-attempts"),
            HeaderName::from_static("x-roundhouse-cost-usd"),
            HeaderName::from_static("x-roundhouse-warnings"),
            http::header::RETRY_AFTER,
        ]);
    if origins.iter().any(|origin| origin == "*") {
        return Some(layer.allow_origin(tower_http::cors::Any));
    }
    let named = origins.iter().filter_map(|origin| HeaderValue::from_str(origin.trim_end_matches('/')).ok());
    Some(layer.allow_origin(AllowOrigin::list(named)))
}

fn documented_for(app: &App, documented: Router<App>) -> Router<App> {
    if app.serves.app {
        documented
    } else {
        Router::new().route("/health", get(health::health)).route("/ready", get(health::ready))
    }
}

async fn root(State(app): State<App>, request: Request) -> Response {
    if let Some(page) = app.serves.app.then(|| web::answer(&request)).flatten() {
        return page;
    }
    let text = "Roundhouse is running. Point an OpenAI SDK at /v1, an Anthropic SDK at /, a Gemini SDK at /; see /docs for the management API.\n";
    text.into_response()
}

/// What nobody serves, told in the language of whoever seems to be asking.
async fn unknown(State(app): State<App>, request: Request) -> Response {
    if let Some(page) = app.serves.app.then(|| web::answer(&request)).flatten() {
        return page;
    }
    let path = request.uri().path();
    let message = format!("there is nothing at {} {path}; see /docs for what there is", request.method());
    let protocol = match path {
        _ if path.starts_with("/v1beta") || path.starts_with("/gemini/") => Protocol::Gemini,
        _ if path.starts_with("/v1/messages") || path.starts_with("/anthropic/") => Protocol::Anthropic,
        _ if path.starts_with("/v1") || path.starts_with("/openai/") || path.starts_with("/proxy") => {
            Protocol::Openai
        }
        _ if path.starts_with("/api") || path.starts_with("/admin") => {
            return Problem::not_found().into_response();
        }
        _ => return (StatusCode::NOT_FOUND, message).into_response(),
    };
    let error = CallError::new(ErrorKind::NotFound, "unknown_path", message);
    error.render(protocol, app.gateway.next_id()).map(axum::body::Body::from)
}

/// Gives every answer a request id, unless it has one, and the headers that keep browsers from guessing.
async fn tagged(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::try_from(app.gateway.next_id().to_string()) {
        headers.entry("x-request-id").or_insert(id);
    }
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    headers.insert("x-frame-options", HeaderValue::from_static("DENY"));
    headers.insert("referrer-policy", HeaderValue::from_static("no-referrer"));
    headers.entry(http::header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
