//! Answers to callers: whole, streamed, or still being worked for.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::capture::Tap;
use crate::idempotency::Recorder;
use crate::stream::Streaming;
use crate::waiting::Waiting;

/// A body on the way to the caller.
#[derive(Debug)]
pub struct AnswerBody {
    kind: Kind,
    recorder: Option<Box<Recorder>>,
    tap: Option<Box<Tap>>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Whole(Option<Bytes>),
    Streaming(Box<Streaming>),
    Waiting(Box<Waiting>),
}

/// An answer that broke off in a way that only cutting the connection can tell.
#[derive(Debug, thiserror::Error)]
#[error("the provider's answer broke off")]
pub struct CutOff;

impl AnswerBody {
    /// A body that is there already.
    pub fn whole(bytes: Bytes) -> Self {
        Self::from(Kind::Whole(Some(bytes)))
    }

    /// The same body, also written down for repeated requests.
    pub(crate) fn recorded(mut self, recorder: Recorder) -> Self {
        self.recorder = Some(Box::new(recorder));
        self
    }
}

impl AnswerBody {
    /// The same body, also kept for people who may read it.
    pub(crate) fn tapped(mut self, tap: Option<Box<Tap>>) -> Self {
        self.tap = tap;
        self
    }
}

impl Kind {
    fn is_over(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_none(),
            Self::Streaming(streaming) => streaming.is_over(),
            Self::Waiting(_) => false,
        }
    }
}

impl From<Kind> for AnswerBody {
    fn from(kind: Kind) -> Self {
        Self { kind, recorder: None, tap: None }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        let body = &mut *self;
        let polled = loop {
            match &mut body.kind {
                Kind::Whole(bytes) => {
                    break Poll::Ready(bytes.take().filter(|bytes| !bytes.is_empty()).map(Ok));
                }
                Kind::Streaming(streaming) => break streaming.poll_next(cx),
                Kind::Waiting(waiting) => match waiting.poll_next(cx) {
                    Poll::Ready(Ok(bytes)) => break Poll::Ready(Some(Ok(bytes))),
                    Poll::Ready(Err(next)) => {
                        if waiting.has_failed() {
                            body.recorder = None;
                        }
                        body.kind = next;
                    }
                    Poll::Pending => break Poll::Pending,
                },
            }
        };
        if matches!(&body.kind, Kind::Streaming(streaming) if streaming.is_broken()) {
            body.recorder = None;
        }
        if let (Some(tap), Poll::Ready(Some(Ok(piece)))) = (&mut body.tap, &polled) {
            tap.note(piece);
        }
        if let (Some(recorder), Poll::Ready(item)) = (&mut body.recorder, &polled) {
            recorder.note(item.as_ref());
            // Who was told the length of an answer does not ask for its end.
            if item.is_some() && body.kind.is_over() {
                recorder.note(None);
            }
        }
        polled.map(|item| item.map(|result| result.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        matches!(&self.kind, Kind::Whole(None)) && self.recorder.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Kind::Streaming(streaming) => streaming.size_hint(),
            Kind::Waiting(_) => SizeHint::default(),
        }
    }
}
