//! Deep nesting, huge numbers, and long arguments in many pieces.

use roundhouse_llm::Operation;
use roundhouse_llm::convert::{self, Caller, Names, Stamp, StreamConversion};
use roundhouse_llm::dialect::Dialect;
use serde_json::{Value, json};

const PIECES: usize = 10_000;
const PIECE: &str =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123";

fn caller(operation: Operation) -> Caller {
    let turns = json!([{ "role": "user", "content": "hi" }]);
    let body = json!({ "model": "m", "max_tokens": 9, "messages": turns, "input": "hi", "stream": true });
    let stamp = Stamp { id: "r1".to_owned(), created: 7 };
    Caller::read(operation, None, false, body.to_string().as_bytes(), stamp).unwrap()
}

/// How many bytes come out for a call whose argument comes in `pieces` pieces, and its argument.
fn streamed(from: Dialect, to: Operation, events: impl Iterator<Item = Value>) -> (usize, usize) {
    let caller = caller(to);
    let mut conversion = StreamConversion::new(from, caller.asked(), Names::default());
    let (mut bytes, mut most) = (0, 0);
    let mut take = |out: Vec<u8>| {
        bytes += out.len();
        most = most.max(out.len());
    };
    for event in events {
        let name = event["type"].as_str().unwrap_or_default();
        let event = format!("event: {name}\ndata: {event}\n\n");
        take(conversion.push(event.as_bytes()));
    }
    take(conversion.finish());
    assert!(conversion.is_complete(), "{:?}", conversion.failure());
    (bytes, most)
}

fn chat(pieces: usize) -> impl Iterator<Item = Value> {
    let chunk = |delta: Value, finish: Value| {
        json!({ "id": "c", "object": "chat.completion.chunk", "model": "m",
            "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] })
    };
    let call =
        |function: Value| json!({ "tool_calls": [{ "index": 0, "id": "call_1", "function": function }] });
    let begin = chunk(call(json!({ "name": "f", "arguments": "{\"x\":\"" })), Value::Null);
    let more = (0..pieces).map(move |_| chunk(call(json!({ "arguments": PIECE })), Value::Null));
    let end = chunk(call(json!({ "arguments": "\"}" })), "tool_calls".into());
    std::iter::once(begin).chain(more).chain([end])
}

fn messages(pieces: usize) -> impl Iterator<Item = Value> {
    let delta = |text: &str| {
        json!({ "type": "content_block_delta", "index": 0,
            "delta": { "type": "input_json_delta", "partial_json": text } })
    };
    let begin = [
        json!({ "type": "message_start", "message": { "id": "m", "type": "message", "role": "assistant", "content": [],
            "model": "m", "stop_reason": null, "usage": { "input_tokens": 1, "output_tokens": 1 } } }),
        json!({ "type": "content_block_start", "index": 0,
            "content_block": { "type": "tool_use", "id": "toolu_1", "name": "f", "input": {} } }),
        delta("{\"x\":\""),
    ];
    let end = [
        delta("\"}"),
        json!({ "type": "content_block_stop", "index": 0 }),
        json!({ "type": "message_delta", "delta": { "stop_reason": "tool_use" }, "usage": { "output_tokens": 9 } }),
        json!({ "type": "message_stop" }),
    ];
    begin.into_iter().chain((0..pieces).map(move |_| delta(PIECE))).chain(end)
}

#[test]
fn a_long_argument_in_many_pieces_costs_what_its_bytes_cost() {
    let chat_to_messages = |pieces| streamed(Dialect::Chat, Operation::Messages, chat(pieces));
    let messages_to_chat = |pieces| streamed(Dialect::Messages, Operation::ChatCompletions, messages(pieces));
    for stream in [&chat_to_messages as &dyn Fn(usize) -> (usize, usize), &messages_to_chat] {
        let [(none, _), (half, _), (whole, most)] = [0, PIECES / 2, PIECES].map(stream);
        assert_eq!(whole - none, 2 * (half - none));
        assert!(most < 2_000, "{most} bytes at once for one piece");
        assert!(whole < PIECES * (PIECE.len() + 500), "{whole}");
    }
}

#[test]
fn nesting_without_end_is_refused_and_not_followed() {
    let deep = "[".repeat(1_000_000);
    let body = format!("{{\"model\":\"m\",\"messages\":{deep}");
    let stamp = Stamp { id: "r1".to_owned(), created: 7 };
    for operation in
        [Operation::ChatCompletions, Operation::Responses, Operation::Messages, Operation::GenerateContent]
    {
        let error = Caller::read(operation, Some("m"), false, body.as_bytes(), stamp.clone()).unwrap_err();
        assert!(format!("{error}").contains("recursion limit"), "{error}");
    }
    let caller = caller(Operation::Messages);
    for dialect in [Dialect::Chat, Dialect::Responses, Dialect::Gemini, Dialect::Converse, Dialect::Cohere] {
        for body in [
            deep.clone(),
            format!("{{\"choices\":{deep}"),
            format!("{{\"output\":{deep}"),
            "{\"a\":".repeat(500_000),
        ] {
            assert!(convert::answer(dialect, body.as_bytes(), caller.asked(), &Names::default()).is_err());
            let mut conversion = StreamConversion::new(dialect, caller.asked(), Names::default());
            conversion.push(format!("data: {body}\n\n").as_bytes());
            conversion.finish();
            assert!(!conversion.is_complete());
        }
    }
}

#[test]
fn arguments_nested_without_end_become_text() {
    let deep = "[".repeat(100_000);
    let body = json!({ "choices": [{ "index": 0, "finish_reason": "tool_calls", "message": { "tool_calls": [
        { "id": "call_1", "type": "function", "function": { "name": "f", "arguments": deep } }] } }] });
    let caller = caller(Operation::Messages);
    let answer =
        convert::answer(Dialect::Chat, body.to_string().as_bytes(), caller.asked(), &Names::default())
            .unwrap();
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(answer["content"][0]["input"]["input"], deep.as_str());
}

#[test]
fn huge_numbers_are_refused_or_bounded() {
    let stamp = Stamp { id: "r1".to_owned(), created: 7 };
    for number in ["1e999", "-1e999", "1e400000", "18446744073709551616", "-1", "0.5"] {
        let body = format!(
            "{{\"model\":\"m\",\"messages\":[{{\"role\":\"user\",\"content\":\"hi\"}}],\"max_tokens\":{number}}}"
        );
        let read = Caller::read(Operation::ChatCompletions, None, false, body.as_bytes(), stamp.clone());
        assert!(read.is_err(), "{number}");
    }
    let caller = caller(Operation::ChatCompletions);
    let body = r#"{"id":"c","object":"chat.completion","choices":[{"index":99999999999999999999,"message":{"content":"hi"},
        "finish_reason":"stop"}],"created":1e300,"usage":{"prompt_tokens":18446744073709551615,
        "completion_tokens":18446744073709551615,"total_tokens":-5}}"#;
    let answer = convert::answer(Dialect::Chat, body.as_bytes(), caller.asked(), &Names::default());
    assert!(answer.is_ok_and(|answer| serde_json::from_slice::<Value>(&answer.body).is_ok()));
}

#[test]
fn events_of_wrong_shapes_are_no_reason_to_panic() {
    let turns = r#"{"type":"content_block_start","index":0,"content_block":{"type":"x","text":""}}"#;
    for (dialect, events) in [
        (Dialect::Responses, vec![r#"["response.output_item.added"]"#]),
        (Dialect::Responses, vec![r#"["response.completed"]"#]),
        (Dialect::Responses, vec![r#"{"type":"response.completed","response":[]}"#]),
        (Dialect::Responses, vec![r#"{"type":"response.output_item.done","item":"x"}"#]),
        (Dialect::Messages, vec![r#"{"type":"message_start","message":[]}"#]),
        (Dialect::Messages, vec![r#"{"type":"message_start","message":"x"}"#]),
        (Dialect::Messages, vec![turns, r#"["content_block_delta",0,null,null,{"type":"x"}]"#]),
        (
            Dialect::Chat,
            vec![
                r#"{"choices":[{"index":0,"delta":{"content":"a"},"logprobs":"x"}]}"#,
                r#"{"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{}]}}]}"#,
            ],
        ),
    ] {
        let stream: Vec<_> = events.iter().map(|event| format!("data: {event}\n\n")).collect();
        let stream = stream.concat();
        for operation in [Operation::ChatCompletions, Operation::Responses, Operation::Messages] {
            let caller = caller(operation);
            let mut conversion = StreamConversion::new(dialect, caller.asked(), Names::default());
            let out = [conversion.push(stream.as_bytes()), conversion.finish()].concat();
            assert!(std::str::from_utf8(&out).is_ok());
            let _ = convert::answer(dialect, stream.as_bytes(), caller.asked(), &Names::default());
        }
    }
}
