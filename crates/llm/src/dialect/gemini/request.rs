//! Requests, both ways.

mod config;
pub(super) mod contents;
mod media;
mod places;
mod read;
mod read_config;
mod read_contents;
mod read_tools;
mod results;
mod thinking;
pub(super) mod tools;
mod write;

use roundhouse_domain::spec::Family;

pub(crate) use media::needs_bytes;
pub(super) use read::read_prompt;
pub(crate) use read::read_request;
pub(super) use write::Context;
pub(crate) use write::write_request;

/// Who serves the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// Gemini's API (`generativelanguage.googleapis.com`).
    Gemini,
    /// Vertex AI (`aiplatform.googleapis.com`).
    Vertex,
}

impl Host {
    /// Who serves the models of a provider.
    pub(super) const fn of(family: Family) -> Self {
        if matches!(family, Family::Vertex) { Self::Vertex } else { Self::Gemini }
    }
}
