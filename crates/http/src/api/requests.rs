//! The request log.

mod bodies;
mod export;
mod failed_keys;
mod query;
mod shown;
mod tail;

use axum::Json;
use axum::extract::{Path, Query, State};
use roundhouse_storage::StorageError;

pub use self::bodies::*;
pub use self::export::*;
pub use self::failed_keys::*;
use self::query::RequestsQuery;
use self::shown::ShownRequest;
pub use self::tail::*;
use super::choices;
use super::page::{Page, PageQuery};
use super::viewer::requests_viewer;
use crate::actor::User;
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(StorageError);

/// Lists logged requests, newest first: everybody's for those who may read all, else one's own.
#[utoipa::path(get, path = "/requests", tag = "requests", operation_id = "requests_list", params(PageQuery, RequestsQuery),
    security(("bearer" = ["usage.own"]), ("session" = ["usage.own"])), responses((status = 200, body = Page<ShownRequest>), (status = 400, body = Problem)))]
pub async fn list(
    User(actor): User,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
    Query(query): Query<RequestsQuery>,
) -> Result<Json<Page<ShownRequest>>, Problem> {
    let limit = page.limit()?;
    let (viewer, filter) = (requests_viewer(&actor)?, query.filter()?);
    let found = app.control.list_requests(viewer, &filter, limit, page.after()?).await?;
    Ok(Json(Page::new(found, limit, |request| request.id.to_string(), ShownRequest::from)))
}

/// Tells one logged request with its attempts.
#[utoipa::path(get, path = "/requests/{id}", tag = "requests", operation_id = "requests_get", params(("id" = Uuid, Path)),
    security(("bearer" = ["usage.own"]), ("session" = ["usage.own"])), responses((status = 200, body = ShownRequest), (status = 404, body = Problem)))]
pub async fn get(
    User(actor): User,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ShownRequest>, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let found =
        app.control.get_request(requests_viewer(&actor)?, id).await?.ok_or_else(Problem::not_found)?;
    let choices = choices::told(&found.choices, &app.gateway.snapshot());
    let mut shown = ShownRequest::from(found);
    shown.choices = choices;
    shown.has_bodies = Some(app.control.has_bodies(id).await?);
    Ok(Json(shown))
}
