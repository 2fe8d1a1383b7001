//! Streams that break: at every byte, in every language. Before the first content somebody else answers; after it the stream ends
//! with the protocol's own error, with whole events only, and nothing twice.

use futures_util::StreamExt;
use futures_util::stream;
use roundhouse_tests::dialect::events;
use roundhouse_tests::{Dialect, Fake, House, KEY, Reply, provider};
use serde_json::json;

const FIRST: &str = "alpha beta gamma";
const SECOND: &str = "one two three";

/// How a stream breaks.
#[derive(Clone, Copy, Debug)]
enum Cut {
    /// The connection breaks.
    Connection,
    /// The body ends as if all were well.
    TooEarly,
}

fn cut_stream(dialect: Dialect, at: usize, cut: Cut) -> Reply {
    let whole = dialect.stream(FIRST).concat();
    match cut {
        Cut::Connection => Reply::events([whole]).cut_at(at),
        Cut::TooEarly => Reply::events([whole[..at].to_owned()]),
    }
}

/// The byte behind which the first content has come: nothing can be tried elsewhere any more.
fn commit_point(dialect: Dialect) -> usize {
    let events = dialect.stream(FIRST);
    events[..=dialect.silent_events()].concat().len()
}

/// Chat streams of some servers lack the last marker: the reason to finish is the end.
fn said_why_it_ended(dialect: Dialect, stream: &str) -> bool {
    let last = events(stream).pop().filter(|last| dialect == Dialect::Chat && last.data != "[DONE]");
    last.is_some_and(|last| {
        let chunk = last.json();
        chunk["choices"][0]["finish_reason"] == "stop" || chunk["usage"].is_object()
    })
}

async fn cuts_everywhere(dialect: Dialect) {
    let whole = dialect.stream(FIRST).concat();
    // The place of the cut stands in the model's name; the second provider is always well.
    let fake = Fake::new(move |seen| {
        if seen.credential() == "good" {
            return Dialect::answer(seen, SECOND);
        }
        let cut = if seen.header("x-cut") == "connection" { Cut::Connection } else { Cut::TooEarly };
        cut_stream(dialect, seen.header("x-at").parse().unwrap(), cut)
    })
    .await;
    let all = [
        provider("first", dialect.kind(), &fake.url(), &["bad"], &["m"]),
        provider("second", dialect.kind(), &fake.url(), &["good"], &["m"]),
    ];
    let targets = json!([[{ "provider": "first", "model": "m" }], [{ "provider": "second", "model": "m" }]]);
    let routes = json!([{ "model": "m", "strategy": "ordered", "tiers": targets }]);
    let house = House::start(
        json!({ "providers": all, "routes": routes, "gateway": { "breaker": { "failures": 0 } } }),
    )
    .await;
    let cases: Vec<_> =
        (0..whole.len()).flat_map(|at| [(at, Cut::Connection), (at, Cut::TooEarly)]).collect();
    let asking = cases.iter().map(|(at, cut)| {
        let ask = dialect.ask(house.client(), KEY, "m", true).header("x-at", &at.to_string());
        ask.header("x-cut", if matches!(cut, Cut::Connection) { "connection" } else { "early" }).send()
    });
    let answers: Vec<_> = stream::iter(asking).buffered(16).collect().await;
    let committed = commit_point(dialect);
    for ((at, cut), answer) in cases.into_iter().zip(answers) {
        let context = format!("{dialect:?} {cut:?} at {at} of {}: {:?}", whole.len(), answer.text());
        assert_eq!((answer.status, answer.complete), (200, true), "{context}");
        let (text, stream) = (dialect.text(&answer), answer.text());
        let from_second = answer.header("x-roundhouse-provider") == "second";
        if at < committed {
            assert!(from_second && text == SECOND && dialect.ended_well(stream), "{context}");
            continue;
        }
        assert!(!from_second, "{context}");
        assert!(FIRST.starts_with(&text), "{context}");
        let ended = dialect.ended_well(stream) || said_why_it_ended(dialect, stream);
        let told = dialect.error_event(stream);
        assert!(ended != told.is_some(), "neither an end nor an error, or both: {context}");
        if ended {
            assert_eq!(text, FIRST, "{context}");
            assert!(whole.starts_with(stream.trim_end()), "{context}");
        } else {
            let kept = events(stream).len() - 1;
            let sent: Vec<_> = events(&whole);
            assert_eq!(events(stream)[..kept], sent[..kept], "{context}");
        }
    }
}

#[tokio::test]
async fn chat_streams_end_well_wherever_they_are_cut() {
    cuts_everywhere(Dialect::Chat).await;
}

#[tokio::test]
async fn responses_streams_end_well_wherever_they_are_cut() {
    cuts_everywhere(Dialect::Responses).await;
}

#[tokio::test]
async fn messages_streams_end_well_wherever_they_are_cut() {
    cuts_everywhere(Dialect::Messages).await;
}

#[tokio::test]
async fn gemini_streams_end_well_wherever_they_are_cut() {
    cuts_everywhere(Dialect::Gemini).await;
}

#[tokio::test]
async fn a_broken_stream_is_logged_as_broken_with_what_it_used() {
    let fake = Fake::new(|seen| {
        let events = Dialect::Messages.stream(FIRST);
        let size = events[..4].concat().len();
        assert_eq!(seen.path(), "/v1/messages");
        Reply::events(events).cut_at(size)
    })
    .await;
    let mut house =
        House::start(json!({ "providers": [provider("up", "anthropic", &fake.url(), &["pk-1"], &["m"])] }))
            .await;
    let answer = Dialect::Messages.ask(house.client(), KEY, "m", true).send().await;
    assert_eq!(Dialect::Messages.text(&answer), "alpha beta ");
    assert!(Dialect::Messages.error_event(answer.text()).unwrap().contains("broke off"));
    let logged = house.logged(answer.id()).await;
    assert_eq!(
        (&logged["outcome"], &logged["status"], &logged["usage"]["input"]),
        (&json!("broken"), &json!(200), &json!(11))
    );
    assert_eq!(logged["attempts"][0]["verdict"], "broken");
    assert_eq!(fake.count(), 1);
}

#[tokio::test]
async fn an_error_event_of_the_provider_after_content_is_passed_on_once() {
    let fake = Fake::new(|_| {
        let mut events = Dialect::Chat.stream(FIRST)[..3].to_vec();
        events.push(
            "data: {\"error\":{\"message\":\"overheated\",\"type\":\"server_error\",\"code\":500}}\n\n"
                .to_owned(),
        );
        Reply::events(events)
    })
    .await;
    let mut house =
        House::start(json!({ "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m"])] }))
            .await;
    let answer = Dialect::Chat.ask(house.client(), KEY, "m", true).send().await;
    assert_eq!(Dialect::Chat.error_event(answer.text()).unwrap(), "overheated");
    assert_eq!(answer.text().matches("\"error\"").count(), 1);
    assert_eq!(house.logged(answer.id()).await["outcome"], "broken");
}

#[tokio::test]
async fn a_stream_without_a_done_marker_is_whole_when_it_said_why_it_ended() {
    let fake = Fake::new(|_| {
        let mut events = Dialect::Chat.stream(FIRST);
        events.pop();
        Reply::events(events)
    })
    .await;
    let mut house =
        House::start(json!({ "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m"])] }))
            .await;
    let answer = Dialect::Chat.ask(house.client(), KEY, "m", true).send().await;
    assert_eq!((Dialect::Chat.text(&answer).as_str(), answer.complete), (FIRST, true));
    assert_eq!(Dialect::Chat.error_event(answer.text()), None);
    assert_eq!(house.logged(answer.id()).await["outcome"], "ok");
}
