//! Our errors in each protocol's form.

use bytes::Bytes;
use serde_json::{Value, json};

use super::ErrorShape;
use crate::{Operation, Protocol};

/// OpenAI's code for an allowance that is used up, which is the type of such an error too
/// (<https://platform.openai.com/docs/guides/error-codes>, 2026-11).
const QUOTA: &str = "insufficient_quota";

/// The error as a JSON body of `protocol`.
pub fn render(protocol: Protocol, error: &ErrorShape<'_>) -> Bytes {
    document(protocol, error).to_string().into()
}

/// The error as the last event of a stream of `op` that broke after it had begun; `sequence` is the number of the event,
/// which only Responses tells.
///
/// Sources: <https://platform.openai.com/docs/api-reference/responses-streaming/error>,
/// <https://docs.claude.com/en/docs/build-with-claude/streaming#error-events>; 2026-11. Chat streams have no documented form:
/// a chunk with `error` is what the official SDKs raise.
pub fn stream_error(op: Operation, error: &ErrorShape<'_>, sequence: u64) -> Bytes {
    let event = |name: &str, data: &Value| format!("event: {name}\ndata: {data}\n\n").into();
    match op {
        Operation::Responses => event(
            "error",
            &json!({
                "type": "error",
                "code": error.code,
                "message": error.message,
                "param": error.param,
                "sequence_number": sequence,
            }),
        ),
        _ if op.protocol() == Protocol::Anthropic => event("error", &document(Protocol::Anthropic, error)),
        _ => format!("data: {}\n\n", document(op.protocol(), error)).into(),
    }
}

fn document(protocol: Protocol, error: &ErrorShape<'_>) -> Value {
    let ErrorShape { status, code, message, param, request_id } = *error;
    match protocol {
        Protocol::Openai => {
            let kind = if code == QUOTA { QUOTA } else { openai_type(status) };
            json!({ "error": { "message": message, "type": kind, "param": param, "code": code } })
        }
        Protocol::Anthropic => json!({
            "type": "error",
            "error": { "type": anthropic_type(status), "message": message },
            "request_id": request_id,
        }),
        Protocol::Gemini => json!({ "error": {
            "code": status,
            "message": message,
            "status": google_status(status),
            "details": google_details(error),
        } }),
    }
}

/// <https://platform.openai.com/docs/guides/error-codes>, 2026-11; an unknown model is an invalid request there.
const fn openai_type(status: u16) -> &'static str {
    match status {
        401 => "authentication_error",
        402 => "insufficient_quota",
        403 => "permission_error",
        429 => "rate_limit_error",
        408 | 504 => "timeout_error",
        400..=499 => "invalid_request_error",
        _ => "server_error",
    }
}

/// <https://docs.claude.com/en/api/errors>, 2026-11.
const fn anthropic_type(status: u16) -> &'static str {
    match status {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        408 | 504 => "timeout_error",
        503 | 529 => "overloaded_error",
        400..=499 => "invalid_request_error",
        _ => "api_error",
    }
}

/// <https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto>, 2026-11.
const fn google_status(status: u16) -> &'static str {
    match status {
        401 => "UNAUTHENTICATED",
        402 | 403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        408 | 504 => "DEADLINE_EXCEEDED",
        409 => "ABORTED",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        501 => "UNIMPLEMENTED",
        502 | 503 | 529 => "UNAVAILABLE",
        400..=499 => "INVALID_ARGUMENT",
        _ => "INTERNAL",
    }
}

/// <https://google.aip.dev/193>, 2026-11.
fn google_details(error: &ErrorShape<'_>) -> Value {
    let mut details = vec![
        json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": error.code.to_ascii_uppercase(),
            "domain": "roundhouse",
        }),
        json!({ "@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": error.request_id }),
    ];
    if let Some(field) = error.param {
        details.push(json!({
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{ "field": field, "description": error.message }],
        }));
    }
    details.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERROR: ErrorShape<'static> = ErrorShape {
        status: 404,
        code: "model_not_found",
        message: "no \"x\"",
        param: Some("model"),
        request_id: "r",
    };

    fn text(bytes: &Bytes) -> &str {
        std::str::from_utf8(bytes).unwrap()
    }

    #[test]
    fn each_protocol_has_its_own_form() {
        assert_eq!(
            text(&render(Protocol::Openai, &ERROR)),
            r#"{"error":{"message":"no \"x\"","type":"invalid_request_error","param":"model","code":"model_not_found"}}"#
        );
        assert_eq!(
            text(&render(Protocol::Anthropic, &ERROR)),
            r#"{"type":"error","error":{"type":"not_found_error","message":"no \"x\""},"request_id":"r"}"#
        );
        let gemini: Value = serde_json::from_slice(&render(Protocol::Gemini, &ERROR)).unwrap();
        assert_eq!(gemini["error"]["code"], 404);
        assert_eq!(gemini["error"]["status"], "NOT_FOUND");
        assert_eq!(gemini["error"]["details"][0]["reason"], "MODEL_NOT_FOUND");
        assert_eq!(gemini["error"]["details"][2]["fieldViolations"][0]["field"], "model");
    }

    #[test]
    fn types_follow_the_status() {
        for (status, openai, anthropic, google) in [
            (400, "invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT"),
            (401, "authentication_error", "authentication_error", "UNAUTHENTICATED"),
            (403, "permission_error", "permission_error", "PERMISSION_DENIED"),
            (413, "invalid_request_error", "request_too_large", "INVALID_ARGUMENT"),
            (429, "rate_limit_error", "rate_limit_error", "RESOURCE_EXHAUSTED"),
            (500, "server_error", "api_error", "INTERNAL"),
            (502, "server_error", "api_error", "UNAVAILABLE"),
            (503, "server_error", "overloaded_error", "UNAVAILABLE"),
            (504, "timeout_error", "timeout_error", "DEADLINE_EXCEEDED"),
        ] {
            assert_eq!(
                (openai_type(status), anthropic_type(status), google_status(status)),
                (openai, anthropic, google)
            );
        }
    }

    #[test]
    fn an_allowance_that_is_used_up_has_a_type_of_its_own_where_openai_speaks() {
        let error = ErrorShape { status: 429, code: QUOTA, ..ERROR };
        assert!(text(&render(Protocol::Openai, &error)).contains(r#""type":"insufficient_quota""#));
        assert!(text(&render(Protocol::Anthropic, &error)).contains(r#""type":"rate_limit_error""#));
        assert!(text(&render(Protocol::Gemini, &error)).contains(r#""status":"RESOURCE_EXHAUSTED""#));
    }

    #[test]
    fn broken_streams_end_with_their_own_event() {
        let event = |op| text(&stream_error(op, &ERROR, 7)).to_owned();
        assert!(event(Operation::ChatCompletions).starts_with("data: {\"error\":{"));
        assert!(event(Operation::StreamGenerateContent).starts_with("data: {\"error\":{\"code\":404"));
        assert!(
            event(Operation::Messages).starts_with("event: error\ndata: {\"type\":\"error\",\"error\":{")
        );
        assert_eq!(
            event(Operation::Responses),
            "event: error\ndata: {\"type\":\"error\",\"code\":\"model_not_found\",\"message\":\"no \\\"x\\\"\",\
             \"param\":\"model\",\"sequence_number\":7}\n\n"
        );
        assert!(event(Operation::Responses).ends_with("\n\n"));
    }
}
