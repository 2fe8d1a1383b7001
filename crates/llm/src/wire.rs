//! The forms in which upstreams answer.

use crate::dialect::Dialect;
use crate::{Operation, Protocol};

/// The form in which an upstream answers: that of an operation of ours, or one that only providers speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wire {
    /// As clients get it from us.
    Operation(Operation),
    /// Amazon Bedrock's `converse` and `converse-stream`.
    Converse,
    /// Cohere's `POST /v2/chat`.
    Cohere,
}

impl Wire {
    /// Whether the answer is text made by a model, so that an empty one is a failure.
    pub(crate) const fn generates(self) -> bool {
        match self {
            Self::Operation(op) => op.generates(),
            Self::Converse | Self::Cohere => true,
        }
    }

    /// Whether the answer may be plain sound or text: transcripts may be subtitles.
    pub(crate) const fn may_be_bytes(self) -> bool {
        matches!(
            self,
            Self::Operation(Operation::Speech | Operation::Transcriptions | Operation::Translations)
        )
    }

    /// Whether the answer has an id under which the provider stores it.
    pub(crate) const fn is_stored(self) -> bool {
        matches!(self, Self::Operation(Operation::Responses))
    }

    /// Whose way of counting tokens it follows: Bedrock counts what was cached beside the input, as Anthropic does.
    pub(crate) const fn counting(self) -> Protocol {
        match self {
            Self::Operation(op) => op.protocol(),
            Self::Converse => Protocol::Anthropic,
            Self::Cohere => Protocol::Openai,
        }
    }
}

impl From<Operation> for Wire {
    fn from(op: Operation) -> Self {
        Self::Operation(op)
    }
}

impl From<Dialect> for Wire {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Chat => Operation::ChatCompletions.into(),
            Dialect::Completions => Operation::Completions.into(),
            Dialect::Responses => Operation::Responses.into(),
            Dialect::Messages => Operation::Messages.into(),
            Dialect::Gemini => Operation::StreamGenerateContent.into(),
            Dialect::Converse => Self::Converse,
            Dialect::Cohere => Self::Cohere,
        }
    }
}
