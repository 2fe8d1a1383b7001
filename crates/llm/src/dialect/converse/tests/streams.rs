use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{StreamReader, read_answer};
use crate::generation::{Answer, Collector, Event, Finish, Part};

fn events(told: &[(&str, Value)]) -> Vec<Event> {
    let (mut reader, mut out) = (StreamReader::default(), Vec::new());
    for (name, data) in told {
        reader.event(name.as_bytes(), data.to_string().as_bytes(), &mut out).unwrap();
    }
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

fn delta(index: u32, delta: &Value) -> (&'static str, Value) {
    ("contentBlockDelta", json!({"contentBlockIndex":index,"delta":delta,"p":"abc"}))
}

fn stop(index: u32) -> (&'static str, Value) {
    ("contentBlockStop", json!({"contentBlockIndex":index}))
}

fn call(index: u32, id: &str) -> (&'static str, Value) {
    ("contentBlockStart", json!({"contentBlockIndex":index,"start":{"toolUse":{"toolUseId":id,"name":"f"}}}))
}

fn told() -> Vec<(&'static str, Value)> {
    vec![
        ("messageStart", json!({"role":"assistant"})),
        delta(0, &json!({"reasoningContent":{"text":"h"}})),
        delta(0, &json!({"reasoningContent":{"text":"m"}})),
        delta(0, &json!({"reasoningContent":{"signature":"si"}})),
        delta(0, &json!({"reasoningContent":{"signature":"g"}})),
        stop(0),
        delta(1, &json!({"reasoningContent":{"redactedContent":"secret"}})),
        stop(1),
        delta(2, &json!({"text":""})),
        delta(2, &json!({"text":"你"})),
        delta(2, &json!({"text":"好"})),
        stop(2),
        delta(3, &json!({"text":"b"})),
        stop(3),
        call(4, "t"),
        delta(4, &json!({"toolUse":{"input":"{\"x\":"}})),
        delta(4, &json!({"toolUse":{"input":"1}"}})),
        stop(4),
        call(5, "u"),
        stop(5),
        (
            "contentBlockStart",
            json!({"contentBlockIndex":6,"start":{"toolUse":{"toolUseId":"s","name":"nova_grounding","type":"server_tool_use"}}}),
        ),
        delta(6, &json!({"toolUse":{"input":"{\"q\":1}"}})),
        stop(6),
        ("contentBlockStart", json!({"contentBlockIndex":7,"start":{"image":{"format":"png"}}})),
        delta(7, &json!({"image":{"source":{"bytes":"AA"}}})),
        delta(7, &json!({"image":{"source":{"bytes":"BB"}}})),
        stop(7),
        ("messageStop", json!({"stopReason":"tool_use"})),
        (
            "metadata",
            json!({"usage":{"inputTokens":3,"outputTokens":4,"totalTokens":7},"metrics":{"latencyMs":1}}),
        ),
    ]
}

#[test]
fn a_stream_says_what_the_whole_answer_says() {
    let whole = json!({"output":{"message":{"role":"assistant","content":[
        {"reasoningContent":{"reasoningText":{"text":"hm","signature":"sig"}}},
        {"reasoningContent":{"redactedContent":"secret"}},
        {"text":"你好"},
        {"text":"b"},
        {"toolUse":{"toolUseId":"t","name":"f","input":{"x":1}}},
        {"toolUse":{"toolUseId":"u","name":"f","input":{}}},
        {"toolUse":{"toolUseId":"s","name":"nova_grounding","type":"server_tool_use","input":{"q":1}}},
        {"image":{"format":"png","source":{"bytes":"AABB"}}},
    ]}},"stopReason":"tool_use","usage":{"inputTokens":3,"outputTokens":4,"totalTokens":7}});
    let events = events(&told());
    assert!(matches!(events.first(), Some(Event::Start { .. })));
    assert_eq!(events.last(), Some(&Event::End));
    assert_eq!(collected(events), read_answer(whole.to_string().as_bytes()).unwrap());
}

#[test]
fn blocks_follow_one_another() {
    let mut open = None;
    let mut next = 0;
    for event in events(&told()) {
        match event {
            Event::Open { block, .. } => {
                assert_eq!((open, block), (None, next));
                open = Some(block);
                next += 1;
            }
            Event::Delta { block, .. } => assert_eq!(open, Some(block)),
            Event::Close { block, .. } => assert_eq!(open.take(), Some(block)),
            Event::Finish { .. } => assert_eq!(open, None),
            _ => {}
        }
    }
    assert_eq!(next, 8);
}

#[test]
fn text_is_told_at_once() {
    let (mut reader, mut out) = (StreamReader::default(), Vec::new());
    reader.event(b"messageStart", br#"{"role":"assistant"}"#, &mut out).unwrap();
    assert!(matches!(out[..], [Event::Start { .. }]));
    reader.event(b"contentBlockDelta", br#"{"contentBlockIndex":0,"delta":{"text":"x"}}"#, &mut out).unwrap();
    assert!(matches!(out[..], [Event::Start { .. }, Event::Open { .. }, Event::Delta { .. }]));
}

#[test]
fn a_stream_without_its_stop_has_no_end() {
    for length in 0..told().len() - 2 {
        assert!(!events(&told()[..length]).contains(&Event::End), "{length}");
    }
    assert_eq!(events(&told()[..told().len() - 1]).last(), Some(&Event::End), "usage may be missing");
}

#[test]
fn an_end_turn_after_calls_means_calls() {
    let events = events(&[call(0, "t"), stop(0), ("messageStop", json!({"stopReason":"end_turn"}))]);
    assert!(events.contains(&Event::Finish { choice: 0, finish: Finish::ToolCalls }));
}

#[test]
fn errors_end_a_stream() {
    let error = json!({"type":"error","error":{"type":"throttlingException","message":"m"}});
    let events = events(&[delta(0, &json!({"text":"x"})), ("error", error), delta(0, &json!({"text":"y"}))]);
    let Some(Event::Failed(error)) = events.last() else { panic!("{events:?}") };
    assert_eq!((error.status, error.message.as_str()), (Some(429), "m"));
}

#[test]
fn what_a_server_tool_brought_is_kept_whole() {
    let events = events(&[
        (
            "contentBlockStart",
            json!({"contentBlockIndex":0,"start":{"toolResult":{"toolUseId":"s","type":"nova_grounding_result","status":"success"}}}),
        ),
        delta(0, &json!({"toolResult":[{"text":"a"}]})),
        delta(0, &json!({"toolResult":[{"json":{}}]})),
        stop(0),
        delta(1, &json!({"text":"x"})),
        delta(1, &json!({"citation":{"location":{"web":{"url":"https://x","domain":"x"}}}})),
        stop(1),
        ("messageStop", json!({"stopReason":"end_turn"})),
    ]);
    let parts = collected(events).choices.remove(0).parts;
    let [Part::Native(native), Part::Text(text)] = &parts[..] else { panic!("{parts:?}") };
    assert_eq!(native.value["toolResult"]["content"], json!([{"text":"a"},{"json":{}}]));
    assert_eq!(text.citations[0].url.as_deref(), Some("https://x"));
}

#[test]
fn what_is_not_json_cannot_be_read() {
    let (mut reader, mut out) = (StreamReader::default(), Vec::new());
    assert!(reader.event(b"contentBlockDelta", b"{", &mut out).is_err());
    assert!(reader.event(b"contentBlockDelta", br#"{"delta":7}"#, &mut out).is_ok());
    assert!(reader.event(b"brandNew", b"[]", &mut out).is_ok());
}

proptest! {
    #[test]
    fn events_of_wrong_types_pass_without_panic(
        told in proptest::collection::vec(
            ("(messageStart|contentBlockStart|contentBlockDelta|contentBlockStop|messageStop|metadata|error|x)",
             "(null|7|\\{\\}|\\{\"start\":\\{\"toolResult\":3\\}\\}|\\{\"start\":\\{\"toolUse\":\\{\\}\\}\\}|\\{\"start\":\\{\"image\":\\{\\}\\}\\}|\\{\"delta\":\\{\"text\":null,\"toolResult\":[1]\\}\\}|\\{\"delta\":\\{\"toolUse\":\\{\"input\":\"x\"\\}\\}\\}|\\{\"usage\":3,\"trace\":1\\})"),
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
