//! Attempts that failed.

use std::time::Duration;

use bytes::Bytes;
use http::response::Parts;
use roundhouse_domain::ErrorKind;
use roundhouse_llm::generation::Unsupported;
use roundhouse_llm::{UpstreamError, limits};

use super::Got;
use crate::call::Prepared;
use crate::error::CallError;
use crate::failure::Sign;

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
    /// A request that the target's dialect cannot say; the caller is told so where nobody else can.
    pub(crate) fn unfit(unsupported: Unsupported, call: &Prepared) -> Got {
        let mut error = CallError::new(ErrorKind::Invalid, "unsupported_by_provider", unsupported.message);
        error.param = unsupported.param;
        let (parts, bytes) = error.render(call.protocol, call.id).into_parts();
        Got::Failed(Box::new(Self {
            sign: Sign::Unfit,
            status: None,
            error: Some(UpstreamError { message: error.message, ..UpstreamError::default() }),
            retry_after: None,
            answer: Some((parts, bytes)),
        }))
    }

    /// An answer with nothing in it.
    pub(super) fn empty(parts: Parts, bytes: Bytes) -> Got {
        let message = "the answer is empty".to_owned();
        Got::Failed(Box::new(Self {
            sign: Sign::Empty,
            status: Some(parts.status.as_u16()),
            error: Some(UpstreamError { message, ..UpstreamError::default() }),
            retry_after: None,
            answer: Some((parts, bytes)),
        }))
    }

    /// An answer that broke off before it said anything.
    pub(super) fn cut(parts: Parts, bytes: Bytes) -> Got {
        let message = "the stream ended without an answer".to_owned();
        Got::Failed(Box::new(Self {
            sign: Sign::CutShort,
            status: Some(parts.status.as_u16()),
            error: Some(UpstreamError { message, ..UpstreamError::default() }),
            retry_after: None,
            answer: Some((parts, bytes)),
        }))
    }

    /// An error inside a good answer, whose bytes may say when to come back.
    pub(super) fn inside(parts: &Parts, error: UpstreamError, bytes: &[u8]) -> Got {
        Got::Failed(Box::new(Self {
            sign: Sign::Inside(error.status),
            status: Some(parts.status.as_u16()),
            retry_after: limits::retry_delay_in_body(bytes),
            error: Some(error),
            answer: None,
        }))
    }

    /// An attempt that nobody answered, or that nobody could read the answer to.
    pub(super) fn unanswered(sign: Sign, message: impl Into<String>) -> Got {
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
