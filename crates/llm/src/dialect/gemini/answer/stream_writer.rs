//! Writes a stream for the caller.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::part::{Content, Out, PCM};
use super::super::{finish, usage};
use super::chunk::{Beside, Candidate, Document};
use super::grounding::Grounding;
use super::logprobs;
use crate::convert::Asked;
use crate::dialect::Dialect;
use crate::generation::{Block, Citation, Delta, Event, Finish, Media, MediaKind, Source, ToolCall, Usage};
use crate::{ErrorShape, Protocol, UpstreamError, errors};

/// Writes a stream: server-sent events, or one JSON array.
#[derive(Debug)]
pub(crate) struct StreamWriter {
    asked: Arc<Asked>,
    id: Option<String>,
    model: Option<String>,
    choices: Vec<Choice>,
    usage: Option<Usage>,
    extra: Map<String, Value>,
    has_begun: bool,
    has_ended: bool,
}

/// What is known of one alternative.
#[derive(Debug, Default)]
struct Choice {
    block: Option<Open>,
    grounding: Grounding,
    logprobs: Option<Value>,
    finish: Option<Finish>,
}

/// A block that is open.
#[derive(Debug)]
enum Open {
    Text { text: String, citations: Vec<Citation> },
    Thought { is_redacted: bool },
    Call(ToolCall),
    Whole,
}

impl StreamWriter {
    /// Writes for the caller of a request.
    pub(crate) fn new(asked: Arc<Asked>) -> Self {
        Self {
            asked,
            id: None,
            model: None,
            choices: Vec::new(),
            usage: None,
            extra: Map::new(),
            has_begun: false,
            has_ended: false,
        }
    }

    /// Takes the next event, and appends what it comes to.
    pub(crate) fn event(&mut self, event: Event, out: &mut Vec<u8>) {
        if self.has_ended {
            return;
        }
        match event {
            Event::Start { id, model, .. } => (self.id, self.model) = (id, model),
            Event::Open { choice, kind, .. } => self.open(choice, kind, out),
            Event::Delta { choice, delta, .. } => self.delta(choice, delta, out),
            Event::Close { choice, .. } => self.close(choice, out),
            Event::Logprobs { choice, value } => merge(&mut self.choice(choice).logprobs, value),
            Event::Finish { choice, finish } => self.choice(choice).finish = Some(finish),
            Event::Usage(usage) => self.usage = Some(usage),
            Event::Extra(extra) => self.extra.extend(extra),
            Event::Failed(error) => self.fail(&error, out),
            Event::End => self.end(out),
        }
    }

    /// At most 128 alternatives, as readers make.
    fn choice(&mut self, choice: u32) -> &mut Choice {
        let index = choice.min(127) as usize;
        if self.choices.len() <= index {
            self.choices.reserve_exact(index + 1 - self.choices.len());
            self.choices.resize_with(index + 1, Choice::default);
        }
        &mut self.choices[index]
    }

    fn open(&mut self, choice: u32, kind: Block, out: &mut Vec<u8>) {
        let open = match kind {
            Block::Text | Block::Refusal => Open::Text { text: String::new(), citations: Vec::new() },
            Block::Thought { is_redacted, .. } => Open::Thought { is_redacted },
            Block::ToolCall { id, name, is_custom } => {
                Open::Call(ToolCall { id, name, is_custom, ..ToolCall::default() })
            }
            Block::Media(media) => {
                self.part(choice, Out::media(&media), out);
                Open::Whole
            }
            Block::Native(native) => {
                if native.dialect == Dialect::Gemini {
                    self.part(choice, Out::Native(&native.value), out);
                }
                Open::Whole
            }
            Block::Audio { .. } => Open::Whole,
        };
        self.choice(choice).block = Some(open);
    }

    fn delta(&mut self, choice: u32, delta: Delta, out: &mut Vec<u8>) {
        match (&mut self.choice(choice).block, delta) {
            (Some(Open::Text { text, .. }), Delta::Text(more)) => {
                text.push_str(&more);
                self.part(choice, Out::text(more.as_str()), out);
            }
            (Some(Open::Text { citations, .. }), Delta::Citation(citation)) => citations.push(citation),
            (Some(Open::Text { .. }), Delta::Signature(proof)) => {
                self.part(choice, Out::signed("", Some(&proof)), out);
            }
            (Some(Open::Thought { .. }), Delta::Text(more)) => {
                self.part(choice, Out::thought(&more, None, false), out);
            }
            (Some(Open::Thought { is_redacted }), Delta::Signature(proof)) => {
                let is_redacted = *is_redacted;
                self.part(choice, Out::thought("", Some(&proof), is_redacted), out);
            }
            (Some(Open::Call(call)), Delta::Arguments(more)) => call.arguments.push_str(&more),
            (Some(Open::Call(call)), Delta::Signature(proof)) => call.signature = Some(proof),
            (_, Delta::Audio(data)) => {
                let source = Source::Bytes { mime: PCM.to_owned(), data };
                self.part(choice, Out::media(&Media::new(MediaKind::Audio, source)), out);
            }
            // What is said in sound is not written beside it; nothing else belongs together.
            _ => {}
        }
    }

    fn close(&mut self, choice: u32, out: &mut Vec<u8>) {
        match self.choice(choice).block.take() {
            Some(Open::Call(call)) => {
                let id = (!call.id.is_empty()).then_some(call.id.as_str().into());
                self.part(choice, Out::call(&call, id), out);
            }
            Some(Open::Text { text, citations }) if !citations.is_empty() => {
                self.choice(choice).grounding.add(0, &text, &citations);
            }
            _ => {}
        }
    }

    fn part(&mut self, choice: u32, part: Out<'_>, out: &mut Vec<u8>) {
        let candidate = Candidate {
            content: Content { role: Some("model"), parts: vec![part] },
            finish_reason: None,
            finish_message: None,
            index: choice,
            grounding_metadata: None,
            logprobs_result: None,
            beside: Beside::default(),
        };
        self.begin(out);
        write(&self.document(vec![candidate], None), self.asked.is_array, out);
    }

    fn document<'a>(&'a self, candidates: Vec<Candidate<'a>>, usage_metadata: Option<Value>) -> Document<'a> {
        Document {
            candidates: (!candidates.is_empty()).then_some(candidates),
            prompt_feedback: None,
            usage_metadata,
            model_version: self.model.as_deref().unwrap_or(&self.asked.model),
            response_id: self.id.as_deref().unwrap_or(&self.asked.id),
        }
    }

    /// What stands before a document of an array.
    fn begin(&mut self, out: &mut Vec<u8>) {
        if self.asked.is_array {
            out.extend_from_slice(if self.has_begun { b",\r\n" } else { b"[" });
        }
        self.has_begun = true;
    }

    /// The last document: why it ended, and what it took.
    fn end(&mut self, out: &mut Vec<u8>) {
        self.has_ended = true;
        self.begin(out);
        let mut groundings: Vec<_> =
            self.choices.iter_mut().map(|choice| std::mem::take(&mut choice.grounding).finish()).collect();
        let feedback =
            self.extra.get("promptFeedback").filter(|_| !self.choices.iter().any(Choice::has_said));
        let candidates = self.choices.iter().enumerate().map(|(index, choice)| {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let (reason, message) = choice.finish.as_ref().map_or(("STOP", None), finish::write);
            Candidate {
                content: Content { role: Some("model"), parts: vec![Out::text("")] },
                finish_reason: Some(reason),
                finish_message: message,
                index,
                grounding_metadata: groundings.get_mut(index as usize).and_then(Option::take),
                logprobs_result: choice.logprobs.as_ref().map(logprobs::write),
                beside: Beside::of(&self.extra, index),
            }
            .settled()
        });
        let mut document = self.document(candidates.collect(), self.usage.as_ref().map(usage::write));
        document.prompt_feedback = feedback;
        write(&document, self.asked.is_array, out);
        if self.asked.is_array {
            out.push(b']');
        }
    }

    fn fail(&mut self, error: &UpstreamError, out: &mut Vec<u8>) {
        self.has_ended = true;
        let shape = ErrorShape {
            status: error.status.unwrap_or(502),
            code: error.code.as_deref().unwrap_or("upstream_error"),
            message: &error.message,
            param: None,
            request_id: &self.asked.id,
        };
        let body = errors::render(Protocol::Gemini, &shape);
        self.begin(out);
        if self.asked.is_array {
            out.extend_from_slice(&body);
            out.push(b']');
        } else {
            framed(out, |out| out.extend_from_slice(&body));
        }
    }
}

impl Choice {
    fn has_said(&self) -> bool {
        self.finish != Some(Finish::ContentFilter)
    }
}

fn write(document: &Document<'_>, is_array: bool, out: &mut Vec<u8>) {
    // Writing to memory texts, numbers and objects with text as names cannot fail.
    let put = |out: &mut Vec<u8>| drop(serde_json::to_writer(out, document));
    if is_array { put(out) } else { framed(out, put) }
}

fn framed(out: &mut Vec<u8>, put: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(b"data: ");
    let start = out.len();
    put(out);
    // Arguments stand as the model wrote them, line ends between their tokens included; those would end the event.
    out[start..].iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
    out.extend_from_slice(b"\r\n\r\n");
}

fn merge(known: &mut Option<Value>, more: Value) {
    let added = match more {
        Value::Object(mut fields) => fields.shift_remove("content"),
        _ => None,
    };
    let (Some(Value::Array(added)), known) = (added, known) else { return };
    match known.as_mut().and_then(|known| known["content"].as_array_mut()) {
        Some(tokens) => tokens.extend(added),
        None => *known = Some(serde_json::json!({ "content": added })),
    }
}
