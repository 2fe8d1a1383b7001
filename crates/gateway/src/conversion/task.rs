//! A task in a provider's own form.

use std::sync::Arc;

use bytes::Bytes;
use roundhouse_llm::UpstreamError;
use roundhouse_llm::convert::Stamp;
use roundhouse_llm::generation::Losses;
use roundhouse_llm::tasks::{Done, Form, Task};

use super::Edges;

/// How the answers of a task's requests become the caller's.
#[derive(Debug)]
pub(crate) struct TaskConversion {
    edges: Edges,
    task: Arc<Task>,
    form: Form,
    stamp: Stamp,
}

impl TaskConversion {
    /// The way back of a task that went out in `form`.
    pub(crate) fn new(task: Arc<Task>, form: Form, stamp: Stamp, losses: Losses) -> Self {
        Self { edges: Edges::new(&[], "application/json", losses), task, form, stamp }
    }

    /// What changes beside the body.
    pub(crate) fn edges(&self) -> &Edges {
        &self.edges
    }

    /// Joins the bodies of the good answers to all requests, in their order.
    ///
    /// # Errors
    /// What the provider said, where an answer is an error in spite of its status.
    pub(crate) fn join(&self, bodies: &[Bytes]) -> Result<Done, UpstreamError> {
        self.task.answer(self.form, bodies, &self.stamp)
    }
}
