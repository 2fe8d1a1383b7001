use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::read_answer;
use crate::generation::{Answer, Finish, Issuer, MediaKind, Part, Source};

fn read(document: &Value) -> Answer {
    read_answer(document.to_string().as_bytes()).unwrap()
}

fn parts(content: &Value) -> Vec<Part> {
    read(&json!({"output":{"message":{"role":"assistant","content":content}},"stopReason":"end_turn"}))
        .choices
        .remove(0)
        .parts
}

#[test]
fn every_block_becomes_a_part() {
    let parts = parts(&json!([
        {"reasoningContent":{"reasoningText":{"text":"hm","signature":"sig"}}},
        {"reasoningContent":{"redactedContent":"secret"}},
        {"text":""},
        {"text":"so"},
        {"toolUse":{"toolUseId":"t","name":"f","input":{"x":[1]}}},
        {"toolUse":{"toolUseId":"u","name":"g"}},
        {"citationsContent":{"content":[{"text":"a"},{"text":"b"}],"citations":[
            {"title":"t","sourceContent":[{"text":"q"}],"location":{"web":{"url":"https://x","domain":"x"}}}]}},
        {"image":{"format":"png","source":{"bytes":"AAAA"}}},
        {"toolUse":{"toolUseId":"s","name":"nova_grounding","input":{},"type":"server_tool_use"}},
        {"brandNew":{}},
        null,
    ]));
    let [
        Part::Thought(thought),
        Part::Thought(secret),
        Part::Text(text),
        Part::ToolCall(call),
        Part::ToolCall(bare),
        Part::Text(cited),
        Part::Media(image),
        Part::Native(server),
        Part::Native(unknown),
    ] = &parts[..]
    else {
        panic!("{parts:?}")
    };
    let signature = |signature: &Option<_>| {
        let crate::generation::Signature { issuer, data } = Clone::clone(signature).unwrap();
        (issuer, data)
    };
    assert_eq!(
        (thought.text.as_str(), signature(&thought.signature)),
        ("hm", (Issuer::Anthropic, "sig".into()))
    );
    assert_eq!((secret.is_redacted, signature(&secret.signature).1.as_str()), (true, "secret"));
    assert_eq!(text.text, "so");
    assert_eq!((call.id.as_str(), call.name.as_str(), call.arguments.as_str()), ("t", "f", r#"{"x":[1]}"#));
    assert_eq!(bare.arguments, "{}");
    assert_eq!((cited.text.as_str(), cited.citations[0].url.as_deref()), ("ab", Some("https://x")));
    assert_eq!(cited.citations[0].quote.as_deref(), Some("q"));
    assert_eq!(image.kind, MediaKind::Image);
    assert_eq!(image.source, Source::Bytes { mime: "image/png".to_owned(), data: "AAAA".to_owned() });
    assert_eq!(server.value["toolUse"]["name"], "nova_grounding");
    assert_eq!(unknown.value, json!({"brandNew":{}}));
}

#[test]
fn every_stop_reason_keeps_its_meaning() {
    let call = json!([{"toolUse":{"toolUseId":"t","name":"f","input":{}}}]);
    let text = json!([{"text":"x"}]);
    let cut = json!({"stop_sequence":"END"});
    for (reason, content, fields, finish) in [
        ("end_turn", &text, Value::Null, Finish::Stop),
        ("end_turn", &call, Value::Null, Finish::ToolCalls),
        ("tool_use", &call, Value::Null, Finish::ToolCalls),
        ("max_tokens", &text, Value::Null, Finish::Length),
        ("stop_sequence", &text, cut.clone(), Finish::StopSequence(Some("END".to_owned()))),
        ("stop_sequence", &text, json!({"delta":cut}), Finish::StopSequence(Some("END".to_owned()))),
        ("stop_sequence", &text, Value::Null, Finish::StopSequence(None)),
        ("guardrail_intervened", &text, Value::Null, Finish::ContentFilter),
        ("content_filtered", &text, Value::Null, Finish::ContentFilter),
        ("model_context_window_exceeded", &text, Value::Null, Finish::ContextFull),
        ("malformed_model_output", &text, Value::Null, Finish::Other("malformed_model_output".to_owned())),
        ("malformed_tool_use", &text, Value::Null, Finish::Other("malformed_tool_use".to_owned())),
    ] {
        let answer = read(&json!({"output":{"message":{"content":content}},"stopReason":reason,
            "additionalModelResponseFields":fields}));
        assert_eq!(answer.choices[0].finish, Some(finish), "{reason}");
    }
}

#[test]
fn what_was_cached_is_part_of_the_input() {
    let answer = read(
        &json!({"output":{"message":{"content":[]}},"serviceTier":{"type":"flex"},"trace":{"x":1},
        "usage":{"inputTokens":1,"outputTokens":2,"totalTokens":33,"cacheReadInputTokens":10,"cacheWriteInputTokens":20,
        "cacheDetails":[{"ttl":"1h","inputTokens":15},{"ttl":"5m","inputTokens":5}]}}),
    );
    let usage = answer.usage.unwrap();
    assert_eq!((usage.tokens.input, usage.tokens.output), (31, 2));
    assert_eq!((usage.tokens.cached, usage.tokens.cache_write, usage.cache_write_1h), (10, 20, 15));
    assert_eq!(answer.service_tier.as_deref(), Some("flex"));
    assert_eq!(answer.extra["trace"], json!({"x":1}));
}

#[test]
fn errors_inside_good_answers_are_errors() {
    for (body, status, message) in [
        (r#"{"__type":"ThrottlingException","message":"m"}"#, Some(429), "m"),
        (r#"{"message":"m"}"#, None, "m"),
        ("not json", None, "not json"),
        ("{}", None, "{}"),
        (r#"{"output":null}"#, None, r#"{"output":null}"#),
    ] {
        let error = read_answer(body.as_bytes()).unwrap_err();
        assert_eq!((error.status, error.message.as_str()), (status, message));
    }
}

proptest! {
    #[test]
    fn answers_of_wrong_types_are_read_without_panic(
        name in "(text|toolUse|reasoningContent|citationsContent|image|audio|x)",
        inner in "(null|1|\"x\"|\\[\\]|\\{\\}|\\{\"source\":1\\}|\\{\"reasoningText\":3\\}|\\{\"citations\":[1],\"content\":[2]\\})",
        field in "(usage|stopReason|trace|serviceTier|additionalModelResponseFields)",
    ) {
        let body = format!(r#"{{"output":{{"message":{{"content":[{{"{name}":{inner}}}]}}}},"{field}":{inner}}}"#);
        let _ = read_answer(body.as_bytes());
    }
}
