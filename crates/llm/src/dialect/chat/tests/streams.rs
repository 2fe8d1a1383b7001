//! Streams.

use serde_json::json;

use super::*;
use crate::UpstreamError;
use crate::dialect::chat::{read_answer, write_answer};
use crate::generation::{Finish, Part, Thought, ToolCall};

fn chunk(delta: &Value, finish: Option<&str>) -> String {
    json!({"id": "c", "model": "m", "created": 1, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
        .to_string()
}

fn read(chunks: &[String]) -> Vec<Event> {
    let data: Vec<&str> = chunks.iter().map(String::as_str).collect();
    events(StreamReader::default(), &data)
}

fn parts(chunks: &[String]) -> Vec<Part> {
    collected(read(chunks)).choices.remove(0).parts
}

fn tool(index: Option<u64>, id: Option<&str>, name: Option<&str>, arguments: &str) -> Value {
    let mut call = json!({"function": {"arguments": arguments}});
    let fields = [("index", index.map(Value::from)), ("id", id.map(Value::from))];
    for (field, value) in fields {
        if let Some(value) = value {
            call[field] = value;
        }
    }
    if let Some(name) = name {
        call["function"]["name"] = name.into();
    }
    json!({ "tool_calls": [call] })
}

fn calls(deltas: &[Value]) -> Vec<(String, String)> {
    let mut chunks: Vec<_> = deltas.iter().map(|delta| chunk(delta, None)).collect();
    chunks.push(chunk(&json!({}), Some("tool_calls")));
    let call = |part| match part {
        Part::ToolCall(ToolCall { name, arguments, .. }) => Some((name, arguments)),
        _ => None,
    };
    parts(&chunks).into_iter().filter_map(call).collect()
}

#[test]
fn tool_calls_are_told_apart_however_little_their_fragments_say() {
    let wanted = vec![("f".to_owned(), "{\"x\":1}".to_owned()), ("g".to_owned(), "{}".to_owned())];
    let (i, f, g) = (Some(0), Some("f"), Some("g"));
    for deltas in [
        // As OpenAI streams them.
        vec![
            tool(i, Some("a"), f, ""),
            tool(i, None, None, "{\"x\":"),
            tool(i, None, None, "1}"),
            tool(Some(1), Some("b"), g, "{}"),
        ],
        // All with the index 0, each whole.
        vec![tool(i, Some("a"), f, "{\"x\":1}"), tool(i, Some("b"), g, "{}")],
        // Without any index.
        vec![
            tool(None, Some("a"), f, "{\"x\""),
            tool(None, None, None, ":1}"),
            tool(None, Some("b"), g, "{}"),
        ],
        // Without index and id.
        vec![tool(None, None, f, "{\"x\":1}"), tool(None, None, g, "{}")],
        // With id and name repeated in each fragment.
        vec![
            tool(i, Some("a"), f, "{\"x\""),
            tool(i, Some("a"), f, ":1}"),
            tool(Some(1), Some("b"), g, "{}"),
        ],
        // With another id in each fragment.
        vec![
            tool(i, Some("a"), f, "{\"x\""),
            tool(i, Some("z"), None, ":1}"),
            tool(Some(1), Some("b"), g, "{}"),
        ],
        // With text between the fragments.
        vec![
            tool(i, Some("a"), f, "{\"x\""),
            json!({"content": "\n"}),
            tool(i, None, None, ":1}"),
            tool(Some(1), Some("b"), g, "{}"),
        ],
    ] {
        assert_eq!(calls(&deltas), wanted, "{deltas:?}");
    }
}

#[test]
fn text_that_comes_between_the_pieces_of_a_call_follows_it() {
    let chunks = [
        chunk(&tool(Some(0), Some("a"), Some("f"), "{"), None),
        chunk(&json!({"content": "late"}), None),
        chunk(&tool(Some(0), None, None, "}"), Some("tool_calls")),
    ];
    let parts = parts(&chunks);
    assert!(
        matches!(&parts[..], [Part::ToolCall(call), Part::Text(_)] if call.arguments == "{}"),
        "{parts:?}"
    );
}

#[test]
fn a_stream_is_whole_with_a_finish_reason_or_done_and_not_without() {
    let text = chunk(&json!({"role": "assistant", "content": "a"}), None);
    let ended = chunk(&json!({}), Some("length"));
    let done = "[DONE]".to_owned();
    assert_ne!(read(std::slice::from_ref(&text)).last(), Some(&Event::End));
    for (chunks, finish) in [
        (vec![text.clone(), ended.clone()], Finish::Length),
        (vec![text.clone(), ended.clone(), ended.clone(), done.clone()], Finish::Length),
        (vec![text.clone(), done.clone()], Finish::Stop),
        (vec![text, ended, chunk(&json!({"content": ""}), Some("stop")), done], Finish::Length),
    ] {
        let events = read(&chunks);
        let finishes: Vec<_> =
            events.iter().filter(|event| matches!(event, Event::Finish { .. })).cloned().collect();
        assert_eq!(finishes, [Event::Finish { choice: 0, finish }]);
        assert_eq!(events.last(), Some(&Event::End));
    }
}

#[test]
fn usage_is_told_wherever_it_stands() {
    let usage = json!({"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7});
    let mut finish: Value = serde_json::from_str(&chunk(&json!({}), Some("stop"))).unwrap();
    finish["usage"] = usage.clone();
    let alone = json!({"choices": [], "usage": usage}).to_string();
    let groq = json!({"choices": [], "x_groq": {"usage": usage}}).to_string();
    let text = chunk(&json!({"content": "a"}), None);
    let plain = chunk(&json!({}), Some("stop"));
    for chunks in [
        vec![text.clone(), finish.to_string()],
        vec![text.clone(), plain.clone(), alone],
        vec![text, plain, groq],
    ] {
        let tokens = collected(read(&chunks)).usage.unwrap().tokens;
        assert_eq!((tokens.input, tokens.output), (3, 4), "{chunks:?}");
    }
}

#[test]
fn an_error_inside_a_stream_ends_it() {
    let text = chunk(&json!({"content": "a"}), None);
    for error in [
        json!({"error": {"message": "m", "code": 502}}),
        json!({"id": "x", "choices": [{"delta": {"content": ""}, "finish_reason": "error", "error": {"message": "m"}}]}),
        json!({"choices": null, "base_resp": {"status_code": 1000, "status_msg": "m"}}),
        json!({"object": "error", "message": "m", "code": 500}),
    ] {
        let events = read(&[text.clone(), error.to_string(), text.clone()]);
        let Some(Event::Failed(UpstreamError { message, .. })) = events.last() else { panic!("{events:?}") };
        assert_eq!(message, "m");
        let (chunks, is_done) = written(asked(), events);
        assert_eq!(chunks.last().unwrap()["error"]["message"], "m");
        assert!(!is_done);
    }
}

#[test]
fn an_event_that_is_called_an_error_is_one() {
    let (mut reader, mut out) = (StreamReader::default(), Vec::new());
    reader.event(b"error", br#"{"code":429,"message":"m","choices":[]}"#, &mut out).unwrap();
    let Some(Event::Failed(error)) = out.last() else { panic!("{out:?}") };
    assert_eq!((error.message.as_str(), error.status), ("m", Some(429)));
}

#[test]
fn thoughts_between_tags_are_parted_where_the_provider_has_them_there() {
    let chunks = [
        chunk(&json!({"content": "<thi"}), None),
        chunk(&json!({"content": "nk>\nhm</think>\n\nyes"}), None),
        chunk(&json!({}), Some("stop")),
    ];
    let data: Vec<&str> = chunks.iter().map(String::as_str).collect();
    let parts = collected(events(StreamReader::splitting_thoughts(), &data)).choices.remove(0).parts;
    assert_eq!(
        parts,
        [Part::Thought(Thought { text: "hm".into(), ..Thought::default() }), Part::text("yes")]
    );
    assert_eq!(collected(read(&chunks)).choices[0].parts, [Part::text("<think>\nhm</think>\n\nyes")]);
    // Some servers tell the same thoughts twice.
    let twice = chunk(&json!({"content": "<think>hm</think>yes", "reasoning_content": "hm"}), Some("stop"));
    assert_eq!(collected(events(StreamReader::splitting_thoughts(), &[&twice])).choices[0].parts, parts);
}

#[test]
fn pings_and_chunks_that_say_nothing_change_nothing() {
    let nothing = [
        "{\"type\":\"ping\"}",
        "{\"choices\":[],\"id\":\"\",\"model\":\"\",\"prompt_filter_results\":[{}]}",
        "{\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}",
        "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":null}}]}",
        "{\"choices\":[{\"delta\":null,\"index\":null,\"finish_reason\":null}]}",
        "null",
        "[]",
    ];
    for data in nothing {
        let events = events(StreamReader::default(), &[data, &chunk(&json!({"content": "a"}), Some("stop"))]);
        let answer = collected(events);
        assert_eq!(answer.choices[0].parts, [Part::text("a")], "{data}");
    }
}

#[test]
fn a_stream_is_written_as_official_clients_read_it() {
    let answer = json!({"id": "c", "created": 5, "choices": [{"message": {"reasoning_content": "hm", "content": "a",
        "tool_calls": [{"id": "t1", "function": {"name": "f", "arguments": "{\"x\":1}"}},
            {"id": "t2", "function": {"name": "g", "arguments": "{}"}}]}, "finish_reason": "tool_calls"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}});
    let answer = read_answer(answer.to_string().as_bytes()).unwrap();
    let whole: Value = serde_json::from_slice(&write_answer(&answer, &asked())).unwrap();
    let (chunks, is_done) = written(asked(), answer.into_events());
    assert!(is_done);
    let deltas: Vec<_> = chunks.iter().filter_map(|chunk| chunk["choices"].get(0)).collect();
    assert_eq!(deltas[0]["delta"], json!({"role": "assistant", "content": ""}));
    assert_eq!(deltas[1]["delta"], json!({"reasoning_content": "hm"}));
    assert_eq!(deltas[2]["delta"], json!({"content": "a"}));
    assert_eq!(
        deltas[3]["delta"],
        json!({"tool_calls": [{"index": 0, "id": "t1", "type": "function", "function": {"name": "f", "arguments": ""}}]})
    );
    assert_eq!(
        deltas[4]["delta"],
        json!({"tool_calls": [{"index": 0, "function": {"arguments": "{\"x\":1}"}}]})
    );
    assert_eq!(deltas[5]["delta"]["tool_calls"][0]["index"], 1);
    assert_eq!(deltas.last().unwrap()["finish_reason"], "tool_calls");
    assert!(
        chunks.iter().all(|chunk| chunk["id"] == "c" && chunk["created"] == 5 && chunk["model"] == "asked")
    );
    assert_eq!(chunks.last().unwrap()["usage"], whole["usage"]);
    assert_eq!(chunks.last().unwrap()["choices"], json!([]));
}

#[test]
fn usage_is_not_sent_to_who_did_not_ask() {
    let events = read(&[
        chunk(&json!({"content": "a"}), Some("stop")),
        json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}).to_string(),
    ]);
    let (chunks, is_done) = written(Asked { wants_usage: false, ..asked() }, events);
    assert!(is_done);
    assert!(chunks.iter().all(|chunk| chunk.get("usage").is_none() && chunk["choices"] != json!([])));
}

#[test]
fn alternatives_stay_apart() {
    let two = |a: &str, b: &str, finish: Option<&str>| {
        json!({"choices": [{"index": 1, "delta": {"content": b}, "finish_reason": finish},
            {"index": 0, "delta": {"content": a}, "finish_reason": finish}]})
        .to_string()
    };
    let chunks = [two("a", "x", None), two("b", "y", Some("stop"))];
    let answer = collected(read(&chunks));
    assert_eq!(answer.choices[0].parts, [Part::text("ab")]);
    assert_eq!(answer.choices[1].parts, [Part::text("xy")]);
}

proptest::proptest! {
    #[test]
    fn any_data_is_read_without_panic(
        data in proptest::collection::vec(proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80), 0..4)
    ) {
        let (mut reader, mut out) = (StreamReader::splitting_thoughts(), Vec::new());
        for data in &data {
            let _ = reader.event(b"", data, &mut out);
            let _ = read_answer(data);
        }
        reader.finish(&mut out);
    }

    #[test]
    fn any_delta_is_read_without_panic_and_keeps_the_order_of_events(
        deltas in proptest::collection::vec((0_u64..3, 0_u64..3, 0_usize..7), 0..12)
    ) {
        let chunks: Vec<_> = deltas.iter().map(|&(index, id, kind)| {
            let id = id.to_string();
            let delta = match kind {
                0 => json!({"content": "a"}),
                1 => json!({"reasoning": "h", "reasoning_details": [{"signature": "s"}]}),
                2 => json!({"refusal": "r"}),
                3 => json!({"audio": {"id": "i", "data": "AA", "transcript": "t"}}),
                4 => json!({"reasoning_details": [{"data": "d", "id": id, "format": "google-gemini-v1"}]}),
                5 => tool(Some(index), Some(&id), Some("f"), "{"),
                _ => tool(Some(index), None, None, "}"),
            };
            chunk(&delta, None)
        }).chain(["[DONE]".to_owned()]).collect();
        let mut open = None;
        for event in read(&chunks) {
            match event {
                Event::Open { block, .. } => {
                    proptest::prop_assert_eq!(open, None);
                    open = Some(block);
                }
                Event::Delta { block, .. } => proptest::prop_assert_eq!(open, Some(block)),
                Event::Close { block, .. } => proptest::prop_assert_eq!(open.take(), Some(block)),
                _ => {}
            }
        }
        proptest::prop_assert_eq!(open, None);
    }
}
