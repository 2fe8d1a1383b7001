//! Providers, without their keys.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use roundhouse_control::entries::Entry;
use roundhouse_control::objects::ObjectKind;
use roundhouse_domain::spec::ProviderSpec;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::entries::{Meta, named};
use crate::actor::Allowed;
use crate::need::{ProvidersRead, ProvidersWrite};
use crate::problem::Problem;
use crate::schema::spec_schema;
use crate::state::App;

spec_schema!(ProviderBody, ProviderSpec);

/// A provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownProvider {
    #[serde(flatten)]
    meta: Meta,
    /// What is configured, as the file would say it, without secrets.
    #[schema(value_type = ProviderBody)]
    spec: Value,
    /// Which API it speaks; none where that cannot be told.
    kind: Option<&'static str>,
    /// Whether it is served by now.
    active: bool,
    keys: KeyNumbers,
    /// How many models it offers; none while that is not known.
    models: Option<usize>,
}

/// How many keys a provider has, by status.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct KeyNumbers {
    total: usize,
    active: usize,
    cooling: usize,
    invalid: usize,
    disabled: usize,
}

/// All providers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Providers {
    /// By name.
    items: Vec<ShownProvider>,
    /// Always null: there is one page.
    next_cursor: Option<String>,
}

/// Lists all providers, by name.
#[utoipa::path(get, path = "/providers", tag = "providers", operation_id = "providers_list",
    security(("bearer" = ["providers.read"]), ("session" = ["providers.read"])), responses((status = 200, body = Providers)))]
pub async fn list(_: Allowed<ProvidersRead>, State(app): State<App>) -> Json<Providers> {
    let entries = app.control.entries(ObjectKind::Provider);
    Json(Providers {
        items: entries.into_iter().map(|entry| shown(&app, entry)).collect(),
        next_cursor: None,
    })
}

/// Adds a provider: `name` and what the configuration file would say of it. Its keys are added afterwards.
#[utoipa::path(post, path = "/providers", tag = "providers", operation_id = "providers_create", request_body = ProviderBody,
    security(("bearer" = ["providers.write"]), ("session" = ["providers.write"])),
    responses((status = 201, body = ShownProvider), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn create(
    allowed: Allowed<ProvidersWrite>,
    State(app): State<App>,
    super::Body(body): super::Body<Map<String, Value>>,
) -> Result<(StatusCode, Json<ShownProvider>), Problem> {
    let (name, body) = named(body);
    let author = allowed.actor.author();
    let entry = app.control.create_entry(&author, ObjectKind::Provider, &name, body).await?;
    Ok((StatusCode::CREATED, Json(shown(&app, entry))))
}

/// Tells one provider, by id or name.
#[utoipa::path(get, path = "/providers/{id}", tag = "providers", operation_id = "providers_get", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["providers.read"]), ("session" = ["providers.read"])),
    responses((status = 200, body = ShownProvider), (status = 404, body = Problem)))]
pub async fn get(
    _: Allowed<ProvidersRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownProvider>, Problem> {
    let entry = app.control.entry(ObjectKind::Provider, &id)?;
    Ok(Json(shown(&app, entry)))
}

/// Changes a provider by a JSON merge patch (RFC 7396): what is absent stays, `null` brings a default back.
#[utoipa::path(patch, path = "/providers/{id}", tag = "providers", operation_id = "providers_update", params(("id" = String, Path, description = "Id or name.")),
    request_body = ProviderBody, security(("bearer" = ["providers.write"]), ("session" = ["providers.write"])),
    responses((status = 200, body = ShownProvider), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn update(
    allowed: Allowed<ProvidersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    super::Body(patch): super::Body<Map<String, Value>>,
) -> Result<Json<ShownProvider>, Problem> {
    let (author, patch) = (allowed.actor.author(), Value::Object(patch));
    let entry = app.control.update_entry(&author, ObjectKind::Provider, &id, &patch).await?;
    Ok(Json(shown(&app, entry)))
}

/// Removes a provider. Its keys wait until it is brought back by undoing the revision.
#[utoipa::path(delete, path = "/providers/{id}", tag = "providers", operation_id = "providers_delete", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["providers.write"]), ("session" = ["providers.write"])),
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn delete(
    allowed: Allowed<ProvidersWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.control.delete_entry(&allowed.actor.author(), ObjectKind::Provider, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(app: &App, entry: Entry) -> ShownProvider {
    let snapshot = app.gateway.snapshot_full();
    let served = snapshot.providers.get(entry.name.as_str());
    let counts = served.map(|provider| provider.keys.counts(app.control.now())).unwrap_or_default();
    let config = app.control.config();
    let spec = config.declared.providers.iter().find(|spec| spec.name.as_str() == entry.name);
    let models = snapshot
        .routes
        .values()
        .flat_map(|route| route.tiers.iter().flat_map(|tier| &tier.targets))
        .filter(|target| *target.provider.name == *entry.name)
        .map(|target| &*target.model)
        .collect::<std::collections::HashSet<_>>()
        .len();
    let (meta, body) = Meta::split(entry);
    ShownProvider {
        meta,
        spec: body,
        kind: spec.and_then(|spec| spec.kind).map(roundhouse_domain::spec::ProviderKind::as_str),
        active: served.is_some(),
        keys: KeyNumbers {
            total: counts.total(),
            active: counts.active,
            cooling: counts.cooling,
            invalid: counts.invalid,
            disabled: counts.disabled,
        },
        models: served.filter(|provider| !provider.serves_unlisted).map(|_| models),
    }
}
