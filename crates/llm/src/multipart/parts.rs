//! Where the parts of a form stand.

use std::ops::Range;

use memchr::memmem;

use super::header::parameter;
use crate::BodyError;

/// Where the parts of a form stand.
pub(super) struct Parts {
    /// Two hyphens and the boundary.
    pub(super) delimiter: String,
    /// Where the first part's delimiter stands.
    pub(super) first: usize,
    /// The parts, in order.
    pub(super) found: Vec<Part>,
}

/// Where one part stands.
pub(super) struct Part {
    pub(super) headers: Range<usize>,
    pub(super) value: Range<usize>,
}

impl Parts {
    pub(super) fn scan(content_type: &str, body: &[u8]) -> Result<Self, BodyError> {
        let boundary = parameter(content_type, "boundary").filter(|boundary| !boundary.is_empty());
        let Some(boundary) = boundary else {
            return Err(BodyError::new(
                "the body must be multipart/form-data, with a boundary in its content type",
            ));
        };
        let delimiter = format!("--{boundary}");
        let first = first_delimiter(body, &delimiter).ok_or_else(unfinished)?;
        let next_delimiter = format!("\r\n{delimiter}");
        let finder = memmem::Finder::new(&next_delimiter);
        let mut found = Vec::new();
        let mut at = first + delimiter.len();
        while !body[at..].starts_with(b"--") {
            let start = at + memmem::find(&body[at..], b"\r\n").ok_or_else(unfinished)?;
            let end = start + finder.find(&body[start + 2..]).ok_or_else(unfinished)? + 2;
            found.push(part(body, start + 2..end)?);
            at = end + next_delimiter.len();
        }
        Ok(Self { delimiter, first, found })
    }
}

/// The delimiter stands at the very start, or after a preamble and a line end.
fn first_delimiter(body: &[u8], delimiter: &str) -> Option<usize> {
    if body.starts_with(delimiter.as_bytes()) {
        return Some(0);
    }
    memmem::find(body, format!("\r\n{delimiter}").as_bytes()).map(|at| at + 2)
}

fn part(body: &[u8], part: Range<usize>) -> Result<Part, BodyError> {
    match memmem::find(&body[part.clone()], b"\r\n\r\n") {
        Some(blank) => {
            let headers = part.start..part.start + blank;
            Ok(Part { value: headers.end + 4..part.end, headers })
        }
        None => Err(BodyError::new("a part of the form has no blank line after its headers")),
    }
}

fn unfinished() -> BodyError {
    BodyError::new("the form ends before its closing boundary")
}
