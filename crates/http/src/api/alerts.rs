//! Alerts: what people are told of, what is wrong now, and what was told.

use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use roundhouse_control::alerts::{self, AlertError, Firing, NewSilence};
use roundhouse_control::entries::Entry;
use roundhouse_control::objects::ObjectKind;
use roundhouse_domain::spec::AlertSpec;
use roundhouse_domain::{ErrorKind, Timestamp};
use roundhouse_storage::alerts::{AlertEvent, Delivery, Silence};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::entries::{Meta, named};
use super::page::{Page, PageQuery};
use crate::actor::Allowed;
use crate::need::{AlertsWrite, HealthRead};
use crate::problem::{Problem, problem_from};
use crate::schema::spec_schema;
use crate::state::App;

problem_from!(AlertError);
spec_schema!(AlertBody, AlertSpec);

/// A rule that tells people when something is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownAlert {
    #[serde(flatten)]
    meta: Meta,
    /// What is configured, as the file would say it.
    #[schema(value_type = AlertBody)]
    spec: Value,
}

/// All rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertList {
    /// By name.
    items: Vec<ShownAlert>,
    /// Always null: there is one page.
    next_cursor: Option<String>,
}

/// What became of a message on one channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownDelivery {
    channel: String,
    /// `waiting`, `sent` or `failed`.
    state: String,
    /// What went wrong the last time.
    error: Option<String>,
}

/// What a test has shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestedAlert {
    /// Whether all messages were accepted.
    works: bool,
    deliveries: Vec<ShownDelivery>,
}

/// Something that is wrong now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownFiring {
    alert: String,
    /// What it is about: a provider, a kind of job, an owner of a budget, or `gateway`.
    object: String,
    /// In words.
    title: String,
    finding: Value,
    #[schema(value_type = String)]
    since: Timestamp,
    #[schema(value_type = Option<String>)]
    fired_at: Option<Timestamp>,
    /// When somebody was told last.
    #[schema(value_type = Option<String>)]
    told_at: Option<Timestamp>,
    silenced: bool,
}

/// All that is wrong now.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiringList {
    /// By alert and object.
    items: Vec<ShownFiring>,
}

/// Something that was told.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownEvent {
    id: Uuid,
    alert: String,
    object: String,
    /// `fired`, `repeated`, `resolved` or `test`.
    kind: String,
    /// In words.
    title: String,
    finding: Value,
    #[schema(value_type = String)]
    at: Timestamp,
    #[schema(value_type = String)]
    since: Timestamp,
    deliveries: Vec<ShownDelivery>,
}

/// Of which alert.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// The alert's name.
    alert: Option<String>,
}

/// What nobody is to be told for a while.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SilenceBody {
    /// Only of this alert. Default any.
    alert: Option<String>,
    /// Only about this object: a provider, a kind of job, an owner of a budget. Default any.
    object: Option<String>,
    /// When it ends; RFC 3339.
    until: String,
    /// Why.
    #[serde(default)]
    reason: String,
}

/// What nobody is told for a while.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownSilence {
    id: Uuid,
    alert: Option<String>,
    object: Option<String>,
    #[schema(value_type = String)]
    until: Timestamp,
    reason: String,
    created_by: Option<Uuid>,
    #[schema(value_type = String)]
    created_at: Timestamp,
}

/// All silences.
#[derive(Debug, Serialize, ToSchema)]
pub struct SilenceList {
    /// Newest first.
    items: Vec<ShownSilence>,
}

/// Lists all alerts, by name.
#[utoipa::path(get, path = "/alerts", tag = "alerts", operation_id = "alerts_list",
    security(("bearer" = ["health.read"]), ("session" = ["health.read"])), responses((status = 200, body = AlertList)))]
pub async fn list(_: Allowed<HealthRead>, State(app): State<App>) -> Json<AlertList> {
    let entries = app.control.entries(ObjectKind::Alert);
    Json(AlertList { items: entries.into_iter().map(ShownAlert::from).collect(), next_cursor: None })
}

/// Adds one: `name` and what the configuration file would say of it.
#[utoipa::path(post, path = "/alerts", tag = "alerts", operation_id = "alerts_create", request_body = AlertBody,
    security(("bearer" = ["alerts.write"]), ("session" = ["alerts.write"])),
    responses((status = 201, body = ShownAlert), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn create(
    allowed: Allowed<AlertsWrite>,
    State(app): State<App>,
    super::Body(body): super::Body<Map<String, Value>>,
) -> Result<(StatusCode, Json<ShownAlert>), Problem> {
    let (name, body) = named(body);
    let entry = app.control.create_entry(&allowed.actor.author(), ObjectKind::Alert, &name, body).await?;
    Ok((StatusCode::CREATED, Json(entry.into())))
}

/// Tells one, by id or name.
#[utoipa::path(get, path = "/alerts/{id}", tag = "alerts", operation_id = "alerts_get", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["health.read"]), ("session" = ["health.read"])),
    responses((status = 200, body = ShownAlert), (status = 404, body = Problem)))]
pub async fn get(
    _: Allowed<HealthRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownAlert>, Problem> {
    Ok(Json(app.control.entry(ObjectKind::Alert, &id)?.into()))
}

/// Changes one by a JSON merge patch (RFC 7396): what is absent stays, `null` brings a default back.
#[utoipa::path(patch, path = "/alerts/{id}", tag = "alerts", operation_id = "alerts_update", params(("id" = String, Path, description = "Id or name.")),
    request_body = AlertBody, security(("bearer" = ["alerts.write"]), ("session" = ["alerts.write"])),
    responses((status = 200, body = ShownAlert), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn update(
    allowed: Allowed<AlertsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    super::Body(patch): super::Body<Map<String, Value>>,
) -> Result<Json<ShownAlert>, Problem> {
    let (author, patch) = (allowed.actor.author(), Value::Object(patch));
    Ok(Json(app.control.update_entry(&author, ObjectKind::Alert, &id, &patch).await?.into()))
}

/// Removes one.
#[utoipa::path(delete, path = "/alerts/{id}", tag = "alerts", operation_id = "alerts_delete", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["alerts.write"]), ("session" = ["alerts.write"])),
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn delete(
    allowed: Allowed<AlertsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.control.delete_entry(&allowed.actor.author(), ObjectKind::Alert, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a test through all channels of an alert, and tells what became of each message.
#[utoipa::path(post, path = "/alerts/{id}/test", tag = "alerts", operation_id = "alerts_test", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["alerts.write"]), ("session" = ["alerts.write"])),
    responses((status = 200, body = TestedAlert), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn test(
    _: Allowed<AlertsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<TestedAlert>, Problem> {
    let name = app.control.entry(ObjectKind::Alert, &id)?.name;
    Ok(Json(app.control.test_alert(&name).await?.into()))
}

/// Lists what is wrong now.
#[utoipa::path(get, path = "/alerts-firing", tag = "alerts", operation_id = "alerts_firing",
    security(("bearer" = ["health.read"]), ("session" = ["health.read"])), responses((status = 200, body = FiringList)))]
pub async fn firing(_: Allowed<HealthRead>, State(app): State<App>) -> Result<Json<FiringList>, Problem> {
    let items = app.control.firing_alerts().await?.into_iter().map(ShownFiring::from).collect();
    Ok(Json(FiringList { items }))
}

/// Lists what was told, newest first.
#[utoipa::path(get, path = "/alert-events", tag = "alerts", operation_id = "alert_events_list", params(PageQuery, EventsQuery),
    security(("bearer" = ["health.read"]), ("session" = ["health.read"])),
    responses((status = 200, body = Page<ShownEvent>), (status = 400, body = Problem)))]
pub async fn events(
    _: Allowed<HealthRead>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
    Query(query): Query<EventsQuery>,
) -> Result<Json<Page<ShownEvent>>, Problem> {
    let limit = page.limit()?;
    let found = app.control.alert_events(query.alert.as_deref(), limit, page.after()?).await?;
    Ok(Json(Page::new(found, limit, |event| event.id.to_string(), ShownEvent::from)))
}

/// Lists silences, newest first.
#[utoipa::path(get, path = "/alert-silences", tag = "alerts", operation_id = "alert_silences_list",
    security(("bearer" = ["health.read"]), ("session" = ["health.read"])), responses((status = 200, body = SilenceList)))]
pub async fn silences(_: Allowed<HealthRead>, State(app): State<App>) -> Result<Json<SilenceList>, Problem> {
    let items = app.control.alert_silences().await?.into_iter().map(ShownSilence::from).collect();
    Ok(Json(SilenceList { items }))
}

/// Keeps people from being told something for a while.
#[utoipa::path(post, path = "/alert-silences", tag = "alerts", operation_id = "alert_silences_create", request_body = SilenceBody,
    security(("bearer" = ["alerts.write"]), ("session" = ["alerts.write"])),
    responses((status = 201, body = ShownSilence), (status = 400, body = Problem)))]
pub async fn silence(
    allowed: Allowed<AlertsWrite>,
    State(app): State<App>,
    super::Body(body): super::Body<SilenceBody>,
) -> Result<(StatusCode, Json<ShownSilence>), Problem> {
    let until = Timestamp::parse(&body.until).ok_or_else(|| {
        let detail = "`until` must be a time such as 2026-12-31T23:59:59Z";
        Problem::new(ErrorKind::Invalid, "invalid_until", detail)
    })?;
    let new = NewSilence { rule: body.alert, object: body.object, until, reason: body.reason };
    let made = app.control.silence_alerts(allowed.actor.author(), new).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Ends a silence.
#[utoipa::path(delete, path = "/alert-silences/{id}", tag = "alerts", operation_id = "alert_silences_delete", params(("id" = Uuid, Path)),
    security(("bearer" = ["alerts.write"]), ("session" = ["alerts.write"])),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn end_silence(
    allowed: Allowed<AlertsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    app.control.end_silence(allowed.actor.author(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Entry> for ShownAlert {
    fn from(entry: Entry) -> Self {
        let (meta, spec) = Meta::split(entry);
        Self { meta, spec }
    }
}

impl From<Delivery> for ShownDelivery {
    fn from(delivery: Delivery) -> Self {
        let Delivery { channel, state, error } = delivery;
        Self { channel, state, error }
    }
}

impl From<Vec<Delivery>> for TestedAlert {
    fn from(deliveries: Vec<Delivery>) -> Self {
        Self {
            works: deliveries.iter().all(|delivery| delivery.state == "sent"),
            deliveries: deliveries.into_iter().map(ShownDelivery::from).collect(),
        }
    }
}

impl From<Firing> for ShownFiring {
    fn from(firing: Firing) -> Self {
        let Firing { state, title, is_silenced } = firing;
        Self {
            alert: state.rule,
            object: state.object,
            title,
            finding: alerts::finding_of(&state.finding),
            since: state.since,
            fired_at: state.fired_at,
            told_at: state.told_at,
            silenced: is_silenced,
        }
    }
}

impl From<AlertEvent> for ShownEvent {
    fn from(event: AlertEvent) -> Self {
        Self {
            id: event.id,
            title: alerts::title_of(&event),
            finding: alerts::finding_of(&event.finding),
            alert: event.rule,
            object: event.object,
            kind: event.kind,
            at: event.at,
            since: event.since,
            deliveries: event.deliveries.into_iter().map(ShownDelivery::from).collect(),
        }
    }
}

impl From<Silence> for ShownSilence {
    fn from(silence: Silence) -> Self {
        Self {
            id: silence.id,
            alert: silence.rule,
            object: silence.object,
            until: silence.until,
            reason: silence.reason,
            created_by: silence.created_by.map(|user| user.0),
            created_at: silence.created_at,
        }
    }
}
