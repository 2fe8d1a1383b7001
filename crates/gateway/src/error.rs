//! Why a client call is not answered by a provider, and how the caller is told.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use roundhouse_domain::{ErrorKind, RequestId};
use roundhouse_llm::errors::{self, ErrorShape};
use roundhouse_llm::{BodyError, Operation, Protocol};

use crate::limits::Refusal;

/// The code of an allowance that is used up, which no second try heals.
const QUOTA: &str = "insufficient_quota";

/// A refusal or failure of ours. The message is safe to show and says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CallError {
    /// What kind it is.
    pub kind: ErrorKind,
    /// A stable code.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
    /// The field at fault, where there is one.
    pub param: Option<String>,
    /// When to come back.
    pub retry_after: Option<Duration>,
}

impl CallError {
    /// An error without a field and without advice when to come back.
    pub fn new(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Self {
        Self { kind, code, message: message.into(), param: None, retry_after: None }
    }

    /// The same, with advice when to come back.
    #[must_use]
    pub fn after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }

    /// The error as an answer in the caller's protocol.
    pub fn render(&self, protocol: Protocol, id: RequestId) -> Response<Bytes> {
        let id = id.to_string();
        let body = errors::render(protocol, &self.shape(&id));
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::BAD_GATEWAY);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(wait) = self.retry_after {
            // A wait is rounded up: who comes back a moment early is refused again.
            headers.insert(
                RETRY_AFTER,
                HeaderValue::from(wait.as_secs() + u64::from(wait.subsec_nanos() > 0 || wait.is_zero())),
            );
        }
        if self.code == QUOTA {
            // What libraries of OpenAI and Anthropic ask before they try again by themselves.
            headers.insert("x-should-retry", HeaderValue::from_static("false"));
        }
        response
    }

    /// The error as the last event of a stream that has begun; `sequence` is its number, which only Responses tells.
    pub fn event(&self, operation: Operation, id: RequestId, sequence: u64) -> Bytes {
        let id = id.to_string();
        errors::stream_error(operation, &self.shape(&id), sequence)
    }

    /// The error as the last element of an array that has begun.
    pub fn last_element(&self, operation: Operation, id: RequestId) -> Bytes {
        let element = errors::render(operation.protocol(), &self.shape(&id.to_string()));
        [b",\r\n", &element[..], b"]"].concat().into()
    }

    fn shape<'a>(&'a self, request_id: &'a str) -> ErrorShape<'a> {
        ErrorShape {
            status: self.kind.status(),
            code: self.code,
            message: &self.message,
            param: self.param.as_deref(),
            request_id,
        }
    }
}

impl From<BodyError> for CallError {
    fn from(error: BodyError) -> Self {
        let mut call = Self::new(ErrorKind::Invalid, "invalid_request_body", error.message);
        call.param = error.param;
        call
    }
}

impl From<Refusal> for CallError {
    fn from(refusal: Refusal) -> Self {
        Self::new(ErrorKind::RateLimited, refusal.code(), refusal.message())
            .after(Some(refusal.retry_after()))
    }
}
