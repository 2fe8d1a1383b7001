//! Access keys. Whoever may see or change everybody's does; others have to do with their own, and somebody else's is not there.

use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use roundhouse_accounts::Actor;
use roundhouse_control::access_keys::{
    AccessKey, AccessKeyError, Batch, By, Filter, Fresh, Reach, ShownCredential,
};
use roundhouse_domain::spec::{AccessKeySpec, LimitSpec, Network, Span};
use roundhouse_domain::{Permission, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::entries::{Origin, named};
use super::limits::{Limits, ShownUsage};
use super::page::{Page, PageQuery};
use super::{Body, OptionalBody};
use crate::actor::Allowed;
use crate::need::AccessKeysOwn;
use crate::problem::{Problem, log_internal};
use crate::schema::spec_schema;
use crate::state::App;

spec_schema!(AccessKeyBody, AccessKeySpec);

/// Access keys that one batch may name.
const MOST_AT_ONCE: usize = 500;

/// Which access keys to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AccessKeysQuery {
    /// Whose: a user's id or e-mail address.
    owner: Option<String>,
    /// Part of the name, the description or a tag, in any case.
    q: Option<String>,
    /// Whether their time is over.
    expired: Option<bool>,
    /// Whether they are switched on.
    enabled: Option<bool>,
}

/// How an access key gets a new credential.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RotateAccessKey {
    /// How long the old one goes on, such as `1h`. Default not at all.
    #[schema(value_type = Option<String>)]
    grace: Option<Span>,
}

/// What is done to several access keys at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchAccessKeys {
    /// Ids or names, at most 500.
    ids: Vec<String>,
    action: AccessKeyAction,
}

/// What is done.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccessKeyAction {
    /// Switch them on.
    Enable,
    /// Switch them off.
    Disable,
    /// Remove them for good.
    Delete,
}

/// How many were changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changed {
    changed: usize,
}

/// An access key without its credential.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownAccessKey {
    id: Uuid,
    /// Its name, which stays.
    name: String,
    origin: Origin,
    /// Whether it can be changed here.
    editable: bool,
    /// The first and last characters of its newest credential; null where it has none.
    masked_key: Option<String>,
    /// Its credentials that work, the newest first.
    credentials: Vec<ShownKey>,
    /// Whose it is: a user's id.
    owner: Option<Uuid>,
    enabled: bool,
    /// Whether only administrators may change what it may use.
    locked: bool,
    /// What it may use.
    models: Vec<String>,
    /// How much it may use.
    #[schema(value_type = Limits)]
    limits: LimitSpec,
    /// Where it may be used from; anywhere where empty.
    #[schema(value_type = Vec<String>)]
    allowed_networks: Vec<Network>,
    #[schema(value_type = Option<String>)]
    expires_at: Option<Timestamp>,
    description: Option<String>,
    tags: Vec<String>,
    usage: ShownUsage,
    /// What may not be expected, such as models without a price, which count nothing against a budget.
    warnings: Vec<String>,
    #[schema(value_type = Option<String>)]
    created_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    updated_at: Option<Timestamp>,
}

/// A credential as people see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownKey {
    /// Its first and last characters.
    masked_key: String,
    #[schema(value_type = Option<String>)]
    created_at: Option<Timestamp>,
    /// When it ends, where a newer one took its place.
    #[schema(value_type = Option<String>)]
    expires_at: Option<Timestamp>,
}

/// An access key with its credential, which is told this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct FreshAccessKey {
    /// The credential.
    key: String,
    #[serde(flatten)]
    shown: ShownAccessKey,
}

/// Lists access keys, the oldest first, and those of the configuration file last.
#[utoipa::path(get, path = "/access-keys", tag = "access-keys", operation_id = "access_keys_list", params(PageQuery, AccessKeysQuery),
    security(("bearer" = ["access_keys.own"]), ("session" = ["access_keys.own"])), responses((status = 200, body = Page<ShownAccessKey>), (status = 400, body = Problem)))]
pub async fn list(
    allowed: Allowed<AccessKeysOwn>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
    Query(query): Query<AccessKeysQuery>,
) -> Result<Json<Page<ShownAccessKey>>, Problem> {
    let limit = page.limit()?;
    let AccessKeysQuery { owner, q, expired, enabled } = query;
    let filter = Filter { owner, text: q, expired, enabled };
    let found = app.control.list_access_keys(seen(&allowed.actor), &filter, (limit, page.after()?)).await?;
    Ok(Json(Page::new(found, limit, |key| key.id.to_string(), ShownAccessKey::from)))
}

/// Makes an access key: `name` and what the configuration file would say of it, but for `key`, which is in this answer and nowhere
/// else.
#[utoipa::path(post, path = "/access-keys", tag = "access-keys", operation_id = "access_keys_create", request_body = AccessKeyBody,
    security(("bearer" = ["access_keys.own"]), ("session" = ["access_keys.own"])),
    responses((status = 201, body = FreshAccessKey), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn create(
    allowed: Allowed<AccessKeysOwn>,
    State(app): State<App>,
    Body(body): Body<Map<String, Value>>,
) -> Result<(StatusCode, Json<FreshAccessKey>), Problem> {
    let (name, body) = named(body);
    let fresh = app.control.create_access_key(&by(&allowed.actor), &name, body).await?;
    Ok((StatusCode::CREATED, Json(fresh.into())))
}

/// Tells one access key, by id or name.
#[utoipa::path(get, path = "/access-keys/{id}", tag = "access-keys", operation_id = "access_keys_get", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["access_keys.own"]), ("session" = ["access_keys.own"])), responses((status = 200, body = ShownAccessKey), (status = 404, body = Problem)))]
pub async fn get(
    allowed: Allowed<AccessKeysOwn>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownAccessKey>, Problem> {
    Ok(Json(app.control.access_key(seen(&allowed.actor), &id).await?.into()))
}

/// Changes an access key by a JSON merge patch (RFC 7396): what is absent stays, `null` brings a default back.
#[utoipa::path(patch, path = "/access-keys/{id}", tag = "access-keys", operation_id = "access_keys_update", params(("id" = String, Path, description = "Id or name.")),
    request_body = AccessKeyBody, security(("bearer" = ["access_keys.own"]), ("session" = ["access_keys.own"])),
    responses((status = 200, body = ShownAccessKey), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn update(
    allowed: Allowed<AccessKeysOwn>,
    State(app): State<App>,
    Path(id): Path<String>,
    Body(patch): Body<Map<String, Value>>,
) -> Result<Json<ShownAccessKey>, Problem> {
    Ok(Json(app.control.update_access_key(&by(&allowed.actor), &id, patch).await?.into()))
}

/// Removes an access key for good; it stops working at once.
#[utoipa::path(delete, path = "/access-keys/{id}", tag = "access-keys", operation_id = "access_keys_delete", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["access_keys.own"]), ("session" = ["access_keys.own"])), responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn delete(
    allowed: Allowed<AccessKeysOwn>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.control.delete_access_key(&by(&allowed.actor), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives an access key a new credential. The old one stops working at once, or goes on for a while.
#[utoipa::path(post, path = "/access-keys/{id}/rotate", tag = "access-keys", operation_id = "access_keys_rotate", params(("id" = String, Path, description = "Id or name.")),
    request_body = Option<RotateAccessKey>, security(("bearer" = ["access_keys.own"]), ("session" = ["access_keys.own"])),
    responses((status = 200, body = FreshAccessKey), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn rotate(
    allowed: Allowed<AccessKeysOwn>,
    State(app): State<App>,
    Path(id): Path<String>,
    OptionalBody(asked): OptionalBody<RotateAccessKey>,
) -> Result<Json<FreshAccessKey>, Problem> {
    let grace = asked.unwrap_or_default().grace.map(|grace| grace.0).unwrap_or_default();
    Ok(Json(app.control.rotate_access_key(&by(&allowed.actor), &id, grace).await?.into()))
}

/// Takes all credentials from an access key: they stop working at once. Rotating gives it a new one.
#[utoipa::path(post, path = "/access-keys/{id}/revoke", tag = "access-keys", operation_id = "access_keys_revoke", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["access_keys.own"]), ("session" = ["access_keys.own"])), responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn revoke(
    allowed: Allowed<AccessKeysOwn>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.control.revoke_access_key(&by(&allowed.actor), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Switches several access keys on or off, or removes them: all or none, in one revision.
#[utoipa::path(post, path = "/access-keys/batch", tag = "access-keys", operation_id = "access_keys_batch", request_body = BatchAccessKeys,
    security(("bearer" = ["access_keys.own"]), ("session" = ["access_keys.own"])),
    responses((status = 200, body = Changed), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn batch(
    allowed: Allowed<AccessKeysOwn>,
    State(app): State<App>,
    Body(asked): Body<BatchAccessKeys>,
) -> Result<Json<Changed>, Problem> {
    if asked.ids.is_empty() || asked.ids.len() > MOST_AT_ONCE {
        let message = format!("must name 1 to {MOST_AT_ONCE} access keys");
        let detail = format!("`ids` {message}");
        let problem = Problem::new(roundhouse_domain::ErrorKind::Invalid, "invalid_body", detail);
        return Err(problem.about([("ids".to_owned(), message)]));
    }
    let batch = match asked.action {
        AccessKeyAction::Enable => Batch::Enable,
        AccessKeyAction::Disable => Batch::Disable,
        AccessKeyAction::Delete => Batch::Delete,
    };
    let changed = app.control.change_access_keys(&by(&allowed.actor), &asked.ids, batch).await?;
    Ok(Json(Changed { changed }))
}

/// Which access keys someone may see.
fn seen(actor: &Actor) -> Reach {
    if actor.may(Permission::AccessKeysRead) || actor.may(Permission::AccessKeysWrite) {
        Reach::All
    } else {
        Reach::Own(actor.user_id)
    }
}

/// Which access keys someone may change.
fn by(actor: &Actor) -> By {
    let all = actor.may(Permission::AccessKeysWrite);
    By { author: actor.author(), reach: if all { Reach::All } else { Reach::Own(actor.user_id) } }
}

impl From<AccessKeyError> for Problem {
    fn from(error: AccessKeyError) -> Self {
        log_internal(error.kind(), &error);
        Self::new(error.kind(), error.code(), error.to_string()).about(error.fields())
    }
}

impl From<AccessKey> for ShownAccessKey {
    fn from(key: AccessKey) -> Self {
        let usage = ShownUsage::new(&key.spec.limits, &key.used);
        let credentials: Vec<_> = key.credentials.iter().map(ShownKey::from).collect();
        Self {
            id: key.id,
            editable: key.is_editable(),
            origin: (&key.source).into(),
            masked_key: credentials.first().map(|credential| credential.masked_key.clone()),
            credentials,
            owner: key.owner.map(|owner| owner.0),
            models: key.spec.models.iter().map(ToString::to_string).collect(),
            name: key.spec.name,
            enabled: key.spec.enabled,
            locked: key.spec.locked,
            limits: key.spec.limits,
            allowed_networks: key.spec.allowed_networks,
            expires_at: key.spec.expires_at,
            description: key.spec.description,
            tags: key.spec.tags,
            usage,
            warnings: key.warnings,
            created_at: key.created_at,
            updated_at: key.updated_at,
        }
    }
}

impl From<&ShownCredential> for ShownKey {
    fn from(credential: &ShownCredential) -> Self {
        Self {
            masked_key: credential.masked.clone(),
            created_at: credential.created_at,
            expires_at: credential.expires_at,
        }
    }
}

impl From<Fresh> for FreshAccessKey {
    fn from(fresh: Fresh) -> Self {
        Self { key: fresh.credential.expose().to_owned(), shown: fresh.key.into() }
    }
}
