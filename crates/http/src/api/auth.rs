//! Logging in and out.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::response::{IntoResponse, Response};
use http::header::SET_COOKIE;
use http::{HeaderValue, StatusCode};
use roundhouse_accounts::sessions::Credentials;
use roundhouse_accounts::users::NewUser;
use roundhouse_accounts::{Denied, Role, User as Person, sessions, setup, users};
use roundhouse_domain::{Secret, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Body;
use crate::actor::{SESSION_COOKIE, User};
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(Denied);
problem_from!(sessions::LoginError);
problem_from!(sessions::SessionError);
problem_from!(setup::SetupError);
problem_from!(users::UserError);

/// Who wants to log in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    email: String,
    #[schema(value_type = String)]
    password: Secret,
}

/// A login that goes on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    #[schema(value_type = String)]
    refresh_token: Secret,
}

/// The first administrator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// From the one-time link.
    #[schema(value_type = String)]
    token: Secret,
    email: String,
    #[schema(value_type = String)]
    password: Secret,
    #[serde(default)]
    name: String,
}

/// A login.
#[derive(Serialize, ToSchema)]
pub struct Session {
    /// For `Authorization: Bearer …`.
    access_token: String,
    /// For `POST /auth/refresh`, once.
    refresh_token: String,
    /// `bearer`.
    token_type: &'static str,
    /// Seconds that the access token is valid.
    expires_in: u64,
    user: ShownUser,
}

/// A person.
#[derive(Serialize, ToSchema)]
pub struct ShownUser {
    id: Uuid,
    email: String,
    name: String,
    /// `administrator` or `member`.
    role: &'static str,
    #[schema(value_type = String)]
    created_at: Timestamp,
}

/// Logs a person in. A browser also gets the session as a cookie.
#[utoipa::path(post, path = "/auth/login", tag = "auth", operation_id = "auth_login", request_body = Login,
    responses((status = 200, body = Session), (status = 401, body = Problem), (status = 429, body = Problem)))]
pub async fn login(
    State(app): State<App>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    Body(login): Body<Login>,
) -> Result<Response, Problem> {
    let credentials =
        Credentials { email: login.email, password: login.password, address: Some(client.ip()) };
    Ok(session(&app, sessions::login(&app.accounts, &credentials).await?))
}

/// Prolongs a login: both tokens are new, the old refresh token is used up.
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", operation_id = "auth_refresh", request_body = Refresh,
    responses((status = 200, body = Session), (status = 401, body = Problem)))]
pub async fn refresh(State(app): State<App>, Body(refresh): Body<Refresh>) -> Result<Response, Problem> {
    let tokens = sessions::refresh(&app.accounts, &refresh.refresh_token).await?;
    Ok(session(&app, tokens))
}

/// Ends a login.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", operation_id = "auth_logout",
    security(("bearer" = []), ("session" = [])), responses((status = 204)))]
pub async fn logout(User(actor): User, State(app): State<App>) -> Result<Response, Problem> {
    sessions::logout(&app.accounts, &actor).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&app, &mut response, "", 0);
    Ok(response)
}

/// Tells who is logged in.
#[utoipa::path(get, path = "/auth/me", tag = "auth", operation_id = "auth_me",
    security(("bearer" = []), ("session" = [])), responses((status = 200, body = ShownUser), (status = 401, body = Problem)))]
pub async fn me(User(actor): User, State(app): State<App>) -> Result<Json<ShownUser>, Problem> {
    Ok(Json(users::me(&app.accounts, &actor).await?.into()))
}

/// Makes the first administrator with the token of the one-time link, and logs them in.
#[utoipa::path(post, path = "/auth/setup", tag = "auth", operation_id = "auth_setup", request_body = Setup,
    responses((status = 200, body = Session), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn setup(State(app): State<App>, Body(asked): Body<Setup>) -> Result<Response, Problem> {
    let Setup { token, email, password, name } = asked;
    let new = NewUser { email, name, password, role: Role::Administrator };
    Ok(session(&app, setup::complete(&app.accounts, &token, &new).await?))
}

fn session(app: &App, tokens: sessions::Tokens) -> Response {
    let seconds = tokens.expires_in.as_secs();
    let token = tokens.access_token.expose().to_owned();
    let body = Session {
        access_token: token.clone(),
        refresh_token: tokens.refresh_token.expose().to_owned(),
        token_type: "bearer",
        expires_in: seconds,
        user: tokens.user.into(),
    };
    let mut response = Json(body).into_response();
    set_cookie(app, &mut response, &token, seconds);
    response
}

fn set_cookie(app: &App, response: &mut Response, token: &str, seconds: u64) {
    let secure = if app.clients.secure_cookies { "; Secure" } else { "" };
    let cookie =
        format!("{SESSION_COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
}

impl From<Person> for ShownUser {
    fn from(user: Person) -> Self {
        Self {
            id: user.id.0,
            email: user.email,
            name: user.name,
            role: user.role.as_str(),
            created_at: user.created_at,
        }
    }
}
