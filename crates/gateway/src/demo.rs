//! The demo provider: a model that lives inside this process, needs no key and no network, and answers every
//! operation in its own protocol. The same request at the same time always gets the same answer.
//!
//! What it does is chosen by the model's name, by directives in the last text of the user, or by both; each takes an
//! argument where the table shows one, and several can be combined (`demo-slow-tool`, `[[slow]] [[long:500]]`).
//!
//! | model | directive | what happens |
//! |---|---|---|
//! | `demo` | | Says who it is, echoes what was asked, and what to try next; in Chinese when asked in Chinese. |
//! | `demo-slow` | `[[slow]]` | 2 s to the first token, then 200 ms a token. `[[slow:300]]`: 300 ms, then 30 ms. |
//! | `demo-long` | `[[long:500]]` | A text of that many tokens; 1,000 unless said, 100,000 at most in all answers together. |
//! | `demo-tool` | `[[tool:2]]` | Calls the forced, the fitting or the first tool; several tools at once with a number. |
//! | `demo-thinking` | `[[thinking]]` | Thinks aloud before it answers, as reasoning models do. |
//! | `demo-json` | `[[json]]` | Answers with a JSON object; with one that fits when the request brings a schema. |
//! | `demo-empty` | `[[empty]]` | Answers with no content. |
//! | `demo-silent` | `[[silent]]` | Never answers. |
//! | `demo-error` | `[[error:429]]` | Fails with that status (400 to 599); 500 unless said. |
//! | `demo-error-in-200` | `[[error-in-200]]` | Status 200, and an error instead of the answer. |
//! | `demo-error-in-stream` | `[[error-in-stream:5]]` | The protocol's error event after that many tokens, 3 unless said; status 500 where no stream was asked for. |
//! | `demo-cut` | `[[cut:3]]` | The connection breaks after that many tokens, 3 unless said; in the middle of an answer that is no stream. |
//! | `demo-flag` | `[[flag]]` | Moderation finds violence in the text. |
//!
//! Without a directive it still calls a tool where `tool_choice` forces one or the prompt speaks of one, and answers
//! the result of a tool with a text that cites it. A token is a short word or two wide characters: counts, limits and
//! stream events all use that measure.

mod answer;
mod ask;
mod audio;
mod behaviour;
mod body;
mod chat;
mod completions;
mod content;
mod embeddings;
mod failure;
mod fields;
mod form;
mod gemini;
mod images;
mod messages;
mod moderations;
mod play;
mod reply;
mod rerank;
mod responses;
mod sample;
mod seed;
mod stream;
mod text;
mod tools;
mod vector;
mod words;

use roundhouse_domain::Timestamp;
use roundhouse_llm::Operation;

pub use answer::{DemoAnswer, Step, Steps};
pub use body::{DemoBody, DemoCut, body, respond};

use self::fields::Read;
use self::play::Draft;
use self::seed::Seed;

/// The models that the demo provider lists.
pub const MODELS: &[&str] = &[
    "demo",
    "demo-slow",
    "demo-long",
    "demo-tool",
    "demo-thinking",
    "demo-json",
    "demo-empty",
    "demo-silent",
    "demo-error",
    "demo-error-401",
    "demo-error-429",
    "demo-error-in-200",
    "demo-error-in-stream",
    "demo-cut",
];

/// A request as the demo provider gets it.
#[derive(Clone, Copy, Debug)]
pub struct DemoRequest<'a> {
    /// What is asked for.
    pub operation: Operation,
    /// The upstream name of the model; chooses the behaviour.
    pub model: &'a str,
    /// The query of the request's address; `alt=sse` makes a stream of Gemini's server-sent events.
    pub query: Option<&'a str>,
    /// The request's body.
    pub body: &'a [u8],
    /// Its `Content-Type`; needed for forms.
    pub content_type: Option<&'a str>,
    /// The time that the answer bears.
    pub now: Timestamp,
}

/// Decides the whole answer to `request`; never waits, and takes whatever bytes it is given.
pub fn answer(request: &DemoRequest<'_>) -> DemoAnswer {
    let seed = Seed::of(request);
    match draft(request, &seed) {
        Ok(draft) => play::play(request, &seed, draft),
        Err(bad) => play::refuse(request, &seed, &bad),
    }
}

fn draft(request: &DemoRequest<'_>, seed: &Seed) -> Read<Draft> {
    match request.operation {
        Operation::ChatCompletions => chat::answer(request, seed),
        Operation::Completions => completions::answer(request, seed),
        Operation::Responses => responses::answer(request, seed),
        Operation::Messages => messages::answer(request, seed),
        Operation::CountTokens => messages::count(request),
        Operation::Embeddings => embeddings::openai(request),
        Operation::Rerank => rerank::answer(request, seed),
        Operation::Moderations => moderations::answer(request, seed),
        Operation::ImagesGenerations => images::generations(request),
        Operation::ImagesEdits => images::edits(request),
        Operation::Speech => audio::speech(request),
        Operation::Transcriptions => audio::transcriptions(request),
        Operation::Translations => audio::translations(request),
        Operation::GenerateContent => gemini::generate(request, seed),
        Operation::StreamGenerateContent => gemini::stream(request, seed),
        Operation::GeminiCountTokens => gemini::count(request),
        Operation::EmbedContent => embeddings::embed_content(request),
        Operation::BatchEmbedContents => embeddings::batch_embed_contents(request),
    }
}

#[cfg(test)]
mod tests;
