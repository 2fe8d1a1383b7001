//! Streams of another language, cut everywhere.

use futures_util::{StreamExt, stream};
use roundhouse_tests::dialect::{Event, events};
use roundhouse_tests::{Caller, Said, Upstream};
use serde_json::json;

use super::World;

const FIRST: &str = "alpha beta gamma";

#[tokio::test]
async fn a_translated_stream_ends_well_wherever_it_is_cut() {
    let said = Said::text(FIRST);
    let whole = Upstream::Anthropic.stream(&said).concat();
    let begun: usize = Upstream::Anthropic.stream(&said)[..3].iter().map(bytes::Bytes::len).sum();
    let targets =
        json!([[{ "provider": "anthropic", "model": "a" }], [{ "provider": "gemini", "model": "g" }]]);
    let world = World::new(
        move |seen| match seen.header("x-at").parse() {
            Ok(at) if Upstream::of(seen) == Upstream::Anthropic => Upstream::Anthropic.stream_reply(&said).cut_at(at),
            _ => Upstream::answer(seen, &Said::text("one two three")),
        },
        &json!({ "routes": [{ "model": "m", "strategy": "ordered", "tiers": targets }], "gateway": { "failures": { "threshold": 0 } } }),
    )
    .await;
    let caller = Caller::Chat;
    let question = caller.question("m", "hi");
    let asking = (0..whole.len()).map(|at| {
        caller.ask(world.house.client(), "m", &question, true).header("x-at", &at.to_string()).send()
    });
    let answers: Vec<_> = stream::iter(asking).buffered(16).collect().await;
    for (at, answer) in answers.iter().enumerate() {
        let context = format!("at {at} of {}: {}", whole.len(), answer.text());
        assert_eq!((answer.status, answer.complete), (200, true), "{context}");
        if at < begun {
            assert_eq!(caller.hear(answer).text, "one two three", "{context}");
            continue;
        }
        let all = events(answer.text());
        let last = all.last().unwrap();
        let text: String = all
            .iter()
            .filter(|event| event.data != "[DONE]")
            .map(Event::json)
            .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str().map(str::to_owned))
            .collect();
        assert!(FIRST.starts_with(&text), "{context}");
        if last.data == "[DONE]" {
            assert_eq!((text.as_str(), caller.hear(answer).finish.as_str()), (FIRST, "stop"), "{context}");
        } else {
            assert!(last.json()["error"]["message"].is_string(), "{context}");
        }
    }
}
