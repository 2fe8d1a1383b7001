//! Provider keys that failed in some way.

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE};
use roundhouse_storage::requests::FailedKey;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::time::time;
use crate::actor::Allowed;
use crate::need::RequestsRead;
use crate::problem::Problem;
use crate::state::App;

/// Keys in one answer at the most.
const MOST: u64 = 100_000;

/// Which keys.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FailedKeysQuery {
    /// The status that the provider answered with, such as 403.
    status: u16,
    /// Only of this provider.
    provider: Option<String>,
    /// Not before; RFC 3339.
    from: Option<String>,
    /// Before; RFC 3339.
    to: Option<String>,
}

/// A provider key that failed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownFailedKey {
    provider: String,
    /// Names the provider key without telling it.
    key: String,
    /// Attempts that were answered so.
    attempts: u64,
}

/// Lists provider keys whose attempts were answered with a status, the most often first; as CSV where `Accept: text/csv` asks for it.
#[utoipa::path(get, path = "/requests/failed-keys", tag = "requests", operation_id = "requests_failed_keys", params(FailedKeysQuery),
    security(("bearer" = ["requests.read"]), ("session" = ["requests.read"])), responses((status = 200, body = Vec<ShownFailedKey>), (status = 400, body = Problem)))]
pub async fn failed_keys(
    _: Allowed<RequestsRead>,
    State(app): State<App>,
    headers: HeaderMap,
    Query(query): Query<FailedKeysQuery>,
) -> Result<Response, Problem> {
    let between = (time("from", query.from)?, time("to", query.to)?);
    let found = app.control.list_failed_keys(query.status, query.provider.as_deref(), between, MOST).await?;
    if headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/csv")) {
        let lines = found
            .iter()
            .map(|FailedKey { provider, key, attempts }| format!("{provider},{key},{attempts}\r\n"));
        let text = format!("provider,key,attempts\r\n{}", lines.collect::<String>());
        return Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response());
    }
    let shown = found.into_iter().map(|found| ShownFailedKey {
        provider: found.provider.to_string(),
        key: found.key.to_string(),
        attempts: found.attempts,
    });
    Ok(Json(shown.collect::<Vec<_>>()).into_response())
}
