//! The data plane for people: what lies below is what lies at the root, asked with a login instead of an access key.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use roundhouse_accounts::Actor;

use crate::actor::Allowed;
use crate::data_plane::{self, Known};
use crate::need::ModelsUse;
use crate::problem::Problem;
use crate::state::App;

/// Where it is, in the management API.
const BASE: &str = "/playground";

/// Asks a model: any path of the data plane, with any of its methods, such as `v1/chat/completions`, `v1/messages`,
/// `v1/responses`, `v1/embeddings` or `v1beta/models/{model}:streamGenerateContent`. Body, answer, errors and headers
/// (`x-request-id`, `x-roundhouse-provider`, `x-roundhouse-attempts`, `x-roundhouse-cost-usd`) are those of the data plane; streams
/// come as they are made. The limits of the person and of their groups count.
#[utoipa::path(post, path = "/api/v1/playground/{path}", tag = "playground", operation_id = "playground_call",
    params(("path" = String, Path, description = "The data plane's path, with its slashes.")), request_body = serde_json::Value,
    security(("bearer" = ["models.use"]), ("session" = ["models.use"])),
    responses((status = 200, description = "What the data plane answers.", body = serde_json::Value), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn call(
    allowed: Allowed<ModelsUse>,
    State(app): State<App>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, Problem> {
    answer(&app, &allowed.actor, client.ip(), request).await
}

/// Asks what the data plane tells, such as `v1/models`.
#[utoipa::path(get, path = "/api/v1/playground/{path}", tag = "playground", operation_id = "playground_get",
    params(("path" = String, Path, description = "The data plane's path, with its slashes.")),
    security(("bearer" = ["models.use"]), ("session" = ["models.use"])),
    responses((status = 200, description = "What the data plane answers.", body = serde_json::Value), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn get(
    allowed: Allowed<ModelsUse>,
    State(app): State<App>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, Problem> {
    answer(&app, &allowed.actor, client.ip(), request).await
}

async fn answer(app: &App, actor: &Actor, client: IpAddr, mut request: Request) -> Result<Response, Problem> {
    let path = request.uri().path();
    let path = path.strip_prefix(BASE).unwrap_or(path);
    let place = data_plane::place(request.method(), path).ok_or_else(Problem::not_found)?;
    let person = app.control.person(actor.user_id, &actor.email).await?;
    request.extensions_mut().insert(Known(person));
    Ok(data_plane::answer(app, place, request, client).await.map(Body::new))
}
