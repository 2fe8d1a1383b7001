//! Whatever comes in, nothing panics: JSON of the words that bodies are made of, cut anywhere.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{Stamp, embeddings, images, moderations, rerank, speech, transcriptions};
use crate::generation::Losses;

const STAMP: Stamp<'static> = Stamp { id: "r", created: 1 };

const WORDS: &str = "model input query documents prompt voice images image_url url text content parts requests data embedding \
    embeddings values float index results relevance_score predictions candidates inlineData mimeType finishReason \
    usageMetadata promptTokenCount usage meta billed_units dimensions encoding_format input_type taskType size n stream \
    categories category_scores audio extra_info base_resp status_code b64_json bytesBase64Encoded top_n statistics";

fn json() -> impl Strategy<Value = Value> {
    let names: Vec<&str> = WORDS.split_whitespace().collect();
    let texts = [
        "",
        "a",
        "base64",
        "1024x768",
        "1:0",
        "data:image/png;base64,AAAA",
        "AAAA",
        "/w==",
        "STOP",
        "query",
        "sse",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(texts.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        let pairs = vec((proptest::sample::select(names.clone()), inner.clone()), 0..6);
        let object = |pairs: Vec<(&str, Value)>| {
            Value::Object(
                pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>(),
            )
        };
        prop_oneof![2 => pairs.prop_map(object), 1 => vec(inner, 0..4).prop_map(Value::from)]
    })
}

/// An object with what requests need, whose other fields are anything.
fn request() -> impl Strategy<Value = Value> {
    (json(), json(), json()).prop_map(|(mut body, input, image)| {
        if let Value::Object(fields) = &mut body {
            for (name, value) in [("model", "m"), ("prompt", "p"), ("query", "q"), ("voice", "alloy")] {
                fields.insert(name.to_owned(), value.into());
            }
            fields.entry("input").or_insert(input);
            fields.entry("images").or_insert(Value::Array(vec![image]));
        }
        body
    })
}

fn convert(body: &Value) {
    let losses = &mut Losses::default();
    let embeddings = [
        embeddings::read_openai(body.clone()),
        embeddings::read_gemini(body.clone(), "m"),
        embeddings::read_gemini_batch(body.clone(), "m"),
    ];
    for request in embeddings.into_iter().flatten() {
        for wire in [
            embeddings::Wire::Gemini,
            embeddings::Wire::Cohere,
            embeddings::Wire::Jina,
            embeddings::Wire::BedrockNova,
        ] {
            let _ = embeddings::write_requests(&request, wire, "gemini-embedding-2", losses);
        }
    }
    for request in
        [images::read_generation(body.clone()), images::read_edit(body.clone())].into_iter().flatten()
    {
        for wire in [images::Wire::Gemini, images::Wire::Imagen, images::Wire::Xai, images::Wire::Together] {
            let _ = images::write_requests(&request, wire, "imagen-4", losses);
        }
    }
    if let Ok(request) = rerank::read_request(body.clone()) {
        let _ = rerank::write_request(&request, rerank::Wire::Vertex, "m", losses);
    }
    if let Ok(request) = moderations::read_request(body.clone()) {
        moderations::write_request(&request, "m", losses);
    }
    if let Ok(request) = speech::read_request(body.clone()) {
        let _ = speech::write_request(&request, speech::Wire::Minimax, "m", losses);
    }
}

fn answer(body: &[u8]) {
    use embeddings::{Asked, Form, Wire};
    for (wire, form) in [(Wire::Cohere, Form::Openai { base64: true }), (Wire::Gemini, Form::GeminiBatch)] {
        let asked = Asked { model: "m".to_owned(), form, count: 1 };
        if let Ok(answer) = embeddings::read_answer(wire, body) {
            let reply = embeddings::write_answer(&answer, &asked).body;
            assert!(serde_json::from_slice::<Value>(&reply).is_ok());
        }
    }
    let asked = rerank::Asked { model: "m".to_owned(), documents: None, count: 3, top_n: Some(2) };
    if let Ok(answer) = rerank::read_answer(body, &asked) {
        rerank::write_answer(&answer, &asked, &STAMP);
    }
    for wire in [images::Wire::Gemini, images::Wire::Imagen, images::Wire::Xai] {
        if let Ok(answer) = images::read_answer(wire, body) {
            images::write_answer(&answer, &images::Asked::default(), &STAMP);
        }
    }
    for wire in [speech::Wire::Gemini, speech::Wire::Minimax] {
        if let Ok(answer) = speech::read_answer(wire, body) {
            let asked = speech::Asked { model: "m".to_owned(), format: "wav".to_owned(), events: true };
            speech::write_answer(&answer, &asked);
        }
    }
    if let Ok(answer) = moderations::read_answer(body, 1) {
        moderations::write_answer(&answer, "m", &STAMP);
    }
    if let Ok(answer) = transcriptions::read_answer(body) {
        let asked = transcriptions::Asked { model: "m".to_owned(), format: "json".to_owned(), stream: true };
        transcriptions::write_answer(&answer, &asked);
    }
}

proptest! {
    #[test]
    fn any_request_is_converted_without_panic(body in request()) {
        convert(&body);
    }

    #[test]
    fn any_answer_is_converted_without_panic(body in json(), cut in 0_usize..400) {
        let bytes = body.to_string().into_bytes();
        answer(&bytes);
        answer(&bytes[..cut.min(bytes.len())]);
    }
}

#[test]
fn deep_nesting_is_refused() {
    answer("[".repeat(100_000).as_bytes());
    answer(format!("{{\"data\":{}", "[{\"embedding\":".repeat(50_000)).as_bytes());
}
