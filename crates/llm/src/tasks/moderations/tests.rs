use serde_json::json;

use super::*;

const ANSWER: &str = r#"{"id":"mod-1","model":"mistral-moderation-2603","usage":{"prompt_tokens":9,"total_tokens":9},"results":[{
    "categories":{"sexual":false,"hate_and_discrimination":true,"dangerous":true,"criminal":false,"pii":true},
    "category_scores":{"sexual":0.1,"hate_and_discrimination":0.9,"dangerous":0.8,"criminal":0.2,"pii":0.7}}]}"#;

#[test]
fn categories_of_one_meaning_have_openais_name_and_others_their_own() {
    let answer = read_answer(ANSWER.as_bytes(), 1).unwrap();
    assert_eq!(answer.usage.input, 9);
    let reply = write_answer(&answer, "m", &Stamp { id: "x", created: 1 });
    let reply: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!((&reply["id"], &reply["model"]), (&json!("mod-1"), &json!("m")));
    let result = &reply["results"][0];
    assert_eq!(result["flagged"], true);
    for (category, is_broken, score, inputs) in [
        ("hate", true, json!(0.9), json!(["text"])),
        ("illicit", true, json!(0.8), json!(["text"])),
        ("sexual", false, json!(0.1), json!(["text"])),
        ("violence", false, json!(0.0), json!([])),
    ] {
        assert_eq!(result["categories"][category], is_broken, "{category}");
        assert_eq!(result["category_scores"][category], score, "{category}");
        assert_eq!(result["category_applied_input_types"][category], inputs, "{category}");
    }
    assert_eq!(
        (&result["categories"]["pii"], &result["category_scores"]["pii"]),
        (&json!(true), &json!(0.7))
    );
    assert!(CATEGORIES.iter().all(|name| result["categories"][name].is_boolean()));
}

#[test]
fn texts_are_asked_for_in_every_form() {
    for (input, texts) in [
        (json!("a"), vec!["a"]),
        (json!(["a", "b"]), vec!["a", "b"]),
        (json!([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]), vec!["a\nb"]),
    ] {
        let request = read_request(json!({"input": input, "safety_identifier": "u"})).unwrap();
        assert_eq!(request.model, "omni-moderation-latest");
        let mut losses = Losses::default();
        let call = write_request(&request, "x", &mut losses);
        let body: Value = serde_json::from_slice(&call.body).unwrap();
        assert_eq!(body, json!({"model": "x", "input": texts}));
        assert_eq!(losses.iter().map(|(field, _)| field).collect::<Vec<_>>(), ["safety_identifier"]);
    }
}

#[test]
fn images_and_nothing_are_refused() {
    let image = json!({"input": [{"type": "image_url", "image_url": {"url": "https://x"}}]});
    assert_eq!(read_request(image).unwrap_err().param.as_deref(), Some("input[0].type"));
    assert_eq!(read_request(json!({})).unwrap_err().param.as_deref(), Some("input"));
    assert_eq!(read_request(json!({"input": 1})).unwrap_err().param.as_deref(), Some("input"));
}

#[test]
fn answers_without_a_judgement_for_each_text_are_failures() {
    assert!(read_answer(ANSWER.as_bytes(), 2).is_err());
    for body in ["", "{}", r#"{"results":[{"categories":null}]}"#, r#"{"results":[null]}"#] {
        assert!(read_answer(body.as_bytes(), 1).unwrap_err().message.contains("no judgements"), "{body}");
    }
    assert_eq!(read_answer(br#"{"message":"no"}"#, 1).unwrap_err().message, "no");
}
