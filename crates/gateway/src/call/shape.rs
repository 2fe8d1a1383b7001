//! A body as far as it decides where a call goes.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap};
use roundhouse_domain::ErrorKind;
use roundhouse_llm::{Envelope, FormEnvelope, Operation, Pieces};

use super::Ask;
use crate::error::CallError;

/// A body as far as it decides where a call goes.
pub(super) enum Shape {
    Json(Box<Envelope>),
    Form(Box<FormEnvelope>),
    Opaque,
}

impl Shape {
    pub(super) fn read(
        ask: &Ask,
        operation: Option<Operation>,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Self, CallError> {
        match (ask, operation) {
            (Ask::Model { .. }, Some(operation)) if operation.is_form(content_type(headers)) => {
                Ok(Self::Form(Box::new(FormEnvelope::scan(content_type(headers), body)?)))
            }
            (Ask::Model { model, .. }, Some(operation)) => {
                let envelope = Envelope::scan(body, operation)?;
                if model.is_none() && envelope.model().is_none_or(str::is_empty) {
                    let mut error =
                        CallError::new(ErrorKind::Invalid, "missing_model", "the field `model` is missing");
                    error.param = Some("model".to_owned());
                    return Err(error);
                }
                Ok(Self::Json(Box::new(envelope)))
            }
            // A native path's body is the upstream's to judge: it is only read where it can be.
            (Ask::Native { .. }, _) if is_json(content_type(headers)) => {
                let operation = operation.unwrap_or(Operation::ChatCompletions);
                Ok(Envelope::scan(body, operation)
                    .map_or(Self::Opaque, |envelope| Self::Json(Box::new(envelope))))
            }
            _ => Ok(Self::Opaque),
        }
    }

    /// The scanned `body` with `model` in the place of the model's name.
    pub(super) fn with_model(&self, body: &Bytes, model: &str) -> Pieces {
        match self {
            Self::Json(envelope) => envelope.with_model(body, model),
            Self::Form(form) => form.with_model(body, model),
            Self::Opaque => body.clone().into(),
        }
    }

    pub(super) fn model(&self) -> Option<&str> {
        match self {
            Self::Json(envelope) => envelope.model(),
            Self::Form(form) => form.model(),
            Self::Opaque => None,
        }
    }

    pub(super) fn stream(&self) -> bool {
        match self {
            Self::Json(envelope) => envelope.stream(),
            Self::Form(form) => form.stream(),
            Self::Opaque => false,
        }
    }

    pub(super) fn affinity(&self) -> Option<&str> {
        match self {
            Self::Json(envelope) => envelope.affinity(),
            _ => None,
        }
    }

    pub(super) fn previous_response_id(&self) -> Option<&str> {
        match self {
            Self::Json(envelope) => envelope.previous_response_id(),
            _ => None,
        }
    }
}

/// What the headers say the body is.
pub(super) fn content_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn is_json(content_type: &str) -> bool {
    content_type.to_ascii_lowercase().starts_with("application/json")
}
