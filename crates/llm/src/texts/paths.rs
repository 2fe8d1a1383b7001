//! Where texts stand in each protocol's documents. The shapes are those that `dialect` and `tasks` read, with their sources there.

use super::Whose;
use crate::Operation;

/// Members on the way to a text, from the top.
pub(super) type Path = &'static [&'static str];

/// Every item of an array.
pub(super) const EACH: &str = "[]";

/// Every item of an array whose `role` is `user`, or that has none.
pub(super) const OF_USER: &str = "[user]";

const CHAT_USER: [Path; 2] =
    [&["messages", OF_USER, "content"], &["messages", OF_USER, "content", EACH, "text"]];

const CHAT_ALL: [Path; 2] = [&["messages", EACH, "content"], &["messages", EACH, "content", EACH, "text"]];

const RESPONSES_USER: [Path; 3] =
    [&["input"], &["input", OF_USER, "content"], &["input", OF_USER, "content", EACH, "text"]];

const RESPONSES_ALL: [Path; 6] = [
    &["instructions"],
    &["input"],
    &["input", EACH, "content"],
    &["input", EACH, "content", EACH, "text"],
    &["input", EACH, "output"],
    &["input", EACH, "output", EACH, "text"],
];

const MESSAGES_ALL: [Path; 6] = [
    &["system"],
    &["system", EACH, "text"],
    &["messages", EACH, "content"],
    &["messages", EACH, "content", EACH, "text"],
    &["messages", EACH, "content", EACH, "content"],
    &["messages", EACH, "content", EACH, "content", EACH, "text"],
];

const GEMINI_USER: [Path; 5] = [
    &["contents", OF_USER, "parts", EACH, "text"],
    &["contents", "parts", EACH, "text"],
    &["contents"],
    &["generateContentRequest", "contents", OF_USER, "parts", EACH, "text"],
    &["generate_content_request", "contents", OF_USER, "parts", EACH, "text"],
];

const GEMINI_ALL: [Path; 9] = [
    &["systemInstruction", "parts", EACH, "text"],
    &["systemInstruction", "parts", "text"],
    &["system_instruction", "parts", EACH, "text"],
    &["system_instruction", "parts", "text"],
    &["contents", EACH, "parts", EACH, "text"],
    &["contents", "parts", EACH, "text"],
    &["contents"],
    &["generateContentRequest", "contents", EACH, "parts", EACH, "text"],
    &["generate_content_request", "contents", EACH, "parts", EACH, "text"],
];

const PROMPT: [Path; 2] = [&["prompt"], &["prompt", EACH]];
const INPUT: [Path; 2] = [&["input"], &["input", EACH]];
const RERANK: [Path; 3] = [&["query"], &["documents", EACH], &["documents", EACH, "text"]];
const EMBED: [Path; 2] =
    [&["content", "parts", EACH, "text"], &["requests", EACH, "content", "parts", EACH, "text"]];

/// In a request. What is sent to be judged is left alone: it may be bad.
pub(super) fn of_request(operation: Operation, whose: Whose) -> &'static [Path] {
    let is_all = whose == Whose::All;
    match operation {
        Operation::ChatCompletions if is_all => &CHAT_ALL,
        Operation::Messages | Operation::CountTokens if is_all => &MESSAGES_ALL,
        Operation::ChatCompletions | Operation::Messages | Operation::CountTokens => &CHAT_USER,
        Operation::Responses if is_all => &RESPONSES_ALL,
        Operation::Responses => &RESPONSES_USER,
        Operation::GenerateContent | Operation::StreamGenerateContent | Operation::GeminiCountTokens
            if is_all =>
        {
            &GEMINI_ALL
        }
        Operation::GenerateContent | Operation::StreamGenerateContent | Operation::GeminiCountTokens => {
            &GEMINI_USER
        }
        Operation::Completions | Operation::ImagesGenerations | Operation::ImagesEdits => &PROMPT,
        Operation::Embeddings | Operation::Speech => &INPUT,
        Operation::Rerank => &RERANK,
        Operation::EmbedContent | Operation::BatchEmbedContents => &EMBED,
        Operation::Moderations | Operation::Transcriptions | Operation::Translations => &[],
    }
}

const CHAT: [Path; 6] = [
    &["choices", EACH, "message", "content"],
    &["choices", EACH, "message", "content", EACH, "text"],
    &["choices", EACH, "message", "refusal"],
    &["choices", EACH, "message", "reasoning_content"],
    &["choices", EACH, "message", "reasoning"],
    &["choices", EACH, "text"],
];

const RESPONSES: [Path; 3] = [
    &["output", EACH, "content", EACH, "text"],
    &["output", EACH, "content", EACH, "refusal"],
    &["output", EACH, "summary", EACH, "text"],
];

/// An array is Gemini's stream without server-sent events.
const GEMINI: [Path; 2] = [
    &["candidates", EACH, "content", "parts", EACH, "text"],
    &[EACH, "candidates", EACH, "content", "parts", EACH, "text"],
];

const MESSAGES: [Path; 1] = [&["content", EACH, "text"]];
const TRANSCRIPT: [Path; 2] = [&["text"], &["segments", EACH, "text"]];

/// In a whole answer.
pub(super) fn of_answer(operation: Operation) -> &'static [Path] {
    match operation {
        Operation::ChatCompletions | Operation::Completions => &CHAT,
        Operation::Responses => &RESPONSES,
        Operation::Messages => &MESSAGES,
        Operation::GenerateContent | Operation::StreamGenerateContent => &GEMINI,
        Operation::Transcriptions | Operation::Translations => &TRANSCRIPT,
        _ => &[],
    }
}

/// In the pieces that a stream brings a text in.
pub(super) const CHAT_DELTAS: [Path; 2] =
    [&["choices", EACH, "delta", "content"], &["choices", EACH, "text"]];
pub(super) const MESSAGES_DELTAS: [Path; 2] = [&["delta", "text"], &["content_block", "text"]];
pub(super) const RESPONSES_DELTAS: [Path; 1] = [&["delta"]];
pub(super) const GEMINI_DELTAS: [Path; 1] = [&["candidates", EACH, "content", "parts", EACH, "text"]];

/// In events of Responses that tell a whole text again.
pub(super) const RESPONSES_WHOLES: [Path; 10] = [
    &["text"],
    &["refusal"],
    &["part", "text"],
    &["part", "refusal"],
    &["item", "content", EACH, "text"],
    &["item", "content", EACH, "refusal"],
    &["item", "summary", EACH, "text"],
    &["response", "output", EACH, "content", EACH, "text"],
    &["response", "output", EACH, "content", EACH, "refusal"],
    &["response", "output", EACH, "summary", EACH, "text"],
];
