use bytes::Bytes;
use proptest::prelude::*;

use super::Envelope;
use crate::{BodyError, Operation};

fn scan(body: &str) -> Result<Envelope, BodyError> {
    Envelope::scan(&Bytes::copy_from_slice(body.as_bytes()), Operation::ChatCompletions)
}

fn with_model(body: &str, op: Operation, model: &str) -> String {
    let body = Bytes::copy_from_slice(body.as_bytes());
    let envelope = Envelope::scan(&body, op).unwrap();
    String::from_utf8(envelope.with_model(&body, model).into_bytes().to_vec()).unwrap()
}

#[test]
fn finds_what_decides_where_a_request_goes() {
    let envelope = scan(
        r#" {"messages":[{"role":"user","content":"hi {\"model\":\"no\"}"}],"model":"gpt-4o","stream" : true,
            "stream_options":{"include_usage":true},"user":"u","previous_response_id":"resp_1","n":-1.5e+3} "#,
    )
    .unwrap();
    assert_eq!(envelope.model(), Some("gpt-4o"));
    assert!(envelope.stream());
    assert!(envelope.wants_usage());
    assert_eq!((envelope.max_output_tokens(), envelope.choices()), (None, 1));
    assert_eq!(envelope.affinity(), Some("u"));
    assert_eq!(envelope.previous_response_id(), Some("resp_1"));
}

#[test]
fn escaped_names_and_values_are_understood() {
    let envelope = scan(r#"{"mod\u0065l":"gpt\u002d4o","user":"\u4f60\ud83d\ude00"}"#).unwrap();
    assert_eq!(envelope.model(), Some("gpt-4o"));
    assert_eq!(envelope.affinity(), Some("你😀"));
}

#[test]
fn affinity_takes_the_best_name_there_is() {
    let affinity = |body: &str| scan(body).unwrap().affinity().map(str::to_owned);
    assert_eq!(affinity(r#"{"user":"u","prompt_cache_key":"k"}"#).as_deref(), Some("k"));
    assert_eq!(
        affinity(r#"{"safety_identifier":"s","metadata":{"x":[],"user_id":"m"}}"#).as_deref(),
        Some("m")
    );
    assert_eq!(affinity(r#"{"safety_identifier":"s","user":null,"metadata":[1]}"#).as_deref(), Some("s"));
    assert_eq!(affinity(r#"{"user":""}"#), None);
}

#[test]
fn stream_may_be_null() {
    assert!(!scan(r#"{"stream":null}"#).unwrap().stream());
}

#[test]
fn wrong_fields_are_named() {
    for (body, param, words) in [
        (r#"{"model":1}"#, "model", "must be a string"),
        (r#"{"model":null}"#, "model", "must be a string"),
        (r#"{"model":"\ud800"}"#, "model", "not valid text"),
        (r#"{"model":"a","x":{},"model":"a"}"#, "model", "twice"),
        (r#"{"model":"a","stream":"yes"}"#, "stream", "true or false"),
    ] {
        let error = scan(body).unwrap_err();
        assert_eq!(error.param.as_deref(), Some(param), "{body}");
        assert!(error.message.contains(words), "{error}");
    }
}

#[test]
fn malformed_bodies_are_refused_with_their_place() {
    for (body, words) in [
        ("", "expected an object (line 1 column 1, byte 0)"),
        ("[]", "expected an object"),
        ("{\n\"a\": }", "expected a value (line 2 column 6, byte 7)"),
        (r#"{"a":1}x"#, "nothing after the object (line 1 column 8, byte 7)"),
        (r#"{"a":1}{"a":1}"#, "nothing after the object"),
        (r#"{"a":1,}"#, "expected a name"),
        (r#"{"a" 1}"#, "expected a colon"),
        (r#"{"a":1 "b":2}"#, "expected a comma"),
        (r#"{"a":[1 2]}"#, "expected a comma"),
        (r#"{"a":01}"#, "expected a comma"),
        (r#"{"a":1.}"#, "expected a digit"),
        (r#"{"a":-}"#, "expected a digit"),
        (r#"{"a":1e}"#, "expected a digit"),
        (r#"{"a":tru}"#, "expected a value"),
        (r#"{"a":"\x"}"#, "unknown escape"),
        (r#"{"a":"\u12g4"}"#, "unknown escape"),
        ("{\"a\":\"\n\"}", "control characters"),
        (r#"{"a":"b"#, "ends inside a string"),
        (r#"{"a""#, "expected a colon"),
        (r#"{"a":"#, "ends where a value should be"),
    ] {
        let error = scan(body).unwrap_err();
        assert!(error.message.contains(words), "{body}: {error}");
        assert_eq!(error.param, None);
    }
}

#[test]
fn invalid_utf8_is_refused_with_its_place() {
    let error =
        Envelope::scan(&Bytes::from_static(b"{\"a\":\"\xff\"}"), Operation::ChatCompletions).unwrap_err();
    assert_eq!(error.message, "the body is not valid UTF-8 (line 1 column 7, byte 6)");
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}{}{}", r#"{"a":"#, "[".repeat(depth), "]".repeat(depth)) + "}";
    assert!(scan(&nested(127)).is_ok());
    assert!(scan(&nested(128)).unwrap_err().message.contains("nested"));
    assert!(scan(&nested(1_000_000)).unwrap_err().message.contains("nested"));
}

#[test]
fn only_the_bytes_of_the_model_change() {
    let chat = |body, model| with_model(body, Operation::ChatCompletions, model);
    assert_eq!(chat(r#"{ "model" : "a", "n":1.0 }"#, "b\"c"), r#"{ "model" : "b\"c", "n":1.0 }"#);
    assert_eq!(chat(r#"{"model":"\u0061"}"#, "a"), r#"{"model":"\u0061"}"#);
    assert_eq!(chat(r#" {"input":"x"}"#, "m"), r#" {"model":"m","input":"x"}"#);
    assert_eq!(chat("{ }", "m"), r#"{"model":"m" }"#);
}

#[test]
fn the_rest_of_the_body_is_shared() {
    let body = Bytes::from_static(br#"{"model":"a","messages":[]}"#);
    let pieces: Vec<Bytes> =
        Envelope::scan(&body, Operation::Messages).unwrap().with_model(&body, "b").into_iter().collect();
    assert_eq!(pieces.len(), 3);
    assert_eq!(pieces[0].as_ptr(), body.as_ptr());
    assert_eq!(pieces[2].as_ptr(), body[12..].as_ptr());
}

#[test]
fn a_shorter_body_than_the_scanned_one_is_left_alone() {
    let envelope = scan(r#"{"x":1,"model":"a"}"#).unwrap();
    assert_eq!(envelope.with_model(&Bytes::from_static(b"{}"), "b").into_bytes(), "{}");
}

#[test]
fn gemini_bodies_that_name_a_model_follow_the_path() {
    let embed = |body, model| with_model(body, Operation::BatchEmbedContents, model);
    assert_eq!(
        embed(
            r#"{"requests":[{"model":"models/a","content":{"model":"x"}},{"content":1,"model":"models/a"}]}"#,
            "b"
        ),
        r#"{"requests":[{"model":"models/b","content":{"model":"x"}},{"content":1,"model":"models/b"}]}"#
    );
    assert_eq!(embed(r#"{"model":"models/a"}"#, "tunedModels/t"), r#"{"model":"tunedModels/t"}"#);
    assert_eq!(embed(r#"{"model":"models/a"}"#, "a"), r#"{"model":"models/a"}"#);
    assert_eq!(embed(r#"{"contents":[]}"#, "b"), r#"{"contents":[]}"#);
    assert_eq!(
        embed(r#"{"generateContentRequest":{"model":"a"}}"#, "b"),
        r#"{"generateContentRequest":{"model":"models/b"}}"#
    );
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let body = Bytes::from(body);
        if let Ok(envelope) = Envelope::scan(&body, Operation::BatchEmbedContents) {
            envelope.with_model(&body, "m");
        }
    }

    #[test]
    fn almost_json_is_judged_as_serde_judges_it(body in r#"[{}\[\]":,\\a0-9.eE+\- truefalsn]{0,24}"#) {
        let text = format!("{{\"a\":{body}}}");
        let ours = scan(&text).is_ok();
        let theirs = serde_json::from_str::<std::collections::HashMap<String, &serde_json::value::RawValue>>(&text).is_ok();
        prop_assert_eq!(ours, theirs, "{}", text);
    }

    #[test]
    fn any_model_name_survives(name in "\\PC*") {
        let body = Bytes::from_static(br#"{"n":1,"model":"a"}"#);
        let changed = Envelope::scan(&body, Operation::Responses).unwrap().with_model(&body, &name).into_bytes();
        let again = Envelope::scan(&changed, Operation::Responses).unwrap();
        prop_assert_eq!(again.model(), Some(name.as_str()));
    }
}

#[test]
fn bounds_of_answers_are_read_in_every_dialect() {
    let bounds = |op, body: &'static str| {
        let envelope = Envelope::scan(&Bytes::from_static(body.as_bytes()), op).unwrap();
        (envelope.max_output_tokens(), envelope.choices())
    };
    for (op, body, expected) in [
        (Operation::ChatCompletions, r#"{"max_tokens":100,"n":3}"#, (Some(100), 3)),
        (Operation::ChatCompletions, r#"{"max_completion_tokens":200,"max_tokens":100}"#, (Some(200), 1)),
        (Operation::ChatCompletions, r#"{"max_tokens":100.0,"n":0}"#, (Some(100), 1)),
        (Operation::ChatCompletions, r#"{"max_tokens":"many","n":null}"#, (None, 1)),
        (Operation::Responses, r#"{"max_output_tokens":7}"#, (Some(7), 1)),
        (Operation::Messages, r#"{"max_tokens":-7}"#, (None, 1)),
        (
            Operation::GenerateContent,
            r#"{"generationConfig":{"maxOutputTokens":9,"candidateCount":2,"topK":1}}"#,
            (Some(9), 2),
        ),
        (Operation::GenerateContent, r#"{"generationConfig":null}"#, (None, 1)),
    ] {
        assert_eq!(bounds(op, body), expected, "{body}");
    }
}
