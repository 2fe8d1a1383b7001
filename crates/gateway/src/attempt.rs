//! One upstream call: sent, waited for, and looked at before anything is committed.

mod guard;
mod request;

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::response::Parts;
use http_body::Body;
use http_body_util::BodyExt;
use roundhouse_llm::answer::{self, Verdict as Seen};
use roundhouse_llm::{Operation, Phase, StreamMeter, UpstreamError, errors, limits};
use tokio::time::Instant;

pub(crate) use guard::AttemptGuard;

use crate::call::Prepared;
use crate::error::CallError;
use crate::failure::Sign;
use crate::gateway::Gateway;
use crate::selection::Choice;
use crate::stream::Events;
use crate::upstream::UpstreamBody;

/// What came of an attempt.
pub(crate) enum Got {
    /// A whole answer that is one.
    Whole(Parts, Bytes, answer::Answer),
    /// A stream that said something, or bytes that are passed on unseen.
    Streaming(Parts, Vec<Bytes>, UpstreamBody, Option<Events>),
    /// A failure.
    Failed(Box<Failed>),
}

/// A failed attempt.
pub(crate) struct Failed {
    pub(crate) sign: Sign,
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<UpstreamError>,
    pub(crate) retry_after: Option<Duration>,
    /// The upstream's own answer, for a caller whose fault it is.
    pub(crate) answer: Option<(Parts, Bytes)>,
}

impl Failed {
    fn unanswered(sign: Sign, message: impl Into<String>) -> Got {
        let error = UpstreamError { message: message.into(), ..UpstreamError::default() };
        Got::Failed(Box::new(Self {
            sign,
            status: None,
            error: Some(error),
            retry_after: None,
            answer: None,
        }))
    }
}

/// Makes one upstream call. The answer must show itself until `deadline`.
pub(crate) async fn attempt(
    gateway: &Gateway,
    call: &Prepared,
    choice: &Choice,
    deadline: Instant,
) -> Result<Got, CallError> {
    let exchange = async {
        let (parts, body) = match request::send(gateway, call, choice).await? {
            Ok(response) => response.into_parts(),
            Err(failed) => return Ok(failed),
        };
        Ok(if parts.status.is_success() {
            read_success(call, parts, body).await
        } else {
            read_failure(gateway, call, parts, body).await
        })
    };
    match tokio::time::timeout_at(deadline, exchange).await {
        Ok(got) => got,
        Err(_) => Ok(Failed::unanswered(Sign::Timeout, "no answer in time")),
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
        return read_stream(parts, body, operation, true).await;
    }
    if operation == Operation::StreamGenerateContent && is_json {
        return read_stream(parts, body, operation, false).await;
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
        Seen::Empty => Got::Failed(Box::new(Failed {
            sign: Sign::Empty,
            status: Some(parts.status.as_u16()),
            error: Some(UpstreamError {
                message: "the answer is empty".to_owned(),
                ..UpstreamError::default()
            }),
            retry_after: None,
            answer: Some((parts, bytes)),
        })),
        Seen::Error(error) => Got::Failed(Box::new(Failed {
            sign: Sign::Inside(error.status),
            status: Some(parts.status.as_u16()),
            retry_after: limits::retry_delay_in_body(&bytes),
            error: Some(error),
            answer: None,
        })),
        Seen::NotJson => Failed::unanswered(Sign::Empty, "the answer is not JSON"),
    }
}

/// Reads a stream until it says something: before that everything can still be tried elsewhere.
async fn read_stream(parts: Parts, mut body: UpstreamBody, operation: Operation, server_sent: bool) -> Got {
    let mut meter = StreamMeter::new(operation);
    let mut held = Vec::new();
    loop {
        match body.frame().await {
            Some(Ok(frame)) => {
                let Ok(piece) = frame.into_data() else { continue };
                meter.push(&piece);
                held.push(piece);
            }
            Some(Err(error)) => return Failed::unanswered(Sign::CutShort, error.to_string()),
            None => {
                meter.finish();
                return ended_early(parts, meter, held, body, operation, server_sent);
            }
        }
        if let Some(error) = meter.failure().filter(|_| meter.phase() != Phase::Semantic) {
            return failed_inside(&parts, error.clone(), &held);
        }
        if meter.phase() == Phase::Semantic {
            return Got::Streaming(parts, held, body, Some(Events::new(meter, operation, server_sent)));
        }
    }
}

fn ended_early(
    parts: Parts,
    meter: StreamMeter,
    held: Vec<Bytes>,
    body: UpstreamBody,
    operation: Operation,
    server_sent: bool,
) -> Got {
    if let Some(error) = meter.failure() {
        return failed_inside(&parts, error.clone(), &held);
    }
    // What only the end of the bytes made readable was never a whole event: nobody has seen anything of it yet.
    if meter.has_content() && meter.is_complete() {
        return Got::Streaming(parts, held, body, Some(Events::new(meter, operation, server_sent)));
    }
    let sign = if meter.is_complete() { Sign::Empty } else { Sign::CutShort };
    let answer = meter.is_complete().then(|| Bytes::from(held.concat()));
    Got::Failed(Box::new(Failed {
        sign,
        status: Some(parts.status.as_u16()),
        error: Some(UpstreamError {
            message: "the stream ended without an answer".to_owned(),
            ..UpstreamError::default()
        }),
        retry_after: None,
        answer: answer.map(|bytes| (parts, bytes)),
    }))
}

fn failed_inside(parts: &Parts, error: UpstreamError, held: &[Bytes]) -> Got {
    Got::Failed(Box::new(Failed {
        sign: Sign::Inside(error.status),
        status: Some(parts.status.as_u16()),
        retry_after: limits::retry_delay_in_body(&held.concat()),
        error: Some(error),
        answer: None,
    }))
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

/// The target and key of an attempt, as [`AttemptGuard`] wants them.
pub(crate) fn guard(gateway: &Gateway, choice: &Choice) -> AttemptGuard {
    AttemptGuard::new(gateway.clone(), choice.target.clone(), choice.key.as_ref().map(Arc::clone))
}
