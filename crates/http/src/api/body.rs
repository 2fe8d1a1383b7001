//! JSON bodies of the management API, with their faults told as problems.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use roundhouse_domain::ErrorKind;
use serde::de::DeserializeOwned;

use crate::problem::Problem;
use crate::state::App;

/// A JSON body.
pub struct Body<T>(pub T);

/// A JSON body, or none at all.
pub struct OptionalBody<T>(pub Option<T>);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, app).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Problem::new(
                ErrorKind::Invalid,
                "invalid_body",
                "the body must be JSON; send `content-type: application/json`",
            )),
            Err(rejection) if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Problem::new(ErrorKind::TooLarge, "body_too_large", rejection.body_text()))
            }
            Err(rejection) => Err(Problem::new(ErrorKind::Invalid, "invalid_body", rejection.body_text())),
        }
    }
}

impl<T: DeserializeOwned> FromRequest<App> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        if axum::body::HttpBody::is_end_stream(request.body()) {
            return Ok(Self(None));
        }
        let Body(value) = Body::from_request(request, app).await?;
        Ok(Self(Some(value)))
    }
}
