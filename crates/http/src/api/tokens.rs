//! Personal tokens.

use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use roundhouse_accounts::tokens::{self, NewToken, TokenError};
use roundhouse_domain::{Permissions, Timestamp};
use roundhouse_storage::personal_tokens::PersonalToken;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Body;
use super::page::{Page, PageQuery};
use crate::actor::User;
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(TokenError);

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// What it is for; 1 to 100 characters.
    name: String,
    /// Names of permissions that it has, as far as you have them; null or absent is all of yours, also later.
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<Permissions>,
    /// When it ends; RFC 3339.
    #[schema(value_type = Option<String>)]
    expires_at: Option<Timestamp>,
}

/// A token without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownToken {
    id: Uuid,
    name: String,
    /// The token's first and last characters.
    masked_token: String,
    /// Names of permissions; null is all of its owner's.
    scopes: Option<Vec<&'static str>>,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>)]
    expires_at: Option<Timestamp>,
    /// To a minute.
    #[schema(value_type = Option<String>)]
    last_used_at: Option<Timestamp>,
}

/// A token with its secret, which is told this once.
#[derive(Serialize, ToSchema)]
pub struct FreshToken {
    /// For `Authorization: Bearer …`.
    token: String,
    #[serde(flatten)]
    shown: ShownToken,
}

/// Lists one's own tokens, oldest first.
#[utoipa::path(get, path = "/tokens", tag = "tokens", operation_id = "tokens_list", params(PageQuery),
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 200, body = Page<ShownToken>)))]
pub async fn list(
    User(actor): User,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ShownToken>>, Problem> {
    let limit = page.limit()?;
    let found = tokens::list(&app.accounts, &actor, limit, page.after()?).await?;
    Ok(Json(Page::new(found, limit, |token| token.id.to_string(), ShownToken::from)))
}

/// Makes a token; it is in this answer and nowhere else.
#[utoipa::path(post, path = "/tokens", tag = "tokens", operation_id = "tokens_create", request_body = CreateToken,
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 201, body = FreshToken), (status = 400, body = Problem)))]
pub async fn create(
    User(actor): User,
    State(app): State<App>,
    Body(asked): Body<CreateToken>,
) -> Result<(StatusCode, Json<FreshToken>), Problem> {
    let new = NewToken { name: asked.name, scopes: asked.scopes, expires_at: asked.expires_at };
    let (token, secret) = tokens::create(&app.accounts, &actor, &new).await?;
    let fresh = FreshToken { token: secret.expose().to_owned(), shown: token.into() };
    Ok((StatusCode::CREATED, Json(fresh)))
}

/// Removes a token of one's own; it stops working within seconds.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens", operation_id = "tokens_delete", params(("id" = Uuid, Path)),
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 204), (status = 404, body = Problem)))]
pub async fn delete(
    User(actor): User,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    tokens::delete(&app.accounts, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<PersonalToken> for ShownToken {
    fn from(token: PersonalToken) -> Self {
        Self {
            id: token.id.0,
            name: token.name,
            masked_token: token.masked,
            scopes: token.scopes.map(Permissions::names),
            created_at: token.created_at,
            expires_at: token.expires_at,
            last_used_at: token.last_used_at,
        }
    }
}
