//! Captured bodies.

use axum::Json;
use axum::extract::{Path, State};
use roundhouse_domain::Timestamp;
use roundhouse_storage::request_bodies::Body;
use serde::Serialize;
use utoipa::ToSchema;

use crate::actor::Allowed;
use crate::need::RequestsReadBodies;
use crate::problem::Problem;
use crate::state::App;

/// The bodies of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownBodies {
    #[schema(value_type = String)]
    captured_at: Timestamp,
    request: Option<ShownBody>,
    response: Option<ShownBody>,
}

/// One body.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownBody {
    /// Its text; what is not UTF-8 is replaced.
    text: String,
    /// Whether there was more of it than may be kept.
    cut: bool,
}

/// Tells the captured bodies of a request; who looked is written into the audit log.
#[utoipa::path(get, path = "/requests/{id}/bodies", tag = "requests", operation_id = "requests_bodies", params(("id" = Uuid, Path)),
    security(("bearer" = ["requests.read_bodies"]), ("session" = ["requests.read_bodies"])), responses((status = 200, body = ShownBodies), (status = 404, body = Problem)))]
pub async fn bodies(
    Allowed { actor, .. }: Allowed<RequestsReadBodies>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownBodies>, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let found = app.control.read_bodies(actor.user_id, id).await?.ok_or_else(Problem::not_found)?;
    let shown =
        |body: Body| ShownBody { text: String::from_utf8_lossy(&body.bytes).into_owned(), cut: body.is_cut };
    Ok(Json(ShownBodies {
        captured_at: found.captured_at,
        request: found.request.map(shown),
        response: found.response.map(shown),
    }))
}
