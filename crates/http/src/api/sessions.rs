//! One's own logins.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use roundhouse_accounts::{Credential, sessions};
use roundhouse_domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::page::Page;
use crate::actor::User;
use crate::problem::Problem;
use crate::state::App;

/// A login that holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownSession {
    id: Uuid,
    /// Whether it is the one that asks.
    current: bool,
    /// Where it was begun.
    address: Option<String>,
    /// What it was begun with.
    user_agent: Option<String>,
    #[schema(value_type = String)]
    created_at: Timestamp,
    /// When it was last renewed.
    #[schema(value_type = String)]
    last_used_at: Timestamp,
    #[schema(value_type = String)]
    expires_at: Timestamp,
}

/// Lists one's own logins, newest first.
#[utoipa::path(get, path = "/auth/sessions", tag = "auth", operation_id = "sessions_list",
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 200, body = Page<ShownSession>)))]
pub async fn list(User(actor): User, State(app): State<App>) -> Result<Json<Page<ShownSession>>, Problem> {
    let found = sessions::list(&app.accounts, &actor).await?;
    let items = found.into_iter().map(|session| ShownSession {
        current: actor.credential == Credential::Session(session.id),
        id: session.id.0,
        address: session.address,
        user_agent: session.user_agent,
        created_at: session.created_at,
        last_used_at: session.last_used_at,
        expires_at: session.expires_at,
    });
    Ok(Json(Page { items: items.collect(), next_cursor: None }))
}

/// Ends a login of one's own.
#[utoipa::path(delete, path = "/auth/sessions/{id}", tag = "auth", operation_id = "sessions_delete", params(("id" = Uuid, Path)),
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 204), (status = 404, body = Problem)))]
pub async fn delete(
    User(actor): User,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    sessions::revoke(&app.accounts, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all logins of one's own but the one that asks.
#[utoipa::path(delete, path = "/auth/sessions", tag = "auth", operation_id = "sessions_delete_others",
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 204)))]
pub async fn delete_others(User(actor): User, State(app): State<App>) -> Result<StatusCode, Problem> {
    sessions::revoke_all(&app.accounts, &actor, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all logins of one's own, the one that asks as well.
#[utoipa::path(post, path = "/auth/logout-all", tag = "auth", operation_id = "auth_logout_all",
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 204)))]
pub async fn logout_all(User(actor): User, State(app): State<App>) -> Result<StatusCode, Problem> {
    sessions::revoke_all(&app.accounts, &actor, true).await?;
    Ok(StatusCode::NO_CONTENT)
}
