//! Whatever comes in, nothing panics.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::asked;
use crate::catalogue::Facts;
use crate::dialect::Target;
use crate::dialect::gemini::{
    StreamReader, StreamWriter, read_answer, read_count_answer, read_request, write_answer, write_request,
};
use crate::generation::Losses;
use crate::profile::Profile;

/// Names that mean something here, so that what is made at random gets somewhere.
const NAMES: [&str; 34] = [
    "contents",
    "parts",
    "role",
    "text",
    "thought",
    "thoughtSignature",
    "functionCall",
    "functionResponse",
    "name",
    "id",
    "args",
    "response",
    "inlineData",
    "fileData",
    "mimeType",
    "data",
    "fileUri",
    "candidates",
    "content",
    "finishReason",
    "index",
    "usageMetadata",
    "promptTokenCount",
    "partialArgs",
    "jsonPath",
    "stringValue",
    "willContinue",
    "groundingMetadata",
    "groundingChunks",
    "groundingSupports",
    "generationConfig",
    "responseSchema",
    "tools",
    "functionDeclarations",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z$.\\[\\]0é\"-]{0,8}".prop_map(Value::from),
        prop_oneof![Just("STOP"), Just("model"), Just("user"), Just("object"), Just("$.a[0].b")]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        let name = prop_oneof![proptest::sample::select(&NAMES[..]).prop_map(str::to_owned), "[a-z_]{0,6}"];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((name, inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn stream(documents: &[Vec<u8>]) {
    let (mut reader, mut events, mut out) = (StreamReader::default(), Vec::new(), Vec::new());
    for document in documents {
        let _ = reader.event(b"", document, &mut events);
    }
    reader.finish(&mut events);
    let mut writer = StreamWriter::new(Arc::clone(&asked(true)));
    for event in events {
        writer.event(event, &mut out);
    }
}

proptest! {
    #[test]
    fn no_request_panics(body in any_json()) {
        let (profile, facts) = (Profile::default(), Facts::default());
        let wrapped = json!({ "contents": [{ "parts": [body.clone()] }], "generationConfig": body.clone(), "tools": [body.clone()] });
        for body in [body, wrapped] {
            let Ok(request) = read_request(body, "gemini-3-pro", true) else { continue };
            for model in ["gemini-3-pro", "gemini-2.0-flash"] {
                let target = Target { family: roundhouse_domain::spec::Family::Gemini, model, profile: &profile, facts: &facts };
                if let Ok(body) = write_request(&request, &target, &mut Losses::default()) {
                    prop_assert!(serde_json::from_slice::<Value>(&body).is_ok());
                }
            }
        }
    }

    #[test]
    fn no_answer_panics(body in any_json(), noise in proptest::collection::vec(any::<u8>(), 0..64)) {
        let wrapped = json!({ "candidates": [{ "content": { "parts": [body.clone(), body.clone()] }, "finishReason": "STOP",
            "groundingMetadata": body.clone(), "logprobsResult": body.clone() }, body.clone()], "usageMetadata": body.clone() });
        for body in [body.to_string().into_bytes(), wrapped.to_string().into_bytes(), noise] {
            if let Ok(answer) = read_answer(&body) {
                let written = write_answer(&answer, &asked(false));
                prop_assert!(serde_json::from_slice::<Value>(&written).is_ok());
            }
            let _ = read_count_answer(&body);
            stream(&[body.clone(), body]);
        }
    }

    #[test]
    fn a_cut_answer_is_an_error_or_an_answer(cut in 0_usize..200) {
        let body = json!({ "candidates": [{ "content": { "parts": [{ "functionCall": { "name": "f", "args": { "a": "é\\\"" } } }] },
            "finishReason": "STOP" }], "usageMetadata": { "promptTokenCount": 1 } }).to_string();
        let cut = &body.as_bytes()[..cut.min(body.len())];
        prop_assert_eq!(read_answer(cut).is_ok(), cut.len() == body.len());
    }
}
