//! Bodies on the way to a provider and back.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use roundhouse_llm::Pieces;

use crate::demo::{DemoBody, DemoCut};

/// A request body in up to three pieces, so that a rewritten model name copies nothing of the rest.
#[derive(Clone, Debug, Default)]
pub struct RequestBody {
    pieces: [Bytes; 3],
    next: usize,
}

impl RequestBody {
    /// A body of one piece.
    pub fn whole(bytes: Bytes) -> Self {
        Self { pieces: [bytes, Bytes::new(), Bytes::new()], next: 0 }
    }

    /// A body of slices that follow each other.
    pub fn pieces(pieces: Pieces) -> Self {
        let mut body = Self::default();
        for (place, piece) in body.pieces.iter_mut().zip(pieces) {
            *place = piece;
        }
        body
    }

    fn remaining(&self) -> u64 {
        self.pieces.iter().skip(self.next).map(|piece| piece.len() as u64).sum()
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        while self.next < self.pieces.len() {
            let at = self.next;
            self.next += 1;
            let piece = std::mem::take(&mut self.pieces[at]);
            if !piece.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.remaining() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining())
    }
}

/// A provider's answer, from the network or from inside the process.
#[derive(Debug)]
pub enum UpstreamBody {
    /// From the network.
    Network(Incoming),
    /// From the demo provider.
    Demo(DemoBody),
}

/// Why an answer broke off.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamBodyError {
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Network(#[from] hyper::Error),
    /// The demo provider was asked to break off.
    #[error("the connection broke: {0}")]
    Demo(#[from] DemoCut),
}

impl Body for UpstreamBody {
    type Data = Bytes;
    type Error = UpstreamBodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, UpstreamBodyError>>> {
        match self.get_mut() {
            Self::Network(body) => Pin::new(body).poll_frame(cx).map_err(Into::into),
            Self::Demo(body) => Pin::new(body).poll_frame(cx).map_err(Into::into),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Network(body) => body.is_end_stream(),
            Self::Demo(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Network(body) => body.size_hint(),
            Self::Demo(body) => body.size_hint(),
        }
    }
}
