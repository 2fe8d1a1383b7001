//! Streamed answers.

use std::sync::Arc;

use roundhouse_domain::TokenUsage;

use super::sniff::sniff;
use super::{Asked, Converted, Form, Names, whole};
use crate::UpstreamError;
use crate::dialect::{Dialect, Unreadable, chat, cohere, completions, converse, gemini, messages, responses};
use crate::estimate::Said;
use crate::generation::{Answer, Block, Collector, Delta, Event};
use crate::stream::Sink;
use crate::stream::framing::Framing;

/// What most events fit in.
const EVENT_BYTES: usize = 256;

/// Turns a stream of the provider's dialect into the caller's, and watches it go by.
///
/// The bytes may be cut anywhere. The work is linear in them.
#[derive(Debug)]
pub struct StreamConversion {
    framing: Framing,
    work: Work,
}

#[derive(Debug)]
struct Work {
    reader: Reader,
    /// Whether the first event has told whose they are.
    is_sure: bool,
    names: Names,
    writer: Writer,
    events: Vec<Event>,
    out: Vec<u8>,
    seen: Seen,
}

/// What came of the stream so far.
#[derive(Debug, Default)]
struct Seen {
    has_content: bool,
    is_complete: bool,
    usage: TokenUsage,
    failure: Option<UpstreamError>,
    said: Said,
}

#[derive(Debug)]
enum Reader {
    Chat(chat::StreamReader),
    Completions(completions::StreamReader),
    Responses(responses::StreamReader),
    Messages(messages::StreamReader),
    Gemini(gemini::StreamReader),
    Converse(converse::StreamReader),
    Cohere(cohere::StreamReader),
}

#[derive(Debug)]
enum Writer {
    Chat(chat::StreamWriter),
    Completions(completions::StreamWriter),
    Responses(Box<responses::StreamWriter>),
    Messages(Box<messages::StreamWriter>),
    Gemini(gemini::StreamWriter),
}

macro_rules! each {
    ($kind:ident($($variant:ident),*), $on:expr, $inner:ident => $call:expr) => {
        match $on { $($kind::$variant($inner) => $call),* }
    };
}

impl StreamConversion {
    /// From a stream in `form` to that of the caller.
    pub fn new(form: impl Into<Form>, asked: &Arc<Asked>, names: Names) -> Self {
        let form = form.into();
        let work = Work {
            reader: Reader::new(form),
            is_sure: false,
            names,
            writer: Writer::new(asked.clone()),
            events: Vec::new(),
            out: Vec::new(),
            seen: Seen::default(),
        };
        Self { framing: Framing::new(form.dialect.into()), work }
    }

    /// The stream that would have told a whole answer in `form`, as one body.
    ///
    /// # Errors
    /// When it is an error in spite of its status, or cannot be read.
    pub fn of_whole(
        form: impl Into<Form>,
        body: &[u8],
        asked: &Arc<Asked>,
        names: Names,
    ) -> Result<Converted, UpstreamError> {
        let form = form.into();
        let answer = whole::read(form, body)?;
        let is_empty = answer.is_empty();
        let mut conversion = Self::new(form, asked, names);
        conversion.work.events = answer.into_events();
        conversion.work.write();
        Ok(Converted { body: conversion.take(), usage: conversion.usage(), is_empty })
    }

    /// The answer that a stream tells.
    pub(super) fn collect(form: Form, body: &[u8]) -> Result<Answer, UpstreamError> {
        let mut gathering = Gathering { reader: Reader::new(form), is_sure: false, events: Vec::new() };
        let mut framing = Framing::new(form.dialect.into());
        framing.push(body, &mut gathering);
        framing.finish(&mut gathering);
        gathering.reader.finish(&mut gathering.events);
        let is_complete = gathering.events.iter().any(|event| matches!(event, Event::End | Event::Failed(_)));
        if !is_complete {
            let message = "the stream ended without an answer".to_owned();
            return Err(UpstreamError { message, ..UpstreamError::default() });
        }
        let mut collector = Collector::default();
        gathering.events.into_iter().for_each(|event| collector.push(event));
        collector.finish()
    }

    /// Takes the next bytes, cut anywhere, and returns what the caller gets for them; often nothing.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.framing.push(bytes, &mut self.work);
        self.take()
    }

    /// Takes note that the provider's bytes have ended, and returns the rest of what the caller gets.
    pub fn finish(&mut self) -> Vec<u8> {
        self.framing.finish(&mut self.work);
        self.work.reader.finish(&mut self.work.events);
        self.work.write();
        self.take()
    }

    /// Whether anything that a client could use has come.
    pub fn has_content(&self) -> bool {
        self.work.seen.has_content
    }

    /// An error that the stream itself told.
    pub fn failure(&self) -> Option<&UpstreamError> {
        self.work.seen.failure.as_ref()
    }

    /// Tokens so far, as the provider counted them.
    pub fn usage(&self) -> TokenUsage {
        self.work.seen.usage
    }

    /// What was said so far in tokens, about: for streams whose provider does not count them, or broke off before it did.
    pub fn said_tokens(&self) -> u64 {
        self.work.seen.said.tokens()
    }

    /// Whether the answer came to its end.
    pub fn is_complete(&self) -> bool {
        self.work.seen.is_complete
    }

    /// The number of the next event, where the caller's dialect numbers them.
    pub fn sequence(&self) -> u64 {
        match &self.work.writer {
            Writer::Responses(writer) => writer.sequence(),
            _ => 0,
        }
    }

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.work.out)
    }
}

impl Work {
    fn write(&mut self) {
        if !self.events.is_empty() && self.out.is_empty() {
            self.out.reserve(EVENT_BYTES);
        }
        for mut event in self.events.drain(..) {
            self.seen.note(&event);
            self.names.restore_event(&mut event);
            // The gateway tells what broke off, in words of its own, with the request's id.
            if !matches!(event, Event::Failed(_)) {
                self.writer.event(event, &mut self.out);
            }
        }
    }
}

impl Sink for Work {
    fn event(&mut self, name: &[u8], data: &[u8]) {
        if self.seen.failure.is_some() {
            return;
        }
        if !self.is_sure
            && let Some(dialect) = sniff(name, data)
        {
            self.is_sure = true;
            self.reader.become_of(dialect);
        }
        match self.reader.event(name, data, &mut self.events) {
            Ok(()) => {}
            // After the first content a broken event is passed over, as clients do; before it nobody can use the stream.
            Err(_) if self.seen.has_content => {}
            Err(Unreadable(why)) => {
                self.events.push(Event::Failed(UpstreamError { message: why, ..UpstreamError::default() }));
            }
        }
        self.write();
        // What can be used need not say whose it is.
        self.is_sure |= self.seen.has_content;
    }

    fn opaque(&mut self) {
        self.events.push(too_large());
        self.write();
    }

    fn whole(&mut self) {}
}

impl Seen {
    fn note(&mut self, event: &Event) {
        match event {
            Event::Delta { delta, .. } => {
                self.has_content |= is_content(delta);
                if let Delta::Text(text) | Delta::Arguments(text) | Delta::Transcript(text) = delta {
                    self.said.text(text);
                }
            }
            Event::Open { kind: Block::ToolCall { .. } | Block::Media(_) | Block::Native(_), .. } => {
                self.has_content = true;
            }
            Event::Usage(usage) => self.usage = usage.counted(),
            Event::Failed(error) => self.failure = Some(error.clone()),
            Event::End => self.is_complete = true,
            _ => {}
        }
    }
}

fn is_content(delta: &Delta) -> bool {
    match delta {
        Delta::Text(text) | Delta::Arguments(text) | Delta::Audio(text) | Delta::Transcript(text) => {
            !text.is_empty()
        }
        Delta::Signature(_) | Delta::Citation(_) => true,
    }
}

/// Gathers events without writing any.
struct Gathering {
    reader: Reader,
    is_sure: bool,
    events: Vec<Event>,
}

impl Sink for Gathering {
    fn event(&mut self, name: &[u8], data: &[u8]) {
        if !self.is_sure
            && let Some(dialect) = sniff(name, data)
        {
            self.is_sure = true;
            self.reader.become_of(dialect);
        }
        if let Err(Unreadable(why)) = self.reader.event(name, data, &mut self.events) {
            self.events.push(Event::Failed(UpstreamError { message: why, ..UpstreamError::default() }));
        }
    }

    fn opaque(&mut self) {
        self.events.push(too_large());
    }

    fn whole(&mut self) {}
}

fn too_large() -> Event {
    let message = "an event of the stream is too large to be converted".to_owned();
    Event::Failed(UpstreamError { message, ..UpstreamError::default() })
}

impl Reader {
    fn new(form: Form) -> Self {
        match form.dialect {
            Dialect::Chat if form.has_think_tags => Self::Chat(chat::StreamReader::splitting_thoughts()),
            Dialect::Chat => Self::Chat(chat::StreamReader::default()),
            Dialect::Completions => Self::Completions(completions::StreamReader::default()),
            Dialect::Responses => Self::Responses(responses::StreamReader::default()),
            Dialect::Messages => Self::Messages(messages::StreamReader::default()),
            Dialect::Gemini => Self::Gemini(gemini::StreamReader::default()),
            Dialect::Converse => Self::Converse(converse::StreamReader::default()),
            Dialect::Cohere => Self::Cohere(cohere::StreamReader::default()),
        }
    }

    /// Reads another dialect from now on, unless it does already.
    fn become_of(&mut self, dialect: Dialect) {
        if self.dialect() != dialect {
            *self = Self::new(dialect.into());
        }
    }

    const fn dialect(&self) -> Dialect {
        match self {
            Self::Chat(_) => Dialect::Chat,
            Self::Completions(_) => Dialect::Completions,
            Self::Responses(_) => Dialect::Responses,
            Self::Messages(_) => Dialect::Messages,
            Self::Gemini(_) => Dialect::Gemini,
            Self::Converse(_) => Dialect::Converse,
            Self::Cohere(_) => Dialect::Cohere,
        }
    }

    fn event(&mut self, name: &[u8], data: &[u8], out: &mut Vec<Event>) -> Result<(), Unreadable> {
        each!(Self(Chat, Completions, Responses, Messages, Gemini, Converse, Cohere), self, reader => reader.event(name, data, out))
    }

    fn finish(&mut self, out: &mut Vec<Event>) {
        each!(Self(Chat, Completions, Responses, Messages, Gemini, Converse, Cohere), self, reader => reader.finish(out));
    }
}

impl Writer {
    fn new(asked: Arc<Asked>) -> Self {
        match asked.dialect {
            Dialect::Completions => Self::Completions(completions::StreamWriter::new(asked)),
            Dialect::Responses => Self::Responses(Box::new(responses::StreamWriter::new(asked))),
            Dialect::Messages => Self::Messages(Box::new(messages::StreamWriter::new(asked))),
            Dialect::Gemini => Self::Gemini(gemini::StreamWriter::new(asked)),
            // Nobody asks in the last two.
            Dialect::Chat | Dialect::Converse | Dialect::Cohere => Self::Chat(chat::StreamWriter::new(asked)),
        }
    }

    fn event(&mut self, event: Event, out: &mut Vec<u8>) {
        each!(Self(Chat, Completions, Responses, Messages, Gemini), self, writer => writer.event(event, out));
    }
}
