//! Events as chunks of a stream.

mod state;

use std::io::Write;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::details::Detail;
use super::wire::{self, AudioOut, CallOut, FunctionOut, ImageOut};
use super::{finish, usage};
use crate::convert::Asked;
use crate::generation::{Event, Usage};
use crate::{ErrorShape, Operation, UpstreamError, errors};
use state::State;

/// The most alternatives: readers make no more.
const MOST_CHOICES: usize = 128;

/// Writes the events of a stream.
#[derive(Debug)]
pub(crate) struct StreamWriter {
    asked: Arc<Asked>,
    /// What every chunk begins with.
    head: Vec<u8>,
    choices: Vec<State>,
    usage: Option<Usage>,
    is_over: bool,
}

/// What a chunk adds to an alternative.
#[derive(Default, Serialize)]
struct Delta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Content::is_absent")]
    content: Content<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_content: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasoning_details: Vec<Detail<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_calls: Option<[CallOut<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    function_call: Option<FunctionOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotations: Option<[Value; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio: Option<AudioOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    images: Option<[ImageOut<'a>; 1]>,
}

/// The content of a delta, which may be null.
#[derive(Clone, Copy, Default, Serialize)]
#[serde(untagged)]
enum Content<'a> {
    #[default]
    Absent,
    Null,
    Text(&'a str),
}

#[derive(Serialize)]
struct ChoiceOut<'a> {
    index: u32,
    delta: Delta<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logprobs: Option<Value>,
    finish_reason: Option<&'static str>,
}

impl StreamWriter {
    /// A writer for the answer to a request.
    pub(crate) fn new(asked: Arc<Asked>) -> Self {
        Self { asked, head: Vec::new(), choices: Vec::new(), usage: None, is_over: false }
    }

    /// Appends what an event comes to.
    pub(crate) fn event(&mut self, event: Event, out: &mut Vec<u8>) {
        if self.is_over {
            return;
        }
        match event {
            Event::Start { id, created, .. } => self.start(id.as_deref(), created),
            Event::Usage(usage) => self.usage = Some(usage),
            Event::Failed(error) => self.fail(&error, out),
            Event::End => self.end(out),
            // What only other dialects know, or what stands in annotations already.
            Event::Extra(_) => {}
            Event::Open { choice, .. }
            | Event::Delta { choice, .. }
            | Event::Close { choice, .. }
            | Event::Logprobs { choice, .. }
            | Event::Finish { choice, .. } => self.of_choice(choice, event, out),
        }
    }

    fn of_choice(&mut self, choice: u32, event: Event, out: &mut Vec<u8>) {
        if self.head.is_empty() {
            self.start(None, None);
        }
        let index = (choice as usize).min(MOST_CHOICES - 1);
        if self.choices.len() <= index {
            self.choices.reserve_exact(index + 1 - self.choices.len());
            self.choices.resize_with(index + 1, State::default);
        }
        let Self { asked, head, choices, .. } = self;
        let mut chunks = Chunks { asked, head, choice, out };
        choices[index].take(event, &mut chunks);
    }

    fn start(&mut self, id: Option<&str>, created: Option<i64>) {
        let head = serde_json::json!({
            "id": wire::id(id, &self.asked),
            "object": "chat.completion.chunk",
            "created": created.unwrap_or(self.asked.created),
            "model": self.asked.model,
        });
        let head = head.to_string();
        self.head = format!("data: {},\"choices\":[", head.trim_end_matches('}')).into_bytes();
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        if let Some(usage) = self.usage.filter(|_| self.asked.wants_usage) {
            if self.head.is_empty() {
                self.start(None, None);
            }
            out.extend_from_slice(&self.head);
            out.extend_from_slice(b"],\"usage\":");
            append(out, &usage::Wire::from(&usage));
            out.extend_from_slice(b"}\n\n");
        }
        out.extend_from_slice(b"data: [DONE]\n\n");
        self.is_over = true;
    }

    fn fail(&mut self, error: &UpstreamError, out: &mut Vec<u8>) {
        let shape = ErrorShape {
            status: error.status.unwrap_or(502),
            code: error.code.as_deref().or(error.kind.as_deref()).unwrap_or("upstream_error"),
            message: &error.message,
            param: None,
            request_id: &self.asked.id,
        };
        out.extend_from_slice(&errors::stream_error(Operation::ChatCompletions, &shape, 0));
        self.is_over = true;
    }
}

impl Content<'_> {
    const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// Where the chunks of one alternative go.
struct Chunks<'a> {
    asked: &'a Asked,
    head: &'a [u8],
    choice: u32,
    out: &'a mut Vec<u8>,
}

impl Chunks<'_> {
    fn delta(&mut self, delta: Delta<'_>) {
        self.write(&ChoiceOut { index: self.choice, delta, logprobs: None, finish_reason: None });
    }

    fn call(&mut self, call: CallOut<'_>) {
        self.delta(Delta { tool_calls: Some([call]), ..Delta::default() });
    }

    fn logprobs(&mut self, value: Value) {
        let (index, delta) = (self.choice, Delta::default());
        self.write(&ChoiceOut { index, delta, logprobs: Some(value), finish_reason: None });
    }

    fn finish(&mut self, reason: &'static str) {
        let (index, delta) = (self.choice, Delta::default());
        self.write(&ChoiceOut { index, delta, logprobs: None, finish_reason: Some(reason) });
    }

    fn write(&mut self, choice: &ChoiceOut<'_>) {
        self.out.extend_from_slice(self.head);
        append(self.out, choice);
        let tail: &[u8] = if self.asked.wants_usage { b"],\"usage\":null}\n\n" } else { b"]}\n\n" };
        self.out.extend_from_slice(tail);
    }
}

/// Appends JSON.
fn append(out: &mut Vec<u8>, value: &impl Serialize) {
    let before = out.len();
    if serde_json::to_writer(out.by_ref(), value).is_err() {
        // Writing to memory does not fail; half a value must not be sent all the same.
        out.truncate(before);
        out.extend_from_slice(b"null");
    }
}
