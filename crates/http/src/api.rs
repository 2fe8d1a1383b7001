//! The management API, `/api/v1`.

mod about;
mod access_keys;
mod alert_channels;
mod alerts;
mod audit;
mod auth;
mod body;
mod catalogue;
mod choices;
mod dashboard;
mod entries;
mod groups;
mod guardrails;
mod interchange;
mod jobs;
mod limits;
mod me;
mod models;
mod page;
pub mod playground;
mod pools;
mod prices;
mod provider_health;
mod provider_keys;
mod providers;
mod requests;
mod revisions;
mod routes;
mod sessions;
mod settings;
mod time;
mod tokens;
mod usage;
mod users;
mod viewer;

pub use self::body::{Body, OptionalBody};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::App;

/// Its routes.
#[allow(clippy::too_many_lines, reason = "a list, one line each")]
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(about::get))
        .routes(routes!(about::licences))
        .routes(routes!(auth::login))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::logout))
        .routes(routes!(auth::methods))
        .routes(routes!(auth::setup))
        .routes(routes!(auth::register))
        .routes(routes!(auth::forgot_password))
        .routes(routes!(auth::link))
        .routes(routes!(auth::set_password))
        .routes(routes!(auth::oidc_start))
        .routes(routes!(auth::oidc_callback))
        .routes(routes!(interchange::export, interchange::push))
        .routes(routes!(interchange::import))
        .routes(routes!(me::get, me::update))
        .routes(routes!(me::change_password))
        .routes(routes!(me::begin_totp))
        .routes(routes!(me::confirm_totp))
        .routes(routes!(me::renew_recovery_codes))
        .routes(routes!(me::remove_totp))
        .routes(routes!(sessions::list, sessions::delete_others))
        .routes(routes!(sessions::delete))
        .routes(routes!(sessions::logout_all))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::delete))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::get, users::update, users::delete))
        .routes(routes!(users::send_link))
        .routes(routes!(users::end_sessions))
        .routes(routes!(users::reset_totp))
        .routes(routes!(groups::list, groups::create))
        .routes(routes!(groups::permissions))
        .routes(routes!(groups::get, groups::update, groups::delete))
        .routes(routes!(groups::list_members))
        .routes(routes!(groups::add_member, groups::remove_member))
        .routes(routes!(audit::list))
        .routes(routes!(access_keys::list, access_keys::create))
        .routes(routes!(access_keys::get, access_keys::update, access_keys::delete))
        .routes(routes!(access_keys::rotate))
        .routes(routes!(access_keys::revoke))
        .routes(routes!(access_keys::batch))
        .routes(routes!(limits::user, limits::set_user))
        .routes(routes!(limits::group, limits::set_group))
        .routes(routes!(guardrails::list, guardrails::create))
        .routes(routes!(guardrails::get, guardrails::update, guardrails::delete))
        .routes(routes!(guardrails::test))
        .routes(routes!(models::list))
        .routes(routes!(models::counts))
        .routes(routes!(models::get, models::update, models::delete))
        .routes(routes!(models::batch))
        .routes(routes!(models::preview))
        .routes(routes!(models::sync))
        .routes(routes!(routes::list))
        .routes(routes!(routes::get, routes::put, routes::delete))
        .routes(routes!(routes::explain))
        .routes(routes!(routes::simulate))
        .routes(routes!(provider_keys::list, provider_keys::create))
        .routes(routes!(provider_keys::counts))
        .routes(routes!(provider_keys::import))
        .routes(routes!(provider_keys::export))
        .routes(routes!(provider_keys::batch))
        .routes(routes!(provider_keys::get, provider_keys::update, provider_keys::delete))
        .routes(routes!(provider_keys::test))
        .routes(routes!(provider_keys::restore))
        .routes(routes!(provider_keys::reveal))
        // Its operations are documented with the whole: their path has slashes, which OpenAPI cannot say.
        .route("/playground/{*path}", axum::routing::get(playground::get).fallback(playground::call))
        .routes(routes!(requests::list))
        .routes(routes!(requests::export))
        .routes(routes!(requests::tail))
        .routes(routes!(requests::failed_keys))
        .routes(routes!(requests::get))
        .routes(routes!(requests::bodies))
        .routes(routes!(usage::list))
        .routes(routes!(dashboard::get))
        .routes(routes!(prices::list))
        .routes(routes!(prices::built_in))
        .routes(routes!(provider_health::get))
        .routes(routes!(provider_health::test))
        .routes(routes!(provider_health::overview))
        .routes(routes!(provider_health::check_all))
        .routes(routes!(settings::get, settings::update))
        .routes(routes!(providers::list, providers::create))
        .routes(routes!(providers::get, providers::update, providers::delete))
        .routes(routes!(pools::list, pools::create))
        .routes(routes!(pools::get, pools::update, pools::delete))
        .routes(routes!(catalogue::list, catalogue::create))
        .routes(routes!(catalogue::get, catalogue::update, catalogue::delete))
        .routes(routes!(revisions::list))
        .routes(routes!(revisions::get))
        .routes(routes!(revisions::rollback))
        .routes(routes!(revisions::revert))
        .routes(routes!(alerts::list, alerts::create))
        .routes(routes!(alerts::get, alerts::update, alerts::delete))
        .routes(routes!(alerts::test))
        .routes(routes!(alerts::firing))
        .routes(routes!(alerts::events))
        .routes(routes!(alerts::silences, alerts::silence))
        .routes(routes!(alerts::end_silence))
        .routes(routes!(alert_channels::list, alert_channels::create))
        .routes(routes!(alert_channels::get, alert_channels::update, alert_channels::delete))
        .routes(routes!(alert_channels::test))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::get))
        .routes(routes!(jobs::events))
        .routes(routes!(jobs::cancel))
        .routes(routes!(jobs::retry))
        .routes(routes!(jobs::schedules))
}
