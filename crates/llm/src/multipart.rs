//! Forms: what the gateway must know of a form body, and all that is in one (images/edits, transcriptions, translations): RFC 7578, RFC 2046 section 5.1.

mod form;
mod header;
mod parts;

use std::ops::Range;

use bytes::Bytes;

use crate::{BodyError, Pieces};
pub use form::{Form, FormFile};
use parts::{Part, Parts};

/// The few fields of a form that decide where it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormEnvelope {
    model: Option<String>,
    span: Option<Range<usize>>,
    stream: bool,
    /// Two hyphens and the boundary.
    delimiter: String,
    /// Where the first part's delimiter stands: a model that is not there goes before it.
    first: usize,
}

impl FormEnvelope {
    /// Reads a `multipart/form-data` body by the boundary in its content type; files are not looked at.
    ///
    /// # Errors
    /// Says what is wrong, and names `model` where it is given twice or is no text.
    pub fn scan(content_type: &str, body: &Bytes) -> Result<Self, BodyError> {
        let parts = Parts::scan(content_type, body)?;
        let mut form = Self { delimiter: parts.delimiter, first: parts.first, ..Self::default() };
        for part in parts.found {
            form.part(body, part)?;
        }
        Ok(form)
    }

    /// The model that is asked for.
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// Whether a stream is asked for.
    pub fn stream(&self) -> bool {
        self.stream
    }

    /// The scanned body with `model` in the place of the model's name, or as a first part where none was; all else is shared.
    pub fn with_model(&self, body: &Bytes, model: &str) -> Pieces {
        let fits = self.span.as_ref().map_or(self.first, |span| span.end) <= body.len();
        if !fits || self.model.as_deref() == Some(model) {
            return body.clone().into();
        }
        let Some(span) = &self.span else {
            let part = format!(
                "{}\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n{model}\r\n",
                self.delimiter
            );
            return Pieces::splice(body, self.first..self.first, part.into());
        };
        Pieces::splice(body, span.clone(), Bytes::copy_from_slice(model.as_bytes()))
    }

    fn part(&mut self, body: &[u8], part: Part) -> Result<(), BodyError> {
        match header::field_name(&body[part.headers]).as_deref() {
            Some("model") => self.model_field(body, part.value),
            Some("stream") => {
                self.stream = body[part.value].trim_ascii().eq_ignore_ascii_case(b"true");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn model_field(&mut self, body: &[u8], value: Range<usize>) -> Result<(), BodyError> {
        if self.model.is_some() {
            return Err(BodyError::field("model", "model is given twice"));
        }
        let Ok(model) = std::str::from_utf8(&body[value.clone()]) else {
            return Err(BodyError::field("model", "model is not valid UTF-8"));
        };
        self.model = Some(model.to_owned());
        self.span = Some(value);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
