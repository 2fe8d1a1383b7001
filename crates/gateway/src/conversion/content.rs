//! Generated content in another dialect than the caller's.

use std::sync::Arc;

use http::response::Parts;
use roundhouse_llm::UpstreamError;
use roundhouse_llm::convert::{self, Asked, Form, Names, StreamConversion};
use roundhouse_llm::dialect::Dialect;
use roundhouse_llm::generation::Losses;

use super::Edges;
use crate::stream::Reading;

/// How the answer of a call that went out in another dialect comes back.
#[derive(Debug)]
pub(crate) struct Conversion {
    edges: Edges,
    form: Form,
    asked: Arc<Asked>,
    names: Names,
}

impl Conversion {
    /// The way back of a call whose answer comes in `form`.
    pub(crate) fn new(form: Form, asked: Arc<Asked>, names: Names, losses: Losses) -> Self {
        let own_headers: &[&str] = match form.dialect {
            Dialect::Messages => &["anthropic-"],
            Dialect::Chat | Dialect::Completions | Dialect::Responses => &["openai-"],
            _ => &[],
        };
        let accept = if asked.stream { "text/event-stream, */*" } else { "application/json" };
        Self { edges: Edges::new(own_headers, accept, losses), form, asked, names }
    }

    /// What changes beside the body.
    pub(crate) fn edges(&self) -> &Edges {
        &self.edges
    }

    /// Whether the caller wants a stream.
    pub(crate) fn is_streamed(&self) -> bool {
        self.asked.stream
    }

    /// Reads a stream.
    pub(crate) fn reading(&self) -> Reading {
        Reading::Converted(Box::new(StreamConversion::new(self.form, &self.asked, self.names.clone())))
    }

    /// Turns a whole answer into the caller's: a document, or a stream where one was asked for.
    ///
    /// # Errors
    /// What the provider said, where the answer is an error in spite of its status.
    pub(crate) fn whole(&self, body: &[u8]) -> Result<convert::Converted, UpstreamError> {
        if self.asked.stream {
            return StreamConversion::of_whole(self.form, body, &self.asked, self.names.clone());
        }
        convert::answer(self.form, body, &self.asked, &self.names)
    }

    /// The head of the caller's answer.
    pub(crate) fn head(&self, parts: Parts) -> Parts {
        let is_events = self.asked.stream && !self.asked.is_array;
        self.edges.head(parts, if is_events { "text/event-stream" } else { "application/json" })
    }
}
