//! The OpenAPI document, from the handlers themselves.

use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi as _};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::App;
use crate::{admin, api, health};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Roundhouse", description = "The management API. The data plane speaks its clients' own protocols: OpenAI below /v1, Anthropic at /v1/messages, Gemini below /v1beta; below /api/v1/playground it answers people who are logged in.", license(name = "Apache-2.0")),
    modifiers(&Credentials),
    paths(api::playground::call, api::playground::get),
    tags(
        (name = "operations", description = "Health, metrics and keys."),
        (name = "auth", description = "Logging in and out, and what is one's own."),
        (name = "users", description = "People, and what they may do."),
        (name = "groups", description = "Groups of people, and what their members may do."),
        (name = "tokens", description = "Credentials of one's own for scripts."),
        (name = "audit", description = "What people changed."),
        (name = "access-keys", description = "Credentials of clients."),
        (name = "models", description = "What providers offer, and under which names it is served."),
        (name = "playground", description = "Models, asked with a login instead of an access key."),
        (name = "routes", description = "How public model names are served, and why."),
        (name = "provider-keys", description = "Credentials of providers."),
        (name = "requests", description = "The request log."),
        (name = "providers", description = "Upstreams that serve models."),
        (name = "alerts", description = "What people are told of when something is wrong, and how."),
        (name = "jobs", description = "Background work and its schedules."),
        (name = "usage", description = "Tokens, money and times, summed."),
        (name = "pools", description = "Named sets of providers."),
        (name = "catalogue", description = "What people know better of models."),
        (name = "revisions", description = "The history of the configuration."),
        (name = "settings", description = "The configuration in force."),
    )
)]
struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new(crate::actor::SESSION_COOKIE));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// All documented routes. `security` tells who may call an operation: a permission, `own` for anyone who is logged in, nothing
/// for administrators; operations without it are public.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(admin::reload_keys))
        .routes(routes!(admin::reset_failed_keys))
        .nest("/api/v1", api::routes())
}

/// The whole document.
pub fn document() -> OpenApi {
    routes().into_openapi()
}
