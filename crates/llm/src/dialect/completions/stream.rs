//! Streams.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::{ChoiceOut, id, reason};
use super::logprobs;
use crate::convert::Asked;
use crate::dialect::{Unreadable, chat};
use crate::generation::{Block, Delta, Event, Usage};
use crate::{ErrorShape, Operation, UpstreamError, errors};

/// The most alternatives: readers make no more.
const MOST_CHOICES: usize = 128;

/// Reads the events of a stream: chunks of this dialect differ from those of Chat Completions in `text` and `logprobs`.
#[derive(Debug, Default)]
pub(crate) struct StreamReader(chat::StreamReader);

impl StreamReader {
    /// Takes the data of one event, `[DONE]` included.
    ///
    /// # Errors
    /// When it is not JSON.
    pub(crate) fn event(&mut self, name: &[u8], data: &[u8], out: &mut Vec<Event>) -> Result<(), Unreadable> {
        let before = out.len();
        self.0.event(name, data, out)?;
        for event in &mut out[before..] {
            if let Event::Logprobs { value, .. } = event {
                *value = logprobs::read(value.take());
            }
        }
        Ok(())
    }

    /// Takes note that the bytes have ended.
    pub(crate) fn finish(&mut self, out: &mut Vec<Event>) {
        self.0.finish(out);
    }
}

/// Writes the events of a stream.
#[derive(Debug)]
pub(crate) struct StreamWriter {
    asked: Arc<Asked>,
    head: String,
    choices: Vec<State>,
    usage: Option<Usage>,
    is_over: bool,
}

/// How far an alternative has been written.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// Whether the block that is open is the answer's text.
    is_text: bool,
    /// Characters whose probabilities have been told.
    offset: usize,
}

impl StreamWriter {
    /// A writer for the answer to a request.
    pub(crate) fn new(asked: Arc<Asked>) -> Self {
        Self { asked, head: String::new(), choices: Vec::new(), usage: None, is_over: false }
    }

    /// Appends what an event comes to.
    pub(crate) fn event(&mut self, event: Event, out: &mut Vec<u8>) {
        if self.is_over {
            return;
        }
        match event {
            Event::Start { id, created, .. } => self.start(id.as_deref(), created),
            Event::Open { choice, kind, .. } => {
                self.state(choice).is_text = matches!(kind, Block::Text | Block::Refusal);
            }
            Event::Delta { choice, delta: Delta::Text(text), .. } if self.state(choice).is_text => {
                self.write(choice, &text, None, None, out);
            }
            Event::Logprobs { choice, value } => self.logprobs(choice, &value, out),
            Event::Finish { choice, finish } => self.write(choice, "", None, Some(reason(&finish)), out),
            Event::Usage(usage) => self.usage = Some(usage),
            Event::Failed(error) => self.fail(&error, out),
            Event::End => self.end(out),
            Event::Delta { .. } | Event::Close { .. } | Event::Extra(_) => {}
        }
    }

    fn state(&mut self, choice: u32) -> &mut State {
        let index = (choice as usize).min(MOST_CHOICES - 1);
        if self.choices.len() <= index {
            self.choices.resize_with(index + 1, State::default);
        }
        &mut self.choices[index]
    }

    fn start(&mut self, told: Option<&str>, created: Option<i64>) {
        let head = json!({
            "id": id(told, &self.asked),
            "object": "text_completion",
            "created": created.unwrap_or(self.asked.created),
            "model": self.asked.model,
        });
        let head = head.to_string();
        self.head = format!("data: {},\"choices\":", head.trim_end_matches('}'));
    }

    fn logprobs(&mut self, choice: u32, value: &Value, out: &mut Vec<u8>) {
        let state = self.state(choice);
        let told = logprobs::write(value, state.offset);
        let tokens = told["tokens"].as_array().into_iter().flatten();
        state.offset += tokens.filter_map(Value::as_str).map(|token| token.chars().count()).sum::<usize>();
        self.write(choice, "", Some(told), None, out);
    }

    fn write(
        &mut self,
        index: u32,
        text: &str,
        logprobs: Option<Value>,
        finish_reason: Option<&'static str>,
        out: &mut Vec<u8>,
    ) {
        let choice = ChoiceOut { text: Cow::Borrowed(text), index, logprobs, finish_reason };
        self.chunk(&serde_json::to_string(&[choice]).unwrap_or_default(), out);
    }

    fn chunk(&mut self, choices: &str, out: &mut Vec<u8>) {
        if self.head.is_empty() {
            self.start(None, None);
        }
        for piece in [&self.head, choices, "}\n\n"] {
            out.extend_from_slice(piece.as_bytes());
        }
    }

    fn fail(&mut self, error: &UpstreamError, out: &mut Vec<u8>) {
        let shape = ErrorShape {
            status: error.status.unwrap_or(502),
            code: error.code.as_deref().or(error.kind.as_deref()).unwrap_or("upstream_error"),
            message: &error.message,
            param: None,
            request_id: &self.asked.id,
        };
        out.extend_from_slice(&errors::stream_error(Operation::Completions, &shape, 0));
        self.is_over = true;
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        if let Some(usage) = self.usage.filter(|_| self.asked.wants_usage) {
            let usage = serde_json::to_string(&chat::usage::Wire::from(&usage)).unwrap_or_default();
            self.chunk(&format!("[],\"usage\":{usage}"), out);
        }
        out.extend_from_slice(b"data: [DONE]\n\n");
        self.is_over = true;
    }
}
