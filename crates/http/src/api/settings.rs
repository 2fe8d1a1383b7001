//! The configuration in force, without its secrets.

use axum::Json;
use axum::extract::State;
use roundhouse_domain::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::actor::Administrator;
use crate::problem::Problem;
use crate::state::App;

/// The configuration in force, and how it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Settings {
    /// How the configuration stands.
    status: Status,
    /// The settings by section; secrets are left out.
    settings: Value,
}

/// How the configuration stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Status {
    /// Whether the newest configuration is in force.
    valid: bool,
    /// When the one in force was applied.
    #[schema(value_type = String)]
    applied_at: Timestamp,
    /// When one was last looked at.
    #[schema(value_type = String)]
    checked_at: Timestamp,
    /// Why the newest is not in force.
    problems: Vec<String>,
    /// What looks wrong in the one in force.
    warnings: Vec<String>,
    /// Settings that changed and take effect at the next start.
    needs_restart: Vec<&'static str>,
}

/// Tells the configuration in force.
#[utoipa::path(get, path = "/settings", tag = "settings", operation_id = "settings_get",
    security(("bearer" = []), ("session" = [])), responses((status = 200, body = Settings)))]
pub async fn get(_: Administrator, State(app): State<App>) -> Result<Json<Settings>, Problem> {
    let (status, config) = (app.control.status(), app.control.config());
    let declared = &config.declared;
    let providers = declared.providers.iter().map(|provider| {
        json!({
            "name": provider.name,
            "kind": provider.kind,
            "enabled": provider.enabled,
            "tier": provider.tier,
            "weight": provider.weight,
            "keys": provider.keys.len(),
            "models": provider.models.as_ref().map(Vec::len),
        })
    });
    let settings = json!({
        "server": config.server,
        "log": config.log,
        "gateway": config.gateway,
        "requests": config.requests,
        "telemetry": config.telemetry,
        "data_dir": config.data_dir,
        "declared": {
            "providers": providers.collect::<Vec<_>>(),
            "pools": declared.pools.iter().map(|pool| &pool.name).collect::<Vec<_>>(),
            "routes": declared.routes.iter().map(|route| &route.model).collect::<Vec<_>>(),
            "access_keys": declared.access_keys.iter().map(|key| &key.name).collect::<Vec<_>>(),
        },
    });
    let status = Status {
        valid: status.is_valid(),
        applied_at: status.applied_at,
        checked_at: status.checked_at,
        problems: status.problems,
        warnings: status.warnings,
        needs_restart: status.needs_restart,
    };
    Ok(Json(Settings { status, settings }))
}
