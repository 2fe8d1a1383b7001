//! All keys of a provider as a file.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use utoipa::IntoParams;

use super::status;
use crate::actor::Allowed;
use crate::need::KeysReveal;
use crate::problem::Problem;
use crate::state::App;

/// Which keys.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `active`, `cooling`, `invalid`, `disabled` or `all`. Default all.
    status: Option<String>,
}

/// Tells the keys of a provider in full, one a line. Audited.
#[utoipa::path(get, path = "/providers/{id}/keys/export", tag = "provider-keys", operation_id = "provider_keys_export",
    params(("id" = String, Path), ExportQuery), security(("bearer" = ["keys.reveal"]), ("session" = ["keys.reveal"])),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn export(
    caller: Allowed<KeysReveal>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let wanted = query.status.as_deref().filter(|text| *text != "all").map(status).transpose()?;
    let provider = app.control.provider_spec(&id)?;
    let exported =
        app.control.export_provider_keys(&caller.actor.author(), provider.name.as_str(), wanted).await?;
    let mut response = exported.text.as_str().to_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    // Names of providers are letters, digits and hyphens.
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{}\"", exported.file_name)) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
