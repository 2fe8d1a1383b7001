//! Ranks: documents in the order in which they fit a query.
//!
//! [`read_request`] -> [`Request`] -> [`write_request`] -> [`read_answer`] -> [`write_answer`].

mod answer;
mod request;
#[cfg(test)]
mod tests;
mod write;

pub use answer::{Answer, Rank, read_answer, write_answer};
pub use request::{Asked, Request, read_request};
pub use write::write_request;

/// A provider's form of ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wire {
    /// Cohere's `POST /v2/rerank`.
    Cohere,
    /// Jina's `POST /v1/rerank`, which many servers have: `SiliconFlow`, vLLM, llama.cpp, Infinity, Xinference.
    Jina,
    /// Voyage's `POST /v1/rerank`.
    Voyage,
    /// Google's ranking API, of Discovery Engine.
    Vertex,
    /// Cohere's and Amazon's models on Bedrock.
    Bedrock,
}
