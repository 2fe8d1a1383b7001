//! What a request costs in this crate: reading its body, and watching its answer go by.

#![allow(clippy::unwrap_used, reason = "a benchmark of broken input measures nothing")]

use bytes::Bytes;
use divan::Bencher;
use divan::counter::BytesCount;
use roundhouse_domain::spec::{BodyRules, ProviderKind};
use roundhouse_llm::target::{Api, Wire};
use roundhouse_llm::{Envelope, Operation, StreamMeter, answer, rules};

const CHUNK: &str = "data: {\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"object\":\"chat.completion.chunk\",\"created\":1741569952,\
    \"model\":\"gpt-4o-2024-08-06\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_44709d6fcb\",\"choices\":[{\"index\":0,\
    \"delta\":{\"content\":\" token\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n";
const GEMINI_CHUNK: &str = "data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"some words of an answer\"}],\"role\": \"model\"},\
    \"index\": 0}],\"usageMetadata\": {\"promptTokenCount\": 5,\"candidatesTokenCount\": 20,\"totalTokenCount\": 25,\"promptTokensDetails\":\
    [{\"modality\": \"TEXT\",\"tokenCount\": 5}]},\"modelVersion\": \"gemini-2.5-flash\",\"responseId\": \"abcdefghijkl\"}\r\n\r\n";
const MESSAGES_CHUNK: &str = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\
    \"text_delta\",\"text\":\" token\"}}\n\n";
const RESPONSES_CHUNK: &str = "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":12,\
    \"item_id\":\"msg_68c\",\"output_index\":0,\"content_index\":0,\"delta\":\" token\",\"logprobs\":[],\"obfuscation\":\"abcdef\"}\n\n";

fn main() {
    divan::main();
}

fn chat(messages: usize, text: &str) -> Bytes {
    let message = |_| serde_json::json!({ "role": "user", "content": text });
    let messages: Vec<_> = (0..messages).map(message).collect();
    let body = serde_json::json!({
        "model": "gpt-4o", "stream": true, "temperature": 0.7, "max_tokens": 1000, "user": "user-1", "messages": messages,
    });
    body.to_string().into()
}

fn bodies() -> [(&'static str, Bytes); 5] {
    [
        ("1 KB", chat(2, &"word ".repeat(85))),
        ("1 KB, many small fields", chat(18, "short")),
        ("100 KB English", chat(10, &"The quick brown fox jumps. ".repeat(380))),
        ("100 KB Chinese", chat(10, &"敏捷的棕色狐狸跳过了懒狗。".repeat(260))),
        ("100 KB code, many escapes", chat(10, &"    let value = \"text\";\n".repeat(380))),
    ]
}

#[divan::bench(args = bodies().map(|(name, _)| name))]
fn envelope_scan(bencher: Bencher, name: &str) {
    let (_, body) = bodies().into_iter().find(|(known, _)| *known == name).unwrap();
    bencher
        .counter(BytesCount::new(body.len()))
        .bench(|| Envelope::scan(divan::black_box(&body), Operation::ChatCompletions));
}

#[divan::bench]
fn envelope_with_model(bencher: Bencher) {
    let body = chat(2, "hi");
    let envelope = Envelope::scan(&body, Operation::ChatCompletions).unwrap();
    bencher.bench(|| envelope.with_model(divan::black_box(&body), "gpt-4o-mini").len());
}

#[divan::bench]
fn path_and_query() -> String {
    let kind = ProviderKind::Openai;
    let base_path = divan::black_box("/v1");
    let api =
        Api { kind, dialects: kind.dialects(), base_path, api_version: None, project: None, location: None };
    api.path_and_query(Wire::Operation(Operation::ChatCompletions), "gpt-4o", None)
}

#[divan::bench]
fn rules_on_1_kb(bencher: Bencher) {
    let body = chat(2, &"word ".repeat(85));
    let rules: BodyRules =
        serde_json::from_str(r#"{"set":{"temperature":1,"metadata":{"a":"b"}},"remove":["user"]}"#).unwrap();
    bencher.bench(|| rules::apply(&[&rules], divan::black_box(&body)));
}

#[divan::bench]
fn inspect_1_kb(bencher: Bencher) {
    let body = serde_json::json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o",
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": "word ".repeat(110), "refusal": null, "annotations": [] },
            "logprobs": null, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 19, "completion_tokens": 10, "total_tokens": 29,
            "prompt_tokens_details": { "cached_tokens": 0, "audio_tokens": 0 },
            "completion_tokens_details": { "reasoning_tokens": 0, "audio_tokens": 0 } },
    })
    .to_string();
    bencher
        .counter(BytesCount::new(body.len()))
        .bench(|| answer::inspect(Operation::ChatCompletions, divan::black_box(body.as_bytes())));
}

#[divan::bench]
fn inspect_embedding(bencher: Bencher) {
    let numbers: Vec<f64> = (1..1537).map(|n| (f64::from(n) * 0.7).sin() / 10.0).collect();
    let body = serde_json::json!({ "data": [{ "embedding": numbers }], "usage": { "prompt_tokens": 8 } })
        .to_string();
    bencher
        .counter(BytesCount::new(body.len()))
        .bench(|| answer::inspect(Operation::Embeddings, divan::black_box(body.as_bytes())));
}

/// The cost of one event in a stream of a thousand, each pushed alone.
#[divan::bench(args = ["chat", "responses", "messages", "gemini"])]
fn thousand_events(bencher: Bencher, protocol: &str) {
    let (op, chunk) = match protocol {
        "chat" => (Operation::ChatCompletions, CHUNK),
        "responses" => (Operation::Responses, RESPONSES_CHUNK),
        "messages" => (Operation::Messages, MESSAGES_CHUNK),
        _ => (Operation::StreamGenerateContent, GEMINI_CHUNK),
    };
    bencher.bench(|| {
        let mut meter = StreamMeter::new(op);
        for _ in 0..1_000 {
            meter.push(divan::black_box(chunk.as_bytes()));
        }
        meter.usage()
    });
}
