//! Models of providers.

mod batch;
mod shown;

use axum::Json;
use axum::extract::{Path, Query, State};
use roundhouse_control::models::{ModelError, ModelFilter, ModelPatch};
use roundhouse_domain::spec::NormalisationSpec;
use roundhouse_domain::{ErrorKind, ModelId};
use serde::{Deserialize, Deserializer};
use utoipa::{IntoParams, ToSchema};

pub use self::batch::{__path_batch, batch};
use self::shown::{ShownCounts, ShownModel, ShownPreview, ShownSync};
use super::page::{Page, PageQuery};
use crate::actor::Allowed;
use crate::need::{ModelsRead, ModelsWrite};
use crate::problem::Problem;
use crate::state::App;

impl From<ModelError> for Problem {
    fn from(error: ModelError) -> Self {
        let ModelError::Change(error) = error else {
            crate::problem::log_internal(error.kind(), &error);
            return Self::new(error.kind(), error.code(), error.to_string());
        };
        error.into()
    }
}

/// Which models.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ModelsQuery {
    /// The provider's name.
    provider: Option<String>,
    /// A part of a name; any case.
    q: Option<String>,
    /// Whether it is served.
    enabled: Option<bool>,
    /// Whether the provider no longer lists it.
    missing: Option<bool>,
    /// Whether a person removed it; without this those are left out.
    deleted: Option<bool>,
}

impl From<ModelsQuery> for ModelFilter {
    fn from(query: ModelsQuery) -> Self {
        let ModelsQuery { provider, q, enabled, missing, deleted } = query;
        Self { provider, q, enabled, missing, deleted }
    }
}

/// What is changed of a model; what is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateModel {
    /// The name callers use; null gives it its usual names again.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    #[allow(clippy::option_option, reason = "absent, null and a name are three cases")]
    public_name: Option<Option<String>>,
    /// Further names callers may use.
    #[serde(default)]
    aliases: Option<Vec<String>>,
    /// Whether it is served.
    #[serde(default)]
    enabled: Option<bool>,
    /// Whether it is left out of everything, also when the provider goes on listing it.
    #[serde(default)]
    deleted: Option<bool>,
}

/// A field that is there, be it null.
#[allow(clippy::option_option, reason = "absent, null and a name are three cases")]
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Lists models, by provider and name.
#[utoipa::path(get, path = "/models", tag = "models", operation_id = "models_list", params(PageQuery, ModelsQuery),
    security(("bearer" = ["models.read"]), ("session" = ["models.read"])), responses((status = 200, body = Page<ShownModel>), (status = 400, body = Problem)))]
pub async fn list(
    _: Allowed<ModelsRead>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
    Query(query): Query<Lenient>,
) -> Result<Json<Page<ShownModel>>, Problem> {
    let limit = page.limit()?;
    let models = app.control.models();
    let cursor = page.text().map(|cursor| cursor.split_once('/').unwrap_or((cursor, "")));
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let found = models.list(&ModelsQuery::from(query).into(), most, cursor);
    let place =
        |model: &&roundhouse_control::models::KnownModel| format!("{}/{}", model.provider, model.name());
    Ok(Json(Page::new(found, limit, place, ShownModel::from)))
}

/// The filter among a page's own parameters.
#[derive(Debug, Default, Deserialize)]
pub struct Lenient {
    provider: Option<String>,
    q: Option<String>,
    enabled: Option<bool>,
    missing: Option<bool>,
    deleted: Option<bool>,
}

impl From<Lenient> for ModelsQuery {
    fn from(query: Lenient) -> Self {
        let Lenient { provider, q, enabled, missing, deleted } = query;
        Self { provider, q, enabled, missing, deleted }
    }
}

/// Counts models by status.
#[utoipa::path(get, path = "/models/counts", tag = "models", operation_id = "models_count", params(ModelsQuery),
    security(("bearer" = ["models.read"]), ("session" = ["models.read"])), responses((status = 200, body = ShownCounts)))]
pub async fn counts(
    _: Allowed<ModelsRead>,
    State(app): State<App>,
    Query(query): Query<Lenient>,
) -> Json<ShownCounts> {
    let mut filter = ModelFilter::from(ModelsQuery::from(query));
    let counts = app.control.models().counts(&filter);
    filter.deleted = Some(true);
    let deleted = app.control.models().counts(&filter).deleted;
    Json(ShownCounts::new(counts, deleted))
}

/// Tells one model.
#[utoipa::path(get, path = "/models/{id}", tag = "models", operation_id = "models_get", params(("id" = Uuid, Path)),
    security(("bearer" = ["models.read"]), ("session" = ["models.read"])), responses((status = 200, body = ShownModel), (status = 404, body = Problem)))]
pub async fn get(
    _: Allowed<ModelsRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownModel>, Problem> {
    Ok(Json(ShownModel::from(&app.control.model(read_id(&id)?)?)))
}

/// Changes a model: what it is called, whether it is served.
#[utoipa::path(patch, path = "/models/{id}", tag = "models", operation_id = "models_update", params(("id" = Uuid, Path)), request_body = UpdateModel,
    security(("bearer" = ["models.write"]), ("session" = ["models.write"])),
    responses((status = 200, body = ShownModel), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn update(
    allowed: Allowed<ModelsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    super::Body(asked): super::Body<UpdateModel>,
) -> Result<Json<ShownModel>, Problem> {
    let UpdateModel { public_name, aliases, enabled, deleted } = asked;
    let patch = ModelPatch { public_name, aliases, enabled, deleted };
    let model = app.control.update_model(read_id(&id)?, patch, &allowed.actor.author()).await?;
    Ok(Json(ShownModel::from(&model)))
}

/// Removes a model; it stays away when its provider goes on listing it.
#[utoipa::path(delete, path = "/models/{id}", tag = "models", operation_id = "models_delete", params(("id" = Uuid, Path)),
    security(("bearer" = ["models.write"]), ("session" = ["models.write"])),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn delete(
    allowed: Allowed<ModelsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<http::StatusCode, Problem> {
    let patch = ModelPatch { deleted: Some(true), ..ModelPatch::default() };
    app.control.update_model(read_id(&id)?, patch, &allowed.actor.author()).await?;
    Ok(http::StatusCode::NO_CONTENT)
}

/// Tells what rules for names would do to all models, without putting them in force; the rules in force when the body is empty.
#[utoipa::path(post, path = "/models/preview", tag = "models", operation_id = "models_preview", request_body = serde_json::Value,
    security(("bearer" = ["models.read"]), ("session" = ["models.read"])), responses((status = 200, body = ShownPreview), (status = 400, body = Problem)))]
pub async fn preview(
    _: Allowed<ModelsRead>,
    State(app): State<App>,
    super::Body(asked): super::Body<serde_json::Value>,
) -> Result<Json<ShownPreview>, Problem> {
    let invalid = |detail: String| Problem::new(ErrorKind::Invalid, "invalid_rule", detail);
    let spec = match asked.as_object() {
        Some(fields) if fields.is_empty() => app.control.config().normalisation.clone(),
        _ => {
            serde_json::from_value::<NormalisationSpec>(asked).map_err(|error| invalid(error.to_string()))?
        }
    };
    let models = app.control.models();
    let preview = tokio::task::spawn_blocking(move || models.preview(&spec)).await;
    let preview =
        preview.map_err(|error| Problem::new(ErrorKind::Internal, "internal", error.to_string()))?;
    let preview = preview.map_err(|error| {
        invalid(format!("`rules[{}].{}` is wrong: {}", error.index, error.field, error.message))
    })?;
    Ok(Json(preview.into()))
}

/// Asks a provider for its models now.
#[utoipa::path(post, path = "/providers/{id}/sync-models", tag = "models", operation_id = "providers_sync_models", params(("id" = String, Path, description = "The provider's id or name.")),
    security(("bearer" = ["models.write"]), ("session" = ["models.write"])),
    responses((status = 200, body = ShownSync), (status = 404, body = Problem), (status = 502, body = Problem)))]
pub async fn sync(
    _: Allowed<ModelsWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownSync>, Problem> {
    let name = app.control.provider_name(&id).ok_or_else(Problem::not_found)?;
    Ok(Json(app.control.sync_models(&name).await?.into()))
}

/// What is no id names nothing.
fn read_id(text: &str) -> Result<ModelId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}
