//! Errors of the management API: RFC 9457 problem documents with a stable code.

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use roundhouse_domain::ErrorKind;
use roundhouse_domain::error::chain;
use serde::Serialize;
use utoipa::ToSchema;

/// An error as the management API tells it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem.
    #[serde(rename = "type")]
    pub kind_uri: String,
    /// The kind in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// A stable code.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub detail: String,
    /// The fields that are wrong, where it is about fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    #[serde(skip)]
    kind: ErrorKind,
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// The field, such as `base_urls[0].url`; empty for the whole.
    pub field: String,
    /// What is wrong with it, and what to do.
    pub message: String,
}

impl Problem {
    /// A problem of `kind`.
    pub fn new(kind: ErrorKind, code: &'static str, detail: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            kind_uri: format!("urn:roundhouse:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status: kind.status(),
            code,
            detail: detail.into(),
            errors: Vec::new(),
            kind,
        }
    }

    /// The same problem, about these fields.
    pub fn about(mut self, fields: impl IntoIterator<Item = (String, String)>) -> Self {
        self.errors = fields.into_iter().map(|(field, message)| FieldError { field, message }).collect();
        self
    }

    /// What does not exist, or is not visible to this caller.
    pub fn not_found() -> Self {
        Self::new(ErrorKind::NotFound, "not_found", "there is nothing here, or nothing that you may see")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.kind {
            ErrorKind::Unauthenticated => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            ErrorKind::RateLimited | ErrorKind::Unavailable => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
            }
            _ => {}
        }
        response
    }
}

/// Tells an error of a service: its kind, code and words; what lies behind it goes to the log.
macro_rules! problem_from {
    ($error:ty) => {
        impl From<$error> for Problem {
            fn from(error: $error) -> Self {
                $crate::problem::log_internal(error.kind(), &error);
                Self::new(error.kind(), error.code(), error.to_string())
            }
        }
    };
}
pub(crate) use problem_from;

impl From<roundhouse_control::changes::ChangeError> for Problem {
    fn from(error: roundhouse_control::changes::ChangeError) -> Self {
        log_internal(error.kind(), &error);
        Self::new(error.kind(), error.code(), error.to_string()).about(error.fields())
    }
}

/// Logs a fault of ours with all that caused it: the one place where errors of the API are logged.
pub fn log_internal(kind: ErrorKind, error: &dyn std::error::Error) {
    if matches!(kind, ErrorKind::Internal | ErrorKind::Unavailable) {
        tracing::error!(error = chain(error), "request to the management API failed");
    }
}
