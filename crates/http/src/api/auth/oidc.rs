//! Logging in with accounts that people have elsewhere. Both are pages for browsers: what goes wrong is told on the login page.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{ConnectInfo, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use roundhouse_accounts::oidc::{self, Arrival, OidcError};
use roundhouse_domain::Secret;
use roundhouse_domain::error::chain;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{cookies, device};
use crate::actor::cookie;
use crate::state::App;

/// How long a browser keeps what it must bring back.
const FLOW_AGE: Duration = Duration::from_mins(15);

/// Where to go afterwards.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OidcStart {
    /// A path of this server. Default `/`.
    return_to: Option<String>,
}

/// What the provider of the login sends along.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OidcCallback {
    /// Its code for us.
    #[param(value_type = Option<String>)]
    code: Option<Secret>,
    /// What shows that the answer belongs to the question.
    #[param(value_type = Option<String>)]
    state: Option<Secret>,
    /// Why it let nobody in.
    error: Option<String>,
}

/// Sends a browser to the provider of the login.
#[utoipa::path(get, path = "/auth/oidc/start", tag = "auth", operation_id = "auth_oidc_start", params(OidcStart),
    responses((status = 303, description = "To the provider, or to the login page with `?problem=`.")))]
pub async fn oidc_start(State(app): State<App>, Query(asked): Query<OidcStart>) -> Response {
    match oidc::depart(&app.accounts, asked.return_to.as_deref().unwrap_or("/")).await {
        Ok(departure) => {
            let mut response = Redirect::to(&departure.url).into_response();
            cookies::set_flow(&app, &mut response, departure.flow.expose(), FLOW_AGE);
            response
        }
        Err(error) => told(&error),
    }
}

/// Logs in whoever comes back from the provider of the login.
#[utoipa::path(get, path = "/auth/oidc/callback", tag = "auth", operation_id = "auth_oidc_callback", params(OidcCallback),
    responses((status = 303, description = "To where they wanted to go, or to the login page with `?problem=`.")))]
pub async fn oidc_callback(
    State(app): State<App>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Query(said): Query<OidcCallback>,
) -> Response {
    let mut response = match arrival(&headers, said) {
        Ok(arrival) => match oidc::arrive(&app.accounts, &arrival, &device(client, &headers)).await {
            Ok((tokens, return_to)) => {
                let mut response = Redirect::to(&return_to).into_response();
                cookies::set(&app, &mut response, &tokens);
                response
            }
            Err(error) => told(&error),
        },
        Err(error) => told(&error),
    };
    cookies::set_flow(&app, &mut response, "", Duration::ZERO);
    response
}

fn arrival(headers: &HeaderMap, said: OidcCallback) -> Result<Arrival, OidcError> {
    if let Some(error) = said.error {
        tracing::info!(error, "the provider of the login let somebody not in");
        return Err(OidcError::Refused);
    }
    let flow = cookie(headers, cookies::FLOW_COOKIE).map(Secret::from).ok_or(OidcError::FlowLost)?;
    match (said.code, said.state) {
        (Some(code), Some(state)) => Ok(Arrival { flow, code, state }),
        _ => Err(OidcError::FlowLost),
    }
}

fn told(error: &OidcError) -> Response {
    tracing::warn!(error = chain(error), code = error.code(), "single sign-on failed");
    Redirect::to(&format!("/login?problem={}", error.code())).into_response()
}
