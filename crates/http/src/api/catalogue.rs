//! What people know better of models than the built-in catalogue: limits, abilities and prices.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use roundhouse_control::entries::Entry;
use roundhouse_control::objects::ObjectKind;
use roundhouse_domain::spec::ModelFactsSpec;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::entries::{Meta, named};
use crate::actor::Allowed;
use crate::need::{ModelsRead, ModelsWrite};
use crate::problem::Problem;
use crate::schema::spec_schema;
use crate::state::App;

spec_schema!(CatalogueBody, ModelFactsSpec);

/// What is known of models: limits, abilities and prices.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownCatalogue {
    #[serde(flatten)]
    meta: Meta,
    /// What is configured, as the file would say it.
    #[schema(value_type = CatalogueBody)]
    spec: Value,
}

/// All entries of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogueList {
    /// By name.
    items: Vec<ShownCatalogue>,
    /// Always null: there is one page.
    next_cursor: Option<String>,
}

/// Lists all entries of the catalogue, by name.
#[utoipa::path(get, path = "/catalogue", tag = "catalogue", operation_id = "catalogue_list",
    security(("bearer" = ["models.read"]), ("session" = ["models.read"])), responses((status = 200, body = CatalogueList)))]
pub async fn list(_: Allowed<ModelsRead>, State(app): State<App>) -> Json<CatalogueList> {
    let entries = app.control.entries(ObjectKind::Catalogue);
    Json(CatalogueList { items: entries.into_iter().map(ShownCatalogue::from).collect(), next_cursor: None })
}

/// Adds one: `name` and what the configuration file would say of it.
#[utoipa::path(post, path = "/catalogue", tag = "catalogue", operation_id = "catalogue_create", request_body = CatalogueBody,
    security(("bearer" = ["models.write"]), ("session" = ["models.write"])),
    responses((status = 201, body = ShownCatalogue), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn create(
    allowed: Allowed<ModelsWrite>,
    State(app): State<App>,
    super::Body(body): super::Body<Map<String, Value>>,
) -> Result<(StatusCode, Json<ShownCatalogue>), Problem> {
    let (name, body) = named(body);
    let entry = app.control.create_entry(&allowed.actor.author(), ObjectKind::Catalogue, &name, body).await?;
    Ok((StatusCode::CREATED, Json(entry.into())))
}

/// Tells one, by id or name.
#[utoipa::path(get, path = "/catalogue/{id}", tag = "catalogue", operation_id = "catalogue_get", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["models.read"]), ("session" = ["models.read"])),
    responses((status = 200, body = ShownCatalogue), (status = 404, body = Problem)))]
pub async fn get(
    _: Allowed<ModelsRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownCatalogue>, Problem> {
    Ok(Json(app.control.entry(ObjectKind::Catalogue, &id)?.into()))
}

/// Changes one by a JSON merge patch (RFC 7396): what is absent stays, `null` brings a default back.
#[utoipa::path(patch, path = "/catalogue/{id}", tag = "catalogue", operation_id = "catalogue_update", params(("id" = String, Path, description = "Id or name.")),
    request_body = CatalogueBody, security(("bearer" = ["models.write"]), ("session" = ["models.write"])),
    responses((status = 200, body = ShownCatalogue), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn update(
    allowed: Allowed<ModelsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    super::Body(patch): super::Body<Map<String, Value>>,
) -> Result<Json<ShownCatalogue>, Problem> {
    let (author, patch) = (allowed.actor.author(), Value::Object(patch));
    Ok(Json(app.control.update_entry(&author, ObjectKind::Catalogue, &id, &patch).await?.into()))
}

/// Removes one.
#[utoipa::path(delete, path = "/catalogue/{id}", tag = "catalogue", operation_id = "catalogue_delete", params(("id" = String, Path, description = "Id or name.")),
    security(("bearer" = ["models.write"]), ("session" = ["models.write"])),
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn delete(
    allowed: Allowed<ModelsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.control.delete_entry(&allowed.actor.author(), ObjectKind::Catalogue, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Entry> for ShownCatalogue {
    fn from(entry: Entry) -> Self {
        let (meta, spec) = Meta::split(entry);
        Self { meta, spec }
    }
}
