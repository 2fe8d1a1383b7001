use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{StreamReader, read_answer};
use crate::generation::{Answer, Collector, Event};

/// The events of a stream, with and without the names that server-sent events have.
fn events(told: &[Value], is_named: bool) -> Vec<Event> {
    let (mut reader, mut out) = (StreamReader::default(), Vec::new());
    for data in told {
        let name = if is_named { data["type"].as_str().unwrap_or_default() } else { "" };
        reader.event(name.as_bytes(), data.to_string().as_bytes(), &mut out).unwrap();
    }
    reader.event(b"", b"[DONE]", &mut out).unwrap();
    reader.finish(&mut out);
    out
}

fn collected(events: Vec<Event>) -> Answer {
    let mut collector = Collector::default();
    for event in events {
        collector.push(event);
    }
    collector.finish().unwrap()
}

fn piece(kind: &str, index: u32, message: &Value) -> Value {
    json!({"type":kind,"index":index,"delta":{"message":message}})
}

fn start() -> Value {
    json!({"id":"i","type":"message-start","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}})
}

fn end(reason: &str) -> Value {
    json!({"type":"message-end","delta":{"finish_reason":reason,"usage":{"tokens":{"input_tokens":3,"output_tokens":4}}}})
}

fn with_text() -> Vec<Value> {
    let cited = json!({"start":0,"end":1,"text":"你","type":"TEXT_CONTENT","content_index":1,"sources":[
        {"type":"document","id":"doc_0","document":{"title":"t","url":"https://x"}}]});
    vec![
        start(),
        piece("content-start", 0, &json!({"content":{"type":"thinking","thinking":""}})),
        piece("content-delta", 0, &json!({"content":{"thinking":"h"}})),
        piece("content-delta", 0, &json!({"content":{"thinking":"m"}})),
        json!({"type":"content-end","index":0}),
        piece("content-start", 1, &json!({"content":{"type":"text","text":""}})),
        piece("content-delta", 1, &json!({"content":{"text":"你"}})),
        piece("content-delta", 1, &json!({"content":{"text":"好"}})),
        json!({"type":"content-end","index":1}),
        piece("citation-start", 0, &json!({"citations":cited})),
        json!({"type":"citation-end","index":0}),
        end("COMPLETE"),
    ]
}

fn with_calls() -> Vec<Value> {
    let call =
        |id: &str| json!({"tool_calls":{"id":id,"type":"function","function":{"name":"f","arguments":""}}});
    let arguments = |text: &str| json!({"tool_calls":{"function":{"arguments":text}}});
    vec![
        start(),
        piece("tool-plan-delta", 0, &json!({"tool_plan":"I"})),
        piece("tool-plan-delta", 0, &json!({"tool_plan":" will"})),
        piece("tool-call-start", 0, &call("a")),
        piece("tool-call-delta", 0, &arguments("{\"x\"")),
        piece("tool-call-delta", 0, &arguments(":1}")),
        json!({"type":"tool-call-end","index":0}),
        piece("tool-call-start", 1, &call("b")),
        json!({"type":"tool-call-end","index":1}),
        end("TOOL_CALL"),
    ]
}

#[test]
fn a_stream_says_what_the_whole_answer_says() {
    let usage = json!({"tokens":{"input_tokens":3,"output_tokens":4}});
    let text = json!({"id":"i","finish_reason":"COMPLETE","usage":usage,"message":{
        "content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"你好"}],
        "citations":[with_text()[9]["delta"]["message"]["citations"]]}});
    let calls = json!({"id":"i","finish_reason":"TOOL_CALL","usage":usage,"message":{"tool_plan":"I will","tool_calls":[
        {"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"b","function":{"name":"f","arguments":"{}"}}]}});
    for (told, whole) in [(with_text(), text), (with_calls(), calls)] {
        for is_named in [true, false] {
            let events = events(&told, is_named);
            assert!(matches!(events.first(), Some(Event::Start { .. })));
            assert_eq!(events.last(), Some(&Event::End));
            assert_eq!(collected(events), read_answer(whole.to_string().as_bytes()).unwrap());
        }
    }
}

#[test]
fn a_stream_without_its_end_has_none() {
    for told in [with_text(), with_calls()] {
        for length in 0..told.len() {
            assert!(!events(&told[..length], true).contains(&Event::End), "{length}");
        }
    }
}

#[test]
fn failures_end_a_stream() {
    let failed = json!({"type":"message-end","delta":{"finish_reason":"ERROR","error":"m"}});
    for (last, status) in [(failed, Some(500)), (json!({"message":"m"}), None)] {
        let told = [&with_text()[..7], &[last, end("COMPLETE")]].concat();
        let events = events(&told, true);
        let Some(Event::Failed(error)) = events.last() else { panic!("{events:?}") };
        assert_eq!((error.status, error.message.as_str()), (status, "m"));
    }
}

#[test]
fn probabilities_are_told_with_their_text() {
    let mut delta = piece("content-delta", 0, &json!({"content":{"text":"x"}}));
    delta["logprobs"] = json!({"text":"x","token_ids":[1],"logprobs":[-0.5]});
    let answer = collected(events(&[start(), delta, end("COMPLETE")], true));
    assert_eq!(answer.choices[0].logprobs.as_ref().unwrap()["content"][0]["logprob"], -0.5);
}

#[test]
fn what_is_not_json_cannot_be_read() {
    let (mut reader, mut out) = (StreamReader::default(), Vec::new());
    assert!(reader.event(b"content-delta", b"{", &mut out).is_err());
    assert!(reader.event(b"content-delta", br#"{"delta":7}"#, &mut out).is_ok());
    assert!(reader.event(b"", b"[]", &mut out).is_ok());
}

proptest! {
    #[test]
    fn events_of_wrong_types_pass_without_panic(
        told in proptest::collection::vec(
            ("(message-start|content-start|content-delta|tool-call-start|tool-call-delta|tool-call-end|citation-start|message-end|x|)",
             "(null|7|\\{\\}|\\{\"delta\":\\{\"message\":\\{\"tool_calls\":\\{\"id\":\"a\"\\}\\}\\}\\}|\\{\"delta\":\\{\"message\":\\{\"citations\":\\{\"sources\":7\\}\\}\\}\\}|\\{\"delta\":\\{\"message\":\\{\"content\":\\{\"text\":\"x\"\\}\\}\\}\\}|\\{\"message\":\"m\"\\}|\\{\"type\":3\\})"),
            0..12,
        ),
    ) {
        let (mut reader, mut out) = (StreamReader::default(), Vec::new());
        for (name, data) in told {
            reader.event(name.as_bytes(), data.as_bytes(), &mut out).unwrap();
        }
        reader.finish(&mut out);
    }
}
