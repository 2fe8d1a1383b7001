//! One attempt: sent, waited for, and looked at before anything is committed.

mod failed;
mod foreign;
mod guard;
mod request;
mod task;

use bytes::{Bytes, BytesMut};
use http::response::Parts;
use http_body::Body;
use http_body_util::BodyExt;
use roundhouse_llm::answer::{self, Answer, Verdict as Seen};
use roundhouse_llm::{Operation, StreamMeter, errors, limits};
use tokio::time::Instant;

pub(crate) use failed::Failed;
pub(crate) use guard::AttemptGuard;

use crate::call::{Plan, Prepared, Unfit};
use crate::conversion::{Conversion, Edges};
use crate::error::CallError;
use crate::failure::Sign;
use crate::gateway::Gateway;
use crate::selection::Choice;
use crate::stream::{Events, Reading};
use crate::upstream::UpstreamBody;

/// The most that is kept of an answer that must be whole to be converted, in bytes.
const MAX_CONVERTED_BYTES: u64 = 64 << 20;

/// What came of an attempt.
pub(crate) enum Got {
    /// A whole answer that is one.
    Whole(Parts, Bytes, answer::Answer),
    /// A stream that said something, or bytes that are passed on unseen.
    Streaming(Parts, Vec<Bytes>, UpstreamBody, Option<Events>),
    /// A failure.
    Failed(Box<Failed>),
}

/// Why a request of a call has no answer to be read.
enum Stop {
    /// The caller's own fault, or ours.
    Call(CallError),
    /// The attempt failed.
    Failed(Box<Got>),
}

impl From<CallError> for Stop {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl From<Got> for Stop {
    fn from(failed: Got) -> Self {
        Self::Failed(Box::new(failed))
    }
}

impl Got {
    /// The same with heads and errors as the caller of a converted call knows them.
    fn told_by(self, conversion: &Conversion, call: &Prepared) -> Self {
        match self {
            Self::Whole(parts, bytes, seen) => Self::Whole(conversion.head(parts), bytes, seen),
            Self::Streaming(parts, held, body, events) => {
                Self::Streaming(conversion.head(parts), held, body, events)
            }
            Self::Failed(mut failed) if failed.sign == Sign::Empty => {
                failed.answer = failed.answer.take().map(|(parts, bytes)| (conversion.head(parts), bytes));
                Self::Failed(failed)
            }
            Self::Failed(failed) => Self::Failed(failed).refused_by(conversion.edges(), call),
        }
    }

    /// A failure with the provider's error as the caller of a converted call knows it.
    fn refused_by(mut self, edges: &Edges, call: &Prepared) -> Self {
        if let Self::Failed(failed) = &mut self
            && let (Some((parts, _)), Some(error)) = (failed.answer.take(), &failed.error)
        {
            failed.answer = Some(edges.error(parts, error, call.protocol, call.id));
        }
        self
    }
}

/// Makes one attempt. The answer must show itself within the target's time for that, and before `end`; the time in which the
/// request is written, files by address read included, is not the provider's.
pub(crate) async fn attempt(
    gateway: &Gateway,
    call: &Prepared,
    choice: &Choice,
    end: Instant,
) -> Result<Got, CallError> {
    let plan = match call.plan(gateway, &choice.target).await {
        Ok(plan) => plan,
        Err(Unfit::Call(error)) => return Err(error),
        Err(Unfit::Target(unsupported)) => return Ok(Failed::unfit(unsupported, call)),
    };
    let deadline = end.min(Instant::now() + choice.target.timeouts.first_byte);
    match tokio::time::timeout_at(deadline, exchange(gateway, call, choice, plan)).await {
        Ok(Ok(got)) => Ok(got),
        Ok(Err(Stop::Failed(got))) => Ok(*got),
        Ok(Err(Stop::Call(error))) => Err(error),
        Err(_) => Ok(Failed::unanswered(Sign::Timeout, "no answer in time")),
    }
}

async fn exchange(gateway: &Gateway, call: &Prepared, choice: &Choice, plan: Plan) -> Result<Got, Stop> {
    match plan {
        Plan::Native(outgoing) => {
            let response = request::send(gateway, call, choice, outgoing, None).await?;
            let (parts, body) = response.into_parts();
            if !parts.status.is_success() {
                return Ok(read_failure(gateway, call, parts, body).await);
            }
            Ok(foreign::recognised(call, read_success(call, parts, body).await).await)
        }
        Plan::Content(outgoing, conversion) => {
            let response = request::send(gateway, call, choice, outgoing, Some(conversion.edges())).await?;
            let (parts, body) = response.into_parts();
            let got = if parts.status.is_success() {
                read_converted(call, &conversion, parts, body).await
            } else {
                read_failure(gateway, call, parts, body).await
            };
            Ok(got.told_by(&conversion, call))
        }
        Plan::Task(requests, conversion) => {
            task::exchange(gateway, call, choice, requests, &conversion).await
        }
    }
}

/// Reads the answer to a call that went out in another dialect.
async fn read_converted(call: &Prepared, conversion: &Conversion, parts: Parts, body: UpstreamBody) -> Got {
    if conversion.is_streamed() && !is_type(content_type(&parts), "application/json") {
        let operation = call.operation.unwrap_or(Operation::ChatCompletions);
        return read_stream(
            parts,
            body,
            conversion.reading(),
            (operation, call.is_event_stream()),
            Vec::new(),
        )
        .await;
    }
    match collect_whole(body).await {
        Ok(bytes) => judge_converted(conversion, parts, &bytes),
        Err(failed) => failed,
    }
}

/// The bytes of an answer that must be whole to be converted.
async fn collect_whole(body: UpstreamBody) -> Result<Bytes, Got> {
    match collect(body, MAX_CONVERTED_BYTES).await {
        Collected::Whole(bytes) => Ok(bytes),
        Collected::Large(..) => {
            Err(Failed::unanswered(Sign::Empty, "the answer is too large to be converted"))
        }
        Collected::Broken(error) => Err(Failed::unanswered(Sign::CutShort, error)),
    }
}

fn judge_converted(conversion: &Conversion, parts: Parts, bytes: &Bytes) -> Got {
    match conversion.whole(bytes) {
        Ok(converted) if converted.is_empty => Failed::empty(parts, converted.body.into()),
        Ok(converted) => {
            let seen = Answer { usage: converted.usage, response_id: None, verdict: Seen::Ok };
            Got::Whole(parts, converted.body.into(), seen)
        }
        Err(error) => Failed::inside(&parts, error, bytes),
    }
}

async fn read_success(call: &Prepared, parts: Parts, body: UpstreamBody) -> Got {
    let limit = call.snapshot.settings.max_inspected_body_bytes;
    let Some(operation) = call.operation.filter(|_| is_plain(&parts)) else {
        return Got::Streaming(parts, Vec::new(), body, None);
    };
    let content_type = content_type(&parts);
    let is_json = is_type(content_type, "application/json");
    // Servers mislabel their answers, and pages of proxies and log-in forms come with status 200 too: whatever is neither
    // sound nor said to be events is read as what was asked for.
    let is_unlabelled = !is_json && !answers_bytes(operation);
    if is_type(content_type, "text/event-stream") || (is_unlabelled && call.stream && operation.generates()) {
        let reading = Reading::Native(StreamMeter::new(operation));
        return read_stream(parts, body, reading, (operation, true), Vec::new()).await;
    }
    if operation == Operation::StreamGenerateContent && is_json {
        let reading = Reading::Native(StreamMeter::new(operation));
        return read_stream(parts, body, reading, (operation, false), Vec::new()).await;
    }
    let is_small = body.size_hint().upper().is_none_or(|size| size <= limit);
    if !(is_json || is_unlabelled) || !is_small {
        return Got::Streaming(parts, Vec::new(), body, None);
    }
    match collect(body, limit).await {
        Collected::Whole(bytes) => judge_whole(operation, parts, bytes),
        Collected::Large(held, body) => Got::Streaming(parts, held, body, None),
        Collected::Broken(error) => Failed::unanswered(Sign::CutShort, error),
    }
}

fn judge_whole(operation: Operation, parts: Parts, bytes: Bytes) -> Got {
    let seen = answer::inspect(operation, &bytes);
    match seen.verdict {
        Seen::Ok => Got::Whole(parts, bytes, seen),
        Seen::Empty => Failed::empty(parts, bytes),
        Seen::Error(error) => Failed::inside(&parts, error, &bytes),
        Seen::NotJson => Failed::unanswered(Sign::Empty, "the answer is not JSON"),
    }
}

/// Reads a stream until it says something: before that everything can still be tried elsewhere. `held` is what the caller
/// gets for what was read before.
async fn read_stream(
    parts: Parts,
    mut body: UpstreamBody,
    mut reading: Reading,
    (operation, server_sent): (Operation, bool),
    mut held: Vec<Bytes>,
) -> Got {
    loop {
        if reading.has_content() {
            return Got::Streaming(parts, held, body, Some(Events::new(reading, operation, server_sent)));
        }
        if let Some(error) = reading.failure() {
            return Failed::inside(&parts, error.clone(), &held.concat());
        }
        let piece = match body.frame().await {
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
            Some(Err(error)) => return Failed::unanswered(Sign::CutShort, error.to_string()),
            None => {
                held.push(reading.finish());
                return ended_early(parts, Events::new(reading, operation, server_sent), held, body);
            }
        };
        held.push(reading.push(piece));
    }
}

fn ended_early(parts: Parts, events: Events, held: Vec<Bytes>, body: UpstreamBody) -> Got {
    let reading = &events.reading;
    if let Some(error) = reading.failure() {
        return Failed::inside(&parts, error.clone(), &held.concat());
    }
    // What only the end of the bytes made readable was never a whole event: nobody has seen anything of it yet.
    if reading.has_content() && reading.is_complete() {
        return Got::Streaming(parts, held, body, Some(events));
    }
    if reading.is_complete() {
        return Failed::empty(parts, held.concat().into());
    }
    Failed::cut(parts, held.concat().into())
}

async fn read_failure(gateway: &Gateway, call: &Prepared, parts: Parts, body: UpstreamBody) -> Got {
    let limit = call.snapshot.settings.max_inspected_body_bytes;
    let status = parts.status.as_u16();
    let bytes = match collect(body, limit).await {
        Collected::Whole(bytes) => bytes,
        Collected::Large(held, _) => held.concat().into(),
        // The status is what counts; what could not be read of the text is missed by nobody.
        Collected::Broken(_) => Bytes::new(),
    };
    let error = errors::read_error(status, Some(content_type(&parts)), &bytes);
    let advice = limits::retry_after(&parts.headers, gateway.now());
    Got::Failed(Box::new(Failed {
        sign: Sign::Status(status),
        status: Some(status),
        error: Some(error),
        retry_after: advice.or_else(|| limits::retry_delay_in_body(&bytes)),
        answer: Some((parts, bytes)),
    }))
}

enum Collected {
    Whole(Bytes),
    Large(Vec<Bytes>, UpstreamBody),
    Broken(String),
}

async fn collect(mut body: UpstreamBody, limit: u64) -> Collected {
    let expected = body.size_hint().exact();
    let mut pieces = Vec::new();
    let mut size = 0;
    loop {
        match body.frame().await {
            None => return Collected::Whole(join(pieces, size)),
            Some(Err(error)) => return Collected::Broken(error.to_string()),
            Some(Ok(frame)) => {
                let Ok(piece) = frame.into_data() else { continue };
                size += piece.len();
                pieces.push(piece);
            }
        }
        if expected == Some(size as u64) {
            return Collected::Whole(join(pieces, size));
        }
        if size as u64 > limit {
            return Collected::Large(pieces, body);
        }
    }
}

fn join(mut pieces: Vec<Bytes>, size: usize) -> Bytes {
    if pieces.len() <= 1 {
        return pieces.pop().unwrap_or_default();
    }
    let mut whole = BytesMut::with_capacity(size);
    for piece in &pieces {
        whole.extend_from_slice(piece);
    }
    whole.freeze()
}

fn content_type(parts: &Parts) -> &str {
    let value = parts.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

fn is_type(content_type: &str, wanted: &str) -> bool {
    content_type.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted))
}

/// True for operations whose answers are sound, or text of any form.
const fn answers_bytes(operation: Operation) -> bool {
    matches!(operation, Operation::Speech | Operation::Transcriptions | Operation::Translations)
}

/// True when the body is not compressed.
fn is_plain(parts: &Parts) -> bool {
    parts.headers.get(http::header::CONTENT_ENCODING).is_none_or(|value| value == "identity")
}

/// Begins an attempt at a choice.
pub(crate) fn guard(gateway: &Gateway, choice: &mut Choice) -> AttemptGuard {
    AttemptGuard::new(gateway.clone(), choice.target.clone(), choice.permit.take())
}
