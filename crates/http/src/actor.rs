//! Who calls the management API. Handlers learn it only through these extractors.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use http::header::{AUTHORIZATION, COOKIE};
use http::request::Parts;
use http::{HeaderMap, Method};
use roundhouse_accounts::{Actor, sessions};
use roundhouse_domain::ErrorKind;

use crate::need::Need;
use crate::problem::Problem;
use crate::state::App;

/// The cookie that a browser's session is in. The prefix would be `__Host-`, were plain http on a local network not to work too.
pub const SESSION_COOKIE: &str = "roundhouse_session";

/// The cookie that renews a browser's session; only `/auth/refresh` gets it.
pub const REFRESH_COOKIE: &str = "roundhouse_refresh";

/// A header that only our own pages send: another site's cannot set it without asking first.
const CSRF_HEADER: &str = "x-roundhouse-csrf";

/// Anyone who is logged in.
pub struct User(pub Actor);

/// An administrator.
pub struct Administrator(pub Actor);

/// Anyone who may do what `N` says.
pub struct Allowed<N> {
    /// Who it is.
    pub actor: Actor,
    need: PhantomData<N>,
}

impl FromRequestParts<App> for User {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = token(&parts.headers, &parts.method)?;
        Ok(Self(sessions::authenticate(&app.accounts, &token).await?))
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let User(actor) = User::from_request_parts(parts, app).await?;
        actor.require_administrator()?;
        Ok(Self(actor))
    }
}

impl<N: Need> FromRequestParts<App> for Allowed<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let User(actor) = User::from_request_parts(parts, app).await?;
        actor.require(N::PERMISSION)?;
        Ok(Self { actor, need: PhantomData })
    }
}

/// The access token of a request: from the header, or from the cookie of a page of ours.
fn token(headers: &HeaderMap, method: &Method) -> Result<String, Problem> {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(token) =
        bearer.and_then(|value| value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer ")))
    {
        return Ok(token.trim().to_owned());
    }
    let Some(token) = cookie(headers, SESSION_COOKIE) else {
        let detail =
            "log in with POST /api/v1/auth/login and send the access token as `Authorization: Bearer …`";
        return Err(Problem::new(ErrorKind::Unauthenticated, "not_logged_in", detail));
    };
    if !method.is_safe() {
        require_own_page(headers)?;
    }
    Ok(token.to_owned())
}

/// Lets requests pass that a page of ours made: cookies come with others', too.
pub fn require_own_page(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.contains_key(CSRF_HEADER) {
        return Ok(());
    }
    let detail =
        format!("requests with a cookie that change something must carry the header `{CSRF_HEADER}`");
    Err(Problem::new(ErrorKind::Denied, "csrf_header_missing", detail))
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}
