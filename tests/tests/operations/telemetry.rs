//! Traces for a collector.

use roundhouse_tests::{Dialect, Fake, House, KEY, Reply, eventually, provider};
use serde_json::json;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn requests_are_traced_below_the_callers_own_span() {
    let collector = Fake::new(|_| Reply::body(200, "application/x-protobuf", "")).await;
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let config = json!({
        "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m"])],
        "telemetry": { "otlp_endpoint": collector.url(), "service_name": "house-under-test" },
    });
    let mut house = House::start(config).await;
    for stream in [false, true] {
        let ask = Dialect::Chat.ask(house.client(), KEY, "m", stream);
        let answer = ask.header("traceparent", &format!("00-{TRACE}-00f067aa0ba902b7-01")).send().await;
        assert_eq!(answer.status, 200);
        assert!(fake.last().header("traceparent").contains(TRACE), "{:?}", fake.last().headers);
    }
    assert_eq!(house.terminate().await, Some(0));
    let exported = eventually("spans are exported", async || {
        let all: Vec<u8> = collector.seen().iter().flat_map(|seen| seen.body.to_vec()).collect();
        (!all.is_empty()).then_some(all)
    })
    .await;
    assert_eq!(collector.seen()[0].path(), "/v1/traces");
    let trace: Vec<u8> =
        (0..16).map(|at| u8::from_str_radix(&TRACE[2 * at..2 * at + 2], 16).unwrap()).collect();
    for needle in [&trace[..], b"house-under-test", b"chat.completions"] {
        assert!(contains(&exported, needle), "{:?} is not exported", String::from_utf8_lossy(needle));
    }
    assert!(!contains(&exported, b"pk-1") && !contains(&exported, KEY.as_bytes()));
}

#[tokio::test]
async fn a_collector_that_is_away_harms_nobody() {
    let vacant = roundhouse_tests::fake::Vacant::new();
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let config = json!({
        "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m"])],
        "telemetry": { "otlp_endpoint": vacant.url() },
    });
    let mut house = House::start(config).await;
    assert_eq!(house.chat("m").await.status, 200);
    assert_eq!(house.terminate().await, Some(0));
}
