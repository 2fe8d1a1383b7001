//! How a provider's stream is read: passed on as it is, or turned into the caller's dialect.

use bytes::Bytes;
use roundhouse_domain::TokenUsage;
use roundhouse_llm::convert::StreamConversion;
use roundhouse_llm::{StreamMeter, UpstreamError};

/// How a provider's stream is read.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "a native stream is the usual one, and costs no allocation of its own"
)]
pub(crate) enum Reading {
    /// Its bytes go to the caller as they are.
    Native(StreamMeter),
    /// The caller gets its meaning in another dialect.
    Converted(Box<StreamConversion>),
}

impl Reading {
    /// Reads a piece, and returns what the caller gets for it; often nothing where it is converted.
    pub(crate) fn push(&mut self, piece: Bytes) -> Bytes {
        match self {
            Self::Native(meter) => {
                meter.push(&piece);
                piece
            }
            Self::Converted(conversion) => conversion.push(&piece).into(),
        }
    }

    /// Takes note of the end, and returns what the caller gets for it.
    pub(crate) fn finish(&mut self) -> Bytes {
        match self {
            Self::Native(meter) => {
                meter.finish();
                Bytes::new()
            }
            Self::Converted(conversion) => conversion.finish().into(),
        }
    }

    /// Whether the caller must be told of a failure: a converted stream does not tell it itself.
    pub(crate) fn hides_failure(&self) -> bool {
        matches!(self, Self::Converted(conversion) if conversion.failure().is_some())
    }

    /// An error that the stream told.
    pub(crate) fn failure(&self) -> Option<&UpstreamError> {
        match self {
            Self::Native(meter) => meter.failure(),
            Self::Converted(conversion) => conversion.failure(),
        }
    }

    /// Whether anything that a client could use has come.
    pub(crate) fn has_content(&self) -> bool {
        match self {
            Self::Native(meter) => meter.has_content(),
            Self::Converted(conversion) => conversion.has_content(),
        }
    }

    /// Whether the answer came to its end.
    pub(crate) fn is_complete(&self) -> bool {
        match self {
            Self::Native(meter) => meter.is_complete(),
            Self::Converted(conversion) => conversion.is_complete(),
        }
    }

    /// Tokens so far.
    pub(crate) fn usage(&self) -> TokenUsage {
        match self {
            Self::Native(meter) => meter.usage(),
            Self::Converted(conversion) => conversion.usage(),
        }
    }

    /// What was said so far in tokens, about.
    pub(crate) fn said_tokens(&self) -> u64 {
        match self {
            Self::Native(meter) => meter.said_tokens(),
            Self::Converted(conversion) => conversion.said_tokens(),
        }
    }

    /// The id under which the provider stores the answer; nobody can ask for a converted one.
    pub(crate) fn response_id(&self) -> Option<&str> {
        match self {
            Self::Native(meter) => meter.response_id(),
            Self::Converted(_) => None,
        }
    }

    /// The number of the next event, where it is known; a native stream's is not.
    pub(crate) fn sequence(&self) -> u64 {
        match self {
            Self::Native(_) => 0,
            Self::Converted(conversion) => conversion.sequence(),
        }
    }
}
