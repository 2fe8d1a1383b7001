//! What a fake provider answers, byte by byte if need be.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::Semaphore;

/// An answer, and how it goes wrong.
#[derive(Clone, Debug)]
pub struct Reply {
    pub(super) head: Option<Head>,
    pub(super) framing: Framing,
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
}

/// How the end of the body is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Length(usize),
    Chunked,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Send(Bytes),
    Pause(Duration),
    Wait(Gate),
    Hang,
    Close,
}

/// Holds answers back until a test opens it.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Semaphore>);

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }
}

impl Gate {
    /// Lets everything through, now and later.
    pub fn open(&self) {
        self.0.close();
    }

    pub(super) async fn passed(&self) {
        let _ = self.0.acquire().await;
    }
}

impl Reply {
    /// A JSON answer.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::body(status, "application/json", body.to_string())
    }

    /// An answer of any type, of a told length.
    pub fn body(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let head = Head { status, headers: vec![("content-type".to_owned(), content_type.to_owned())] };
        Self { head: Some(head), framing: Framing::Length(body.len()), steps: vec![Step::Send(body)] }
    }

    /// A stream of server-sent events, each a chunk of its own.
    pub fn events<I: IntoIterator<Item = String>>(events: I) -> Self {
        Self::pieces("text/event-stream", events.into_iter().map(Bytes::from))
    }

    /// A good answer of any type, each piece a chunk of its own.
    pub fn pieces<I: IntoIterator<Item = Bytes>>(content_type: &str, pieces: I) -> Self {
        let steps = pieces.into_iter().map(Step::Send).collect();
        Self { framing: Framing::Chunked, steps, ..Self::body(200, content_type, "") }
    }

    /// No answer: the connection is closed.
    pub fn closed() -> Self {
        Self { head: None, framing: Framing::Chunked, steps: vec![Step::Close] }
    }

    /// No answer, ever.
    pub fn never() -> Self {
        Self { head: None, framing: Framing::Chunked, steps: vec![Step::Hang] }
    }

    /// With a header; one of that name is replaced.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Some(head) = &mut self.head {
            head.headers.retain(|(known, _)| known != name);
            head.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// The body in chunks, whatever it was.
    #[must_use]
    pub fn chunked(self) -> Self {
        Self { framing: Framing::Chunked, ..self }
    }

    /// The body broken off after `count` of its bytes, with whatever it promised before.
    #[must_use]
    pub fn cut_at(self, count: usize) -> Self {
        self.shortened(count, Step::Close)
    }

    /// The body stuck after `count` of its bytes.
    #[must_use]
    pub fn stuck_at(self, count: usize) -> Self {
        self.shortened(count, Step::Hang)
    }

    /// The body held back after `count` of its pieces until the gate opens.
    #[must_use]
    pub fn gated(mut self, count: usize, gate: &Gate) -> Self {
        self.steps.insert(count, Step::Wait(gate.clone()));
        self
    }

    /// A pause before each piece of the body but the first.
    #[must_use]
    pub fn paced(mut self, pause: Duration) -> Self {
        let steps = std::mem::take(&mut self.steps);
        for step in steps {
            if !self.steps.is_empty() {
                self.steps.push(Step::Pause(pause));
            }
            self.steps.push(step);
        }
        self
    }

    /// A pause before the first piece of the body; the head goes out at once.
    #[must_use]
    pub fn slow_body(mut self, pause: Duration) -> Self {
        self.steps.insert(0, Step::Pause(pause));
        self
    }

    fn shortened(mut self, count: usize, end: Step) -> Self {
        let mut left = count;
        let mut steps = Vec::new();
        for step in self.steps {
            if left == 0 {
                break;
            }
            match step {
                Step::Send(bytes) => {
                    let part = bytes.slice(..bytes.len().min(left));
                    left -= part.len();
                    steps.push(Step::Send(part));
                }
                other => steps.push(other),
            }
        }
        steps.push(end);
        self.steps = steps;
        self
    }
}
