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

fn put(app: &App, response: &mut Response, (name, value, path): (&str, &str, &str), age: Duration) {
    let secure = if app.clients.secure_cookies { "; Secure" } else { "" };
    let seconds = age.as_secs();
    let cookie = format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
