//! Keys of providers.

mod batch;
mod export;
mod import;
mod shown;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use roundhouse_control::provider_keys::{Adding, KeyChange, KeyFilter, ProviderKeyError, verdict};
use roundhouse_domain::spec::KeyLimitSpec;
use roundhouse_domain::{Author, ErrorKind, KeyStatus, ProviderKeyId, Secret};
use roundhouse_gateway::probe::{ProbeResult, Tested};
use serde::{Deserialize, Deserializer};
use utoipa::{IntoParams, ToSchema};

pub use self::batch::{__path_batch, batch};
pub use self::export::{__path_export, export};
pub use self::import::{__path_import, import};
pub use self::shown::{AddedKeys, KeyCounts, KeyLimits, QueuedJob, RevealedKey, ShownProviderKey, TestedKey};
use super::Body;
use super::page::{Page, PageQuery};
use crate::actor::Allowed;
use crate::need::{KeysReveal, KeysWrite, ProvidersRead};
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(ProviderKeyError);

/// Which keys of a provider.
#[derive(Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct KeysQuery {
    /// `active`, `cooling`, `invalid` or `disabled`; as stored, which is up to a second behind.
    status: Option<String>,
    /// A text in the note, a tag, or the key as it is shown.
    q: Option<String>,
    /// A whole tag.
    tag: Option<String>,
    /// Exactly this key, in full.
    key: Option<String>,
}

/// Keys to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddKeys {
    /// One a line, separated by commas, semicolons or spaces, or a JSON array; `#` begins a comment.
    #[schema(value_type = String)]
    text: Secret,
}

/// What is to be different about a key; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateProviderKey {
    /// What people should know of it; at most 500 characters.
    note: Option<String>,
    /// Words to find it by; at most 20.
    tags: Option<Vec<String>>,
    /// Share among the usable keys of its provider, up to 1000; 0 is off.
    weight: Option<u32>,
    /// All of its limits; what is absent within is as the provider's `key_limits` say.
    #[schema(value_type = Option<KeyLimits>)]
    limits: Option<KeyLimitSpec>,
    /// Its own outbound proxy; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    #[allow(clippy::option_option, reason = "absent, null and a value are three things")]
    proxy: Option<Option<Secret>>,
    /// Whether it is used.
    enabled: Option<bool>,
}

/// Tells a field that is null from one that is absent.
#[allow(clippy::option_option, reason = "absent, null and a value are three things")]
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Secret>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Lists keys of a provider, named by name or id, in the order they were added; credentials are masked.
#[utoipa::path(get, path = "/providers/{id}/keys", tag = "provider-keys", operation_id = "provider_keys_list",
    params(("id" = String, Path), PageQuery, KeysQuery), security(("bearer" = ["providers.read"]), ("session" = ["providers.read"])),
    responses((status = 200, body = Page<ShownProviderKey>), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn list(
    _: Allowed<ProvidersRead>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
    Query(query): Query<KeysQuery>,
) -> Result<Json<Page<ShownProviderKey>>, Problem> {
    let (limit, after) = (page.limit()?, page.after()?);
    let provider = app.control.provider_spec(&id)?;
    let filter = query.filter(&app, provider.name.as_str())?;
    let keys = app.control.provider_keys(provider.name.as_str(), &filter, limit, after).await?;
    Ok(Json(Page::new(keys, limit, |view| view.key.id.to_string(), ShownProviderKey::from)))
}

/// Tells how many keys of a provider are in which state.
#[utoipa::path(get, path = "/providers/{id}/keys/counts", tag = "provider-keys", operation_id = "provider_keys_counts",
    params(("id" = String, Path)), security(("bearer" = ["providers.read"]), ("session" = ["providers.read"])),
    responses((status = 200, body = KeyCounts), (status = 404, body = Problem)))]
pub async fn counts(
    _: Allowed<ProvidersRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<KeyCounts>, Problem> {
    let provider = app.control.provider_spec(&id)?;
    Ok(Json(app.control.count_provider_keys(provider.name.as_str()).await?.into()))
}

/// Adds keys to a provider; more than 1,000 become a job. Keys that are there already stay as they are.
#[utoipa::path(post, path = "/providers/{id}/keys", tag = "provider-keys", operation_id = "provider_keys_create",
    params(("id" = String, Path)), request_body = AddKeys, security(("bearer" = ["keys.write"]), ("session" = ["keys.write"])),
    responses((status = 200, body = AddedKeys), (status = 202, body = QueuedJob), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn create(
    caller: Allowed<KeysWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    Body(asked): Body<AddKeys>,
) -> Result<Response, Problem> {
    add(&app, &caller.actor.author(), &id, asked.text).await
}

async fn add(app: &App, by: &Author, id: &str, text: Secret) -> Result<Response, Problem> {
    let provider = app.control.provider_spec(id)?;
    Ok(match app.control.add_provider_keys(by, &provider, text).await? {
        Adding::Done(added) => Json(AddedKeys::from(added)).into_response(),
        Adding::Job(job) => (StatusCode::ACCEPTED, Json(QueuedJob::from(job))).into_response(),
    })
}

/// Tells one key, masked.
#[utoipa::path(get, path = "/provider-keys/{id}", tag = "provider-keys", operation_id = "provider_keys_get", params(("id" = Uuid, Path)),
    security(("bearer" = ["providers.read"]), ("session" = ["providers.read"])),
    responses((status = 200, body = ShownProviderKey), (status = 404, body = Problem)))]
pub async fn get(
    _: Allowed<ProvidersRead>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownProviderKey>, Problem> {
    Ok(Json(app.control.provider_key(key_id(&id)?).await?.into()))
}

/// Changes what is said of a key, or switches it off or on; in force at once.
#[utoipa::path(patch, path = "/provider-keys/{id}", tag = "provider-keys", operation_id = "provider_keys_update", params(("id" = Uuid, Path)),
    request_body = UpdateProviderKey, security(("bearer" = ["keys.write"]), ("session" = ["keys.write"])),
    responses((status = 200, body = ShownProviderKey), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn update(
    caller: Allowed<KeysWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
    Body(asked): Body<UpdateProviderKey>,
) -> Result<Json<ShownProviderKey>, Problem> {
    let UpdateProviderKey { note, tags, weight, limits, proxy, enabled } = asked;
    let change = KeyChange { note, tags, weight, limits, proxy, enabled };
    Ok(Json(app.control.update_provider_key(&caller.actor.author(), key_id(&id)?, change).await?.into()))
}

/// Removes a key; it is not used any more at once.
#[utoipa::path(delete, path = "/provider-keys/{id}", tag = "provider-keys", operation_id = "provider_keys_delete", params(("id" = Uuid, Path)),
    security(("bearer" = ["keys.write"]), ("session" = ["keys.write"])),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn delete(
    caller: Allowed<KeysWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.control.delete_provider_key(&caller.actor.author(), key_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks the provider whether a key works: one that does is active again, one that is refused is set aside.
#[utoipa::path(post, path = "/provider-keys/{id}/test", tag = "provider-keys", operation_id = "provider_keys_test", params(("id" = Uuid, Path)),
    security(("bearer" = ["keys.write"]), ("session" = ["keys.write"])),
    responses((status = 200, body = TestedKey), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn test(
    _: Allowed<KeysWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<TestedKey>, Problem> {
    let Tested { result, status, latency } = app.control.test_provider_key(key_id(&id)?).await?;
    let error = match &result {
        ProbeResult::Works => None,
        ProbeResult::Refused(error) | ProbeResult::Unclear(error) => Some(error.to_string()),
    };
    let latency_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
    Ok(Json(TestedKey { result: verdict(&result), status, latency_ms, error }))
}

/// Makes a key that is invalid or resting active again, with all counts at zero.
#[utoipa::path(post, path = "/provider-keys/{id}/restore", tag = "provider-keys", operation_id = "provider_keys_restore", params(("id" = Uuid, Path)),
    security(("bearer" = ["keys.write"]), ("session" = ["keys.write"])),
    responses((status = 200, body = ShownProviderKey), (status = 404, body = Problem)))]
pub async fn restore(
    caller: Allowed<KeysWrite>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownProviderKey>, Problem> {
    Ok(Json(app.control.restore_provider_key(&caller.actor.author(), key_id(&id)?).await?.into()))
}

/// Tells a key in full. Audited; at most 30 in a minute.
#[utoipa::path(post, path = "/provider-keys/{id}/reveal", tag = "provider-keys", operation_id = "provider_keys_reveal", params(("id" = Uuid, Path)),
    security(("bearer" = ["keys.reveal"]), ("session" = ["keys.reveal"])),
    responses((status = 200, body = RevealedKey), (status = 404, body = Problem), (status = 429, body = Problem)))]
pub async fn reveal(
    caller: Allowed<KeysReveal>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<RevealedKey>, Problem> {
    let key = app.control.reveal_provider_key(&caller.actor.author(), key_id(&id)?).await?;
    Ok(Json(RevealedKey { key: key.expose().to_owned() }))
}

impl KeysQuery {
    /// What it means for a provider, whose keys are looked up by a hash that only it gives.
    fn filter(self, app: &App, provider: &str) -> Result<KeyFilter, Problem> {
        let status = self.status.as_deref().map(status).transpose()?;
        let key = self.key.map(|key| app.control.provider_key_hash(provider, &Secret::new(key.trim())));
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(KeyFilter { status, text: given(self.q), tag: given(self.tag), key })
    }
}

fn status(text: &str) -> Result<KeyStatus, Problem> {
    let detail = "`status` must be active, cooling, invalid or disabled";
    KeyStatus::parse(text).ok_or_else(|| Problem::new(ErrorKind::Invalid, "invalid_status", detail))
}

/// What is no id names nothing.
fn key_id(text: &str) -> Result<ProviderKeyId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}
