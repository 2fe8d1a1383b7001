//! Text, thoughts, why it ended and what it took.

use roundhouse_tests::{Caller, Said, Upstream};
use serde_json::json;

use super::{World, pairs};

const TEXT: &str = "Hello from \u{4f60}\u{597d} \"far\" away";

#[tokio::test]
async fn every_caller_reads_every_provider() {
    let mut world = World::saying(Said::text(TEXT).after("Let me think.")).await;
    for (caller, upstream, stream) in pairs(&Caller::ALL) {
        let context = format!("{caller:?} {upstream:?} stream {stream}");
        let question = caller.question(upstream.name(), "hi");
        let answer = world.ask(caller, upstream, &question, stream).await;
        let heard = caller.hear(&answer);
        let thought = if caller == Caller::Completions { "" } else { "Let me think." };
        assert_eq!(
            (heard.text.as_str(), heard.thought.as_str()),
            (TEXT, thought),
            "{context}: {}",
            answer.text()
        );
        assert_eq!(
            (heard.finish.as_str(), heard.usage),
            (caller.ends().0, (11, 7, 3)),
            "{context}: {}",
            answer.text()
        );
        let content_type =
            if stream && caller != Caller::GeminiArray { "text/event-stream" } else { "application/json" };
        assert_eq!(answer.header("content-type"), content_type, "{context}");
        assert_eq!(answer.header("x-roundhouse-provider"), upstream.name(), "{context}");
        let logged = world.house.logged(answer.id()).await;
        let usage = json!({ "input": 11, "output": 7, "cached": 3, "cache_write": 0, "reasoning": 0, "audio_input": 0, "audio_output": 0 });
        assert_eq!((&logged["usage"], &logged["stream"]), (&usage, &json!(stream)), "{context}");
        assert_eq!(
            (&logged["operation"], &logged["outcome"]),
            (&json!(caller.operation(stream)), &json!("ok")),
            "{context}"
        );
        assert_eq!(logged["attempts"].as_array().unwrap().len(), 1, "{context}");
    }
    let asked = pairs(&Caller::ALL).count();
    assert_eq!(
        (world.fake.count(), world.house.requests("outcome=ok").await.len()),
        (asked, asked),
        "a row a call"
    );
}

#[tokio::test]
async fn what_is_told_to_the_model_reaches_every_provider() {
    let world = World::saying(Said::text("ok")).await;
    for (caller, upstream, stream) in pairs(&Caller::RICH) {
        let mut question = caller.question(upstream.name(), "the question");
        match caller {
            Caller::Chat => {
                let all = question["messages"].as_array_mut().unwrap();
                all.insert(0, json!({ "role": "system", "content": "the system prompt" }));
                question["max_completion_tokens"] = 321.into();
            }
            Caller::Responses => {
                question["instructions"] = "the system prompt".into();
                question["max_output_tokens"] = 321.into();
            }
            Caller::Messages => {
                question["system"] = "the system prompt".into();
                question["max_tokens"] = 321.into();
            }
            _ => {
                question["systemInstruction"] = json!({ "parts": [{ "text": "the system prompt" }] });
                question["generationConfig"] = json!({ "maxOutputTokens": 321 });
            }
        }
        let answer = world.ask(caller, upstream, &question, stream).await;
        assert_eq!(caller.hear(&answer).text, "ok", "{caller:?} {upstream:?}: {}", answer.text());
        let seen = world.fake.last();
        let body = seen.json();
        let (system, user, most) = match upstream {
            Upstream::Compatible | Upstream::Cohere => {
                (&body["messages"][0]["content"], &body["messages"][1]["content"], "max_tokens")
            }
            Upstream::Responses if body["instructions"].is_string() => {
                (&body["instructions"], &body["input"][0]["content"], "max_output_tokens")
            }
            Upstream::Responses => {
                (&body["input"][0]["content"], &body["input"][1]["content"], "max_output_tokens")
            }
            Upstream::Anthropic | Upstream::BedrockClaude => {
                (&body["system"], &body["messages"][0]["content"], "max_tokens")
            }
            Upstream::Gemini | Upstream::Vertex => {
                (&body["systemInstruction"]["parts"], &body["contents"][0]["parts"], "maxOutputTokens")
            }
            Upstream::Bedrock => (&body["system"], &body["messages"][0]["content"], "maxTokens"),
        };
        let context = format!("{caller:?} {upstream:?}: {body:#}");
        assert!(system.to_string().contains("the system prompt"), "{context}");
        assert!(user.to_string().contains("the question"), "{context}");
        assert!(
            body.to_string().contains(&format!("\"{most}\":321"))
                || body.to_string().contains("_tokens\":321"),
            "{context}"
        );
        assert_eq!(upstream.wants_stream(&seen), stream, "{context}");
    }
}
