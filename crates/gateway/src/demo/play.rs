//! From what is to be said to the steps of an answer: pace, faults and errors, alike for every protocol.

use std::time::Duration;

use bytes::Bytes;
use roundhouse_llm::errors::render;
use serde::Serialize;

use super::behaviour::{Behaviour, Fault};
use super::failure::Failure;
use super::fields::Bad;
use super::seed::Seed;
use super::stream::{Player, Stream};
use super::{DemoAnswer, DemoRequest, Step, Steps};

/// Longer than any client waits.
const FOREVER: Duration = Duration::MAX;

/// What a client has to wait after an error that passes.
const RETRY_AFTER_S: &str = "1";

/// What an operation has to say, before behaviours change it.
pub(super) struct Draft {
    pub behaviour: Behaviour,
    pub content: Content,
}

/// The content of an answer: all at once, or as a stream.
pub(super) enum Content {
    Whole { kind: &'static str, bytes: Bytes },
    Stream(Stream),
}

impl Draft {
    /// A JSON answer.
    pub(super) fn json(behaviour: Behaviour, value: &impl Serialize) -> Self {
        let bytes = serde_json::to_vec(value).unwrap_or_default().into();
        Self { behaviour, content: Content::Whole { kind: "application/json", bytes } }
    }
}

/// The answer to `draft`.
pub(super) fn play(request: &DemoRequest<'_>, seed: &Seed, draft: Draft) -> DemoAnswer {
    let Behaviour { pace, fault, .. } = draft.behaviour;
    let first = pace.map_or(Duration::ZERO, |pace| pace.first);
    match (draft.content, fault) {
        (_, Some(Fault::Silent)) => silence(),
        (_, Some(Fault::Status(status))) => DemoAnswer { head_after: first, ..fail(request, seed, status) },
        (Content::Whole { .. }, Some(Fault::InStream(_))) => {
            DemoAnswer { head_after: first, ..fail(request, seed, 500) }
        }
        (Content::Whole { .. }, Some(Fault::InOk)) => {
            DemoAnswer { head_after: first, status: 200, ..fail(request, seed, 503) }
        }
        (Content::Whole { kind, bytes }, Some(Fault::Cut(_))) => cut_whole(first, kind, bytes),
        (Content::Whole { kind, bytes }, None) => whole(first, 200, kind, bytes),
        (Content::Stream(stream), fault) => DemoAnswer {
            head_after: Duration::ZERO,
            status: 200,
            headers: vec![("content-type", stream.kind.to_owned()), ("cache-control", "no-cache".to_owned())],
            length: None,
            steps: Steps::new(Player::new(stream, pace, fault, seed)),
        },
    }
}

/// The answer to a request that makes no sense.
pub(super) fn refuse(request: &DemoRequest<'_>, seed: &Seed, bad: &Bad) -> DemoAnswer {
    let failure = Failure::new(400, bad.message.clone(), bad.param.clone(), seed);
    let bytes = render(request.operation.protocol(), &failure.shape());
    whole(Duration::ZERO, 400, "application/json", bytes)
}

fn fail(request: &DemoRequest<'_>, seed: &Seed, status: u16) -> DemoAnswer {
    let message = format!("The demo model was asked to fail with status {status}.");
    let failure = Failure::new(status, message, None, seed);
    let bytes = render(request.operation.protocol(), &failure.shape());
    let mut answer = whole(Duration::ZERO, status, "application/json", bytes);
    if matches!(status, 429 | 503 | 529) {
        answer.headers.push(("retry-after", RETRY_AFTER_S.to_owned()));
    }
    answer
}

fn whole(head_after: Duration, status: u16, kind: &'static str, bytes: Bytes) -> DemoAnswer {
    let headers = vec![("content-type", kind.to_owned()), ("content-length", bytes.len().to_string())];
    let length = Some(bytes.len() as u64);
    let steps = Steps::new((!bytes.is_empty()).then_some(Step::Send(bytes)).into_iter());
    DemoAnswer { head_after, status, headers, length, steps }
}

/// An answer that never comes, neither its head nor its body.
fn silence() -> DemoAnswer {
    let steps = Steps::new(std::iter::once(Step::Wait(FOREVER)));
    DemoAnswer { head_after: FOREVER, status: 200, headers: Vec::new(), length: None, steps }
}

/// Half of an answer whose head promised all of it.
fn cut_whole(head_after: Duration, kind: &'static str, bytes: Bytes) -> DemoAnswer {
    let half = bytes.slice(..bytes.len() / 2);
    let steps = Steps::new([Step::Send(half), Step::Cut].into_iter());
    DemoAnswer { steps, ..whole(head_after, 200, kind, bytes) }
}
