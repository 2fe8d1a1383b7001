//! Forgotten passwords and invitations: links that were sent.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use http::StatusCode;
use roundhouse_accounts::passwords::{self, PasswordError};
use roundhouse_domain::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::Body;
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(PasswordError);

/// Who has forgotten their password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgotPassword {
    email: String,
}

/// A link that was sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkToken {
    /// What stands behind `#token=`.
    #[schema(value_type = String)]
    token: Secret,
}

/// A password by a link that was sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPassword {
    /// What stands behind `#token=`.
    #[schema(value_type = String)]
    token: Secret,
    /// At least eight characters.
    #[schema(value_type = String)]
    password: Secret,
}

/// Whose a link is.
#[derive(Serialize, ToSchema)]
pub struct ShownLink {
    /// `invitation` or `password_reset`.
    kind: &'static str,
    email: String,
    name: String,
}

/// Sends a link to a new password to this e-mail address, if somebody has it; the answer is the same if nobody has.
#[utoipa::path(post, path = "/auth/forgot-password", tag = "auth", operation_id = "auth_forgot_password", request_body = ForgotPassword,
    responses((status = 202), (status = 409, body = Problem), (status = 429, body = Problem)))]
pub async fn forgot_password(
    State(app): State<App>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    Body(asked): Body<ForgotPassword>,
) -> Result<StatusCode, Problem> {
    passwords::forgot(&app.accounts, &asked.email, Some(client.ip())).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Tells whose a link is and what it is for, and leaves it as it is.
#[utoipa::path(post, path = "/auth/link", tag = "auth", operation_id = "auth_link", request_body = LinkToken,
    responses((status = 200, body = ShownLink), (status = 400, body = Problem)))]
pub async fn link(State(app): State<App>, Body(asked): Body<LinkToken>) -> Result<Json<ShownLink>, Problem> {
    let (user, kind) = passwords::look_at_link(&app.accounts, &asked.token).await?;
    Ok(Json(ShownLink { kind: kind.as_str(), email: user.email, name: user.name }))
}

/// Sets a password by a link, which is used up; all logins of its person end. Log in with it then.
#[utoipa::path(post, path = "/auth/password", tag = "auth", operation_id = "auth_password", request_body = SetPassword,
    responses((status = 204), (status = 400, body = Problem)))]
pub async fn set_password(
    State(app): State<App>,
    Body(asked): Body<SetPassword>,
) -> Result<StatusCode, Problem> {
    passwords::set_by_link(&app.accounts, &asked.token, &asked.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
