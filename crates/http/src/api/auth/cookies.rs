//! The cookies of a login: scripts cannot read them, and other sites' pages cannot send them.

use std::time::Duration;

use axum::response::Response;
use http::HeaderValue;
use http::header::SET_COOKIE;
use roundhouse_accounts::sessions::Tokens;

use crate::actor::{REFRESH_COOKIE, SESSION_COOKIE};
use crate::state::App;

/// Where the refresh token is sent, and nowhere else.
const REFRESH_PATH: &str = "/api/v1/auth/refresh";

/// What is remembered while somebody logs in elsewhere.
pub(super) const FLOW_COOKIE: &str = "roundhouse_login";
const FLOW_PATH: &str = "/api/v1/auth/oidc";

/// Hands the tokens to a browser.
pub(super) fn set(app: &App, response: &mut Response, tokens: &Tokens) {
    put(app, response, (SESSION_COOKIE, tokens.access_token.expose(), "/"), tokens.expires_in);
    let refresh = (REFRESH_COOKIE, tokens.refresh_token.expose(), REFRESH_PATH);
    put(app, response, refresh, tokens.refresh_expires_in);
}

/// Takes the tokens from a browser.
pub(super) fn clear(app: &App, response: &mut Response) {
    put(app, response, (SESSION_COOKIE, "", "/"), Duration::ZERO);
    put(app, response, (REFRESH_COOKIE, "", REFRESH_PATH), Duration::ZERO);
}

/// Hands over what is remembered while somebody logs in elsewhere; they come back from another site, so it has to be sent
/// from there, too.
pub(super) fn set_flow(app: &App, response: &mut Response, flow: &str, age: Duration) {
    cookie(app, response, (FLOW_COOKIE, flow, FLOW_PATH), (age, "Lax"));
}

fn put(app: &App, response: &mut Response, named: (&str, &str, &str), age: Duration) {
    cookie(app, response, named, (age, "Strict"));
}

fn cookie(
    app: &App,
    response: &mut Response,
    (name, value, path): (&str, &str, &str),
    (age, same_site): (Duration, &str),
) {
    let secure = if app.clients.secure_cookies { "; Secure" } else { "" };
    let seconds = age.as_secs();
    let cookie =
        format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite={same_site}{secure}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
