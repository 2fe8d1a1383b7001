//! Logging in and out, and what people may do who are not logged in.

mod cookies;
mod oidc;
mod password;
mod shown;

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use roundhouse_accounts::sessions::{Credentials, Device};
use roundhouse_accounts::users::NewUser;
use roundhouse_accounts::{Denied, Role, second_factor, sessions, setup, users};
use roundhouse_domain::{ErrorKind, Secret};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::oidc::*;
pub use self::password::*;
pub use self::shown::{ShownGroupName, ShownUser};
use super::{Body, OptionalBody};
use crate::actor::{REFRESH_COOKIE, User, cookie, require_own_page};
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(Denied);
problem_from!(sessions::LoginError);
problem_from!(sessions::SessionError);
problem_from!(setup::SetupError);
problem_from!(users::UserError);
problem_from!(second_factor::FactorError);

/// Who wants to log in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    email: String,
    #[schema(value_type = String)]
    password: Secret,
    /// The one-time code, or a recovery code, of those who have a second factor; asked for with the problem `totp_required`.
    #[schema(value_type = Option<String>)]
    code: Option<Secret>,
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

/// Who wants to join.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    email: String,
    #[schema(value_type = String)]
    password: Secret,
    /// Default: what stands before the `@`.
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

/// How people can get in.
#[derive(Serialize, ToSchema)]
pub struct Methods {
    /// Whether there is nobody yet: the one-time link in the log makes the first administrator.
    setup_required: bool,
    /// Whether strangers may register.
    registration: bool,
    /// Whether a forgotten password can be replaced by e-mail.
    password_reset: bool,
    /// What the button to log in elsewhere says, where there is one: it leads to `/auth/oidc/start`.
    single_sign_on: Option<String>,
}

/// Logs a person in. A browser also gets the session as cookies.
#[utoipa::path(post, path = "/auth/login", tag = "auth", operation_id = "auth_login", request_body = Login,
    responses((status = 200, body = Session), (status = 401, body = Problem), (status = 429, body = Problem)))]
pub async fn login(
    State(app): State<App>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Body(login): Body<Login>,
) -> Result<Response, Problem> {
    let Login { email, password, code } = login;
    let credentials = Credentials { email, password, code, device: device(client, &headers) };
    Ok(session(&app, &sessions::login(&app.accounts, &credentials).await?))
}

/// Prolongs a login: both tokens are new, the old refresh token is used up. A browser sends it as a cookie, without a body.
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", operation_id = "auth_refresh", request_body = Option<Refresh>,
    responses((status = 200, body = Session), (status = 401, body = Problem)))]
pub async fn refresh(
    State(app): State<App>,
    headers: HeaderMap,
    OptionalBody(refresh): OptionalBody<Refresh>,
) -> Result<Response, Problem> {
    let token = if let Some(refresh) = refresh {
        refresh.refresh_token
    } else {
        let token = cookie(&headers, REFRESH_COOKIE).ok_or_else(|| {
            let detail = "send `refresh_token` in the body, or its cookie";
            Problem::new(ErrorKind::Unauthenticated, "not_logged_in", detail)
        })?;
        require_own_page(&headers)?;
        Secret::from(token)
    };
    Ok(session(&app, &sessions::refresh(&app.accounts, &token).await?))
}

/// Ends a login.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", operation_id = "auth_logout",
    security(("bearer" = ["own"]), ("session" = ["own"])), responses((status = 204)))]
pub async fn logout(User(actor): User, State(app): State<App>) -> Result<Response, Problem> {
    sessions::logout(&app.accounts, &actor).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    cookies::clear(&app, &mut response);
    Ok(response)
}

/// Tells how people can get in.
#[utoipa::path(get, path = "/auth/methods", tag = "auth", operation_id = "auth_methods",
    responses((status = 200, body = Methods)))]
pub async fn methods(State(app): State<App>) -> Result<Json<Methods>, Problem> {
    Ok(Json(Methods {
        setup_required: setup::is_needed(&app.accounts).await?,
        registration: app.accounts.allows_registration(),
        password_reset: app.accounts.sends_letters(),
        single_sign_on: roundhouse_accounts::oidc::label(&app.accounts),
    }))
}

/// Makes the first administrator with the token of the one-time link, and logs them in.
#[utoipa::path(post, path = "/auth/setup", tag = "auth", operation_id = "auth_setup", request_body = Setup,
    responses((status = 200, body = Session), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn setup(
    State(app): State<App>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Body(asked): Body<Setup>,
) -> Result<Response, Problem> {
    let Setup { token, email, password, name } = asked;
    let new = NewUser { email, name, password, role: Role::Administrator, groups: Vec::new() };
    let device = device(client, &headers);
    Ok(session(&app, &setup::complete(&app.accounts, &token, &new, &device).await?))
}

/// Adds a member, where the settings let strangers in, and logs them in.
#[utoipa::path(post, path = "/auth/register", tag = "auth", operation_id = "auth_register", request_body = Register,
    responses((status = 200, body = Session), (status = 400, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn register(
    State(app): State<App>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Body(asked): Body<Register>,
) -> Result<Response, Problem> {
    let Register { email, password, name } = asked;
    let new = NewUser { email, name, password, role: Role::Member, groups: Vec::new() };
    Ok(session(&app, &users::register(&app.accounts, &new, &device(client, &headers)).await?))
}

/// From where a request comes.
fn device(client: SocketAddr, headers: &HeaderMap) -> Device {
    let user_agent = headers.get(http::header::USER_AGENT).and_then(|value| value.to_str().ok());
    Device { address: Some(client.ip()), user_agent: user_agent.map(str::to_owned) }
}

fn session(app: &App, tokens: &sessions::Tokens) -> Response {
    let body = Session {
        access_token: tokens.access_token.expose().to_owned(),
        refresh_token: tokens.refresh_token.expose().to_owned(),
        token_type: "bearer",
        expires_in: tokens.expires_in.as_secs(),
        user: tokens.user.clone().into(),
    };
    let mut response = Json(body).into_response();
    cookies::set(app, &mut response, tokens);
    response
}
