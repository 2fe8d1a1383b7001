//! Counting the tokens of a prompt (<https://platform.claude.com/docs/en/api/messages-count-tokens>, 2026-11).

use serde_json::{Value, json};

use super::{read, write};
use crate::dialect::{Target, written};
use crate::generation::{Losses, Request, Unsupported};
use crate::{BodyError, UpstreamError, errors, number};

/// Fields of requests that are refused where tokens are only counted.
const REFUSED: [&str; 4] = ["container", "inference_geo", "anthropic_version", "anthropic_beta"];

/// Reads a body of `POST /v1/messages/count_tokens`.
pub(crate) fn read_count_request(body: Value) -> Result<Request, BodyError> {
    read::read_request(body)
}

/// Writes a body of `POST /v1/messages/count_tokens`.
///
/// # Errors
/// When something cannot be said here.
pub(crate) fn write_count_request(
    request: &Request,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    let mut body = write::body(request, target, losses)?;
    body.prompt_only(&REFUSED);
    written(&body, request)
}

/// Reads how many tokens were counted.
pub(crate) fn read_count_answer(body: &[u8]) -> Result<u64, UpstreamError> {
    let document: Value = serde_json::from_slice(body).unwrap_or_default();
    number::count(&document["input_tokens"]).ok_or_else(|| errors::read_error(200, None, body))
}

/// Writes how many tokens were counted.
pub(crate) fn write_count_answer(tokens: u64) -> Vec<u8> {
    json!({ "input_tokens": tokens }).to_string().into_bytes()
}
