//! The configuration in force, without its secrets, and changes of it.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use roundhouse_control::settings::SECTIONS;
use roundhouse_domain::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::entries::Origin;
use crate::actor::Allowed;
use crate::need::{SettingsRead, SettingsWrite};
use crate::problem::Problem;
use crate::state::App;

/// The configuration in force, and how it stands.
#[derive(Debug, Serialize, ToSchema)]
#[allow(clippy::struct_field_names, reason = "fields are named as they are on the wire")]
pub struct Settings {
    /// How the configuration stands.
    status: Status,
    /// The settings by section; secrets are left out.
    settings: Value,
    /// Where each setting comes from that is not at its default, by JSON pointer: what file or environment say cannot be changed
    /// here.
    origins: BTreeMap<String, Origin>,
    /// Sections that can be changed here.
    editable: &'static [&'static str],
    /// What people configured and does not fit to file or environment, so that it is left out.
    left_out: Vec<String>,
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
    security(("bearer" = ["settings.read"]), ("session" = ["settings.read"])), responses((status = 200, body = Settings)))]
pub async fn get(_: Allowed<SettingsRead>, State(app): State<App>) -> Json<Settings> {
    tell(&app)
}

fn tell(app: &App) -> Json<Settings> {
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
        "discovery": config.discovery,
        "gateway": config.gateway,
        "normalisation": config.normalisation,
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
    let is_of_a_section = |pointer: &&String| {
        !["providers", "pools", "routes", "access_keys", "catalogue"].iter().any(|list| {
            pointer
                .strip_prefix('/')
                .is_some_and(|rest| rest == *list || rest.starts_with(&format!("{list}/")))
        })
    };
    let fields = config.sources.fields.iter().filter(|(pointer, _)| is_of_a_section(pointer));
    Json(Settings {
        status,
        settings,
        origins: fields.map(|(pointer, source)| (pointer.clone(), source.into())).collect(),
        editable: SECTIONS,
        left_out: app.control.set_aside().iter().map(ToString::to_string).collect(),
    })
}

/// Changes settings by JSON merge patches (RFC 7396), by section, in one revision: `null` brings a default back.
#[utoipa::path(patch, path = "/settings", tag = "settings", operation_id = "settings_update", request_body = Object,
    security(("bearer" = ["settings.write"]), ("session" = ["settings.write"])),
    responses((status = 200, body = Settings), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn update(
    allowed: Allowed<SettingsWrite>,
    State(app): State<App>,
    super::Body(patches): super::Body<Map<String, Value>>,
) -> Result<Json<Settings>, Problem> {
    app.control.update_settings(&allowed.actor.author(), &patches).await?;
    Ok(tell(&app))
}
