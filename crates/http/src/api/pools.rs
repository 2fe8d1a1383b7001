//! Pools: named sets of providers, reachable by their own paths.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use roundhouse_control::entries::Entry;
use roundhouse_control::objects::ObjectKind;
use roundhouse_domain::spec::PoolSpec;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::entries::{Meta, named};
use crate::actor::Allowed;
use crate::need::{ProvidersRead, ProvidersWrite};
use crate::problem::Problem;
use crate::schema::spec_schema;
use crate::state::App;

spec_schema!(PoolBody, PoolSpec);

/// A pool.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownPool {
    #[serde(flatten)]
    meta: Meta,
    /// What is configured, as the file would say it.
    #[schema(value_type = PoolBody)]
    spec: Value,
}

/// All pools.
#[derive(Debug, Serialize, ToSchema)]
pub struct PoolList {
    /// By name.
    items: Vec<ShownPool>,
    /// Always null: there is one page.
    next_cursor: Option<String>,
}

/// Lists all pools, by name.
#[utoipa::path(get, path = "/pools", tag = "pools", operation_id = "pools_list",
    security(("bearer" = ["providers.read"]), ("session" = ["providers.read"])), responses((status = 200, body = PoolList)))]
pub async fn list(_: Allowed<ProvidersRead>, State(app): State<App>) -> Json<PoolList> {
    let entries = app.control.entries(ObjectKind::Pool);
    Json(PoolList { items: entries.into_iter().map(ShownPool::from).collect(), next_cursor: None })
}

/// Adds one: `name` and what the configuration file would say of it.
#[utoipa::path(post, path = "/pools", tag = "pools", operation_id = "pools_create", request_body = PoolBody,
    security(("bearer" = ["providers.write"]), ("session" = ["providers.write"])),
    responses((status = 201, body = ShownPool), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn create(
    allowed: Allowed<ProvidersWrite>,
    State(app): State<App>,
    super::Body(body): super::Body<Map<String, Value>>,
) -> Result<(StatusCode, Json<ShownPool>), Problem> {
    let (name, body) = named(body);
    let entry = app.control.create_entry(&allowed.actor.author(), ObjectKind::Pool, &name, body).await?;
    Ok((StatusCode::CREATED, Json(entry.into())))
}

/// Tells one, by id or name.
#[utoipa::path(get, path = "/pools/{id}", tag = "pools", operation_id = "pools_get", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["providers.read"]), ("session" = ["providers.read"])),
    responses((status = 200, body = ShownPool), (status = 404, body = Problem)))]
pub async fn get(
    _: Allowed<ProvidersRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownPool>, Problem> {
    Ok(Json(app.control.entry(ObjectKind::Pool, &id)?.into()))
}

/// Changes one by a JSON merge patch (RFC 7396): what is absent stays, `null` brings a default back.
#[utoipa::path(patch, path = "/pools/{id}", tag = "pools", operation_id = "pools_update", params(("id" = String, Path, description = "Id or name.")),
    request_body = PoolBody, security(("bearer" = ["providers.write"]), ("session" = ["providers.write"])),
    responses((status = 200, body = ShownPool), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn update(
    allowed: Allowed<ProvidersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    super::Body(patch): super::Body<Map<String, Value>>,
) -> Result<Json<ShownPool>, Problem> {
    let (author, patch) = (allowed.actor.author(), Value::Object(patch));
    Ok(Json(app.control.update_entry(&author, ObjectKind::Pool, &id, &patch).await?.into()))
}

/// Removes one.
#[utoipa::path(delete, path = "/pools/{id}", tag = "pools", operation_id = "pools_delete", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["providers.write"]), ("session" = ["providers.write"])),
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn delete(
    allowed: Allowed<ProvidersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.control.delete_entry(&allowed.actor.author(), ObjectKind::Pool, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Entry> for ShownPool {
    fn from(entry: Entry) -> Self {
        let (meta, spec) = Meta::split(entry);
        Self { meta, spec }
    }
}
