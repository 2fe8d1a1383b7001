//! What the demo provider answers: a head, and steps to play.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

/// One step of an answer's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing happens for so long.
    Wait(Duration),
    /// These bytes are sent.
    Send(Bytes),
    /// The connection breaks here.
    Cut,
}

/// An answer: its head, and its body as steps.
#[derive(Debug)]
pub struct DemoAnswer {
    /// How long nothing at all is sent, not even the head.
    pub head_after: Duration,
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body's length in bytes, where it is known beforehand.
    pub length: Option<u64>,
    /// What the body does.
    pub steps: Steps,
}

/// The steps of a body, made one by one as they are taken, so that a long stream is not held in memory.
pub struct Steps(Box<dyn Iterator<Item = Step> + Send + Sync>);

impl Steps {
    /// Steps that `steps` yields.
    pub fn new(steps: impl Iterator<Item = Step> + Send + Sync + 'static) -> Self {
        Self(Box::new(steps))
    }
}

impl Iterator for Steps {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        self.0.next()
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Steps")
    }
}
