//! Access keys.

use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use roundhouse_control::access_keys::{AccessKeyError, NewAccessKey};
use roundhouse_domain::spec::{LimitSpec, ModelRule};
use roundhouse_domain::{AccessKeyId, Timestamp};
use roundhouse_storage::access_keys::AccessKey;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::page::{Page, PageQuery};
use crate::actor::Administrator;
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(AccessKeyError);

/// An access key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAccessKey {
    /// Unique among access keys; 1 to 100 characters.
    name: String,
    /// What it may use: `all`, a model, `provider/*`, `provider/model`. Default all.
    #[schema(value_type = Vec<String>)]
    models: Option<Vec<ModelRule>>,
    /// How much it may use.
    #[serde(default)]
    #[schema(value_type = Limits)]
    limits: LimitSpec,
    /// When it ends; RFC 3339.
    #[schema(value_type = Option<String>)]
    expires_at: Option<Timestamp>,
}

/// Limits of an access key; what is absent is unlimited.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used: LimitSpec is the value")]
pub struct Limits {
    /// Requests begun within any 60 seconds.
    requests_per_minute: Option<u32>,
    /// Tokens within any 60 seconds.
    tokens_per_minute: Option<u64>,
    /// Requests open at the same time.
    concurrent: Option<u32>,
    /// US dollars per day (UTC).
    usd_per_day: Option<f64>,
    /// US dollars per calendar month (UTC).
    usd_per_month: Option<f64>,
}

/// An access key without its credential.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownAccessKey {
    id: Uuid,
    /// Its name.
    name: String,
    /// The credential's first and last characters.
    masked_key: String,
    /// What it may use.
    models: Vec<String>,
    /// How much it may use.
    #[schema(value_type = Limits)]
    limits: LimitSpec,
    #[schema(value_type = Option<String>)]
    expires_at: Option<Timestamp>,
    enabled: bool,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = String)]
    updated_at: Timestamp,
}

/// An access key with its credential, which is told this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct FreshAccessKey {
    /// The credential.
    key: String,
    #[serde(flatten)]
    shown: ShownAccessKey,
}

/// Lists the access keys that people made, oldest first.
#[utoipa::path(get, path = "/access-keys", tag = "access-keys", operation_id = "access_keys_list", params(PageQuery),
    security(("bearer" = []), ("session" = [])), responses((status = 200, body = Page<ShownAccessKey>)))]
pub async fn list(
    _: Administrator,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ShownAccessKey>>, Problem> {
    let limit = page.limit()?;
    let keys = app.control.list_access_keys(limit, page.after()?).await?;
    Ok(Json(Page::new(keys, limit, |key| key.id.to_string(), ShownAccessKey::from)))
}

/// Makes an access key; the credential is in this answer and nowhere else.
#[utoipa::path(post, path = "/access-keys", tag = "access-keys", operation_id = "access_keys_create", request_body = CreateAccessKey,
    security(("bearer" = []), ("session" = [])),
    responses((status = 201, body = FreshAccessKey), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn create(
    Administrator(actor): Administrator,
    State(app): State<App>,
    super::Body(asked): super::Body<CreateAccessKey>,
) -> Result<(StatusCode, Json<FreshAccessKey>), Problem> {
    let new = NewAccessKey {
        name: asked.name,
        models: asked.models.unwrap_or_else(|| vec![ModelRule::All]),
        limits: asked.limits,
        expires_at: asked.expires_at,
    };
    let (key, credential) = app.control.create_access_key(new, Some(actor.user_id)).await?;
    let fresh = FreshAccessKey { key: credential.expose().to_owned(), shown: key.into() };
    Ok((StatusCode::CREATED, Json(fresh)))
}

/// Tells one access key.
#[utoipa::path(get, path = "/access-keys/{id}", tag = "access-keys", operation_id = "access_keys_get", params(("id" = Uuid, Path)),
    security(("bearer" = []), ("session" = [])), responses((status = 200, body = ShownAccessKey), (status = 404, body = Problem)))]
pub async fn get(
    _: Administrator,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownAccessKey>, Problem> {
    Ok(Json(app.control.get_access_key(read_id(&id)?).await?.into()))
}

/// Removes an access key; it stops working at once.
#[utoipa::path(delete, path = "/access-keys/{id}", tag = "access-keys", operation_id = "access_keys_delete", params(("id" = Uuid, Path)),
    security(("bearer" = []), ("session" = [])), responses((status = 204), (status = 404, body = Problem)))]
pub async fn delete(
    _: Administrator,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.control.delete_access_key(read_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives an access key a new credential; the old one stops working at once.
#[utoipa::path(post, path = "/access-keys/{id}/rotate", tag = "access-keys", operation_id = "access_keys_rotate", params(("id" = Uuid, Path)),
    security(("bearer" = []), ("session" = [])), responses((status = 200, body = FreshAccessKey), (status = 404, body = Problem)))]
pub async fn rotate(
    _: Administrator,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<FreshAccessKey>, Problem> {
    let (key, credential) = app.control.rotate_access_key(read_id(&id)?).await?;
    Ok(Json(FreshAccessKey { key: credential.expose().to_owned(), shown: key.into() }))
}

/// What is no id names nothing.
fn read_id(text: &str) -> Result<AccessKeyId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

impl From<AccessKey> for ShownAccessKey {
    fn from(key: AccessKey) -> Self {
        Self {
            id: key.id.0,
            name: key.name,
            masked_key: key.masked,
            models: key.models.iter().map(ToString::to_string).collect(),
            limits: key.limits,
            expires_at: key.expires_at,
            enabled: key.enabled,
            created_at: key.created_at,
            updated_at: key.updated_at,
        }
    }
}
