//! Answers on their way: streams are looked at event by event, everything else when it is whole.
//!
//! Of each text of a stream its newest event waits until the next one has come, and so does the end of what was said, as far as a
//! pattern may still match there. What guardrails ask others about waits for the end of the stream.

mod channel;
mod events;
mod whole;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use roundhouse_domain::RequestId;
use roundhouse_domain::spec::Stage;
use roundhouse_llm::{Operation, texts};

pub(super) use self::events::Events;
use super::judge::{Note, Subject};
use super::{Blocked, Guards};
use crate::call::Prepared;
use crate::error::CallError;
use crate::gateway::Gateway;

/// Looks at one answer.
pub(crate) struct Screen {
    parts: Parts,
    form: Form,
    /// What is held until its end.
    kept: Vec<Bytes>,
    kept_bytes: u64,
    /// Too much came to be kept: it passes unseen.
    is_unseen: bool,
    notes: Vec<Note>,
}

/// What a screen knows of its call.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) gateway: Gateway,
    pub(crate) guards: Guards,
    pub(crate) operation: Operation,
    pub(crate) model: Arc<str>,
    pub(crate) access_key: Arc<str>,
    /// Bytes that are kept at the most.
    pub(crate) most_bytes: u64,
}

enum Form {
    /// Events, which pass when they were looked at.
    Passing(Events),
    /// Events, which all wait for a judgement of others.
    Waiting(Events),
    /// One document.
    Document,
}

/// A judgement of a whole answer, under way.
pub(crate) struct Checking(Pin<Box<dyn Future<Output = Checked> + Send + Sync>>);

impl Checking {
    fn new(work: impl Future<Output = Checked> + Send + Sync + 'static) -> Self {
        Self(Box::pin(work))
    }
}

impl Future for Checking {
    type Output = Checked;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Checked> {
        self.0.as_mut().poll(cx)
    }
}

impl std::fmt::Debug for Checking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Checking")
    }
}

/// A judgement of a whole answer.
pub(crate) struct Checked {
    /// What passes.
    pub(crate) outcome: Result<Vec<Bytes>, Blocked>,
    /// What was done to it.
    pub(crate) notes: Vec<Note>,
}

/// What is left to do when an answer has ended.
pub(crate) enum Finish {
    /// Nothing: this passes.
    Passed(Vec<Bytes>),
    /// A judgement.
    Checking(Checking),
}

impl Parts {
    /// What looks at the answer to `call`; none where nothing does.
    pub(crate) fn of(gateway: &Gateway, call: &Prepared) -> Option<Self> {
        if call.guards.is_empty() {
            return None;
        }
        let operation = call.operation.filter(|operation| texts::answers_have_any(*operation))?;
        let guards = call.guards.at(Stage::Answer);
        (!guards.is_empty()).then(|| Self {
            gateway: gateway.clone(),
            guards,
            operation,
            model: call.public_model.clone(),
            access_key: call.caller.name.clone(),
            most_bytes: call.snapshot.settings.max_inspected_body_bytes,
        })
    }

    /// Looks at an answer that is whole: a document, or all events of a stream.
    pub(crate) async fn check(self, body: Bytes, is_events: bool) -> Checked {
        if !is_events {
            return whole::check_document(self, body).await;
        }
        let mut screen = Screen::new(self, true);
        let looked = screen.pass(vec![body]).and_then(|passed| Ok((passed, screen.finish()?)));
        let mut notes = screen.notes();
        let outcome = match looked {
            Err(blocked) => Err(blocked),
            Ok((mut passed, Finish::Passed(rest))) => {
                passed.extend(rest);
                Ok(passed)
            }
            Ok((_, Finish::Checking(checking))) => {
                let checked = checking.await;
                notes.extend(checked.notes);
                checked.outcome
            }
        };
        Checked { outcome, notes }
    }

    fn subject(&self) -> Subject<'_> {
        Subject { stage: Stage::Answer, model: &self.model, access_key: &self.access_key }
    }
}

impl Screen {
    /// A screen for an answer, in server-sent events or in one document.
    pub(crate) fn new(parts: Parts, is_events: bool) -> Self {
        let form = if is_events {
            let events = Events::new(parts.guards.that_ask(false), parts.operation);
            if parts.guards.ask_others() { Form::Waiting(events) } else { Form::Passing(events) }
        } else {
            Form::Document
        };
        Self { parts, form, kept: Vec::new(), kept_bytes: 0, is_unseen: false, notes: Vec::new() }
    }

    /// Takes what has come, and returns what may pass now.
    ///
    /// # Errors
    /// When something must not pass.
    pub(crate) fn pass(&mut self, pieces: Vec<Bytes>) -> Result<Vec<Bytes>, Blocked> {
        if self.is_unseen {
            return Ok(pieces);
        }
        match &mut self.form {
            Form::Passing(events) => events.pass(&pieces, &mut self.notes),
            Form::Waiting(events) => {
                let passed = events.pass(&pieces, &mut self.notes)?;
                self.keep(passed)
            }
            Form::Document => self.keep(pieces),
        }
    }

    /// Takes note of the end.
    ///
    /// # Errors
    /// When something must not pass.
    pub(crate) fn finish(&mut self) -> Result<Finish, Blocked> {
        if self.is_unseen {
            return Ok(Finish::Passed(Vec::new()));
        }
        match &mut self.form {
            Form::Passing(events) => Ok(Finish::Passed(events.finish(&mut self.notes)?)),
            Form::Waiting(events) => {
                let rest = events.finish(&mut self.notes)?;
                self.kept.extend(rest);
                let stream = self.kept.concat();
                Ok(Finish::Checking(whole::check_stream(self.parts.clone(), stream)))
            }
            Form::Document => {
                let document = self.kept.concat().into();
                Ok(Finish::Checking(whole::check_document(self.parts.clone(), document)))
            }
        }
    }

    /// How the caller is told that the answer goes no further: by its protocol's error, as an event where events may have
    /// passed, else in the place of the document that has not.
    pub(crate) fn refusal(&self, error: &CallError, id: RequestId, sequence: u64) -> Bytes {
        let operation = self.parts.operation;
        if !matches!(self.form, Form::Document) {
            return error.event(operation, id, sequence);
        }
        let document = error.render(operation.protocol(), id).into_body();
        if operation == Operation::StreamGenerateContent {
            [b"[", &document[..], b"]"].concat().into()
        } else {
            document
        }
    }

    /// What was done to the answer so far.
    pub(crate) fn notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    fn keep(&mut self, pieces: Vec<Bytes>) -> Result<Vec<Bytes>, Blocked> {
        self.kept_bytes += pieces.iter().map(Bytes::len).sum::<usize>() as u64;
        self.kept.extend(pieces);
        if self.kept_bytes <= self.parts.most_bytes {
            return Ok(Vec::new());
        }
        if let Some(blocked) = self.parts.guards.unseen(Stage::Answer) {
            return Err(blocked);
        }
        self.is_unseen = true;
        Ok(std::mem::take(&mut self.kept))
    }
}

impl std::fmt::Debug for Screen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Screen").field("kept_bytes", &self.kept_bytes).finish_non_exhaustive()
    }
}
