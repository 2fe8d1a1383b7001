//! Alert channels: ways to tell people that something is wrong.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use roundhouse_control::entries::Entry;
use roundhouse_control::objects::ObjectKind;
use roundhouse_domain::spec::AlertChannelSpec;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::alerts::ShownDelivery;
use super::entries::{Meta, named};
use crate::actor::Allowed;
use crate::need::{AlertsWrite, HealthRead};
use crate::problem::Problem;
use crate::schema::spec_schema;
use crate::state::App;

spec_schema!(AlertChannelBody, AlertChannelSpec);

/// A way to tell people that something is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownAlertChannel {
    #[serde(flatten)]
    meta: Meta,
    /// What is configured, as the file would say it.
    #[schema(value_type = AlertChannelBody)]
    spec: Value,
}

/// All channels.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertChannelList {
    /// By name.
    items: Vec<ShownAlertChannel>,
    /// Always null: there is one page.
    next_cursor: Option<String>,
}

/// Lists all alert channels, by name.
#[utoipa::path(get, path = "/alert-channels", tag = "alerts", operation_id = "alert_channels_list",
    security(("bearer" = ["health.read"]), ("session" = ["health.read"])), responses((status = 200, body = AlertChannelList)))]
pub async fn list(_: Allowed<HealthRead>, State(app): State<App>) -> Json<AlertChannelList> {
    let entries = app.control.entries(ObjectKind::AlertChannel);
    Json(AlertChannelList {
        items: entries.into_iter().map(ShownAlertChannel::from).collect(),
        next_cursor: None,
    })
}

/// Adds one: `name` and what the configuration file would say of it.
#[utoipa::path(post, path = "/alert-channels", tag = "alerts", operation_id = "alert_channels_create", request_body = AlertChannelBody,
    security(("bearer" = ["alerts.write"]), ("session" = ["alerts.write"])),
    responses((status = 201, body = ShownAlertChannel), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn create(
    allowed: Allowed<AlertsWrite>,
    State(app): State<App>,
    super::Body(body): super::Body<Map<String, Value>>,
) -> Result<(StatusCode, Json<ShownAlertChannel>), Problem> {
    let (name, body) = named(body);
    let entry =
        app.control.create_entry(&allowed.actor.author(), ObjectKind::AlertChannel, &name, body).await?;
    Ok((StatusCode::CREATED, Json(entry.into())))
}

/// Tells one, by id or name.
#[utoipa::path(get, path = "/alert-channels/{id}", tag = "alerts", operation_id = "alert_channels_get", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["health.read"]), ("session" = ["health.read"])),
    responses((status = 200, body = ShownAlertChannel), (status = 404, body = Problem)))]
pub async fn get(
    _: Allowed<HealthRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownAlertChannel>, Problem> {
    Ok(Json(app.control.entry(ObjectKind::AlertChannel, &id)?.into()))
}

/// Changes one by a JSON merge patch (RFC 7396): what is absent stays, `null` brings a default back.
#[utoipa::path(patch, path = "/alert-channels/{id}", tag = "alerts", operation_id = "alert_channels_update", params(("id" = String, Path, description = "Id or name.")),
    request_body = AlertChannelBody, security(("bearer" = ["alerts.write"]), ("session" = ["alerts.write"])),
    responses((status = 200, body = ShownAlertChannel), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn update(
    allowed: Allowed<AlertsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    super::Body(patch): super::Body<Map<String, Value>>,
) -> Result<Json<ShownAlertChannel>, Problem> {
    let (author, patch) = (allowed.actor.author(), Value::Object(patch));
    Ok(Json(app.control.update_entry(&author, ObjectKind::AlertChannel, &id, &patch).await?.into()))
}

/// Removes one.
#[utoipa::path(delete, path = "/alert-channels/{id}", tag = "alerts", operation_id = "alert_channels_delete", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["alerts.write"]), ("session" = ["alerts.write"])),
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn delete(
    allowed: Allowed<AlertsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.control.delete_entry(&allowed.actor.author(), ObjectKind::AlertChannel, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a test, and tells what became of it.
#[utoipa::path(post, path = "/alert-channels/{id}/test", tag = "alerts", operation_id = "alert_channels_test", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["alerts.write"]), ("session" = ["alerts.write"])),
    responses((status = 200, body = ShownDelivery), (status = 404, body = Problem)))]
pub async fn test(
    _: Allowed<AlertsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownDelivery>, Problem> {
    let name = app.control.entry(ObjectKind::AlertChannel, &id)?.name;
    Ok(Json(app.control.test_alert_channel(&name).await?.into()))
}

impl From<Entry> for ShownAlertChannel {
    fn from(entry: Entry) -> Self {
        let (meta, spec) = Meta::split(entry);
        Self { meta, spec }
    }
}
