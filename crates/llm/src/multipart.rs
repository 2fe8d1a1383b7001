//! What the gateway must know of a form body (images/edits, transcriptions, translations): RFC 7578, RFC 2046 section 5.1.

mod header;

use std::ops::Range;

use bytes::Bytes;
use memchr::memmem;

use crate::{BodyError, Pieces};
use header::parameter;

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
        let boundary = parameter(content_type, "boundary").filter(|boundary| !boundary.is_empty());
        let Some(boundary) = boundary else {
            return Err(BodyError::new(
                "the body must be multipart/form-data, with a boundary in its content type",
            ));
        };
        let mut form = Self { delimiter: format!("--{boundary}"), ..Self::default() };
        form.first = form.first_delimiter(body).ok_or_else(unfinished)?;
        let next_delimiter = format!("\r\n{}", form.delimiter);
        let finder = memmem::Finder::new(&next_delimiter);
        let mut at = form.first + form.delimiter.len();
        while !body[at..].starts_with(b"--") {
            let start = at + memmem::find(&body[at..], b"\r\n").ok_or_else(unfinished)?;
            let end = start + finder.find(&body[start + 2..]).ok_or_else(unfinished)? + 2;
            form.part(body, start + 2..end)?;
            at = end + next_delimiter.len();
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

    /// The delimiter stands at the very start, or after a preamble and a line end.
    fn first_delimiter(&self, body: &[u8]) -> Option<usize> {
        if body.starts_with(self.delimiter.as_bytes()) {
            return Some(0);
        }
        memmem::find(body, format!("\r\n{}", self.delimiter).as_bytes()).map(|at| at + 2)
    }

    fn part(&mut self, body: &[u8], part: Range<usize>) -> Result<(), BodyError> {
        let (headers, value) = match memmem::find(&body[part.clone()], b"\r\n\r\n") {
            Some(blank) => (&body[part.start..part.start + blank], part.start + blank + 4..part.end),
            None => return Err(BodyError::new("a part of the form has no blank line after its headers")),
        };
        match header::field_name(headers).as_deref() {
            Some("model") => self.model_field(body, value),
            Some("stream") => {
                self.stream = body[value].trim_ascii().eq_ignore_ascii_case(b"true");
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

fn unfinished() -> BodyError {
    BodyError::new("the form ends before its closing boundary")
}

#[cfg(test)]
mod tests;
