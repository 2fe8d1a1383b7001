use serde_json::{Map, Value, json};

use super::asked;
use crate::dialect::gemini::{read_answer, write_answer};
use crate::generation::{
    Answer, Choice, Citation, Finish, Issuer, MediaKind, Part, Signature, Source, Text, Thought, ToolCall,
    Usage,
};

fn read(body: &Value) -> Answer {
    read_answer(body.to_string().as_bytes()).unwrap()
}

fn written(answer: &Answer) -> Value {
    serde_json::from_slice(&write_answer(answer, &asked(false))).unwrap()
}

#[test]
fn a_whole_answer_is_read_in_all_its_parts() {
    let answer = read(&json!({
        "candidates": [{ "index": 0, "finishReason": "STOP", "content": { "role": "model", "parts": [
            { "text": "hm", "thought": true },
            { "text": "Look: ", "thoughtSignature": "c2ln" }, { "text": "é" },
            { "inlineData": { "mimeType": "image/png", "data": "QUJD" } },
            { "inlineData": { "mimeType": "audio/L16;codec=pcm;rate=24000", "data": "AAAA" } },
            { "executableCode": { "code": "1" } },
            { "functionCall": { "name": "f", "args": { "a": 1 } }, "thoughtSignature": "cHJvb2Y=" },
            { "functionCall": { "name": "f", "args": { "a": 1 } } },
            { "functionCall": { "name": "g", "id": "x" } }] } }],
        "usageMetadata": { "promptTokenCount": 3, "candidatesTokenCount": 5, "serviceTier": "flex",
            "candidatesTokensDetails": [{ "modality": "IMAGE", "tokenCount": 4 }] },
        "modelVersion": "gemini-3", "responseId": "r", "createTime": "2026-11-01T00:00:00.5Z",
    }));
    assert_eq!((answer.id.as_deref(), answer.model.as_deref()), (Some("r"), Some("gemini-3")));
    assert_eq!((answer.created, answer.service_tier.as_deref()), (Some(1_793_491_200), Some("flex")));
    assert_eq!(answer.usage.unwrap().image_output, 4);
    let parts = &answer.choices[0].parts;
    let Part::Text(text) = &parts[1] else { panic!("{parts:?}") };
    assert_eq!(
        (text.text.as_str(), &text.signature),
        ("Look: é", &Some(Signature::new(Issuer::Gemini, "c2ln")))
    );
    let Part::Media(sound) = &parts[3] else { panic!("{parts:?}") };
    assert_eq!(
        (sound.kind, &sound.source),
        (MediaKind::Audio, &Source::Bytes { mime: "audio/pcm".into(), data: "AAAA".into() })
    );
    assert!(matches!((&parts[0], &parts[2], &parts[4]), (Part::Thought(_), Part::Media(_), Part::Native(_))));
    let calls: Vec<_> = parts
        .iter()
        .filter_map(|part| if let Part::ToolCall(call) = part { Some(call) } else { None })
        .collect();
    assert_eq!(
        (calls[0].arguments.as_str(), calls[2].arguments.as_str(), calls[2].id.as_str()),
        (r#"{"a":1}"#, "{}", "x")
    );
    assert_eq!(calls[0].signature, Some(Signature::new(Issuer::Gemini, "cHJvb2Y=")));
    assert_ne!(calls[0].id, calls[1].id);
    assert_eq!(answer.choices[0].finish, Some(Finish::ToolCalls));
}

#[test]
fn blanks_between_parts_of_arguments_go_and_those_within_stay() {
    let body = "{\n \"candidates\": [ { \"content\": { \"parts\": [ { \"functionCall\": { \"name\": \"f\",\n \"args\": {\n  \"a\": \"b \\\" c\\\\\",\n \"n\": 1.0 } } } ] } } ] }";
    let answer = read_answer(body.as_bytes()).unwrap();
    let Part::ToolCall(call) = &answer.choices[0].parts[0] else { panic!() };
    assert_eq!(call.arguments, r#"{"a":"b \" c\\","n":1.0}"#);
}

#[test]
fn answers_without_content_still_say_why() {
    let blocked = read(
        &json!({ "promptFeedback": { "blockReason": "PROHIBITED_CONTENT" }, "usageMetadata": { "promptTokenCount": 3 } }),
    );
    assert_eq!((blocked.choices[0].finish.clone(), blocked.choices.len()), (Some(Finish::ContentFilter), 1));
    assert_eq!(written(&blocked)["promptFeedback"]["blockReason"], "PROHIBITED_CONTENT");
    assert!(written(&blocked).get("candidates").is_none());
    for (reason, finish) in [
        ("MAX_TOKENS", Finish::Length),
        ("RECITATION", Finish::ContentFilter),
        ("MALFORMED_FUNCTION_CALL", Finish::Other("MALFORMED_FUNCTION_CALL".to_owned())),
        ("STOP", Finish::Stop),
    ] {
        let answer =
            read(&json!({ "candidates": [{ "finishReason": reason, "finishMessage": "m", "content": {} }] }));
        assert_eq!(answer.choices[0].finish, Some(finish));
        assert_eq!(written(&answer)["candidates"][0]["finishReason"], reason);
    }
    assert_eq!(read(&json!({})).choices.len(), 1);
}

#[test]
fn errors_in_good_answers_are_errors() {
    for body in [
        r#"{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}"#,
        r#"[{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}]"#,
    ] {
        let error = read_answer(body.as_bytes()).unwrap_err();
        assert_eq!((error.status, error.message.as_str()), (Some(429), "m"));
    }
    assert!(read_answer(b"<html><title>Bad gateway</title>").is_err());
    assert!(read_answer(b"").is_err());
}

#[test]
fn wrong_types_are_gone_over() {
    let answer = read(&json!({
        "candidates": [null, 1, { "index": "x", "content": { "parts": [null, { "text": 5 }, { "text": "ok", "thought": "no" }, "s",
            { "functionCall": null }, { "functionCall": { "name": 3, "args": [] } }, { "inlineData": 1 }] }, "finishReason": 7,
            "groundingMetadata": "x", "logprobsResult": 1 }],
        "usageMetadata": { "promptTokenCount": "12", "candidatesTokenCount": null, "promptTokensDetails": 3 },
        "modelVersion": 5, "createTime": "never", "promptFeedback": null,
    }));
    assert!(answer.choices[0].parts.iter().any(|part| part.as_text() == Some("ok")));
    assert_eq!(answer.usage.unwrap().tokens.input, 12);
}

#[test]
fn grounding_becomes_citations_and_citations_grounding() {
    let grounding = json!({
        "webSearchQueries": ["a", "b"],
        "groundingChunks": [{ "web": { "uri": "https://a.com", "title": "A" } }, { "web": { "uri": "https://b.com", "title": "B" } }],
        "groundingSupports": [{ "segment": { "startIndex": 3, "endIndex": 5, "text": "xy" }, "groundingChunkIndices": [0, 1] },
            { "segment": { "startIndex": 4, "endIndex": 99, "text": "zz" }, "groundingChunkIndices": [1, 7] }],
    });
    let answer = read(
        &json!({ "candidates": [{ "content": { "parts": [{ "text": "é xy" }] }, "groundingMetadata": grounding, "finishReason": "STOP" }] }),
    );
    let Part::Text(text) = &answer.choices[0].parts[0] else { panic!() };
    let places: Vec<_> = text
        .citations
        .iter()
        .map(|citation| (citation.url.as_deref().unwrap(), citation.start, citation.end))
        .collect();
    assert_eq!(
        places,
        [
            ("https://a.com", Some(2), Some(4)),
            ("https://b.com", Some(2), Some(4)),
            ("https://b.com", None, None)
        ]
    );
    assert_eq!(answer.usage, None);
    // Its own callers get what the provider said.
    assert_eq!(written(&answer)["candidates"][0]["groundingMetadata"], grounding);
    let foreign = Answer { extra: Map::new(), ..answer };
    let made = &written(&foreign)["candidates"][0]["groundingMetadata"];
    assert_eq!(made["groundingChunks"], grounding["groundingChunks"]);
    assert_eq!(
        made["groundingSupports"][0]["segment"],
        json!({ "startIndex": 3, "endIndex": 5, "text": "xy" })
    );
}

#[test]
fn an_answer_of_another_provider_is_written_as_clients_expect_it() {
    let proof = |issuer| Some(Signature::new(issuer, "s"));
    let call = ToolCall {
        id: "call_1".into(),
        name: "f".into(),
        arguments: r#"{"a":1}"#.into(),
        signature: proof(Issuer::Gemini),
        ..ToolCall::default()
    };
    let parts = vec![
        Part::Thought(Thought {
            text: "hm".into(),
            signature: proof(Issuer::Anthropic),
            ..Thought::default()
        }),
        Part::Text(Text {
            text: "t".into(),
            citations: vec![Citation { url: Some("https://a.com".into()), ..Citation::default() }],
            ..Text::default()
        }),
        Part::ToolCall(call),
    ];
    let usage = Usage {
        tokens: roundhouse_domain::TokenUsage {
            input: 10,
            output: 7,
            cached: 4,
            reasoning: 2,
            ..Default::default()
        },
        ..Usage::default()
    };
    let answer = Answer {
        choices: vec![
            Choice { parts, finish: Some(Finish::ToolCalls), logprobs: None },
            Choice { finish: Some(Finish::Length), ..Choice::default() },
        ],
        usage: Some(usage),
        ..Answer::default()
    };
    let body = written(&answer);
    assert_eq!((&body["modelVersion"], &body["responseId"]), (&json!("m"), &json!("r1")));
    let first = &body["candidates"][0];
    assert_eq!(
        first["content"]["parts"][0],
        json!({ "text": "hm", "thought": true, "thoughtSignature": "cmgxLmEucw==" })
    );
    assert_eq!(
        first["content"]["parts"][2],
        json!({ "functionCall": { "id": "call_1", "name": "f", "args": { "a": 1 } }, "thoughtSignature": "s" })
    );
    assert_eq!((&first["finishReason"], &first["content"]["role"]), (&json!("STOP"), &json!("model")));
    assert_eq!(first["groundingMetadata"]["groundingChunks"][0]["web"]["uri"], "https://a.com");
    assert_eq!(
        (&body["candidates"][1]["finishReason"], &body["candidates"][1]["index"]),
        (&json!("MAX_TOKENS"), &json!(1))
    );
    assert_eq!(body["usageMetadata"]["thoughtsTokenCount"], 2);
    assert_eq!(body["usageMetadata"]["candidatesTokenCount"], 5);
}
