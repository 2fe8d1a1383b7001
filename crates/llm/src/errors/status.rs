//! The HTTP status that an error inside a good answer would have had.

use serde_json::Value;

/// What providers call their errors, most telling first; matched within code and type, in lower case.
///
/// Sources: <https://docs.claude.com/en/api/errors>, <https://platform.openai.com/docs/guides/error-codes>,
/// <https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto>, <https://openrouter.ai/docs/api-reference/errors>,
/// <https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html>; 2026-11. Bedrock's 424 for a model
/// that failed is told as 500, since it is the provider that must be tried elsewhere.
const NAMES: &[(&str, u16)] = &[
    ("insufficient_quota", 429),
    ("insufficient_balance", 402),
    ("billing", 402),
    ("payment_required", 402),
    ("rate_limit", 429),
    ("ratelimit", 429),
    ("too_many_requests", 429),
    ("resource_exhausted", 429),
    ("throttling", 429),
    ("toomanyrequests", 429),
    ("servicequotaexceeded", 429),
    ("modelnotready", 429),
    ("api_key", 401),
    ("authentication", 401),
    ("unauthenticated", 401),
    ("unauthorized", 401),
    ("permission", 403),
    ("accessdenied", 403),
    ("unrecognizedclient", 403),
    ("expiredtoken", 403),
    ("invalidsignature", 403),
    ("forbidden", 403),
    ("not_found", 404),
    ("notfound", 404),
    ("too_large", 413),
    ("overloaded", 529),
    ("unavailable", 503),
    ("modeltimeout", 408),
    ("timeout", 504),
    ("deadline_exceeded", 504),
    ("context_length", 400),
    ("content_filter", 400),
    ("content_policy", 400),
    ("modelstreamerror", 500),
    ("modelerror", 500),
    ("validation", 400),
    ("invalid", 400),
    ("bad_request", 400),
    ("failed_precondition", 400),
    ("server_error", 500),
    ("internal", 500),
    ("api_error", 500),
];

/// `MiniMax`'s numbers: <https://platform.minimax.io/docs/api-reference/errorcode>, 2026-11.
const MINIMAX: &[(i64, u16)] = &[
    (1001, 504),
    (1002, 429),
    (1004, 401),
    (1008, 402),
    (1026, 400),
    (1027, 400),
    (1039, 429),
    (2013, 400),
    (2049, 401),
];

/// Words of messages, where neither code nor type says anything.
const WORDS: &[(&str, u16)] = &[
    ("rate limit", 429),
    ("too many requests", 429),
    ("quota", 429),
    ("insufficient balance", 402),
    ("api key", 401),
    ("unauthorized", 401),
    ("overloaded", 529),
    ("at capacity", 503),
    ("unavailable", 503),
    ("timed out", 504),
    ("timeout", 504),
];

/// Infers it from numbers first, then from code, type and message.
pub(super) fn infer(document: &Value, code: Option<&str>, kind: Option<&str>, message: &str) -> Option<u16> {
    let error = &document["error"];
    let numbers =
        [&error["code"], &error["status"], &error["http_code"], &document["code"], &document["status"]];
    let numbers = numbers.into_iter().chain([&document["status_code"], &error["originalStatusCode"]]);
    if let Some(status) = numbers.into_iter().find_map(http_status) {
        return Some(status);
    }
    if let Some(number) = document["base_resp"]["status_code"].as_i64() {
        return Some(MINIMAX.iter().find(|(known, _)| *known == number).map_or(500, |(_, status)| *status));
    }
    let named = [code, kind].into_iter().flatten().find_map(|name| look_up(NAMES, name));
    named.or_else(|| look_up(WORDS, message))
}

fn http_status(value: &Value) -> Option<u16> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    u16::try_from(number).ok().filter(|status| (400..600).contains(status))
}

fn look_up(table: &[(&str, u16)], text: &str) -> Option<u16> {
    let text = text.to_ascii_lowercase();
    table.iter().find(|(word, _)| text.contains(word)).map(|(_, status)| *status)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::errors::from_document;

    #[test]
    fn an_embedded_error_gets_the_status_it_would_have_had() {
        for (document, status) in [
            (json!({"error":{"code":429,"message":"x"}}), Some(429)),
            (json!({"error":{"code":"502","message":"x"}}), Some(502)),
            (json!({"error":{"message":"x","type":"server_error","code":null}}), Some(500)),
            (json!({"error":{"message":"x","code":"rate_limit_exceeded"}}), Some(429)),
            (json!({"error":{"message":"x","type":"insufficient_quota"}}), Some(429)),
            (
                json!({"error":{"message":"x","code":"invalid_api_key","type":"invalid_request_error"}}),
                Some(401),
            ),
            (json!({"error":{"message":"x","code":"model_not_found"}}), Some(404)),
            (json!({"type":"error","error":{"message":"Overloaded","type":"overloaded_error"}}), Some(529)),
            (json!({"type":"error","error":{"message":"x","type":"api_error"}}), Some(500)),
            (json!({"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}), Some(503)),
            (json!({"type":"error","code":"server_error","message":"x"}), Some(500)),
            (json!({"base_resp":{"status_code":1008,"status_msg":"x"}}), Some(402)),
            (json!({"base_resp":{"status_code":9999,"status_msg":"x"}}), Some(500)),
            (json!({"error":"Rate limit reached for requests"}), Some(429)),
            (json!({"__type":"com.amazon.coral.service#ThrottlingException","message":"x"}), Some(429)),
            (json!({"__type":"ResourceNotFoundException","message":"x"}), Some(404)),
            (
                json!({"Output":{"__type":"com.amazon.coral.service#AccessDeniedException"},"Version":"1.0"}),
                Some(403),
            ),
            (
                json!({"type":"message-end","delta":{"error":"Request timed out","finish_reason":"TIMEOUT"}}),
                Some(504),
            ),
            (json!({"error":"strange"}), None),
        ] {
            assert_eq!(from_document(&document).unwrap().status, status, "{document}");
        }
    }

    #[test]
    fn a_document_without_an_error_is_none() {
        assert_eq!(from_document(&json!({"choices":[]})), None);
    }
}
