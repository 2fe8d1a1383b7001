//! The management API, `/api/v1`.

mod access_keys;
mod auth;
mod body;
mod jobs;
mod page;
mod requests;
mod settings;

pub use self::body::Body;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(auth::login))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::logout))
        .routes(routes!(auth::me))
        .routes(routes!(auth::setup))
        .routes(routes!(access_keys::list, access_keys::create))
        .routes(routes!(access_keys::get, access_keys::delete))
        .routes(routes!(access_keys::rotate))
        .routes(routes!(requests::list))
        .routes(routes!(requests::get))
        .routes(routes!(settings::get))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::get))
        .routes(routes!(jobs::events))
        .routes(routes!(jobs::cancel))
        .routes(routes!(jobs::retry))
        .routes(routes!(jobs::schedules))
}
