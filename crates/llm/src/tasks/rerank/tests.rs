use serde_json::{Value, json};

use super::*;
use crate::generation::Losses;
use crate::tasks::Stamp;
use crate::tasks::recorded::exchanges;
use crate::{Operation, target};

const RERANK: target::Wire = target::Wire::Operation(Operation::Rerank);

const STAMP: Stamp<'static> = Stamp { id: "r1", created: 1 };

fn written(request: &Request, wire: Wire, model: &str) -> (target::Wire, Value, Vec<String>) {
    let mut losses = Losses::default();
    let call = write_request(request, wire, model, &mut losses).unwrap();
    let lost = losses.iter().map(|(field, _)| field.to_owned()).collect();
    (call.wire, serde_json::from_slice(&call.body).unwrap(), lost)
}

fn asked(repeats: bool) -> Asked {
    let body = json!({"model": "m", "query": "q", "documents": ["a", {"text": "b"}, {"t": "c"}], "return_documents": repeats});
    read_request(body).unwrap().asked
}

#[test]
fn each_provider_gets_its_own_fields() {
    let request = read_request(json!({
        "model": "m", "query": "q", "documents": ["a", {"text": "b", "x": 1}, {"title": "T", "n": 1}], "top_n": 9,
        "return_documents": true, "max_tokens_per_doc": 100, "rank_fields": ["x"],
    }))
    .unwrap();
    let texts = json!(["a", "b", "title: T\nn: 1"]);
    for (wire, model, called, body, lost) in [
        (
            Wire::Cohere,
            "x",
            RERANK,
            json!({"model": "x", "query": "q", "top_n": 3, "documents": texts, "max_tokens_per_doc": 100}),
            vec!["rank_fields"],
        ),
        (
            Wire::Jina,
            "x",
            RERANK,
            json!({"model": "x", "query": "q", "top_n": 3, "documents": request.documents, "return_documents": false}),
            vec!["max_tokens_per_doc", "rank_fields"],
        ),
        (
            Wire::Voyage,
            "x",
            RERANK,
            json!({"model": "x", "query": "q", "top_k": 3, "documents": texts}),
            vec!["max_tokens_per_doc", "rank_fields"],
        ),
        (
            Wire::Vertex,
            "x",
            target::Wire::Rank,
            json!({
                "model": "x", "query": "q", "topN": 3, "ignoreRecordDetailsInResponse": true, "records": [
                    {"id": "0", "content": "a"}, {"id": "1", "content": "b"}, {"id": "2", "content": "title: T\nn: 1"},
                ],
            }),
            vec!["max_tokens_per_doc", "rank_fields"],
        ),
        (
            Wire::Bedrock,
            "cohere.rerank-v3-5:0",
            target::Wire::Invoke { stream: false },
            json!({"api_version": 2, "query": "q", "top_n": 3, "documents": texts}),
            vec!["max_tokens_per_doc", "rank_fields"],
        ),
        (
            Wire::Bedrock,
            "amazon.rerank-v1:0",
            target::Wire::Invoke { stream: false },
            json!({"query": "q", "top_n": 3, "documents": texts}),
            vec!["max_tokens_per_doc", "rank_fields"],
        ),
    ] {
        let lost = lost.into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(written(&request, wire, model), (called, body, lost), "{wire:?}");
    }
}

#[test]
fn images_are_ranked_by_jina_alone() {
    let request =
        read_request(json!({"model": "m", "query": "q", "documents": ["a", {"image": "https://x/y.png"}]}))
            .unwrap();
    assert_eq!(written(&request, Wire::Jina, "x").1["documents"][1]["image"], "https://x/y.png");
    let refused = write_request(&request, Wire::Cohere, "x", &mut Losses::default()).unwrap_err();
    assert_eq!(refused.param.as_deref(), Some("documents[1]"));
}

#[test]
fn every_form_of_answer_is_read() {
    for (body, tokens, units) in [
        (
            r#"{"id":"i","results":[{"index":2,"relevance_score":0.9},{"index":0,"relevance_score":0.1}],"meta":{"billed_units":{"search_units":1}}}"#,
            0,
            Some(1),
        ),
        (
            r#"{"model":"j","usage":{"total_tokens":5},"results":[{"index":0,"relevance_score":0.1,"document":{"text":"a"}},{"index":2,"relevance_score":0.9}]}"#,
            5,
            None,
        ),
        (
            r#"{"object":"list","data":[{"relevance_score":0.9,"index":2},{"relevance_score":0.1,"index":0}],"usage":{"total_tokens":7}}"#,
            7,
            None,
        ),
        (r#"{"records":[{"id":"2","score":0.9},{"id":"0","score":0.1}]}"#, 0, None),
        (
            r#"{"results":[{"index":2,"relevanceScore":0.9},{"index":0,"relevanceScore":0.1}],"meta":{"tokens":{"input_tokens":4.0}}}"#,
            4,
            None,
        ),
    ] {
        let answer = read_answer(body.as_bytes(), &asked(false)).unwrap();
        let ranks: Vec<_> = answer.ranks.iter().map(|rank| (rank.index, rank.score.to_string())).collect();
        assert_eq!(ranks, [(2, "0.9".to_owned()), (0, "0.1".to_owned())], "{body}");
        assert_eq!((answer.usage.input, answer.search_units), (tokens, units), "{body}");
    }
}

#[test]
fn replies_repeat_documents_when_asked() {
    let body = br#"{"results":[{"index":2,"relevance_score":3},{"index":0,"relevance_score":2},{"index":1,"relevance_score":1}]}"#;
    let answer = read_answer(body, &asked(false)).unwrap();
    let reply =
        |asked| -> Value { serde_json::from_slice(&write_answer(&answer, &asked, &STAMP).body).unwrap() };
    assert_eq!(
        reply(asked(false)),
        json!({
            "id": "r1", "model": "m", "meta": {"api_version": {"version": "2"}},
            "usage": {"prompt_tokens": 0, "total_tokens": 0}, "results": [
                {"index": 2, "relevance_score": 3}, {"index": 0, "relevance_score": 2}, {"index": 1, "relevance_score": 1},
            ],
        })
    );
    let results = &reply(asked(true))["results"];
    let documents = [&results[0]["document"], &results[1]["document"], &results[2]["document"]];
    assert_eq!(documents, [&json!({"t": "c"}), &json!({"text": "a"}), &json!({"text": "b"})]);
}

#[test]
fn no_more_are_told_than_were_wanted() {
    let mut asked = asked(false);
    asked.top_n = Some(1);
    let body = br#"{"results":[{"index":0,"relevance_score":0.1},{"index":1,"relevance_score":0.2}]}"#;
    let answer = read_answer(body, &asked).unwrap();
    assert_eq!(answer.ranks.iter().map(|rank| rank.index).collect::<Vec<_>>(), [1]);
}

#[test]
fn answers_without_ranks_are_failures() {
    for (body, words) in [
        (r#"{"message":"bad key"}"#, "bad key"),
        ("", "no ranks"),
        ("[]", "no ranks"),
        (r#"{"results":[{"index":3,"relevance_score":1}]}"#, "no ranks"),
        (r#"{"results":[{"index":-1,"relevance_score":1}]}"#, "no ranks"),
        (r#"{"results":[{"index":0}]}"#, "no ranks"),
        (r#"{"results":7}"#, "no ranks"),
    ] {
        let error = read_answer(body.as_bytes(), &asked(false)).unwrap_err();
        assert!(error.message.contains(words), "{body}: {error:?}");
    }
}

#[test]
fn fields_of_wrong_type_are_named() {
    for (body, field) in [
        (json!({"query": "q", "documents": ["a"]}), "model"),
        (json!({"model": "m", "documents": ["a"]}), "query"),
        (json!({"model": "m", "query": "q"}), "documents"),
        (json!({"model": "m", "query": "q", "documents": ["a", 1]}), "documents[1]"),
        (json!({"model": "m", "query": "q", "documents": ["a"], "top_n": -1}), "top_n"),
    ] {
        assert_eq!(read_request(body.clone()).unwrap_err().param.as_deref(), Some(field), "{body}");
    }
}

#[test]
fn recorded_exchanges_keep_their_meaning() {
    for exchange in exchanges("cohere", "/rerank") {
        let request = read_request(exchange.request.clone()).unwrap();
        let (_, body, losses) = written(&request, Wire::Cohere, exchange.request["model"].as_str().unwrap());
        for field in ["model", "query", "documents"] {
            assert_eq!(body[field], exchange.request[field], "{}", exchange.name);
        }
        assert!(losses.is_empty(), "{}: {losses:?}", exchange.name);
        let recorded: Value = serde_json::from_str(&exchange.answer).unwrap();
        let answer = read_answer(exchange.answer.as_bytes(), &request.asked).unwrap();
        let reply: Value =
            serde_json::from_slice(&write_answer(&answer, &request.asked, &STAMP).body).unwrap();
        assert_eq!(reply["id"], recorded["id"], "{}", exchange.name);
        assert_eq!(reply["meta"]["billed_units"], recorded["meta"]["billed_units"], "{}", exchange.name);
        for (ours, theirs) in
            reply["results"].as_array().unwrap().iter().zip(recorded["results"].as_array().unwrap())
        {
            assert_eq!(
                (&ours["index"], &ours["relevance_score"]),
                (&theirs["index"], &theirs["relevance_score"])
            );
        }
    }
}
