//! What operators of key-rotating proxies have scripts for.

use axum::Json;
use axum::extract::State;
use roundhouse_domain::ErrorKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::actor::Administrator;
use crate::problem::Problem;
use crate::state::App;

/// Keys after a reload.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReloadedKeys {
    /// `success`.
    pub status: &'static str,
    /// Provider keys of all providers now.
    pub total_keys: usize,
}

/// Keys after a reset.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResetKeys {
    /// `success`.
    pub status: &'static str,
    /// Keys that were invalid or cooling and are active again.
    pub reset_keys: usize,
}

/// Reads the configuration and all keys files again, at once.
#[utoipa::path(post, path = "/admin/reload-keys", tag = "operations", operation_id = "reload_keys",
    security(("bearer" = []), ("session" = [])), responses((status = 200, body = ReloadedKeys), (status = 400, body = Problem)))]
pub async fn reload_keys(_: Administrator, State(app): State<App>) -> Result<Json<ReloadedKeys>, Problem> {
    let refused = |error: roundhouse_control::control::ApplyError| {
        Problem::new(ErrorKind::Invalid, "invalid_configuration", error.to_string())
    };
    app.control.reload().await.map_err(refused)?;
    let total_keys =
        app.gateway.snapshot().providers.values().map(|provider| provider.keys.keys().len()).sum();
    Ok(Json(ReloadedKeys { status: "success", total_keys }))
}

/// Makes every key that is invalid or cooling active again.
#[utoipa::path(post, path = "/admin/reset-failed-keys", tag = "operations", operation_id = "reset_failed_keys",
    security(("bearer" = []), ("session" = [])), responses((status = 200, body = ResetKeys)))]
pub async fn reset_failed_keys(_: Administrator, State(app): State<App>) -> Json<ResetKeys> {
    Json(ResetKeys { status: "success", reset_keys: app.gateway.restore_keys() })
}
