//! Token counts: `countTokens`.
//!
//! Sources: <https://ai.google.dev/api/tokens>,
//! <https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/countTokens>; 2026-11.

use serde::Serialize;
use serde_json::Value;

use super::fields;
use super::part::Content;
use super::request::{Context, Host, contents, read_prompt, tools};
use crate::dialect::{Dialect, Target, written};
use crate::generation::{Losses, Request, Unsupported};
use crate::json::Scanner;
use crate::{BodyError, UpstreamError, errors};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Prompt<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_instruction: Option<Content<'a>>,
    contents: Vec<Content<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whole<'a> {
    generate_content_request: Prompt<'a>,
}

/// Reads a request to count the tokens of a prompt, which stands at the root or as a whole request in it.
///
/// # Errors
/// Names the field that cannot be read.
pub(crate) fn read_count_request(body: Value, model: &str) -> Result<Request, BodyError> {
    let mut object = fields::message(body, "")?;
    let mut request = Request::new(Dialect::Gemini);
    model.clone_into(&mut request.model);
    let mut inner = fields::inner(&mut object, "generateContentRequest")?;
    read_prompt(inner.as_mut().unwrap_or(&mut object), &mut request)?;
    Ok(request)
}

/// Writes a request to count tokens.
///
/// # Errors
/// What the provider cannot be asked for.
pub(crate) fn write_count_request(
    request: &Request,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Vec<u8>, Unsupported> {
    let context = Context::new(request, target);
    let (system_instruction, contents) = contents::write(&context, losses)?;
    let tools = tools::write(&context, losses)?.tools;
    let mut prompt = Prompt { model: None, system_instruction, contents, tools };
    if Host::of(target.family) == Host::Vertex {
        return written(&prompt, request);
    }
    prompt.model = Some(format!("models/{}", target.model.trim_start_matches("models/")));
    written(&Whole { generate_content_request: prompt }, request)
}

/// Reads the count.
///
/// # Errors
/// What the provider said went wrong, or that it told no count.
pub(crate) fn read_count_answer(body: &[u8]) -> Result<u64, UpstreamError> {
    let mut total = None;
    let read = Scanner::new(body).fields(|scanner, key| {
        if key.inner() == b"totalTokens" {
            total = scanner.count()?;
            return Ok(());
        }
        scanner.skip()
    });
    match (read, total) {
        (Ok(()), Some(total)) => Ok(total),
        // Nothing of a prompt counts nothing, and zeros are left out in proto JSON.
        (Ok(()), None) if body.trim_ascii() == b"{}" => Ok(0),
        _ => Err(errors::read_error(200, None, body)),
    }
}

/// Writes the count.
pub(crate) fn write_count_answer(tokens: u64) -> Vec<u8> {
    format!("{{\"totalTokens\":{tokens}}}").into_bytes()
}
