//! Plays an answer's steps as an HTTP body.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::{DemoAnswer, Step, Steps};

/// The connection broke, as the behaviour asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the demo provider broke the connection")]
pub struct DemoCut;

/// The body of a demo answer: its steps, played in tokio's time.
#[derive(Debug)]
pub struct DemoBody {
    steps: Steps,
    left: Option<u64>,
    waiting: Option<Pin<Box<Sleep>>>,
    cut: bool,
}

/// The body of `answer`; what the head should have waited, the body waits.
pub fn body(answer: DemoAnswer) -> DemoBody {
    let waiting = (!answer.head_after.is_zero()).then(|| Box::pin(sleep(answer.head_after)));
    DemoBody { steps: answer.steps, left: answer.length, waiting, cut: false }
}

/// The whole response to `answer`, once its head is due.
///
/// # Cancel safety
/// Nothing is lost but the answer itself.
pub async fn respond(mut answer: DemoAnswer) -> Response<DemoBody> {
    let head_after = std::mem::replace(&mut answer.head_after, Duration::ZERO);
    if !head_after.is_zero() {
        sleep(head_after).await;
    }
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers = std::mem::take(&mut answer.headers);
    let mut response = Response::new(body(answer));
    *response.status_mut() = status;
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

impl Body for DemoBody {
    type Data = Bytes;
    type Error = DemoCut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, DemoCut>>> {
        loop {
            if let Some(sleep) = self.waiting.as_mut() {
                std::task::ready!(sleep.as_mut().poll(context));
                self.waiting = None;
            }
            if self.cut {
                return Poll::Ready(None);
            }
            match self.steps.next() {
                Some(Step::Wait(time)) => self.waiting = Some(Box::pin(sleep(time))),
                Some(Step::Send(bytes)) => {
                    let sent = bytes.len() as u64;
                    self.left = self.left.map(|left| left.saturating_sub(sent));
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Step::Cut) => {
                    self.cut = true;
                    return Poll::Ready(Some(Err(DemoCut)));
                }
                None => return Poll::Ready(None),
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
