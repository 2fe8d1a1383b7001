use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::read_answer;
use crate::generation::{Answer, Finish, Part};

fn read(document: &Value) -> Answer {
    read_answer(document.to_string().as_bytes()).unwrap()
}

#[test]
fn everything_of_a_message_becomes_a_part() {
    let cited = json!({"start":0,"end":2,"text":"so","content_index":1,"type":"TEXT_CONTENT","sources":[
        {"type":"document","id":"doc_0","document":{"id":"doc_0","title":"t","url":"https://x","text":"q"}},
        {"type":"tool","id":"a:0","tool_output":{"content":"r"}}]});
    let plan = json!({"start":0,"end":2,"text":"I","type":"PLAN","sources":[]});
    let answer = read(&json!({"id":"i","finish_reason":"TOOL_CALL","message":{"role":"assistant",
        "tool_plan":"I will","tool_calls":[
            {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},
            {"id":"b","type":"function","function":{"name":"g","arguments":null}}],
        "content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"so"},{"type":"text","text":""}],
        "citations":[cited.clone(),plan]},
        "logprobs":[{"text":"so","token_ids":[1,2],"logprobs":[-0.5,-0.25]}]}));
    assert_eq!(answer.id.as_deref(), Some("i"));
    let choice = &answer.choices[0];
    let [Part::Thought(thought), Part::Text(text), Part::Thought(plan), Part::ToolCall(a), Part::ToolCall(b)] =
        &choice.parts[..]
    else {
        panic!("{:?}", choice.parts)
    };
    assert_eq!((thought.text.as_str(), text.text.as_str(), plan.text.as_str()), ("hm", "so", "I will"));
    assert_eq!((a.id.as_str(), a.name.as_str(), a.arguments.as_str()), ("a", "f", r#"{"x":1}"#));
    assert_eq!(b.arguments, "{}");
    let [document, tool] = &text.citations[..] else { panic!("{:?}", text.citations) };
    assert_eq!((document.url.as_deref(), document.title.as_deref()), (Some("https://x"), Some("t")));
    assert_eq!((document.quote.as_deref(), document.start, document.end), (Some("q"), Some(0), Some(2)));
    assert_eq!(document.native.as_ref().map(|native| &native.value), Some(&cited));
    assert_eq!(tool.quote.as_deref(), Some("r"));
    let logprobs = choice.logprobs.as_ref().unwrap();
    assert_eq!(logprobs["content"][0]["logprob"], -0.75);
}

#[test]
fn every_finish_reason_keeps_its_meaning() {
    for (reason, calls, finish) in [
        ("COMPLETE", json!([]), Finish::Stop),
        ("COMPLETE", json!([{"id":"a","function":{"name":"f"}}]), Finish::ToolCalls),
        ("TOOL_CALL", Value::Null, Finish::ToolCalls),
        ("MAX_TOKENS", Value::Null, Finish::Length),
        ("STOP_SEQUENCE", Value::Null, Finish::StopSequence(None)),
        ("ERROR_TOXIC", Value::Null, Finish::ContentFilter),
        ("USER_CANCEL", Value::Null, Finish::Other("user_cancel".to_owned())),
    ] {
        let answer = read(&json!({"message":{"tool_calls":calls},"finish_reason":reason}));
        assert_eq!(answer.choices[0].finish, Some(finish), "{reason}");
    }
}

#[test]
fn tokens_count_and_what_is_billed_only_without_them() {
    for (usage, counts) in [
        (
            json!({"billed_units":{"input_tokens":7,"output_tokens":8},"tokens":{"input_tokens":69.0,"output_tokens":9},"cached_tokens":64}),
            (69, 9, 64),
        ),
        (json!({"billed_units":{"input_tokens":7,"output_tokens":8}}), (7, 8, 0)),
    ] {
        let tokens = read(&json!({"message":{},"usage":usage})).usage.unwrap().tokens;
        assert_eq!((tokens.input, tokens.output, tokens.cached), counts);
    }
    assert_eq!(read(&json!({"message":{},"usage":{}})).usage, None);
}

#[test]
fn errors_inside_good_answers_are_errors() {
    for (body, status, message) in [
        (r#"{"id":"i","message":"m"}"#, None, "m"),
        (
            r#"{"message":{"content":[]},"finish_reason":"ERROR"}"#,
            Some(500),
            "the provider failed while it answered",
        ),
        (
            r#"{"message":{"content":[]},"finish_reason":"TIMEOUT"}"#,
            Some(504),
            "the provider took too long to answer",
        ),
        ("<html>", None, "status 200 without a message"),
    ] {
        let error = read_answer(body.as_bytes()).unwrap_err();
        assert_eq!((error.status, error.message.as_str()), (status, message), "{body}");
    }
}

proptest! {
    #[test]
    fn answers_of_wrong_types_are_read_without_panic(
        name in "(content|tool_calls|tool_plan|citations)",
        inner in "(null|1|\"x\"|\\[\\]|\\[1\\]|\\{\\}|\\[\\{\"text\":1\\}\\]|\\[\\{\"function\":3\\}\\]|\\[\\{\"sources\":\\[1\\]\\}\\])",
        field in "(usage|finish_reason|id|logprobs)",
    ) {
        let body = format!(r#"{{"message":{{"{name}":{inner},"content":[{{"text":"x"}}]}},"{field}":{inner}}}"#);
        let _ = read_answer(body.as_bytes());
    }
}
