//! Reads what an upstream says about a failure, whatever its form.

use std::borrow::Cow;

use serde_json::Value;

use super::UpstreamError;
use super::status::infer;

/// The most that is kept of a message, in bytes.
const MAX_MESSAGE_BYTES: usize = 2_048;

/// The most that is looked at of a body that is not JSON, in bytes.
const MAX_TEXT_BYTES: usize = 65_536;

/// Reads the body of an upstream's error answer; `status` below 400 is an error inside a good answer.
pub fn read_error(status: u16, content_type: Option<&str>, body: &[u8]) -> UpstreamError {
    let json = serde_json::from_slice(event_data(body)).unwrap_or_default();
    let document =
        if matches!(json, Value::Object(_) | Value::Array(_)) { from_document(&json) } else { None };
    let mut error = document.unwrap_or_else(|| plain(content_type, body));
    if status >= 400 {
        error.status = Some(status);
    }
    if error.message.is_empty() {
        error.message = format!("status {status} without a message");
    }
    error
}

/// The error that a JSON document tells, if it tells one: the forms of OpenAI, Anthropic, Google (also in an array), `MiniMax`
/// (`base_resp`), Cohere and `FastAPI` (`message`, `detail`), Amazon (`__type`), and of Responses, `OpenRouter` and Cohere's streams,
/// which nest it.
pub(crate) fn from_document(document: &Value) -> Option<UpstreamError> {
    let document = document.as_array().map_or(document, |list| list.first().unwrap_or(&Value::Null));
    let inner = [&document["response"], &document["choices"][0], &document["delta"]]
        .into_iter()
        .find(|inner| !inner["error"].is_null())
        .or_else(|| document.get("Output").filter(|inner| inner["__type"].is_string()));
    let document = inner.filter(|_| document["error"].is_null()).unwrap_or(document);
    let error = &document["error"];
    let base = &document["base_resp"];
    let message =
        [&error["message"], &document["error_msg"], error, &document["message"], &document["detail"]]
            .into_iter()
            .chain([&document["detail"][0]["msg"], &document["detail"]["message"], &base["status_msg"]])
            .chain([&document["Message"]])
            .find_map(|value| value.as_str().filter(|text| !text.is_empty()));
    let codes =
        [reason(error), &error["code"], &document["code"], &document["error_code"], &base["status_code"]];
    let code = codes.into_iter().find_map(scalar);
    let kinds = [&error["type"], &error["status"], &document["type"], &document["status"]];
    let kind = kinds.into_iter().filter_map(Value::as_str).find(|kind| !kind.is_empty() && *kind != "error");
    let kind = kind.or_else(|| document["__type"].as_str()?.rsplit('#').next());
    if message.is_none() && code.is_none() && error.is_null() && document["__type"].is_null() {
        return None;
    }
    let message = cut(message.map_or_else(|| Cow::Owned(spelled(error)), Cow::Borrowed));
    let status = infer(document, code.as_deref(), kind, &message);
    Some(UpstreamError { status, message, code, kind: kind.map(str::to_owned) })
}

/// Google's stable word for what happened (`google.rpc.ErrorInfo`, <https://google.aip.dev/193>, 2026-11).
fn reason(error: &Value) -> &Value {
    let details = error["details"].as_array().map_or(&[][..], Vec::as_slice);
    details.iter().map(|detail| &detail["reason"]).find(|reason| reason.is_string()).unwrap_or(&Value::Null)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn spelled(error: &Value) -> String {
    if error.is_null() { String::new() } else { error.to_string() }
}

/// Some servers send an error status with an event as its body.
fn event_data(body: &[u8]) -> &[u8] {
    let body = body.trim_ascii();
    if !body.starts_with(b"data:") && !body.starts_with(b"event:") {
        return body;
    }
    let data = body.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(b"data:"));
    data.unwrap_or(body).trim_ascii()
}

fn plain(content_type: Option<&str>, body: &[u8]) -> UpstreamError {
    let text = String::from_utf8_lossy(&body[..body.len().min(MAX_TEXT_BYTES)]);
    let is_html =
        content_type.is_some_and(|kind| kind.contains("html")) || text.trim_start().starts_with('<');
    let message = if is_html { title(&text).unwrap_or_default() } else { text.trim() };
    let message = cut(Cow::Borrowed(message));
    UpstreamError { status: infer(&Value::Null, None, None, &message), message, code: None, kind: None }
}

fn title(html: &str) -> Option<&str> {
    // ASCII lower case keeps every byte in its place.
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    Some(html[start..end].trim())
}

fn cut(text: Cow<'_, str>) -> String {
    let end = text.floor_char_boundary(MAX_MESSAGE_BYTES);
    let mut text = text.into_owned();
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> (String, Option<String>, Option<String>) {
        let error = read_error(400, Some("application/json"), body.as_bytes());
        assert_eq!(error.status, Some(400));
        (error.message, error.code, error.kind)
    }

    #[test]
    fn every_providers_form_is_read() {
        for (body, message, code, kind) in [
            (
                r#"{"error":{"message":"m","type":"invalid_request_error","param":null,"code":"context_length_exceeded"}}"#,
                "m",
                Some("context_length_exceeded"),
                Some("invalid_request_error"),
            ),
            (
                r#"{"type":"error","error":{"type":"overloaded_error","message":"m"},"request_id":"r"}"#,
                "m",
                None,
                Some("overloaded_error"),
            ),
            (
                r#"[{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT","details":[{"@type":"x"},{"reason":"API_KEY_INVALID"}]}}]"#,
                "m",
                Some("API_KEY_INVALID"),
                Some("INVALID_ARGUMENT"),
            ),
            (r#"{"error_msg":"m","error_code":17}"#, "m", Some("17"), None),
            (r#"{"error":"m"}"#, "m", None, None),
            (r#"{"message":"m","code":"x"}"#, "m", Some("x"), None),
            (r#"{"detail":"m"}"#, "m", None, None),
            (r#"{"detail":[{"loc":["body"],"msg":"m"}]}"#, "m", None, None),
            (
                r#"{"__type":"com.amazon.coral.service#ThrottlingException","message":"m"}"#,
                "m",
                None,
                Some("ThrottlingException"),
            ),
            (r#"{"Message":"m"}"#, "m", None, None),
            (r#"{"id":"3f","message":"m"}"#, "m", None, None),
            (r#"{"base_resp":{"status_code":1004,"status_msg":"m"}}"#, "m", Some("1004"), None),
            (r#"{"error":{"foo":"m"}}"#, r#"{"foo":"m"}"#, None, None),
            ("data: {\"error\":{\"message\":\"m\"}}\n\n", "m", None, None),
        ] {
            assert_eq!(read(body), (message.into(), code.map(Into::into), kind.map(Into::into)), "{body}");
        }
    }

    #[test]
    fn what_is_not_json_is_read_as_text() {
        assert_eq!(read(" upstream connect error \n").0, "upstream connect error");
        assert_eq!(read("").0, "status 400 without a message");
        assert_eq!(read("{}").0, "{}");
        assert_eq!(
            read("<html><head><TITLE>502 Bad\u{130} Gateway</title></head>").0,
            "502 Bad\u{130} Gateway"
        );
        assert_eq!(read("<html>").0, "status 400 without a message");
    }

    #[test]
    fn long_messages_are_cut_between_characters() {
        let message = read(&format!(r#"{{"message":"x{}"}}"#, "你".repeat(1_000))).0;
        assert_eq!(message.len(), 2_047);
    }

    #[test]
    fn errors_inside_a_good_answer_infer_their_status() {
        let error = read_error(200, None, br#"{"error":{"message":"slow down","type":"rate_limit_error"}}"#);
        assert_eq!(error.status, Some(429));
    }

    proptest::proptest! {
        #[test]
        fn any_body_is_read_without_panic(body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            read_error(500, Some("text/html"), &body);
        }
    }
}
