//! Streams.

use proptest::prelude::*;
use roundhouse_domain::TokenUsage;

use super::*;
use crate::UpstreamError;
use crate::generation::{Block, Collector, Delta, Finish, Issuer, Part, Signature, Usage};

fn events(data: &[Value]) -> Vec<Event> {
    let data: Vec<String> = data.iter().map(Value::to_string).collect();
    read_stream(data.iter().map(|data| ("", data.as_str())))
}

fn start() -> Value {
    json!({"type": "message_start", "message": {"id": "msg_1", "model": "m", "content": [],
        "usage": {"input_tokens": 10, "cache_read_input_tokens": 5, "output_tokens": 1}}})
}

fn block(block: &Value) -> Value {
    json!({"type": "content_block_start", "index": 0, "content_block": block})
}

fn delta(delta: &Value) -> Value {
    json!({"type": "content_block_delta", "index": 0, "delta": delta})
}

fn close() -> Value {
    json!({"type": "content_block_stop", "index": 0})
}

fn stop(reason: &str) -> [Value; 2] {
    let usage = json!({"input_tokens": 0, "output_tokens": 20});
    let delta = json!({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage});
    [delta, json!({"type": "message_stop"})]
}

fn parts(events: Vec<Event>) -> Vec<Part> {
    let mut collector = Collector::default();
    for event in events {
        collector.push(event);
    }
    collector.finish().unwrap().choices.remove(0).parts
}

#[test]
fn a_stream_is_read_in_the_promised_order() {
    let [end, last] = stop("end_turn");
    let read = events(&[
        start(),
        json!({"type": "ping"}),
        start(),
        block(&json!({"type": "thinking", "thinking": "", "signature": ""})),
        delta(&json!({"type": "thinking_delta", "thinking": "hm"})),
        delta(&json!({"type": "signature_delta", "signature": "s"})),
        close(),
        block(&json!({"type": "text", "text": ""})),
        delta(&json!({"type": "text_delta", "text": "hi"})),
        close(),
        end,
        last,
    ]);
    let usage = |output| {
        let tokens = TokenUsage { input: 15, output, cached: 5, ..TokenUsage::default() };
        Event::Usage(Usage { tokens, ..Usage::default() })
    };
    let delta = |block, delta| Event::Delta { choice: 0, block, delta };
    assert_eq!(
        read,
        [
            Event::Start { id: Some("msg_1".to_owned()), model: Some("m".to_owned()), created: None },
            usage(1),
            usage(1),
            Event::Open { choice: 0, block: 0, kind: Block::Thought { is_redacted: false, id: None } },
            delta(0, Delta::Text("hm".to_owned())),
            delta(0, Delta::Signature(Signature::new(Issuer::Anthropic, "s"))),
            Event::Close { choice: 0, block: 0 },
            Event::Open { choice: 0, block: 1, kind: Block::Text },
            delta(1, Delta::Text("hi".to_owned())),
            Event::Close { choice: 0, block: 1 },
            Event::Finish { choice: 0, finish: Finish::Stop },
            usage(20),
            Event::End,
        ]
    );
}

#[test]
fn calls_have_their_arguments_whether_in_pieces_whole_or_absent() {
    let [end, last] = stop("tool_use");
    let tool =
        |id: &str, input: Value| block(&json!({"type": "tool_use", "id": id, "name": "f", "input": input}));
    let read = events(&[
        start(),
        tool("a", json!({})),
        delta(&json!({"type": "input_json_delta", "partial_json": ""})),
        delta(&json!({"type": "input_json_delta", "partial_json": "{\"x\""})),
        delta(&json!({"type": "input_json_delta", "partial_json": ":1}"})),
        close(),
        tool("b", json!({"y": 2})),
        close(),
        tool("c", json!({})),
        end,
        last,
    ]);
    assert!(read.contains(&Event::Finish { choice: 0, finish: Finish::ToolCalls }));
    let calls = parts(read).into_iter().map(|part| match part {
        Part::ToolCall(call) => (call.id, call.arguments),
        other => panic!("{other:?}"),
    });
    let wanted = [("a", r#"{"x":1}"#), ("b", r#"{"y":2}"#), ("c", "{}")];
    assert_eq!(
        calls.collect::<Vec<_>>(),
        wanted.map(|(id, arguments)| (id.to_owned(), arguments.to_owned()))
    );
}

#[test]
fn blocks_that_only_this_dialect_knows_are_told_whole() {
    let [end, last] = stop("end_turn");
    let read = events(&[
        start(),
        block(&json!({"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}})),
        delta(&json!({"type": "input_json_delta", "partial_json": "{\"query\":\"q\"}"})),
        close(),
        block(&json!({"type": "compaction", "content": "a"})),
        delta(&json!({"type": "compaction_delta", "content": "b", "encrypted_content": "e"})),
        close(),
        end,
        last,
    ]);
    let natives: Vec<_> = parts(read)
        .into_iter()
        .map(|part| match part {
            Part::Native(native) => native.value,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        natives,
        [
            json!({"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "q"}}),
            json!({"type": "compaction", "content": "ab", "encrypted_content": "e"}),
        ]
    );
}

#[test]
fn an_answer_is_whole_only_when_its_end_was_told() {
    let [end, last] = stop("max_tokens");
    let text = [start(), delta(&json!({"type": "text_delta", "text": "hi"}))];
    assert!(!events(&text).contains(&Event::End));
    assert!(matches!(events(&text).last(), Some(Event::Close { .. })));
    let [first, second] = text;
    for rest in [vec![end.clone()], vec![last.clone()], vec![end, last]] {
        let all: Vec<_> = [first.clone(), second.clone()].into_iter().chain(rest).collect();
        assert_eq!(events(&all).last(), Some(&Event::End));
    }
    assert_eq!(events(&[]), []);
}

#[test]
fn a_failure_ends_the_stream() {
    let error = json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}});
    let read = events(&[start(), error, stop("end_turn")[1].clone()]);
    let Some(Event::Failed(error)) = read.last() else { panic!("{read:?}") };
    assert_eq!((error.status, &*error.message), (Some(529), "Overloaded"));
}

#[test]
fn what_is_no_json_is_an_error_and_odd_json_is_passed_over() {
    let mut reader = StreamReader::default();
    let mut out = Vec::new();
    assert!(reader.event(b"", b"{\"type\":", &mut out).is_err());
    assert!(reader.event(b"", b"[1]", &mut out).is_ok());
    assert!(reader.event(b"ping", b"{}", &mut out).is_ok());
    assert!(
        reader.event(b"", b"{\"type\":\"content_block_delta\",\"delta\":{\"text\":5}}", &mut out).is_ok()
    );
    assert!(reader.event(b"", b"[DONE]", &mut out).is_ok());
    assert_eq!(out, []);
}

#[test]
fn a_whole_message_in_place_of_a_stream_is_taken() {
    let message = json!({"type": "message", "id": "msg_1", "content": [{"type": "text", "text": "hi"}], "stop_reason": "end_turn"});
    let read = events(&[message]);
    assert_eq!(read.last(), Some(&Event::End));
    assert_eq!(parts(read), [Part::text("hi")]);
}

#[test]
fn a_stream_is_written_as_clients_expect_it() {
    let on = |block, delta| Event::Delta { choice: 0, block, delta };
    let open = |block, kind| Event::Open { choice: 0, block, kind };
    let text = write_stream(vec![
        Event::Start { id: Some("resp_1".to_owned()), model: Some("gpt".to_owned()), created: None },
        open(0, Block::Thought { is_redacted: true, id: None }),
        on(0, Delta::Signature(Signature::new(Issuer::Openai, "x"))),
        Event::Close { choice: 0, block: 0 },
        Event::Open { choice: 1, block: 0, kind: Block::Text },
        open(1, Block::Text),
        on(1, Delta::Text("a\n\"b\"".to_owned())),
        Event::Close { choice: 0, block: 1 },
        open(2, Block::ToolCall { id: "c".to_owned(), name: "f".to_owned(), is_custom: false }),
        on(2, Delta::Signature(Signature::new(Issuer::Gemini, "y"))),
        on(2, Delta::Arguments("{}".to_owned())),
        Event::Close { choice: 0, block: 2 },
        Event::Finish { choice: 0, finish: Finish::Stop },
        Event::Usage(Usage {
            tokens: TokenUsage { input: 9, output: 3, cached: 4, ..TokenUsage::default() },
            ..Usage::default()
        }),
        Event::End,
        Event::End,
    ]);
    let frames = frames(&text);
    let usage = |input, cached, output| json!({"input_tokens": input, "cache_creation_input_tokens": 0, "cache_read_input_tokens": cached, "output_tokens": output});
    let wanted = [
        json!({"type": "message_start", "message": {"id": "msg_1", "type": "message", "role": "assistant", "model": "m",
            "content": [], "stop_reason": null, "stop_sequence": null, "usage": usage(0, 0, 0)}}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "redacted_thinking", "data": "rh1.o.x"}}),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}}),
        json!({"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "a\n\"b\""}}),
        json!({"type": "content_block_stop", "index": 1}),
        json!({"type": "content_block_start", "index": 2, "content_block": {"type": "tool_use", "id": "c__rhs_geQ", "name": "f", "input": {}}}),
        json!({"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": "{}"}}),
        json!({"type": "content_block_stop", "index": 2}),
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use", "stop_sequence": null}, "usage": usage(5, 4, 3)}),
        json!({"type": "message_stop"}),
    ];
    for ((name, data), wanted) in frames.iter().zip(&wanted) {
        assert_eq!(serde_json::from_str::<Value>(data).unwrap(), *wanted);
        assert_eq!(*name, wanted["type"]);
    }
    assert_eq!(frames.len(), wanted.len());
    assert!(text.ends_with("\n\n"));
}

#[test]
fn a_failure_is_the_last_event_that_is_written() {
    let failed = UpstreamError { status: Some(529), message: "m".to_owned(), ..UpstreamError::default() };
    let text = write_stream(vec![
        Event::Start { id: None, model: None, created: None },
        Event::Failed(failed),
        Event::End,
    ]);
    let frames = frames(&text);
    assert_eq!((frames.len(), &*frames[0].0), (1, "error"));
    assert!(frames[0].1.contains("overloaded_error"));
}

#[test]
fn counts_that_come_with_the_start_stand_in_it() {
    let [end, last] = stop("end_turn");
    let text = write_stream(events(&[start(), end, last]));
    assert!(frames(&text)[0].1.contains(r#""input_tokens":10"#), "{text}");
}

proptest! {
    #[test]
    fn any_event_is_read_and_written_without_panic(data in proptest::collection::vec(prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        proptest::sample::select(vec![start(), block(&json!({"type": "text"})), block(&json!({"type": "tool_use", "input": 5})),
            block(&json!({"type": "x"})), delta(&json!({"text": "a"})), delta(&json!({"partial_json": "{"})),
            delta(&json!({"signature": "s", "x": [1]})), close(), stop("tool_use")[0].clone(), stop("")[1].clone()])
            .prop_map(|value| value.to_string().into_bytes()),
    ], 0..12)) {
        let (mut reader, mut events) = (StreamReader::default(), Vec::new());
        for data in &data {
            let _ = reader.event(b"content_block_delta", data, &mut events);
        }
        reader.finish(&mut events);
        let ends = events.iter().filter(|event| matches!(event, Event::End | Event::Failed(_))).count();
        prop_assert!(ends <= 1);
        let opened = events.iter().filter(|event| matches!(event, Event::Open { .. })).count();
        let closed = events.iter().filter(|event| matches!(event, Event::Close { .. })).count();
        prop_assert!(opened == closed || events.iter().any(|event| matches!(event, Event::Failed(_))));
        write_stream(events);
    }

    #[test]
    fn any_request_with_odd_fields_is_read_or_refused(field in "[a-z_]{1,12}", text in ".{0,20}", number in any::<f64>()) {
        for value in [json!(text), json!(number), json!([text]), json!({ "type": text }), json!([{ "type": text, "content": [text] }])] {
            let mut body = json!({"model": "claude-opus-4-6", "messages": [{"role": "user", "content": "hi"}]});
            for name in [field.as_str(), "thinking", "tools", "system", "tool_choice", "output_config", "max_tokens"] {
                body[name] = value.clone();
                let _ = read_request(body.clone());
            }
            body = json!({"model": "m", "messages": [{"role": "user", "content": value}], "max_tokens": 1});
            if let Ok(request) = read_request(body) {
                write(&request, "claude-opus-4-6", &Facts::default());
            }
        }
    }
}
