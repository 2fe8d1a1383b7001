//! What another language has no word for: dropped with a warning, or refused.

use roundhouse_tests::{Caller, Said, Upstream};
use serde_json::json;

use super::World;

#[tokio::test]
async fn what_is_dropped_is_told_and_what_must_not_be_is_refused() {
    let script = |seen: &roundhouse_tests::Seen| Upstream::answer(seen, &Said::text("ok"));
    let world = World::new(
        script,
        &json!({ "routes": [{ "model": "strict", "lossy": "refuse",
            "tiers": [[{ "provider": "anthropic", "model": "anthropic" }]] }] }),
    )
    .await;
    let mut question = Caller::Chat.question("anthropic", "hi");
    question["seed"] = 7.into();
    question["logit_bias"] = json!({ "50256": -100 });
    for stream in [false, true] {
        let answer = world.ask(Caller::Chat, Upstream::Anthropic, &question, stream).await;
        assert_eq!(Caller::Chat.hear(&answer).text, "ok", "{}", answer.text());
        let warnings = answer.header("x-roundhouse-warnings");
        assert!(warnings.contains("seed:") && warnings.contains("logit_bias:"), "{warnings}");
        assert!(world.fake.last().json()["seed"].is_null());

        question["model"] = "strict".into();
        let asked = world.fake.count();
        let answer = world.ask(Caller::Chat, Upstream::Anthropic, &question, stream).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
        let body = answer.json();
        assert!(["seed", "logit_bias"].contains(&body["error"]["param"].as_str().unwrap()), "{body:#}");
        assert_eq!(world.fake.count(), asked, "nobody is asked");
        question["model"] = "anthropic".into();
    }
    let answer =
        world.ask(Caller::Chat, Upstream::Anthropic, &Caller::Chat.question("anthropic", "hi"), false).await;
    assert!(!answer.headers.contains_key("x-roundhouse-warnings"));
}

#[tokio::test]
async fn a_conversation_that_somebody_else_stores_is_refused_by_name() {
    let world = World::saying(Said::text("ok")).await;
    for upstream in Upstream::ALL.into_iter().filter(|upstream| *upstream != Upstream::Responses) {
        let mut question = Caller::Responses.question(upstream.name(), "hi");
        question["previous_response_id"] = "resp_nobodys".into();
        let answer = world.ask(Caller::Responses, upstream, &question, false).await;
        assert_eq!(answer.status, 400, "{upstream:?}: {}", answer.text());
        assert_eq!(answer.json()["error"]["param"], "previous_response_id", "{upstream:?}");
    }
}
