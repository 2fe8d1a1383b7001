//! Responses: the object itself, and the events of its stream.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses-streaming>, 2026-11.

use super::Facts;
use crate::json::{Scanner, Step};

/// What is told of a response, in an event or alone.
#[derive(Default)]
struct Response {
    status: Option<String>,
    has_output: bool,
    is_error: bool,
}

pub(super) fn read(facts: &mut Facts, event: &[u8], scanner: &mut Scanner<'_>) -> Step<()> {
    let (mut kind, mut own_id) = (None, None);
    let mut response = Response::default();
    scanner.members(|scanner, key| match key.inner() {
        b"type" => {
            kind = scanner.text()?;
            Ok(())
        }
        // An event's own id is not the response's.
        b"id" => {
            own_id = scanner.text()?;
            Ok(())
        }
        b"response" => scanner.fields(|scanner, key| field(facts, &mut response, scanner, key.inner())),
        name => field(facts, &mut response, scanner, name),
    })?;
    let kind =
        kind.or_else(|| std::str::from_utf8(event).ok().filter(|name| !name.is_empty()).map(Into::into));
    facts.is_error = response.is_error;
    if let Some(kind) = kind {
        of_event(facts, &kind, &response);
    } else {
        facts.response_id = own_id.map(Into::into);
        of_object(facts, &response);
    }
    Ok(())
}

fn field(facts: &mut Facts, response: &mut Response, scanner: &mut Scanner<'_>, name: &[u8]) -> Step<()> {
    match name {
        b"id" => facts.response_id = scanner.text()?.map(Into::into),
        b"status" => response.status = scanner.text()?.map(Into::into),
        b"output" => response.has_output = scanner.has_content()?,
        b"usage" => facts.counts.read(scanner)?,
        b"error" => response.is_error = scanner.is_present()?,
        _ => scanner.skip()?,
    }
    Ok(())
}

fn of_event(facts: &mut Facts, kind: &str, response: &Response) {
    facts.is_known = true;
    match kind {
        "response.created" | "response.in_progress" | "response.queued" | "keepalive" | "ping" => {}
        "response.completed" => {
            facts.is_terminal = true;
            facts.is_semantic = response.has_output;
        }
        "response.incomplete" => {
            facts.is_terminal = true;
            facts.is_semantic = true;
        }
        "response.failed" => {
            facts.is_terminal = true;
            facts.is_error = true;
        }
        "error" => facts.is_error = true,
        _ => facts.is_semantic = !facts.is_error,
    }
}

fn of_object(facts: &mut Facts, response: &Response) {
    let status = response.status.as_deref();
    facts.is_known = status.is_some() || response.has_output || facts.is_error;
    facts.is_terminal = true;
    facts.is_error |= status == Some("failed");
    // A response in the background has its content later.
    facts.is_semantic = response.has_output || !matches!(status, Some("completed" | "failed"));
}
