//! Whatever comes in, nothing panics, and everything ends.

use proptest::prelude::*;
use roundhouse_domain::spec::Family;
use roundhouse_llm::Operation;
use roundhouse_llm::catalogue::Facts;
use roundhouse_llm::convert::{self, Caller, Names, Stamp, StreamConversion};
use roundhouse_llm::dialect::{Dialect, Target};
use roundhouse_llm::profile;
use serde_json::{Value, json};

const CALLERS: [Operation; 6] = [
    Operation::ChatCompletions,
    Operation::Completions,
    Operation::Responses,
    Operation::Messages,
    Operation::GenerateContent,
    Operation::StreamGenerateContent,
];

const PROVIDERS: [Dialect; 7] = [
    Dialect::Chat,
    Dialect::Completions,
    Dialect::Responses,
    Dialect::Messages,
    Dialect::Gemini,
    Dialect::Converse,
    Dialect::Cohere,
];

const TARGETS: [(Dialect, Family, &str, &str); 12] = [
    (Dialect::Chat, Family::Openai, "gpt-5", "openai"),
    (Dialect::Chat, Family::OpenaiCompatible, "m", "mistral"),
    (Dialect::Chat, Family::OpenaiCompatible, "m", "deepseek"),
    (Dialect::Chat, Family::OpenaiCompatible, "m", "minimax"),
    (Dialect::Chat, Family::OpenaiCompatible, "m", "perplexity"),
    (Dialect::Completions, Family::Openai, "m", "openai"),
    (Dialect::Responses, Family::Openai, "gpt-5", "openai"),
    (Dialect::Messages, Family::Anthropic, "claude-sonnet-4-5", "openai"),
    (Dialect::Gemini, Family::Gemini, "gemini-3-pro", "openai"),
    (Dialect::Converse, Family::Bedrock, "amazon.nova-pro-v1:0", "openai"),
    (Dialect::Converse, Family::Bedrock, "anthropic.claude-sonnet-4-5", "openai"),
    (Dialect::Cohere, Family::Cohere, "command-a-03-2025", "openai"),
];

/// Names and words of all dialects, so that what is made at random gets somewhere.
const NAMES: &str = "model messages input contents prompt role content parts text type id name arguments tool_calls function \
    tool_call_id call_id output tools tool_choice parameters input_schema functionDeclarations functionCall functionResponse \
    response args tool_use tool_result tool_use_id source data media_type url image_url image document thinking signature \
    reasoning summary encrypted_content reasoning_content reasoning_details choices delta message index finish_reason usage \
    prompt_tokens candidates finishReason usageMetadata stop_reason content_block output_item item output_index content_index \
    system instructions generationConfig response_format json_schema schema toolUse toolResult toolUseId status error";

const WORDS: &str = "user assistant system developer tool model function text tool_use tool_result message function_call \
    function_call_output reasoning thinking image document input_text input_image output_text response.created \
    response.output_item.added response.output_text.delta response.completed message_start content_block_start content_block_delta \
    text_delta input_json_delta thinking_delta content_block_stop message_delta message_stop message-start content-delta \
    tool-call-start tool-call-delta message-end stop length tool_calls STOP end_turn json_schema object auto any required";

fn pick(from: &'static str) -> impl Strategy<Value = String> {
    prop::sample::select(from.split_whitespace().collect::<Vec<_>>()).prop_map(str::to_owned)
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        pick(WORDS).prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((pick(NAMES), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn stamp() -> Stamp {
    Stamp { id: "r1".to_owned(), created: 7 }
}

fn read(operation: Operation, body: &[u8]) -> Option<Caller> {
    Caller::read(operation, Some("m"), false, body, stamp()).ok()
}

fn asked(operation: Operation) -> Caller {
    let turns = json!([{ "role": "user", "content": "hi", "parts": [{ "text": "hi" }] }]);
    let body = json!({ "model": "m", "max_tokens": 9, "messages": turns, "input": "hi", "prompt": "hi", "contents": turns,
        "stream": true });
    read(operation, body.to_string().as_bytes()).unwrap()
}

fn convert_all(bytes: &[u8]) {
    for operation in CALLERS {
        if let Some(caller) = read(operation, bytes) {
            let facts = Facts::default();
            for (dialect, family, model, profile) in TARGETS {
                let target = Target { family, model, profile: profile::named(profile), facts: &facts };
                if let Ok(written) = caller.write(dialect, &target) {
                    assert!(serde_json::from_slice::<Value>(&written.body).is_ok());
                }
            }
        }
        let caller = asked(operation);
        for dialect in PROVIDERS {
            if let Ok(answer) = convert::answer(dialect, bytes, caller.asked(), &Names::default()) {
                assert!(serde_json::from_slice::<Value>(&answer.body).is_ok());
            }
            let mut conversion = StreamConversion::new(dialect, caller.asked(), Names::default());
            let (first, second) = bytes.split_at(bytes.len() / 2);
            let out = [conversion.push(first), conversion.push(second), conversion.finish()].concat();
            assert!(std::str::from_utf8(&out).is_ok());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_an_answer_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        convert_all(&bytes);
    }

    #[test]
    fn any_json_is_an_answer_or_an_error(mut body in any_json(), turns in any_json()) {
        if let Some(fields) = body.as_object_mut() {
            let turns = json!([turns]);
            for name in ["messages", "input", "contents", "choices", "candidates", "output", "content"] {
                fields.entry(name).or_insert_with(|| turns.clone());
            }
            fields.insert("model".to_owned(), "m".into());
        }
        convert_all(body.to_string().as_bytes());
    }

    #[test]
    fn any_events_are_a_stream_or_an_error(events in prop::collection::vec(any_json(), 0..12)) {
        let stream = events.iter().fold(String::new(), |stream, event| stream + "data: " + &event.to_string() + "\n\n");
        convert_all(stream.as_bytes());
    }
}
