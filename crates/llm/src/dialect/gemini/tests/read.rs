use serde_json::{Value, json};

use super::read;
use crate::dialect::gemini::{read_count_request, read_request};
use crate::generation::{
    Effort, Format, Issuer, Part, Role, Signature, Source, Thought, Tool, ToolChoice, call_id,
};

#[test]
fn a_conversation_is_read_with_its_calls_and_results_in_place() {
    let request = read(json!({
        "system_instruction": { "parts": { "text": "be brief" } },
        "contents": [
            { "parts": [{ "text": "look" }, { "inline_data": { "mime_type": "image/png", "data": "-_8" } }] },
            { "role": "model", "parts": [
                { "text": "hm", "thought": true },
                { "functionCall": { "name": "f", "args": { "a": 1 } }, "thoughtSignature": "c2ln" },
                { "function_call": { "name": "f", "args": { "a": 2 }, "id": "two" } }] },
            { "role": "function", "parts": [
                { "text": "so" },
                { "functionResponse": { "name": "f", "response": { "output": "first" } } },
                { "functionResponse": { "name": "f", "id": "two", "response": { "error": "second" } } }] },
        ],
    }));
    let roles: Vec<_> = request.messages.iter().map(|message| message.role).collect();
    assert_eq!(roles, [Role::System, Role::User, Role::Assistant, Role::User]);
    let Part::Media(image) = &request.messages[1].parts[1] else { panic!() };
    assert_eq!(image.source, Source::Bytes { mime: "image/png".to_owned(), data: "+/8=".to_owned() });
    let Part::ToolCall(first) = &request.messages[2].parts[1] else { panic!() };
    assert_eq!(
        (first.arguments.as_str(), &first.signature),
        (r#"{"a":1}"#, &Some(Signature::new(Issuer::Gemini, "c2ln")))
    );
    let results: Vec<_> = request.messages[3]
        .parts
        .iter()
        .map(|part| match part {
            Part::ToolResult(result) => {
                (result.call_id.as_str(), result.parts[0].as_text().unwrap(), result.is_error)
            }
            other => ("", other.as_text().unwrap(), false),
        })
        .collect();
    assert_eq!(results, [(first.id.as_str(), "first", false), ("two", "second", true), ("", "so", false)]);
}

#[test]
fn ids_and_signatures_of_other_providers_come_out_again() {
    let proof = Signature::new(Issuer::Openai, "secret");
    let request = read(json!({ "contents": [{ "role": "model", "parts": [
        { "functionCall": { "name": "f", "id": call_id::pack("call_1", Some(&proof)) } }] },
        { "role": "user", "parts": [
        { "functionResponse": { "name": "f", "id": call_id::pack("call_1", Some(&proof)), "response": {} } }] }] }));
    let Part::ToolCall(call) = &request.messages[0].parts[0] else { panic!() };
    let Part::ToolResult(result) = &request.messages[1].parts[0] else { panic!() };
    assert_eq!(
        (call.id.as_str(), result.call_id.as_str(), &call.signature),
        ("call_1", "call_1", &Some(proof))
    );
}

#[test]
fn options_are_read_in_either_spelling() {
    let request = read(json!({
        "contents": [{ "parts": [{ "text": "x" }] }],
        "generation_config": {
            "stop_sequences": ["a"], "max_output_tokens": 9, "top_k": 40.0, "candidate_count": 2, "response_logprobs": true,
            "logprobs": 3, "thinking_config": { "thinking_level": "LOW", "include_thoughts": true },
            "response_mime_type": "application/json", "response_schema": { "type": "OBJECT", "properties": { "a": { "type": "STRING" } } },
            "mediaResolution": "MEDIA_RESOLUTION_LOW", "response_modalities": ["TEXT"],
            "speechConfig": { "voiceConfig": { "prebuiltVoiceConfig": { "voiceName": "Kore" } } },
        },
        "toolConfig": { "functionCallingConfig": { "mode": "ANY", "allowedFunctionNames": ["f"] } },
        "tools": [{ "functionDeclarations": [{ "name": "f", "description": null, "behavior": "BLOCKING",
            "parameters": { "type": "OBJECT", "properties": { "max_length": { "type": "INTEGER" } } } }] },
            { "googleSearch": {} }, { "fileSearch": {} }],
        "labels": { "team_name": "x" }, "cachedContent": "cachedContents/1", "serviceTier": "FLEX",
    }));
    assert_eq!(
        (request.stop, request.max_tokens, request.sampling.top_k),
        (vec!["a".to_owned()], Some(9), Some(40))
    );
    assert_eq!((request.answers, request.sampling.logprobs), (Some(2), Some(3)));
    let reasoning = request.reasoning.unwrap();
    assert_eq!((reasoning.effort, reasoning.include_thoughts), (Some(Effort::Low), Some(true)));
    let Some(Format::JsonSchema { schema, .. }) = request.format else { panic!() };
    assert_eq!(schema, json!({ "type": "object", "properties": { "a": { "type": "string" } } }));
    assert_eq!(request.tool_choice, Some(ToolChoice::Named("f".to_owned())));
    let Tool::Function(function) = &request.tools[0] else { panic!() };
    assert_eq!(function.parameters.as_ref().unwrap()["properties"]["max_length"]["type"], "integer");
    assert!(matches!((&request.tools[1], &request.tools[2]), (Tool::Server(_), Tool::Native(_))));
    assert_eq!(request.speech.unwrap().voice.as_deref(), Some("Kore"));
    assert_eq!(request.metadata["team_name"], "x");
    assert_eq!(request.service_tier.as_deref(), Some("flex"));
    assert_eq!(
        Value::Object(request.extra),
        json!({ "generationConfig.mediaResolution": "MEDIA_RESOLUTION_LOW", "cachedContent": "cachedContents/1" })
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    let user = json!([{ "parts": [{ "text": "x" }] }]);
    for (body, param) in [
        (json!({}), "contents"),
        (json!({ "contents": [{ "parts": [{ "text": 1 }] }] }), "contents[0].parts[0].text"),
        (json!({ "contents": [{ "role": "bot", "parts": [] }] }), "contents[0].role"),
        (
            json!({ "contents": [{ "parts": [{ "functionCall": {} }] }] }),
            "contents[0].parts[0].functionCall.name",
        ),
        (
            json!({ "contents": [{ "parts": [{ "inlineData": { "data": "" } }] }] }),
            "contents[0].parts[0].inlineData.mimeType",
        ),
        (json!({ "contents": user, "generationConfig": { "topP": "x" } }), "generationConfig.topP"),
        (
            json!({ "contents": user, "toolConfig": { "functionCallingConfig": { "mode": "X" } } }),
            "toolConfig.functionCallingConfig.mode",
        ),
        (
            json!({ "contents": user, "generationConfig": { "thinkingConfig": { "thinkingLevel": "X" } } }),
            "generationConfig.thinkingConfig.thinkingLevel",
        ),
    ] {
        let error = read_request(body.clone(), "m", false).unwrap_err();
        assert_eq!(error.param.as_deref(), Some(param), "{body}");
    }
    assert!(read_request(json!([]), "m", false).is_err());
}

#[test]
fn a_prompt_to_count_stands_at_the_root_or_in_a_whole_request() {
    let contents = json!([{ "parts": [{ "text": "x" }] }]);
    let bare = read_count_request(json!({ "contents": contents }), "m").unwrap();
    let inner = json!({ "generateContentRequest": { "model": "models/m", "contents": contents } });
    assert_eq!(read_count_request(inner, "m").unwrap().messages, bare.messages);
}

#[test]
fn pieces_that_a_stream_brought_are_one_turn_again() {
    let piece = |part: Value| json!({ "role": "model", "parts": [part] });
    let request = read(json!({ "contents": [
        { "role": "user", "parts": [{ "text": "q" }, { "text": "r" }] },
        piece(json!({ "text": "th", "thought": true })),
        piece(json!({ "text": "ink", "thought": true })),
        piece(json!({ "text": "", "thought": true, "thoughtSignature": "cmgxLmEuc2ln" })),
        piece(json!({ "text": "a" })),
        piece(json!({ "text": "b" })),
        piece(json!({ "functionCall": { "name": "f", "id": "x" } })),
        piece(json!({ "text": "" })),
    ] }));
    let thought = Part::Thought(Thought {
        text: "think".to_owned(),
        signature: Some(Signature::new(Issuer::Anthropic, "sig")),
        ..Thought::default()
    });
    assert_eq!(request.messages.iter().map(|message| message.parts.len()).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(request.messages[1].parts[..2], [thought, Part::text("ab")]);
}
