//! Streams of events, and the player that gives them pace and faults.

use std::iter::Peekable;
use std::time::Duration;

use bytes::Bytes;
use roundhouse_llm::{ErrorShape, Operation, errors};
use serde::Serialize;

use super::Step;
use super::behaviour::{Fault, Pace};
use super::failure::Failure;
use super::seed::Seed;

const STREAM_FAILS: &str = "The demo model was asked to fail in its stream.";

/// A stream of events, and how it says that it failed after so many of them.
pub(super) struct Stream {
    pub kind: &'static str,
    pub events: Events,
    pub error: ErrorWriter,
}

/// Writes an error as the event that follows so many others.
pub(super) type ErrorWriter = Box<dyn Fn(&ErrorShape<'_>, usize) -> Bytes + Send + Sync>;

/// Events that are made as they are taken.
pub(super) type Events = Box<dyn Iterator<Item = Event> + Send + Sync>;

/// One event of a stream.
pub(super) struct Event {
    pub bytes: Bytes,
    pub is_token: bool,
}

impl Stream {
    /// Server-sent events of `operation`.
    pub(super) fn sse(
        operation: Operation,
        events: impl Iterator<Item = Event> + Send + Sync + 'static,
    ) -> Self {
        Self {
            kind: "text/event-stream; charset=utf-8",
            events: Box::new(events),
            error: Box::new(move |error, sent| errors::stream_error(operation, error, sent as u64)),
        }
    }
}

impl Event {
    /// An event that carries no token.
    pub(super) const fn plain(bytes: Bytes) -> Self {
        Self { bytes, is_token: false }
    }

    /// An event that carries a token.
    pub(super) const fn token(bytes: Bytes) -> Self {
        Self { bytes, is_token: true }
    }
}

/// One server-sent event without a name.
pub(super) fn data(value: &impl Serialize) -> Bytes {
    format!("data: {}\n\n", serde_json::to_string(value).unwrap_or_default()).into()
}

/// One server-sent event with a name.
pub(super) fn named(name: &str, value: &impl Serialize) -> Bytes {
    format!("event: {name}\ndata: {}\n\n", serde_json::to_string(value).unwrap_or_default()).into()
}

/// Plays a stream's events with pace and fault.
pub(super) struct Player {
    events: Peekable<Events>,
    error: ErrorWriter,
    failure: Failure,
    pace: Option<Pace>,
    fault: Option<Fault>,
    sent: usize,
    tokens: usize,
    held: Option<Event>,
    ended: bool,
}

impl Player {
    pub(super) fn new(stream: Stream, pace: Option<Pace>, fault: Option<Fault>, seed: &Seed) -> Self {
        Self {
            events: stream.events.peekable(),
            error: stream.error,
            failure: Failure::new(503, STREAM_FAILS.to_owned(), None, seed),
            pace,
            fault,
            sent: 0,
            tokens: 0,
            held: None,
            ended: false,
        }
    }

    /// The last step, when the fault is due: after its tokens, or instead of the event that would end the stream.
    fn fault_due(&mut self) -> Option<Step> {
        let after = match self.fault? {
            Fault::InOk => 0,
            Fault::InStream(tokens) | Fault::Cut(tokens) => tokens,
            Fault::Silent | Fault::Status(_) => return None,
        };
        let over = self.tokens >= after || self.events.peek().is_none();
        over.then(|| match self.fault {
            Some(Fault::Cut(_)) => Step::Cut,
            _ => Step::Send((self.error)(&self.failure.shape(), self.sent)),
        })
    }

    fn wait_before(&self, event: &Event) -> Option<Duration> {
        let pace = self.pace?;
        if self.sent == 0 {
            return Some(pace.first);
        }
        (event.is_token && self.tokens > 0).then_some(pace.each)
    }

    fn send(&mut self, event: Event) -> Step {
        self.sent += 1;
        self.tokens += usize::from(event.is_token);
        Step::Send(event.bytes)
    }
}

impl Iterator for Player {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        if self.ended {
            return None;
        }
        if let Some(event) = self.held.take() {
            return Some(self.send(event));
        }
        let event = self.events.next()?;
        if let Some(last) = self.fault_due() {
            self.ended = true;
            return Some(last);
        }
        match self.wait_before(&event) {
            Some(wait) => {
                self.held = Some(event);
                Some(Step::Wait(wait))
            }
            None => Some(self.send(event)),
        }
    }
}
