//! What is converted: requests, answers and streams of each dialect.

use roundhouse_llm::Operation;
use roundhouse_llm::dialect::Dialect;
use serde_json::{Value, json};

fn tool_schema() -> Value {
    json!({ "type": "object", "properties": {
        "city": { "type": "string", "description": "The city and its country" },
        "unit": { "type": "string", "enum": ["celsius", "fahrenheit"] },
        "days": { "type": "integer" },
    }, "required": ["city"] })
}

/// A request of about 4 KB with a system prompt, a tool, a call and its result.
pub(crate) fn request(dialect: Dialect) -> (Operation, Value) {
    let text = "The quick brown fox jumps over the lazy dog. ".repeat(35);
    let (name, about) = ("get_weather", "Says what the weather is like.");
    match dialect {
        Dialect::Responses => (
            Operation::Responses,
            json!({ "model": "m", "instructions": "Be brief.", "stream": true, "temperature": 0.5,
                "tools": [{ "type": "function", "name": name, "description": about, "parameters": tool_schema() }],
                "input": [
                    { "role": "user", "content": [{ "type": "input_text", "text": text }] },
                    { "type": "function_call", "call_id": "call_1", "name": name, "arguments": "{\"city\":\"Bern\"}" },
                    { "type": "function_call_output", "call_id": "call_1", "output": text },
                    { "role": "user", "content": "And tomorrow?" },
                ] }),
        ),
        Dialect::Messages => (
            Operation::Messages,
            json!({ "model": "m", "max_tokens": 1000, "system": "Be brief.", "stream": true, "temperature": 0.5,
                "tools": [{ "name": name, "description": about, "input_schema": tool_schema() }],
                "messages": [
                    { "role": "user", "content": text },
                    { "role": "assistant", "content": [{ "type": "tool_use", "id": "toolu_1", "name": name, "input": { "city": "Bern" } }] },
                    { "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "toolu_1", "content": text },
                        { "type": "text", "text": "And tomorrow?" }] },
                ] }),
        ),
        Dialect::Gemini => (
            Operation::StreamGenerateContent,
            json!({ "systemInstruction": { "parts": [{ "text": "Be brief." }] }, "generationConfig": { "temperature": 0.5 },
                "tools": [{ "functionDeclarations": [{ "name": name, "description": about, "parameters": tool_schema() }] }],
                "contents": [
                    { "role": "user", "parts": [{ "text": text }] },
                    { "role": "model", "parts": [{ "functionCall": { "name": name, "args": { "city": "Bern" } } }] },
                    { "role": "user", "parts": [{ "functionResponse": { "name": name, "response": { "output": text } } },
                        { "text": "And tomorrow?" }] },
                ] }),
        ),
        _ => (
            Operation::ChatCompletions,
            json!({ "model": "m", "stream": true, "stream_options": { "include_usage": true }, "temperature": 0.5,
                "tools": [{ "type": "function", "function": { "name": name, "description": about, "parameters": tool_schema() } }],
                "messages": [
                    { "role": "system", "content": "Be brief." },
                    { "role": "user", "content": text },
                    { "role": "assistant", "content": null, "tool_calls": [{ "id": "call_1", "type": "function",
                        "function": { "name": name, "arguments": "{\"city\":\"Bern\"}" } }] },
                    { "role": "tool", "tool_call_id": "call_1", "content": text },
                    { "role": "user", "content": "And tomorrow?" },
                ] }),
        ),
    }
}

/// A whole answer of about 4 KB.
pub(crate) fn answer(dialect: Dialect) -> Vec<u8> {
    let text = "The quick brown fox jumps over the lazy dog.\n".repeat(80);
    let document = match dialect {
        Dialect::Responses => {
            json!({ "id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "model": "m",
            "output": [{ "type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
                "content": [{ "type": "output_text", "text": text, "annotations": [] }] }],
            "usage": { "input_tokens": 10, "output_tokens": 900, "total_tokens": 910 } })
        }
        Dialect::Messages => json!({ "id": "msg_1", "type": "message", "role": "assistant", "model": "m",
            "content": [{ "type": "text", "text": text }], "stop_reason": "end_turn", "stop_sequence": null,
            "usage": { "input_tokens": 10, "output_tokens": 900 } }),
        Dialect::Gemini => {
            json!({ "candidates": [{ "content": { "role": "model", "parts": [{ "text": text }] },
            "finishReason": "STOP", "index": 0 }], "modelVersion": "m", "responseId": "r",
            "usageMetadata": { "promptTokenCount": 10, "candidatesTokenCount": 900, "totalTokenCount": 910 } })
        }
        _ => json!({ "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
            "choices": [{ "index": 0, "message": { "role": "assistant", "content": text }, "finish_reason": "stop" }],
            "usage": { "prompt_tokens": 10, "completion_tokens": 900, "total_tokens": 910 } }),
    };
    document.to_string().into_bytes()
}

/// What opens a stream, and one event of its text.
pub(crate) fn stream(dialect: Dialect) -> (&'static str, &'static str) {
    match dialect {
        Dialect::Responses => (
            "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\
             \"object\":\"response\",\"status\":\"in_progress\",\"model\":\"m\",\"output\":[]}}\n\n\
             event: response.output_item.added\ndata: {\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":\
             {\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[]}}\n\n",
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":12,\"item_id\":\
             \"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\" token\",\"logprobs\":[],\"obfuscation\":\"abcdef\"}\n\n",
        ),
        Dialect::Messages => (
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\
             \"assistant\",\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\n\
             event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\
             \"text\":\"\"}}\n\n",
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\
             \"text\":\" token\"}}\n\n",
        ),
        Dialect::Gemini => (
            "",
            "data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"some words\"}],\"role\": \"model\"},\"index\": 0}],\
             \"usageMetadata\": {\"promptTokenCount\": 5,\"candidatesTokenCount\": 20,\"totalTokenCount\": 25},\"modelVersion\": \
             \"gemini-2.5-flash\",\"responseId\": \"abcdefghijkl\"}\r\n\r\n",
        ),
        _ => (
            "",
            "data: {\"id\":\"chatcmpl-B9\",\"object\":\"chat.completion.chunk\",\"created\":1741569952,\"model\":\"gpt-4o\",\
             \"service_tier\":\"default\",\"system_fingerprint\":\"fp_44\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token\"},\
             \"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n",
        ),
    }
}

/// A request with an image of 5 MB in base64.
pub(crate) fn image(dialect: Dialect) -> (Operation, Value) {
    let data = "iVBORw0KGgoAAAANSUhE".repeat(5_000_000 / 20);
    let (mime, text) = ("image/png", "What is this?");
    match dialect {
        Dialect::Responses => (
            Operation::Responses,
            json!({ "model": "m", "input": [{ "role": "user", "content": [{ "type": "input_text", "text": text },
                { "type": "input_image", "image_url": format!("data:{mime};base64,{data}") }] }] }),
        ),
        Dialect::Messages => (
            Operation::Messages,
            json!({ "model": "m", "max_tokens": 1000, "messages": [{ "role": "user", "content": [
                { "type": "image", "source": { "type": "base64", "media_type": mime, "data": data } },
                { "type": "text", "text": text }] }] }),
        ),
        Dialect::Gemini => (
            Operation::GenerateContent,
            json!({ "contents": [{ "role": "user", "parts": [{ "text": text },
                { "inlineData": { "mimeType": mime, "data": data } }] }] }),
        ),
        _ => (
            Operation::ChatCompletions,
            json!({ "model": "m", "messages": [{ "role": "user", "content": [{ "type": "text", "text": text },
                { "type": "image_url", "image_url": { "url": format!("data:{mime};base64,{data}") } }] }] }),
        ),
    }
}

/// A history of so many calls of a tool, each with its result.
pub(crate) fn calls(dialect: Dialect, count: usize) -> (Operation, Value) {
    let ids = (0..count).map(|number| format!("call_{number}"));
    match dialect {
        Dialect::Responses => {
            let call = |id| json!({ "type": "function_call", "call_id": id, "name": "f", "arguments": "{}" });
            let result = |id| json!({ "type": "function_call_output", "call_id": id, "output": "x" });
            let input: Vec<_> = ids.clone().map(call).chain(ids.map(result)).collect();
            (Operation::Responses, json!({ "model": "m", "input": input }))
        }
        Dialect::Messages => {
            let call = |id| json!({ "type": "tool_use", "id": id, "name": "f", "input": {} });
            let result = |id| json!({ "type": "tool_result", "tool_use_id": id, "content": "x" });
            let (made, answered): (Vec<_>, Vec<_>) =
                (ids.clone().map(call).collect(), ids.map(result).collect());
            let messages = json!([{ "role": "user", "content": "Go." }, { "role": "assistant", "content": made },
                { "role": "user", "content": answered }]);
            (Operation::Messages, json!({ "model": "m", "max_tokens": 1000, "messages": messages }))
        }
        Dialect::Gemini => {
            let call = |id| json!({ "functionCall": { "id": id, "name": "f", "args": {} } });
            let result =
                |id| json!({ "functionResponse": { "id": id, "name": "f", "response": { "output": "x" } } });
            // The last call is answered first, so that none is found at once.
            let (made, answered): (Vec<_>, Vec<_>) =
                (ids.clone().map(call).collect(), ids.rev().map(result).collect());
            let contents = json!([{ "role": "user", "parts": [{ "text": "Go." }] },
                { "role": "model", "parts": made }, { "role": "user", "parts": answered }]);
            (Operation::GenerateContent, json!({ "contents": contents }))
        }
        _ => {
            let call =
                |id| json!({ "id": id, "type": "function", "function": { "name": "f", "arguments": "{}" } });
            let result = |id| json!({ "role": "tool", "tool_call_id": id, "content": "x" });
            let made: Vec<_> = ids.clone().map(call).collect();
            let mut messages = vec![
                json!({ "role": "user", "content": "Go." }),
                json!({ "role": "assistant", "tool_calls": made }),
            ];
            messages.extend(ids.map(result));
            (Operation::ChatCompletions, json!({ "model": "m", "messages": messages }))
        }
    }
}
