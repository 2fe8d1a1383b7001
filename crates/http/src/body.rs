//! Bodies of answers, and reading those of requests.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use roundhouse_domain::ErrorKind;
use roundhouse_gateway::{AnswerBody, CallError};

/// A body on the way to the client: of the data plane or of everything else.
pub enum OutBody {
    /// From the data plane.
    Answer(AnswerBody),
    /// From the router.
    Page(axum::body::Body),
}

impl Default for OutBody {
    fn default() -> Self {
        Self::Page(axum::body::Body::empty())
    }
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

impl Body for OutBody {
    type Data = Bytes;
    type Error = Fault;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Fault>>> {
        match self.get_mut() {
            Self::Answer(body) => Pin::new(body).poll_frame(cx).map_err(Into::into),
            Self::Page(body) => Pin::new(body).poll_frame(cx).map_err(Into::into),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Answer(body) => body.is_end_stream(),
            Self::Page(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Answer(body) => body.size_hint(),
            Self::Page(body) => body.size_hint(),
        }
    }
}

/// Reads a whole request body of `limit` bytes at the most, each piece of it within `timeout`.
pub async fn read<B>(mut body: B, limit: u64, timeout: Duration) -> Result<Bytes, CallError>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    let too_large = || {
        let message = format!("the request body is larger than the {limit} bytes that are allowed here");
        CallError::new(ErrorKind::TooLarge, "request_too_large", message)
    };
    let expected = body.size_hint().exact();
    if expected.is_some_and(|size| size > limit) {
        return Err(too_large());
    }
    let mut first: Option<Bytes> = None;
    let mut rest = BytesMut::new();
    loop {
        let frame = match tokio::time::timeout(timeout, body.frame()).await {
            Err(_) => {
                let message = "the request body did not arrive in time";
                return Err(CallError::new(ErrorKind::Invalid, "request_timeout", message));
            }
            Ok(None) => break,
            Ok(Some(Err(error))) => {
                let message = format!("the request body could not be read: {error}");
                return Err(CallError::new(ErrorKind::Invalid, "incomplete_body", message));
            }
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(piece) = frame.into_data() else { continue };
        if first.is_none() && rest.is_empty() {
            first = Some(piece);
        } else {
            if let Some(first) = first.take() {
                rest.reserve(
                    expected.map_or(first.len() + piece.len(), |size| usize::try_from(size).unwrap_or(0)),
                );
                rest.extend_from_slice(&first);
            }
            rest.extend_from_slice(&piece);
        }
        let size = first.as_ref().map_or(rest.len(), Bytes::len) as u64;
        if size > limit {
            return Err(too_large());
        }
        if expected == Some(size) {
            break;
        }
    }
    Ok(first.unwrap_or_else(|| rest.freeze()))
}
