//! Errors that the demo provider answers with.

use roundhouse_llm::ErrorShape;

use super::seed::Seed;

/// An error that owns its text.
pub(super) struct Failure {
    status: u16,
    message: String,
    param: Option<String>,
    request_id: String,
}

impl Failure {
    pub(super) fn new(status: u16, message: String, param: Option<String>, seed: &Seed) -> Self {
        Self { status, message, param, request_id: seed.id("req_", 0) }
    }

    /// The error as the protocols' writers take it.
    pub(super) fn shape(&self) -> ErrorShape<'_> {
        ErrorShape {
            status: self.status,
            code: code(self.status),
            message: &self.message,
            param: self.param.as_deref(),
            request_id: &self.request_id,
        }
    }
}

/// OpenAI's code for a status (platform.openai.com/docs/guides/error-codes, 2026-07).
const fn code(status: u16) -> &'static str {
    match status {
        401 => "invalid_api_key",
        402 => "insufficient_quota",
        403 => "permission_denied",
        404 => "model_not_found",
        429 => "rate_limit_exceeded",
        400..=499 => "invalid_request",
        _ => "server_error",
    }
}
