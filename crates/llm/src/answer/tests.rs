use proptest::prelude::*;

use super::*;
use crate::Operation;

fn verdict_of(op: Operation, body: &str) -> Verdict {
    inspect(op, body.as_bytes()).verdict
}

fn usage_of(op: Operation, body: &str) -> (u64, u64) {
    let usage = inspect(op, body.as_bytes()).usage;
    (usage.input, usage.output)
}

#[test]
fn answers_with_content_are_good() {
    for (op, body) in [
        (
            Operation::ChatCompletions,
            r#"{"choices":[{"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}"#,
        ),
        (
            Operation::ChatCompletions,
            r#"{"choices":[{"message":{"content":null,"refusal":"no"},"finish_reason":"stop"}]}"#,
        ),
        (
            Operation::ChatCompletions,
            r#"{"choices":[{"message":{"content":"","reasoning_content":"hm"},"finish_reason":"stop"}]}"#,
        ),
        (
            Operation::ChatCompletions,
            r#"{"choices":[{"message":{"content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}}]}"#,
        ),
        (Operation::ChatCompletions, r#"{"choices":[{"message":{"content":""},"finish_reason":"length"}]}"#),
        (
            Operation::ChatCompletions,
            r#"{"choices":[{"message":{"content":"\ud83d"},"finish_reason":"stop"}]}"#,
        ),
        (Operation::Completions, r#"{"choices":[{"text":"\n","index":0,"finish_reason":"stop"}]}"#),
        (
            Operation::Responses,
            r#"{"id":"r","status":"completed","error":null,"output":[{"type":"message","content":[{"type":"output_text","text":"x"}]}]}"#,
        ),
        (Operation::Responses, r#"{"id":"r","status":"queued","output":[]}"#),
        (Operation::Responses, r#"{"id":"r","status":"incomplete","output":[]}"#),
        (
            Operation::Messages,
            r#"{"type":"message","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn"}"#,
        ),
        (
            Operation::Messages,
            r#"{"type":"message","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]}"#,
        ),
        (Operation::Messages, r#"{"type":"message","content":[],"stop_reason":"refusal"}"#),
        (
            Operation::GenerateContent,
            r#"{"candidates":[{"content":{"parts":[{"text":"x"}],"role":"model"},"finishReason":"STOP"}]}"#,
        ),
        (
            Operation::GenerateContent,
            r#"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}}}]}}]}"#,
        ),
        (Operation::GenerateContent, r#"{"candidates":[{"finishReason":"SAFETY"}]}"#),
        (Operation::GenerateContent, r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#),
        (Operation::Embeddings, r#"{"data":[]}"#),
        (Operation::CountTokens, r#"{"input_tokens":3}"#),
        (Operation::Speech, "ID3\u{4}"),
        (Operation::Transcriptions, "1\n00:00:00,000 --> 00:00:01,000\nhi"),
    ] {
        assert_eq!(verdict_of(op, body), Verdict::Ok, "{body}");
    }
}

#[test]
fn answers_that_say_nothing_are_empty() {
    for (op, body) in [
        (
            Operation::ChatCompletions,
            r#"{"choices":[{"message":{"role":"assistant","content":"","tool_calls":[]},"finish_reason":"stop"}]}"#,
        ),
        (Operation::ChatCompletions, r#"{"choices":[],"usage":{"prompt_tokens":1}}"#),
        (Operation::ChatCompletions, r#"{"choices":null}"#),
        (Operation::ChatCompletions, "{}"),
        (Operation::ChatCompletions, r#""ok""#),
        (Operation::Completions, r#"{"choices":[{"text":"","finish_reason":"stop"}]}"#),
        (Operation::Responses, r#"{"id":"r","status":"completed","output":[]}"#),
        (
            Operation::Responses,
            r#"{"status":"completed","output":[{"type":"message","id":"m","role":"assistant","status":"completed",
                "content":[{"type":"output_text","text":"","annotations":[]}]}]}"#,
        ),
        (
            Operation::Messages,
            r#"{"type":"message","role":"assistant","content":[],"stop_reason":"end_turn"}"#,
        ),
        (
            Operation::Messages,
            r#"{"type":"message","content":[{"type":"text","text":""}],"stop_reason":"end_turn"}"#,
        ),
        (
            Operation::GenerateContent,
            r#"{"candidates":[{"content":{"role":"model"},"finishReason":"STOP"}]}"#,
        ),
        (
            Operation::GenerateContent,
            r#"{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"abc"}]},"finishReason":"STOP"}]}"#,
        ),
        (Operation::GenerateContent, r#"{"usageMetadata":{"promptTokenCount":1}}"#),
    ] {
        assert_eq!(verdict_of(op, body), Verdict::Empty, "{body}");
    }
}

#[test]
fn errors_inside_good_answers_are_found() {
    for (op, body, status, message) in [
        (Operation::ChatCompletions, r#"{"error":{"message":"m","code":429}}"#, Some(429), "m"),
        (
            Operation::ChatCompletions,
            r#"{"base_resp":{"status_code":1008,"status_msg":"m"},"choices":null}"#,
            Some(402),
            "m",
        ),
        (
            Operation::ChatCompletions,
            r#"{"choices":[{"error":{"code":502,"message":"m"},"finish_reason":"error","message":{"content":""}}]}"#,
            Some(502),
            "m",
        ),
        (
            Operation::Responses,
            r#"{"id":"r","status":"failed","error":{"code":"server_error","message":"m"}}"#,
            Some(500),
            "m",
        ),
        (
            Operation::Messages,
            r#"{"type":"error","error":{"type":"overloaded_error","message":"m"}}"#,
            Some(529),
            "m",
        ),
        (
            Operation::GenerateContent,
            r#"[{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}]"#,
            Some(503),
            "m",
        ),
        (Operation::Embeddings, r#"{"error":"m"}"#, None, "m"),
    ] {
        let Verdict::Error(error) = verdict_of(op, body) else { panic!("{body}") };
        assert_eq!((error.status, error.message.as_str()), (status, message), "{body}");
    }
    assert_eq!(
        verdict_of(
            Operation::ChatCompletions,
            r#"{"base_resp":{"status_code":0},"choices":[{"message":{"content":"x"}}]}"#
        ),
        Verdict::Ok
    );
}

#[test]
fn what_is_not_json_is_told_apart() {
    for body in ["", "<html>", "{", r#"{"choices":[]}}"#, "data: {}"] {
        assert_eq!(verdict_of(Operation::ChatCompletions, body), Verdict::NotJson, "{body}");
    }
}

#[test]
fn usage_is_read_from_every_protocol() {
    assert_eq!(
        usage_of(
            Operation::ChatCompletions,
            r#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#
        ),
        (3, 4)
    );
    assert_eq!(
        usage_of(
            Operation::Responses,
            r#"{"status":"completed","usage":{"input_tokens":3,"output_tokens":4}}"#
        ),
        (3, 4)
    );
    assert_eq!(
        usage_of(
            Operation::Messages,
            r#"{"type":"message","usage":{"input_tokens":3,"cache_read_input_tokens":9,"output_tokens":4}}"#
        ),
        (12, 4)
    );
    assert_eq!(
        usage_of(
            Operation::GenerateContent,
            r#"{"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":4,"thoughtsTokenCount":5}}"#
        ),
        (3, 9)
    );
    assert_eq!(
        usage_of(Operation::Embeddings, r#"{"data":[],"usage":{"prompt_tokens":8,"total_tokens":8}}"#),
        (8, 0)
    );
    assert_eq!(usage_of(Operation::Rerank, r#"{"results":[],"usage":{"total_tokens":8}}"#), (8, 0));
    assert_eq!(usage_of(Operation::CountTokens, r#"{"input_tokens":8}"#), (0, 0));
}

#[test]
fn only_responses_are_stored_under_an_id() {
    let id = |op, body: &str| inspect(op, body.as_bytes()).response_id;
    assert_eq!(
        id(Operation::Responses, r#"{"id":"resp_1","status":"completed"}"#).as_deref(),
        Some("resp_1")
    );
    assert_eq!(id(Operation::ChatCompletions, r#"{"id":"chatcmpl-1","choices":[]}"#), None);
}

proptest! {
    #[test]
    fn any_bytes_are_inspected_without_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        for op in [Operation::ChatCompletions, Operation::Responses, Operation::Messages, Operation::GenerateContent, Operation::Speech] {
            inspect(op, &body);
            inspect(Wire::Converse, &body);
            inspect(Wire::Cohere, &body);
        }
    }
}

#[test]
fn answers_in_a_form_of_the_providers_own_are_judged() {
    let verdict = |wire, body: &str| inspect(wire, body.as_bytes()).verdict;
    for (wire, body) in [
        (
            Wire::Converse,
            r#"{"output":{"message":{"role":"assistant","content":[{"text":"x"}]}},"stopReason":"end_turn"}"#,
        ),
        (
            Wire::Converse,
            r#"{"output":{"message":{"content":[{"toolUse":{"toolUseId":"t","name":"f","input":{}}}]}},"stopReason":"tool_use"}"#,
        ),
        (Wire::Converse, r#"{"output":{"message":{"content":[]}},"stopReason":"guardrail_intervened"}"#),
        (
            Wire::Cohere,
            r#"{"id":"i","message":{"content":[{"type":"text","text":"x"}]},"finish_reason":"COMPLETE"}"#,
        ),
        (
            Wire::Cohere,
            r#"{"message":{"tool_calls":[{"id":"t","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"TOOL_CALL"}"#,
        ),
        (Wire::Cohere, r#"{"message":{"content":[]},"finish_reason":"MAX_TOKENS"}"#),
    ] {
        assert_eq!(verdict(wire, body), Verdict::Ok, "{body}");
    }
    for (wire, body) in [
        (
            Wire::Converse,
            r#"{"output":{"message":{"role":"assistant","content":[]}},"stopReason":"end_turn"}"#,
        ),
        (Wire::Converse, r#"{"output":{"message":{"content":[{"text":""}]}},"stopReason":"end_turn"}"#),
        (Wire::Converse, "{}"),
        (
            Wire::Cohere,
            r#"{"id":"i","message":{"role":"assistant","content":[]},"finish_reason":"COMPLETE"}"#,
        ),
        (Wire::Cohere, "{}"),
    ] {
        assert_eq!(verdict(wire, body), Verdict::Empty, "{body}");
    }
    for (wire, body, status) in [
        (Wire::Converse, r#"{"__type":"ThrottlingException","message":"m"}"#, Some(429)),
        (Wire::Converse, r#"{"message":"m"}"#, None),
        (Wire::Cohere, r#"{"id":"i","message":"m"}"#, None),
    ] {
        let Verdict::Error(error) = verdict(wire, body) else { panic!("{body}") };
        assert_eq!((error.status, error.message.as_str()), (status, "m"), "{body}");
    }
}
