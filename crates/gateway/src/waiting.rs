//! A streaming caller is kept on the line while an answer is still being looked for.
//!
//! Comments tell the caller nothing, so everything can still fail over behind them; only the status is spoken for, and a failure
//! in the end is told as the protocol's own error event.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use roundhouse_domain::RequestId;
use roundhouse_llm::{Operation, errors};
use tokio::time::{Instant, Sleep};

use crate::answer::Kind;
use crate::error::CallError;
use crate::relay::Relayed;
use crate::stream::KEEPALIVE;

/// The work of finding an answer.
pub(crate) type Work = Pin<Box<dyn Future<Output = Relayed> + Send + Sync>>;

/// An answer that is being waited for.
pub(crate) struct Waiting {
    work: Work,
    interval: Duration,
    timer: Pin<Box<Sleep>>,
    first: bool,
    failed: bool,
    operation: Operation,
    id: RequestId,
}

impl Waiting {
    pub(crate) fn new(work: Work, interval: Duration, operation: Operation, id: RequestId) -> Self {
        let timer = Box::pin(tokio::time::sleep(interval));
        Self { work, interval, timer, first: true, failed: false, operation, id }
    }

    /// The next comment, or what the answer turned out to be.
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Bytes, Kind>> {
        if std::mem::take(&mut self.first) {
            return Poll::Ready(Ok(Bytes::from_static(KEEPALIVE)));
        }
        if let Poll::Ready(relayed) = self.work.as_mut().poll(cx) {
            return Poll::Ready(Err(self.kind(relayed)));
        }
        if self.timer.as_mut().poll(cx).is_ready() {
            self.timer.as_mut().reset(Instant::now() + self.interval);
            return Poll::Ready(Ok(Bytes::from_static(KEEPALIVE)));
        }
        Poll::Pending
    }

    /// True when the work came to nothing that may be told again.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    fn kind(&mut self, relayed: Relayed) -> Kind {
        self.failed = match &relayed {
            Relayed::Streaming(_) => false,
            Relayed::Whole(response) => !response.status().is_success(),
            Relayed::Failed(..) => true,
        };
        match relayed {
            Relayed::Streaming(response) => Kind::Streaming(response.into_body()),
            Relayed::Whole(response) => Kind::Whole(Some(self.as_event(&response))),
            Relayed::Failed(error, _) => Kind::Whole(Some(error.event(self.operation, self.id, 0))),
        }
    }

    /// A whole answer where a stream was asked for: its data as one event, or its error as the protocol's.
    fn as_event(&self, response: &Response<Bytes>) -> Bytes {
        if response.status().is_success() {
            let content_type = response.headers().get(http::header::CONTENT_TYPE);
            if content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream")) {
                return response.body().clone();
            }
            return [b"data: ".as_slice(), response.body(), b"\n\n"].concat().into();
        }
        let status = response.status().as_u16();
        let said = errors::read_error(status, None, response.body());
        let kind = if status == 429 {
            roundhouse_domain::ErrorKind::RateLimited
        } else {
            roundhouse_domain::ErrorKind::Invalid
        };
        CallError::new(kind, "provider_refused", said.message).event(self.operation, self.id, 0)
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").field("operation", &self.operation).finish_non_exhaustive()
    }
}
