//! What goes wrong, told in the caller's language.

use roundhouse_tests::dialect::Event;
use roundhouse_tests::house::{providers, verdicts};
use roundhouse_tests::{Caller, Reply, Said, Upstream, eventually};
use serde_json::json;

use super::{World, pairs};

#[tokio::test]
async fn errors_of_providers_are_told_in_the_callers_form() {
    for (status, expected) in [(400, 400), (401, 502), (429, 429), (500, 502)] {
        // A provider whose keys all rest says when to come back.
        let attempts = if status == 429 { 20 } else { 1 };
        let config = json!({ "gateway": { "max_attempts": attempts, "failures": { "threshold": 0 } } });
        let world = World::new(
            move |seen| {
                let upstream = Upstream::of(seen);
                Reply::json(status, &upstream.error(status, "the provider is cross"))
                    .header("retry-after", "7")
            },
            &config,
        )
        .await;
        for (caller, upstream, stream) in pairs(&Caller::ALL) {
            let context = format!("{caller:?} {upstream:?} {status} stream {stream}");
            let answer = world.ask(caller, upstream, &caller.question(upstream.name(), "hi"), stream).await;
            let rested = status != 400 && matches!(answer.status, 429 | 503);
            assert!(answer.status == expected || rested, "{context}: {} {}", answer.status, answer.text());
            assert_eq!(answer.header("content-type"), "application/json", "{context}");
            let message = caller.error(&answer);
            if status == 400 {
                assert!(message.contains("the provider is cross"), "{context}: {message}");
            }
            if answer.status == 429 {
                assert!(
                    (1..=7).contains(&answer.header("retry-after").parse::<u32>().unwrap_or_default()),
                    "{context}: {:?} {}",
                    answer.headers,
                    answer.text()
                );
            }
        }
    }
}

#[tokio::test]
async fn an_error_within_a_stream_ends_it_in_the_callers_form() {
    let mut world = World::new(
        |seen| {
            let upstream = Upstream::of(seen);
            let mut events = upstream.stream(&Said::text("one two three"));
            let first =
                events.iter().position(|event| String::from_utf8_lossy(event).contains("one ")).unwrap_or(1);
            events.truncate(first + 1);
            // Claude's events on Bedrock hide their text.
            if upstream == Upstream::BedrockClaude {
                events = upstream.stream(&Said::text("one two three"))[..3].to_vec();
            }
            events.push(upstream.error_event("the model fell over"));
            Reply::pieces("", events).header("content-type", content_type(upstream))
        },
        &json!({}),
    )
    .await;
    for (caller, upstream, _) in pairs(&Caller::ALL).filter(|(_, _, stream)| *stream) {
        let context = format!("{caller:?} {upstream:?}");

        let answer = world.ask(caller, upstream, &caller.question(upstream.name(), "hi"), true).await;
        let text = answer.text();
        assert_eq!((answer.status, answer.complete), (200, true), "{context}: {text}");
        assert!(text.contains("one "), "{context}: {text}");
        let last = match caller {
            Caller::GeminiArray => answer.json().as_array().unwrap().last().unwrap().clone(),
            _ => roundhouse_tests::dialect::events(text).last().map(Event::json).unwrap(),
        };
        let message = match caller {
            Caller::Responses => {
                assert!(last["type"] == "error" || last["type"] == "response.failed", "{context}: {text}");
                if last["type"] == "error" { &last["message"] } else { &last["response"]["error"]["message"] }
            }
            Caller::Messages => {
                assert_eq!(last["type"], "error", "{context}: {text}");
                &last["error"]["message"]
            }
            _ => &last["error"]["message"],
        };
        assert!(message.as_str().is_some_and(|message| !message.is_empty()), "{context}: {text}");
        let logged = world.house.logged(answer.id()).await;
        assert_eq!(logged["outcome"], "broken", "{context}: {logged:#}");
    }
}

fn content_type(upstream: Upstream) -> &'static str {
    match upstream {
        Upstream::Bedrock | Upstream::BedrockClaude => "application/vnd.amazon.eventstream",
        _ => "text/event-stream",
    }
}

#[tokio::test]
async fn another_kind_of_provider_answers_where_the_first_one_fails() {
    let targets = json!([
        [{ "provider": "anthropic", "model": "a" }], [{ "provider": "compatible", "model": "c" }],
    ]);
    let mut world = World::new(
        |seen| match Upstream::of(seen) {
            Upstream::Anthropic if seen.index % 4 == 0 => {
                Reply::json(529, &Upstream::Anthropic.error(529, "overloaded"))
            }
            Upstream::Anthropic => {
                // It begins, and says nothing.
                let events = Upstream::Anthropic.stream(&Said::text("never said"));
                let size: usize = events[..2].iter().map(bytes::Bytes::len).sum();
                Upstream::Anthropic.stream_reply(&Said::text("never said")).cut_at(size)
            }
            _ => Upstream::answer(seen, &Said::text("from the second")),
        },
        &json!({ "routes": [{ "model": "m", "strategy": "ordered", "tiers": targets }],
            "gateway": { "failures": { "threshold": 0 } } }),
    )
    .await;
    for caller in Caller::ALL {
        for stream in [false, true] {
            let answer =
                caller.ask(world.house.client(), "m", &caller.question("m", "hi"), stream).send().await;
            assert_eq!(caller.hear(&answer).text, "from the second", "{caller:?}: {}", answer.text());
            let logged = world.house.logged(answer.id()).await;
            assert_eq!(providers(&logged).last().map(String::as_str), Some("compatible"), "{logged:#}");
            assert_eq!(verdicts(&logged).last().map(String::as_str), Some("ok"), "{logged:#}");
        }
    }
}

#[tokio::test]
async fn a_caller_that_goes_away_ends_the_call_at_the_provider() {
    for (caller, upstream, _) in
        pairs(&[Caller::Messages, Caller::Responses]).filter(|(_, _, stream)| *stream)
    {
        let mut world = World::new(
            |seen| {
                let upstream = Upstream::of(seen);
                let events = upstream.stream(&Said::text("one two three four five"));
                let size: usize = events[..events.len() - 4].iter().map(bytes::Bytes::len).sum();
                upstream.stream_reply(&Said::text("one two three four five")).stuck_at(size)
            },
            &json!({}),
        )
        .await;
        if upstream == Upstream::Responses && caller == Caller::Responses {
            continue;
        }
        let mut open = caller
            .ask(world.house.client(), upstream.name(), &caller.question(upstream.name(), "hi"), true)
            .open()
            .await;
        assert_eq!(open.status, 200, "{caller:?} {upstream:?}");
        open.next().await.unwrap();
        drop(open);
        eventually("the provider's connection is closed", async || (world.fake.aborted() == 1).then_some(()))
            .await;
        let logged = eventually("the request is in the log", async || {
            world.house.requests("outcome=cancelled").await.pop()
        })
        .await;
        assert_eq!(logged["status"], 499, "{caller:?} {upstream:?}: {logged:#}");
    }
}
