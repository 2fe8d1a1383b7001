use http::{HeaderMap, HeaderName, HeaderValue};

use super::*;

/// 2026-11-06T08:49:00Z.
const NOW: Timestamp = Timestamp::from_millis(1_793_954_940_000);

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let pairs =
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
    pairs.collect()
}

fn wait_ms(pairs: &[(&'static str, &'static str)]) -> Option<u128> {
    retry_after(&headers(pairs), NOW).map(|wait| wait.as_millis())
}

#[test]
fn every_form_of_one_header_is_read() {
    for (name, value, millis) in [
        ("retry-after", "17", Some(17_000)),
        ("retry-after", "0.5", Some(500)),
        ("retry-after", "Fri, 06 Nov 2026 08:49:37 GMT", Some(37_000)),
        ("retry-after", "Fri, 06 Nov 2026 08:48:00 GMT", None),
        ("retry-after", "-3", None),
        ("retry-after", "soon", None),
        ("retry-after", "1e400", None),
        ("retry-after-ms", "1500", Some(1_500)),
        ("x-ratelimit-reset-requests", "1s", Some(1_000)),
        ("x-ratelimit-reset-requests", "6m0s", Some(360_000)),
        ("x-ratelimit-reset-tokens", "1h2m", Some(3_720_000)),
        ("x-ratelimit-reset-tokens", "12ms", Some(12)),
        ("x-ratelimit-reset-tokens", "2m59.56s", Some(179_560)),
        ("x-ratelimit-reset-tokens", "30", Some(30_000)),
        ("x-ratelimit-reset", "1793954950", Some(10_000)),
        ("x-ratelimit-reset", "1793954940250", Some(250)),
        ("x-ratelimit-reset", "59", Some(59_000)),
        ("x-ratelimit-reset-requests-day", "100.5", Some(100_500)),
        ("anthropic-ratelimit-tokens-reset", "2026-11-06T08:50:00Z", Some(60_000)),
        ("anthropic-ratelimit-tokens-reset", "2026-11-06T08:48:00Z", None),
        ("x-request-id", "17", None),
    ] {
        assert_eq!(wait_ms(&[(name, value)]), millis, "{name}: {value}");
    }
}

#[test]
fn limits_with_something_left_hold_nobody() {
    assert_eq!(
        wait_ms(&[
            ("x-ratelimit-remaining-requests", "59999"),
            ("x-ratelimit-reset-requests", "10m"),
            ("x-ratelimit-remaining-tokens", "0"),
            ("x-ratelimit-reset-tokens", "3s"),
        ]),
        Some(3_000)
    );
    assert_eq!(
        wait_ms(&[
            ("anthropic-ratelimit-requests-remaining", "9"),
            ("anthropic-ratelimit-requests-reset", "2026-11-06T09:00:00Z"),
        ]),
        None
    );
}

#[test]
fn unified_limits_hold_when_their_status_says_so() {
    assert_eq!(
        wait_ms(&[
            ("anthropic-ratelimit-unified-5h-status", "rejected"),
            ("anthropic-ratelimit-unified-5h-reset", "1793954950"),
            ("anthropic-ratelimit-unified-7d-status", "allowed"),
            ("anthropic-ratelimit-unified-7d-reset", "1794000000"),
        ]),
        Some(10_000)
    );
}

#[test]
fn the_longest_wait_counts() {
    assert_eq!(wait_ms(&[("retry-after", "2"), ("x-ratelimit-reset-tokens", "9s")]), Some(9_000));
    assert_eq!(wait_ms(&[("retry-after", "20"), ("x-ratelimit-reset-tokens", "9s")]), Some(20_000));
    assert_eq!(wait_ms(&[("retry-after", "1"), ("retry-after-ms", "700")]), Some(700));
}

#[test]
fn bodies_tell_the_wait_in_details_or_in_words() {
    for (body, millis) in [
        (r#"{"error":{"code":429,"details":[{"@type":"x"},{"retryDelay":"17s"}]}}"#, Some(17_000)),
        (r#"[{"error":{"details":[{"retryDelay":"1.5s"}]}}]"#, Some(1_500)),
        (r#"{"error":{"details":[{"retryDelay":{"seconds":3}}]}}"#, Some(3_000)),
        (r#"{"error":{"message":"Rate limit reached. Please try again in 6.2s. Visit x"}}"#, Some(6_200)),
        (r#"{"error":{"message":"Please try again in 1m30s."}}"#, Some(90_000)),
        (r#"{"error":{"message":"Please retry after 21 seconds."}}"#, Some(21_000)),
        (r#"{"error":{"message":"Please retry in 17.340s."}}"#, Some(17_340)),
        (r#"{"error":{"message":"try again in 1 minute 30 seconds"}}"#, Some(90_000)),
        ("Please try again in 20.", Some(20_000)),
        (r#"{"error":{"message":"try again in a moment"}}"#, None),
        (r#"{"error":{"message":"no"}}"#, None),
        ("", None),
    ] {
        assert_eq!(retry_delay_in_body(body.as_bytes()).map(|wait| wait.as_millis()), millis, "{body}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "[0-9.a-zA-Z:,T -]{0,30}") {
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-reset", HeaderValue::from_str(&text).unwrap());
        retry_after(&headers, NOW);
        retry_delay_in_body(format!("try again in {text}").as_bytes());
    }
}
