use serde_json::{Value, json};

use super::{chunk, collected, events, last, streamed};
use crate::UpstreamError;
use crate::dialect::gemini::{StreamReader, read_answer};
use crate::generation::{Block, Citation, Delta, Event, Finish, Issuer, Part, Signature, ToolCall, Usage};

#[test]
fn a_stream_is_read_as_it_comes() {
    let (mut reader, mut out) = (StreamReader::default(), Vec::new());
    let first = chunk(&json!([{ "text": "hm", "thought": true }]));
    reader.event(b"", first.to_string().as_bytes(), &mut out).unwrap();
    assert!(matches!(out[0], Event::Start { .. }));
    assert!(matches!(&out[2], Event::Delta { delta: Delta::Text(text), .. } if text == "hm"), "{out:?}");
    for document in [
        chunk(&json!([{ "text": "a" }])),
        chunk(&json!([{ "text": "b", "thoughtSignature": "c2ln" }])),
        chunk(
            &json!([{ "functionCall": { "name": "f", "args": {} }, "thoughtSignature": "Zg==" }, { "functionCall": { "name": "g" } }]),
        ),
        last("STOP"),
    ] {
        reader.event(b"", document.to_string().as_bytes(), &mut out).unwrap();
    }
    reader.finish(&mut out);
    let [.., finish, usage, end] = out.as_slice() else { panic!() };
    assert_eq!((finish, end), (&Event::Finish { choice: 0, finish: Finish::ToolCalls }, &Event::End));
    assert!(matches!(usage, Event::Usage(usage) if usage.tokens.output == 12));
    // The signature comes before the arguments, so that clients that carry it in the id get it in time.
    let at = |wanted: fn(&Event) -> bool| out.iter().position(wanted).unwrap();
    let opened = at(|event| matches!(event, Event::Open { kind: Block::ToolCall { .. }, .. }));
    assert!(
        matches!(&out[opened + 1], Event::Delta { delta: Delta::Signature(proof), .. } if proof.data == "Zg==")
    );
    let answer = collected(out);
    let kinds: Vec<_> = answer.choices[0].parts.iter().map(std::mem::discriminant).collect();
    assert_eq!(kinds.len(), 4, "{:?}", answer.choices[0].parts);
    let Part::Text(text) = &answer.choices[0].parts[1] else { panic!() };
    assert_eq!((text.text.as_str(), &text.signature), ("ab", &Some(Signature::new(Issuer::Gemini, "c2ln"))));
}

#[test]
fn arguments_in_pieces_become_a_whole_call() {
    let call = |call: Value| chunk(&json!([{ "functionCall": call }]));
    let answer = collected(events(&[
        chunk(
            &json!([{ "functionCall": { "name": "f", "id": "x", "willContinue": true }, "thoughtSignature": "cw==" }]),
        ),
        call(
            json!({ "partialArgs": [{ "jsonPath": "$.city", "stringValue": "New ", "willContinue": true }], "willContinue": true }),
        ),
        call(
            json!({ "partialArgs": [{ "jsonPath": "$.city", "stringValue": "Delhi" }], "willContinue": true }),
        ),
        call(json!({})),
        call(json!({ "name": "g", "willContinue": true })),
        last("STOP"),
    ]));
    let call = |id: &str, name: &str, arguments: &str, proof: Option<&str>| {
        let signature = proof.map(|proof| Signature::new(Issuer::Gemini, proof));
        ToolCall {
            id: id.into(),
            name: name.into(),
            arguments: arguments.into(),
            signature,
            ..ToolCall::default()
        }
    };
    let [Part::ToolCall(first), Part::ToolCall(second)] = answer.choices[0].parts.as_slice() else {
        panic!("{answer:?}")
    };
    assert_eq!(first, &call("x", "f", r#"{"city":"New Delhi"}"#, Some("cw==")));
    assert_eq!(second, &call(&second.id, "g", "{}", None));
}

#[test]
fn a_stream_that_was_cut_has_no_end() {
    let cut = events(&[chunk(&json!([{ "text": "a" }]))]);
    assert!(!cut.contains(&Event::End));
    assert!(matches!(cut.last(), Some(Event::Close { .. })), "{cut:?}");
    assert_eq!(events(&[]), []);
    let blocked = events(&[json!({ "promptFeedback": { "blockReason": "SAFETY" } })]);
    assert!(blocked.contains(&Event::Finish { choice: 0, finish: Finish::ContentFilter }));
    assert_eq!(blocked.last(), Some(&Event::End));
}

#[test]
fn an_error_in_a_stream_ends_it() {
    let error = json!({ "error": { "code": 503, "message": "overloaded", "status": "UNAVAILABLE" } });
    let failed = events(&[chunk(&json!([{ "text": "a" }])), error, last("STOP")]);
    let Some(Event::Failed(error)) = failed.last() else { panic!("{failed:?}") };
    assert_eq!((error.status, error.message.as_str()), (Some(503), "overloaded"));
    let mut reader = StreamReader::default();
    assert!(reader.event(b"", b"{\"candidates\":[", &mut Vec::new()).is_err());
}

#[test]
fn reasons_that_stand_in_every_chunk_end_nothing_early() {
    let all = events(&[last("STOP"), chunk(&json!([{ "text": "a" }])), last("MAX_TOKENS")]);
    let finishes = all.iter().filter(|event| matches!(event, Event::Finish { .. })).count();
    assert_eq!((finishes, collected(all).choices[0].finish.clone()), (1, Some(Finish::Length)));
}

#[test]
fn a_stream_is_written_as_clients_read_it() {
    let all = vec![
        Event::Start { id: Some("i".into()), model: Some("v".into()), created: None },
        Event::Open { choice: 0, block: 0, kind: Block::Thought { is_redacted: false, id: None } },
        Event::Delta { choice: 0, block: 0, delta: Delta::Text("hm".into()) },
        Event::Delta { choice: 0, block: 0, delta: Delta::Signature(Signature::new(Issuer::Gemini, "cw==")) },
        Event::Close { choice: 0, block: 0 },
        Event::Open { choice: 0, block: 1, kind: Block::Text },
        Event::Delta { choice: 0, block: 1, delta: Delta::Text("a".into()) },
        Event::Delta {
            choice: 0,
            block: 1,
            delta: Delta::Citation(Citation {
                url: Some("https://a.com".into()),
                start: Some(0),
                end: Some(1),
                ..Citation::default()
            }),
        },
        Event::Close { choice: 0, block: 1 },
        Event::Open {
            choice: 0,
            block: 2,
            kind: Block::ToolCall { id: "x".into(), name: "f".into(), is_custom: false },
        },
        Event::Delta { choice: 0, block: 2, delta: Delta::Arguments("{\"a\"".into()) },
        Event::Delta { choice: 0, block: 2, delta: Delta::Arguments(":1}".into()) },
        Event::Close { choice: 0, block: 2 },
        Event::Finish { choice: 0, finish: Finish::ToolCalls },
        Event::Usage(Usage::default()),
        Event::End,
    ];
    for is_array in [false, true] {
        let documents = streamed(all.clone(), is_array);
        let parts: Vec<_> = documents
            .iter()
            .map(|document| document["candidates"][0]["content"]["parts"][0].clone())
            .collect();
        assert_eq!(
            parts,
            [
                json!({ "text": "hm", "thought": true }),
                json!({ "text": "", "thought": true, "thoughtSignature": "cw==" }),
                json!({ "text": "a" }),
                json!({ "functionCall": { "id": "x", "name": "f", "args": { "a": 1 } } }),
                json!({ "text": "" }),
            ]
        );
        let end = documents.last().unwrap();
        assert_eq!(end["candidates"][0]["finishReason"], "STOP");
        assert_eq!(end["candidates"][0]["groundingMetadata"]["groundingSupports"][0]["segment"]["text"], "a");
        assert!(end["usageMetadata"].is_object());
        assert!(
            documents[..4].iter().all(|document| document["candidates"][0].get("finishReason").is_none())
        );
        assert!(
            documents.iter().all(|document| document["responseId"] == "i" && document["modelVersion"] == "v")
        );
    }
}

#[test]
fn a_failed_stream_ends_with_the_error_that_clients_raise() {
    let error = UpstreamError { status: Some(503), message: "gone".into(), ..UpstreamError::default() };
    for is_array in [false, true] {
        let start = Event::Start { id: None, model: None, created: None };
        let documents = streamed(vec![start, Event::Failed(error.clone()), Event::End], is_array);
        assert_eq!(documents.len(), 1);
        assert_eq!(
            (&documents[0]["error"]["code"], &documents[0]["error"]["status"]),
            (&json!(503), &json!("UNAVAILABLE"))
        );
    }
    assert_eq!(streamed(vec![Event::End], true).len(), 1);
}

#[test]
fn streams_and_whole_answers_say_the_same() {
    let parts = json!([{ "text": "hm", "thought": true }, { "text": "é1" }, { "functionCall": { "id": "x", "name": "f", "args": { "a": [1, {}] } } }]);
    let whole = json!({ "responseId": "i", "modelVersion": "v", "candidates": [{ "index": 0, "content": { "parts": parts, "role": "model" }, "finishReason": "STOP" }] });
    let whole = read_answer(whole.to_string().as_bytes()).unwrap();
    let mut documents: Vec<_> = parts.as_array().unwrap().iter().map(|part| chunk(&json!([part]))).collect();
    documents.push(json!({ "candidates": [{ "finishReason": "STOP" }] }));
    assert_eq!(collected(events(&documents)), whole);
    assert_eq!(collected(events(&streamed(whole.clone().into_events(), false))), whole);
}
