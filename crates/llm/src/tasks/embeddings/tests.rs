use serde_json::{Value, json};

use super::*;
use crate::generation::Losses;
use crate::tasks::recorded::exchanges;

fn written(request: &Request, wire: Wire, model: &str) -> (Vec<Value>, Vec<String>) {
    let mut losses = Losses::default();
    let calls = write_requests(request, wire, model, &mut losses).unwrap();
    let bodies = calls.iter().map(|call| serde_json::from_slice(&call.body).unwrap()).collect();
    (bodies, losses.iter().map(|(field, _)| field.to_owned()).collect())
}

fn openai(body: Value) -> Request {
    read_openai(body).unwrap()
}

fn refused(request: &Request, wire: Wire, model: &str) -> String {
    write_requests(request, wire, model, &mut Losses::default()).unwrap_err().message
}

fn replied(answer: &Answer, asked: &Asked) -> Value {
    serde_json::from_slice(&write_answer(answer, asked).body).unwrap()
}

#[test]
fn each_provider_gets_its_own_fields() {
    let request = openai(json!({
        "model": "m", "input": ["a", "b"], "dimensions": 256, "user": "u", "input_type": "search_query", "truncate": "END",
    }));
    for (wire, model, body, lost) in [
        (
            Wire::Openai { base64: true },
            "x",
            json!({
                "model": "x", "input": ["a", "b"], "dimensions": 256, "user": "u", "encoding_format": "base64",
                "input_type": "search_query", "truncate": "END",
            }),
            vec![],
        ),
        (
            Wire::Mistral,
            "x",
            json!({"model": "x", "input": ["a", "b"], "output_dimension": 256}),
            vec!["truncate", "input_type", "user"],
        ),
        (
            Wire::Voyage,
            "x",
            json!({"model": "x", "input": ["a", "b"], "output_dimension": 256, "input_type": "query"}),
            vec!["truncate", "user"],
        ),
        (
            Wire::Jina,
            "x",
            json!({"model": "x", "input": ["a", "b"], "dimensions": 256, "task": "retrieval.query", "truncate": "END"}),
            vec!["user"],
        ),
        (
            Wire::Gemini,
            "gemini-embedding-001",
            json!({"requests": [
                {"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "a"}]}, "taskType": "RETRIEVAL_QUERY", "outputDimensionality": 256},
                {"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "b"}]}, "taskType": "RETRIEVAL_QUERY", "outputDimensionality": 256},
            ]}),
            vec!["truncate", "user"],
        ),
        (
            Wire::VertexPredict,
            "text-embedding-005",
            json!({
                "instances": [{"content": "a", "task_type": "RETRIEVAL_QUERY"}, {"content": "b", "task_type": "RETRIEVAL_QUERY"}],
                "parameters": {"outputDimensionality": 256},
            }),
            vec!["truncate", "user"],
        ),
        (
            Wire::Cohere,
            "x",
            json!({
                "model": "x", "texts": ["a", "b"], "input_type": "search_query", "embedding_types": ["float"],
                "output_dimension": 256, "truncate": "END",
            }),
            vec!["user"],
        ),
        (
            Wire::BedrockCohere,
            "x",
            json!({
                "texts": ["a", "b"], "input_type": "search_query", "embedding_types": ["float"], "output_dimension": 256,
                "truncate": "END",
            }),
            vec!["user"],
        ),
    ] {
        let (bodies, losses) = written(&request, wire, model);
        assert_eq!(bodies, [body], "{wire:?}");
        assert_eq!(losses, lost, "{wire:?}");
    }
}

#[test]
fn providers_that_take_one_text_are_called_for_each() {
    let request = openai(json!({"model": "m", "input": ["a", "b"]}));
    let titan = [json!({"inputText": "a"}), json!({"inputText": "b"})];
    assert_eq!(written(&request, Wire::BedrockTitan, "amazon.titan-embed-text-v2:0").0, titan);
    let vertex = [json!({"instances": [{"content": "a"}]}), json!({"instances": [{"content": "b"}]})];
    assert_eq!(written(&request, Wire::VertexPredict, "gemini-embedding-001").0, vertex);
    let newer =
        [json!({"content": {"parts": [{"text": "a"}]}}), json!({"content": {"parts": [{"text": "b"}]}})];
    assert_eq!(written(&request, Wire::VertexEmbed, "gemini-embedding-2").0, newer);
    let nova = &written(&request, Wire::BedrockNova, "amazon.nova-2-multimodal-embeddings-v1:0").0[1];
    assert_eq!(nova["singleEmbeddingParams"]["text"]["value"], "b");
}

#[test]
fn many_texts_are_divided_and_their_answers_joined_in_order() {
    let texts: Vec<String> = (0..250).map(|n| n.to_string()).collect();
    let request = openai(json!({"model": "m", "input": texts}));
    let (bodies, _) = written(&request, Wire::Gemini, "gemini-embedding-001");
    let sizes: Vec<usize> = bodies.iter().map(|body| body["requests"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [100, 100, 50]);
    let answers = bodies.iter().map(|body| {
        let values = body["requests"].as_array().unwrap().iter().map(|one| {
            let number: u64 = one["content"]["parts"][0]["text"].as_str().unwrap().parse().unwrap();
            json!({"values": [number]})
        });
        let answer =
            json!({"embeddings": values.collect::<Vec<_>>(), "usageMetadata": {"promptTokenCount": 100}});
        read_answer(Wire::Gemini, answer.to_string().as_bytes()).unwrap()
    });
    let merged = merge(answers, &request.asked).unwrap();
    assert_eq!(merged.usage.input, 300);
    let reply = replied(&merged, &request.asked);
    assert!((0..250).all(|n| reply["data"][n]["embedding"][0] == n && reply["data"][n]["index"] == n));
}

#[test]
fn a_missing_vector_is_a_failure() {
    let asked = openai(json!({"model": "m", "input": ["a", "b"]})).asked;
    let answer = read_answer(Wire::Gemini, br#"{"embeddings":[{"values":[1]}]}"#).unwrap();
    assert_eq!(merge([answer], &asked).unwrap_err().status, Some(502));
}

#[test]
fn gemini_callers_reach_other_providers() {
    let batch = json!({"requests": [
        {"model": "models/g", "content": {"parts": [{"text": "a"}]}, "taskType": "RETRIEVAL_DOCUMENT", "title": "T"},
        {"model": "models/g", "content": {"parts": [{"text": "b"}, {"text": "c"}]}, "taskType": "CLUSTERING", "outputDimensionality": 8},
    ]});
    let request = read_gemini_batch(batch, "g").unwrap();
    let (bodies, losses) = written(&request, Wire::Cohere, "x");
    assert_eq!(bodies.len(), 2, "one call for each purpose");
    assert_eq!(
        (&bodies[0]["input_type"], &bodies[1]["input_type"]),
        (&json!("search_document"), &json!("clustering"))
    );
    assert_eq!((&bodies[1]["texts"], &bodies[1]["output_dimension"]), (&json!(["b\nc"]), &json!(8)));
    assert_eq!(losses, ["title"]);
    let (bodies, losses) = written(&request, Wire::Openai { base64: false }, "x");
    assert_eq!(bodies[0], json!({"model": "x", "input": ["a"]}));
    assert_eq!(losses, ["taskType", "title"]);
    let answer = read_answer(
        Wire::Cohere,
        br#"{"embeddings":{"float":[[1.5],[2]]},"meta":{"billed_units":{"input_tokens":3}}}"#,
    );
    let reply = replied(&answer.unwrap(), &request.asked);
    assert_eq!(
        reply,
        json!({"embeddings": [{"values": [1.5]}, {"values": [2]}], "usageMetadata": {"promptTokenCount": 3}})
    );
}

#[test]
fn newer_gemini_models_read_the_task_in_the_text() {
    let text = |purpose: &str, title: Option<&str>| {
        let body = json!({"content": {"parts": [{"text": "a"}]}, "taskType": purpose, "title": title});
        let request = read_gemini(body, "g").unwrap();
        let (bodies, losses) = written(&request, Wire::Gemini, "gemini-embedding-2");
        assert!(losses.is_empty());
        assert_eq!(bodies[0]["requests"][0].as_object().unwrap().len(), 2);
        bodies[0]["requests"][0]["content"]["parts"][0]["text"].as_str().unwrap().to_owned()
    };
    assert_eq!(text("RETRIEVAL_QUERY", None), "task: search result | query: a");
    assert_eq!(text("RETRIEVAL_DOCUMENT", None), "title: none | text: a");
    assert_eq!(text("RETRIEVAL_DOCUMENT", Some("T")), "title: T | text: a");
    assert_eq!(text("TASK_TYPE_UNSPECIFIED", None), "a");
}

#[test]
fn images_go_where_they_are_understood() {
    let request = openai(json!({"model": "m", "input": [
        {"image": "data:image/png;base64,AAAA"},
        {"content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "https://x/y.png"}}]},
    ]}));
    let one = openai(json!({"model": "m", "input": [{"image": "AAAA"}]}));
    let data = "data:image/png;base64,AAAA";
    assert_eq!(written(&one, Wire::Jina, "x").0[0]["input"], json!([{"image": data}]));
    let (bodies, _) = written(&request, Wire::Cohere, "embed-v4.0");
    assert_eq!(
        bodies[0]["inputs"],
        json!([
            {"content": [{"type": "image_url", "image_url": {"url": data}}]},
            {"content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "https://x/y.png"}}]},
        ])
    );
    let alone = &written(&one, Wire::BedrockCohere, "cohere.embed-english-v3").0[0];
    assert_eq!((&alone["images"], &alone["input_type"]), (&json!([data]), &json!("image")));
    let (bodies, _) = written(&request, Wire::Gemini, "gemini-embedding-2");
    let parts = &bodies[0]["requests"][1]["content"]["parts"];
    assert_eq!(*parts, json!([{"text": "a"}, {"fileData": {"fileUri": "https://x/y.png"}}]));
    assert_eq!(
        written(&one, Wire::BedrockTitan, "amazon.titan-embed-image-v1").0[0],
        json!({"inputImage": "AAAA"})
    );
    assert!(refused(&request, Wire::Openai { base64: true }, "x").contains("text alone"));
    assert!(refused(&request, Wire::BedrockTitan, "amazon.titan-embed-text-v2:0").contains("text alone"));
}

#[test]
fn token_ids_go_to_openai_alone() {
    for (input, ids) in [(json!([1, 2]), json!([[1, 2]])), (json!([[1, 2], [3]]), json!([[1, 2], [3]]))] {
        let request = openai(json!({"model": "m", "input": input}));
        assert_eq!(written(&request, Wire::Openai { base64: false }, "x").0[0]["input"], ids);
        for wire in [Wire::Gemini, Wire::Cohere, Wire::Voyage, Wire::BedrockTitan, Wire::VertexPredict] {
            assert!(refused(&request, wire, "x").contains("send text"), "{wire:?}");
        }
    }
}

#[test]
fn numbers_other_than_floats_are_asked_for_where_they_are_made() {
    let request = openai(json!({"model": "m", "input": "a", "output_dtype": "int8"}));
    assert_eq!(written(&request, Wire::Voyage, "x").0[0]["output_dtype"], "int8");
    assert_eq!(written(&request, Wire::Cohere, "x").0[0]["embedding_types"], json!(["int8"]));
    assert_eq!(written(&request, Wire::Gemini, "x").1, ["output_dtype"]);
    let answer = read_answer(Wire::Cohere, br#"{"embeddings":{"float":[],"int8":[[-128,127]]}}"#).unwrap();
    assert_eq!(replied(&answer, &request.asked)["data"][0]["embedding"], json!([-128, 127]));
}

#[test]
fn every_form_of_answer_is_read() {
    for (wire, body, numbers, tokens) in [
        (
            Wire::Openai { base64: false },
            r#"{"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":"AACAPw=="}],"usage":{"prompt_tokens":5,"total_tokens":5}}"#,
            vec!["[1.0]", "[2]"],
            5,
        ),
        (
            Wire::Voyage,
            r#"{"data":[{"embedding":[1],"index":0}],"usage":{"total_tokens":6}}"#,
            vec!["[1]"],
            6,
        ),
        (
            Wire::VertexPredict,
            r#"{"predictions":[{"embeddings":{"statistics":{"truncated":false,"token_count":6.0},"values":[1]}}],"metadata":{"billableCharacterCount":11}}"#,
            vec!["[1]"],
            6,
        ),
        (
            Wire::VertexEmbed,
            r#"{"embedding":{"values":[1]},"usageMetadata":{"promptTokenCount":2}}"#,
            vec!["[1]"],
            2,
        ),
        (
            Wire::Cohere,
            r#"{"embeddings":[[1],[2]],"meta":{"billed_units":{"input_tokens":1.0,"image_tokens":4}}}"#,
            vec!["[1]", "[2]"],
            5,
        ),
        (
            Wire::BedrockTitan,
            r#"{"embedding":[1],"embeddingsByType":{"float":[1]},"inputTextTokenCount":3}"#,
            vec!["[1]"],
            3,
        ),
        (Wire::BedrockNova, r#"{"embeddings":[{"embeddingType":"TEXT","embedding":[1]}]}"#, vec!["[1]"], 0),
    ] {
        let answer = read_answer(wire, body.as_bytes()).unwrap();
        let read: Vec<_> = answer.vectors.iter().map(Vector::numbers).collect();
        assert_eq!(
            (read, answer.usage.input),
            (numbers.into_iter().map(Into::into).collect(), tokens),
            "{body}"
        );
    }
}

#[test]
fn answers_without_vectors_are_failures() {
    for (body, words) in [
        (r#"{"error":{"message":"no","code":"x"}}"#, "no"),
        (r#"{"detail":"too long"}"#, "too long"),
        ("<html>", "no vectors"),
        ("{}", "no vectors"),
        (r#"{"data":[]}"#, "no vectors"),
        (r#"{"data":[{"embedding":null}]}"#, "no vectors"),
        (r#"{"data":[{"embedding":{"a":1}}]}"#, "no vectors"),
        (r#"{"data":"x"}"#, "no vectors"),
        (r#"{"embeddings":{"float":7}}"#, "no vectors"),
    ] {
        let error = read_answer(Wire::Cohere, body.as_bytes()).unwrap_err();
        assert!(error.message.contains(words), "{body}: {error:?}");
    }
}

#[test]
fn fields_of_wrong_type_are_named() {
    for (body, field) in [
        (json!({"input": "a"}), "model"),
        (json!({"model": "m"}), "input"),
        (json!({"model": "m", "input": []}), "input"),
        (json!({"model": "m", "input": [1, -2]}), "input"),
        (json!({"model": "m", "input": ["a", null]}), "input[1]"),
        (json!({"model": "m", "input": [{"x": 1}]}), "input[0].text"),
        (json!({"model": "m", "input": "a", "dimensions": "1"}), "dimensions"),
        (json!({"model": "m", "input": "a", "encoding_format": "x"}), "encoding_format"),
    ] {
        assert_eq!(read_openai(body.clone()).unwrap_err().param.as_deref(), Some(field), "{body}");
    }
    let error = read_gemini_batch(json!({"requests": [{"content": {"parts": []}}]}), "g").unwrap_err();
    assert_eq!(error.param.as_deref(), Some("requests[0].content.parts"));
}

#[test]
fn recorded_answers_keep_every_number_in_either_form() {
    let sets = [
        ("openai", "/embeddings", Wire::Openai { base64: true }),
        ("azure-openai", "/embeddings", Wire::Openai { base64: true }),
        ("mistral", "/embeddings", Wire::Mistral),
        ("gemini", ":batchEmbedContents", Wire::Gemini),
        ("cohere", "/v2/embed", Wire::Cohere),
    ];
    for (provider, path, wire) in sets {
        for exchange in exchanges(provider, path) {
            let name = exchange.name;
            let answer = read_answer(wire, exchange.answer.as_bytes()).unwrap();
            let recorded: Value = serde_json::from_str(&exchange.answer).unwrap();
            let lists = [&recorded["data"], &recorded["embeddings"], &recorded["embeddings"]["float"]];
            let list = lists.into_iter().find_map(Value::as_array).unwrap();
            assert_eq!(answer.vectors.len(), list.len(), "{name}");
            for (vector, item) in answer.vectors.iter().zip(list) {
                let place = [&item["embedding"], &item["values"], item]
                    .into_iter()
                    .find(|value| !value.is_null())
                    .unwrap();
                let again: Value = serde_json::from_str(&vector.numbers()).unwrap();
                match place {
                    Value::String(base64) => assert_eq!(vector.base64(), *base64, "{name}"),
                    numbers => assert_eq!(again, *numbers, "{name}"),
                }
            }
            let told = [
                &recorded["usage"]["prompt_tokens"],
                &recorded["usageMetadata"]["promptTokenCount"],
                &recorded["meta"]["billed_units"]["input_tokens"],
            ];
            let told = told.into_iter().find_map(Value::as_u64).unwrap_or_default();
            assert_eq!(answer.usage.input, told, "{name}");
        }
    }
}

#[test]
fn recorded_requests_are_written_back_as_they_were() {
    for provider in ["openai", "azure-openai", "mistral"] {
        for exchange in exchanges(provider, "/embeddings") {
            let request = openai(exchange.request.clone());
            let is_base64 = request.asked.form == Form::Openai { base64: true };
            let wire = if provider == "mistral" { Wire::Mistral } else { Wire::Openai { base64: is_base64 } };
            let (bodies, losses) = written(&request, wire, exchange.request["model"].as_str().unwrap());
            let mut wanted = exchange.request;
            if wanted["input"].is_string() {
                wanted["input"] = json!([wanted["input"]]);
            }
            assert_eq!((bodies, losses.is_empty()), (vec![wanted], true), "{}", exchange.name);
        }
    }
    for exchange in exchanges("gemini", ":batchEmbedContents") {
        let model = exchange.request["requests"][0]["model"].as_str().unwrap().trim_start_matches("models/");
        let request = read_gemini_batch(exchange.request.clone(), model).unwrap();
        assert_eq!(
            written(&request, Wire::Gemini, model).0,
            vec![exchange.request.clone()],
            "{}",
            exchange.name
        );
    }
}
