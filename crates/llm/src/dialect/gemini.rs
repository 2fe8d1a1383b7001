//! Google's `generateContent`, `streamGenerateContent` and `countTokens`, as Gemini's API and Vertex AI serve them.
//!
//! Sources: <https://ai.google.dev/api/generate-content>, <https://ai.google.dev/api/caching#Content>,
//! <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference>; 2026-11.

mod answer;
mod base64;
mod count;
mod fields;
mod finish;
mod ids;
mod model;
mod part;
mod request;
mod signature;
mod usage;

pub(crate) use answer::{StreamReader, StreamWriter, read_answer, write_answer};
pub(crate) use count::{read_count_answer, read_count_request, write_count_answer, write_count_request};
pub(crate) use request::{needs_bytes, read_request, write_request};

#[cfg(test)]
mod tests;
