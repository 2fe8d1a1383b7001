use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{StreamReader, StreamWriter, write_answer};
use super::{asked, collected, data, read, written};
use crate::UpstreamError;
use crate::dialect::Dialect;
use crate::generation::{
    Answer, Block, Choice, Citation, Delta, Event, Finish, Issuer, Media, MediaKind, Native, Part, Signature,
    Source, Text, Thought, ToolCall, Usage,
};

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

fn stream(middle: &[Value], status: &str, response: &Value) -> Vec<Event> {
    let mut last = json!({ "id": "resp_1", "status": status, "output": [] });
    last.as_object_mut().unwrap().extend(response.as_object().unwrap().clone());
    let mut events = vec![json!({ "type": "response.created",
        "response": { "id": "resp_1", "model": "up", "created_at": 5, "status": "in_progress" } })];
    events.extend_from_slice(middle);
    events.push(json!({ "type": format!("response.{status}"), "response": last }));
    read(&events)
}

fn parts(events: Vec<Event>) -> Vec<Part> {
    collected(events).choices.into_iter().flat_map(|choice| choice.parts).collect()
}

fn function(id: &str, name: &str, arguments: &str) -> Part {
    Part::ToolCall(ToolCall {
        id: id.to_owned(),
        name: name.to_owned(),
        arguments: arguments.to_owned(),
        ..ToolCall::default()
    })
}

#[test]
fn text_comes_in_pieces_with_its_sources() {
    let middle = [
        json!({ "type": "response.output_item.added", "output_index": 0,
            "item": { "type": "message", "id": "msg_1", "content": [] } }),
        json!({ "type": "response.content_part.added", "output_index": 0, "content_index": 0,
            "part": { "type": "output_text", "text": "" } }),
        json!({ "type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "a\"",
            "logprobs": [{ "token": "a", "logprob": -1 }] }),
        json!({ "type": "response.output_text.annotation.added", "output_index": 0, "content_index": 0,
            "annotation": { "type": "url_citation", "url": "u", "title": "t", "start_index": 0, "end_index": 1 } }),
        json!({ "type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "b" }),
        json!({ "type": "response.output_text.done", "output_index": 0, "content_index": 0, "text": "a\"b" }),
        json!({ "type": "response.refusal.delta", "output_index": 0, "content_index": 1, "delta": "no" }),
        json!({ "type": "response.output_item.done", "output_index": 0, "item": { "type": "message",
            "content": [{ "type": "output_text", "text": "a\"b", "annotations": [{ "type": "url_citation" }] },
              { "type": "refusal", "refusal": "no" }] } }),
    ];
    let events = stream(&middle, "completed", &json!({ "usage": { "input_tokens": 1, "output_tokens": 2 } }));
    assert_eq!(
        events.first(),
        Some(&Event::Start { id: Some("resp_1".to_owned()), model: Some("up".to_owned()), created: Some(5) })
    );
    assert_eq!(events.last(), Some(&Event::End));
    let answer = collected(events);
    let citation = Citation {
        url: Some("u".to_owned()),
        title: Some("t".to_owned()),
        start: Some(0),
        end: Some(1),
        ..Citation::default()
    };
    let text = Text { text: "a\"b".to_owned(), citations: vec![citation], ..Text::default() };
    let choice = &answer.choices[0];
    assert_eq!(choice.parts, [Part::Text(text), Part::Refusal("no".to_owned())]);
    assert_eq!(choice.finish, Some(Finish::Stop));
    assert_eq!(choice.logprobs, Some(json!({ "content": [{ "token": "a", "logprob": -1 }] })));
    assert_eq!(answer.usage.map(|usage| usage.tokens.output), Some(2));
}

#[test]
fn thoughts_have_paragraphs_and_proofs() {
    let delta = |index: u32, text: &str| {
        json!({ "type": "response.reasoning_summary_text.delta", "output_index": 0, "item_id": "rs_1",
            "summary_index": index, "delta": text })
    };
    let done = |index: u32, id: &str, summary: Value| {
        json!({ "type": "response.output_item.done", "output_index": index, "item":
            { "type": "reasoning", "id": id, "summary": summary, "encrypted_content": "e" } })
    };
    let summary = json!([{ "type": "summary_text", "text": "ab" }, { "type": "summary_text", "text": "c" }]);
    let middle = [
        json!({ "type": "response.output_item.added", "output_index": 0,
            "item": { "type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "early" } }),
        delta(0, "a"),
        delta(0, "b"),
        delta(1, "c"),
        done(0, "rs_1", summary.clone()),
        done(1, "rs_2", json!([])),
        done(2, "rs_3", summary),
    ];
    let signature = Some(Signature::new(Issuer::Openai, "e"));
    let thought = |text: &str, id: &str| {
        Part::Thought(Thought {
            text: text.to_owned(),
            signature: signature.clone(),
            is_redacted: text.is_empty(),
            id: Some(id.to_owned()),
        })
    };
    assert_eq!(
        parts(stream(&middle, "completed", &json!({}))),
        [thought("ab\n\nc", "rs_1"), thought("", "rs_2"), thought("ab\n\nc", "rs_3")]
    );
}

#[test]
fn calls_come_in_pieces_or_whole() {
    let added = |index: u32, kind: &str, id: &str, name: &str| {
        json!({ "type": "response.output_item.added", "output_index": index,
            "item": { "type": kind, "id": format!("fc_{id}"), "call_id": id, "name": name, "arguments": "" } })
    };
    let delta = |index: u32, text: &str| json!({ "type": "response.function_call_arguments.delta", "output_index": index, "delta": text });
    let done = |index: u32, kind: &str, id: &str, name: &str, field: &str, text: &str| {
        json!({ "type": "response.output_item.done", "output_index": index,
            "item": { "type": kind, "call_id": id, "name": name, field: text } })
    };
    let middle = [
        added(0, "function_call", "c1", "f"),
        added(1, "function_call", "c2", "g"),
        delta(0, "{\"a\""),
        delta(1, "{"),
        delta(0, ":1}"),
        delta(1, "}"),
        done(0, "function_call", "c1", "f", "arguments", "{\"a\":1}"),
        done(1, "function_call", "c2", "g", "arguments", "{}"),
        added(2, "function_call", "c3", "h"),
        json!({ "type": "response.function_call_arguments.done", "output_index": 2, "arguments": "{}" }),
        done(2, "function_call", "c3", "h", "arguments", "{}"),
        done(3, "function_call", "c4", "i", "arguments", "{\"x\":2}"),
        added(4, "custom_tool_call", "c5", "p"),
        json!({ "type": "response.custom_tool_call_input.delta", "output_index": 4, "delta": "*** B" }),
        done(4, "custom_tool_call", "c5", "p", "input", "*** B"),
        done(5, "custom_tool_call", "c6", "p", "input", "all"),
    ];
    let events = stream(&middle, "completed", &json!({}));
    assert!(events.contains(&Event::Finish { choice: 0, finish: Finish::ToolCalls }));
    let custom = |id: &str, text: &str| match function(id, "p", text) {
        Part::ToolCall(call) => Part::ToolCall(ToolCall { is_custom: true, ..call }),
        part => part,
    };
    assert_eq!(
        parts(events),
        [
            function("c1", "f", "{\"a\":1}"),
            function("c2", "g", "{}"),
            function("c3", "h", "{}"),
            function("c4", "i", "{\"x\":2}"),
            custom("c5", "*** B"),
            custom("c6", "all"),
        ]
    );
}

#[test]
fn a_stream_of_its_last_event_alone_is_a_whole_answer() {
    let output = json!([
        { "type": "reasoning", "id": "rs_1", "summary": [{ "text": "hm" }] },
        { "type": "message", "content": [{ "type": "output_text", "text": "x" }] },
        { "type": "web_search_call", "id": "ws_1", "action": { "type": "search" } },
        { "type": "image_generation_call", "id": "ig_1", "result": "QQ==" },
    ]);
    let last = json!({ "type": "response.incomplete", "response": { "id": "resp_1", "status": "incomplete",
        "incomplete_details": { "reason": "max_output_tokens" }, "output": output } });
    let answer = collected(read([&last]));
    let parts = &answer.choices[0].parts;
    assert!(matches!(
        parts.as_slice(),
        [Part::Thought(_), Part::Text(_), Part::Native(_), Part::Media(Media { kind: MediaKind::Image, .. })]
    ));
    assert_eq!(answer.choices[0].finish, Some(Finish::Length));
}

#[test]
fn failures_end_the_stream_and_cut_ones_do_not() {
    for event in [
        json!({ "type": "error", "code": "rate_limit_exceeded", "message": "m", "param": null }),
        json!({ "type": "error", "error": { "type": "t", "code": "rate_limit_exceeded", "message": "m" } }),
        json!({ "type": "response.failed", "response": { "status": "failed",
            "error": { "code": "rate_limit_exceeded", "message": "m" } } }),
        json!({ "error": { "code": "rate_limit_exceeded", "message": "m" } }),
    ] {
        let text = json!({ "type": "response.output_text.delta", "output_index": 0, "delta": "x" });
        let events = read([&text, &event, &text]);
        let Some(Event::Failed(error)) = events.last() else { panic!("{event}: {events:?}") };
        assert_eq!(error.code.as_deref(), Some("rate_limit_exceeded"));
        assert_eq!(error.message, "m");
        assert!(!read([&text]).contains(&Event::End));
    }
    let mut reader = StreamReader::default();
    assert!(reader.event(b"", b"{\"type\":", &mut Vec::new()).is_err());
    assert!(reader.event(b"", b"[DONE]", &mut Vec::new()).is_ok());
}

#[test]
fn a_failure_is_told_in_both_ways_that_clients_know() {
    let error = UpstreamError { status: Some(429), message: "slow".to_owned(), code: None, kind: None };
    let events = written([Event::Failed(error), Event::End], asked(&Value::Null, &[]));
    assert_eq!(types(&events), ["response.created", "response.in_progress", "error", "response.failed"]);
    assert_eq!((&events[2]["code"], &events[2]["message"]), (&json!("rate_limit_exceeded"), &json!("slow")));
    assert_eq!(events[3]["response"]["status"], "failed");
    assert_eq!(events[3]["response"]["error"]["code"], "rate_limit_exceeded");
}

#[test]
fn a_text_is_told_step_by_step() {
    let answer = Answer {
        choices: vec![Choice {
            parts: vec![Part::text("hi"), function("c1", "f", "{}")],
            finish: Some(Finish::ToolCalls),
            logprobs: None,
        }],
        ..Answer::default()
    };
    let events = written(answer.into_events(), asked(&Value::Null, &[]));
    assert_eq!(
        types(&events),
        [
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed",
        ]
    );
    assert_eq!(
        events[4],
        json!({ "type": "response.output_text.delta", "sequence_number": 4, "item_id": "msg_a1_0",
            "output_index": 0, "content_index": 0, "delta": "hi", "logprobs": [] })
    );
    assert_eq!(events[8]["item"]["status"], "in_progress");
    assert_eq!(events[12]["response"]["output"][1]["id"], events[9]["item_id"]);
}

#[test]
fn a_custom_tool_that_the_provider_knows_as_a_function_is_told_when_it_is_whole() {
    let open = |block, name: &str| Event::Open {
        choice: 0,
        block,
        kind: Block::ToolCall { id: "c".to_owned(), name: name.to_owned(), is_custom: false },
    };
    let add = |text: &str| Event::Delta { choice: 0, block: 0, delta: Delta::Arguments(text.to_owned()) };
    let close = Event::Close { choice: 0, block: 0 };
    let events = [open(0, "p"), add("{\"inp"), add("ut\":\"x\\ny\"}"), close, Event::End];
    let events = written(events, asked(&Value::Null, &["p"]));
    let told: Vec<_> =
        events.iter().filter(|event| event["type"] == "response.custom_tool_call_input.delta").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["delta"], "x\ny");
    assert_eq!(events.last().unwrap()["response"]["output"][0]["input"], "x\ny");
}

#[test]
fn probabilities_reach_the_part_that_they_belong_to() {
    let logprobs = json!({ "content": [{ "token": "a", "logprob": -1 }] });
    let events = [
        Event::Open { choice: 0, block: 0, kind: Block::Text },
        Event::Delta { choice: 0, block: 0, delta: Delta::Text("a".to_owned()) },
        Event::Logprobs { choice: 0, value: logprobs.clone() },
        Event::Close { choice: 0, block: 0 },
        Event::End,
    ];
    let events = written(events, asked(&Value::Null, &[]));
    let part = &events.last().unwrap()["response"]["output"][0]["content"][0];
    assert_eq!(part["logprobs"], logprobs["content"]);
}

fn part() -> impl Strategy<Value = Part> {
    let issuer = prop_oneof![Just(Issuer::Openai), Just(Issuer::Anthropic), Just(Issuer::Gemini)];
    let signature =
        prop::option::of((issuer, "[a-z]{1,4}").prop_map(|(issuer, data)| Signature::new(issuer, data)));
    prop_oneof![
        (".{0,6}", signature.clone(), any::<bool>()).prop_map(|(text, signature, is_cited)| {
            let citation = Citation { url: Some("u".to_owned()), ..Citation::default() };
            let citations = if is_cited { vec![citation] } else { Vec::new() };
            Part::Text(Text { text, citations, signature, ..Text::default() })
        }),
        ".{1,6}".prop_map(Part::Refusal),
        (".{0,6}", signature.clone()).prop_map(|(text, signature)| Part::Thought(Thought {
            text,
            signature,
            ..Thought::default()
        })),
        ("[fp]", ".{0,6}", any::<bool>(), signature).prop_map(|(name, arguments, is_custom, signature)| {
            Part::ToolCall(ToolCall {
                id: "c".to_owned(),
                name,
                arguments,
                is_custom,
                signature,
                ..ToolCall::default()
            })
        }),
        Just(Part::Media(Media::new(
            MediaKind::Image,
            Source::Bytes { mime: "image/png".to_owned(), data: "QQ==".to_owned() }
        ))),
        Just(Part::Media(Media::new(MediaKind::Image, Source::Url { url: "u".to_owned(), mime: None }))),
        Just(Part::Native(Native {
            dialect: Dialect::Responses,
            value: json!({ "type": "mcp_call", "id": "mcp_1" })
        })),
        Just(Part::Native(Native { dialect: Dialect::Messages, value: json!({}) })),
    ]
}

fn finish() -> impl Strategy<Value = Option<Finish>> {
    prop::option::of(prop_oneof![
        Just(Finish::Stop),
        Just(Finish::Length),
        Just(Finish::Refusal),
        Just(Finish::ToolCalls),
        Just(Finish::Other("odd".to_owned())),
    ])
}

proptest! {
    #[test]
    fn a_stream_ends_with_the_whole_answer(parts in prop::collection::vec(part(), 0..6), finish in finish()) {
        let answer = Answer {
            id: Some("resp_9".to_owned()),
            choices: vec![Choice { parts, finish, logprobs: None }],
            usage: Some(Usage::default()),
            ..Answer::default()
        };
        let request = json!({ "temperature": 0.5 });
        let whole: Value = serde_json::from_slice(&write_answer(&answer, &asked(&request, &["p"]))).unwrap();
        let events = written(answer.into_events(), asked(&request, &["p"]));
        let last = events.last().unwrap();
        prop_assert_eq!(&last["response"], &whole);
        let done: Vec<_> =
            events.iter().filter(|event| event["type"] == "response.output_item.done").map(|event| event["item"].clone()).collect();
        prop_assert_eq!(&Value::Array(done), &whole["output"]);
    }

    #[test]
    fn what_is_written_is_read_alike_as_a_stream_and_whole(parts in prop::collection::vec(part(), 0..6), finish in finish()) {
        let answer = Answer { choices: vec![Choice { parts, finish, logprobs: None }], ..Answer::default() };
        let whole = super::super::read_answer(&write_answer(&answer, &asked(&Value::Null, &["p"]))).unwrap();
        let mut streamed = collected(read(&written(answer.into_events(), asked(&Value::Null, &["p"]))));
        streamed.service_tier = streamed.extra.remove("service_tier").and_then(|tier| tier.as_str().map(str::to_owned));
        streamed.choices.resize_with(1, Choice::default);
        let mut whole = whole;
        for part in whole.choices.iter_mut().flat_map(|choice| &mut choice.parts) {
            if let Part::ToolCall(call) = part {
                call.item_id = None;
            }
        }
        prop_assert_eq!(streamed.choices, whole.choices);
        prop_assert_eq!(streamed.service_tier, whole.service_tier);
    }

    #[test]
    fn no_event_panics(events in prop::collection::vec(("[a-z_.]{0,30}", ".{0,40}"), 0..5), kinds in prop::collection::vec(0..8usize, 0..5)) {
        let mut reader = StreamReader::default();
        let mut out = Vec::new();
        for (name, bytes) in &events {
            let _ = reader.event(name.as_bytes(), bytes.as_bytes(), &mut out);
        }
        let kinds = kinds.into_iter().map(|kind| [
            "response.created", "response.output_item.added", "response.output_item.done", "response.output_text.delta",
            "response.function_call_arguments.done", "response.reasoning_summary_text.delta", "response.completed", "error",
        ][kind]);
        for kind in kinds {
            let event = json!({ "type": kind, "delta": 1, "output_index": "x", "item": [], "response": 1 });
            let _ = reader.event(b"", event.to_string().as_bytes(), &mut out);
        }
        reader.finish(&mut out);
        let mut writer = StreamWriter::new(Arc::new(asked(&Value::Null, &[])));
        let mut bytes = Vec::new();
        for event in out {
            writer.event(event, &mut bytes);
        }
        data(&bytes);
    }
}
