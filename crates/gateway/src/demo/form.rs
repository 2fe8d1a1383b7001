//! Reads `multipart/form-data` (RFC 7578).

use memchr::memmem;

use super::fields::{Bad, Read, missing, wrong};

/// One part of a form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    pub name: &'a str,
    pub filename: Option<&'a str>,
    pub data: &'a [u8],
}

/// A form's parts in order.
#[derive(Clone, Debug)]
pub(super) struct Form<'a>(Vec<Part<'a>>);

impl<'a> Form<'a> {
    pub(super) fn read(content_type: Option<&str>, body: &'a [u8]) -> Read<Self> {
        let boundary =
            content_type.and_then(|kind| parameter(kind, "boundary")).filter(|text| !text.is_empty());
        let Some(boundary) = boundary else {
            let message = "Expected a form: Content-Type multipart/form-data with a boundary.".to_owned();
            return Err(Bad { message, param: None });
        };
        let delimiter = format!("--{boundary}");
        let starts: Vec<usize> = memmem::find_iter(body, &delimiter).collect();
        let parts = starts.windows(2).filter_map(|pair| part(body.get(pair[0] + delimiter.len()..pair[1])?));
        Ok(Self(parts.collect()))
    }

    /// The text of the field `name`.
    pub(super) fn text(&self, name: &str) -> Read<Option<&'a str>> {
        let Some(part) = self.0.iter().find(|part| part.name == name) else { return Ok(None) };
        std::str::from_utf8(part.data).map(Some).map_err(|_| wrong(name, "text"))
    }

    /// The whole number in the field `name`.
    pub(super) fn number(&self, name: &str) -> Read<Option<u64>> {
        let text = self.text(name)?;
        text.map(|text| text.trim().parse().map_err(|_| wrong(name, "an integer"))).transpose()
    }

    /// The boolean in the field `name`.
    pub(super) fn flag(&self, name: &str) -> Read<bool> {
        Ok(self.text(name)?.is_some_and(|text| matches!(text.trim(), "true" | "True" | "1")))
    }

    /// The file in the field `name`, or in the list `name[]`.
    pub(super) fn file(&self, name: &str) -> Read<Part<'a>> {
        let found = self.0.iter().find(|part| part.name.strip_suffix("[]").unwrap_or(part.name) == name);
        found.copied().ok_or_else(|| missing(name))
    }
}

/// What stands between two delimiters: a line's end, headers, a blank line, the data, a line's end.
fn part(between: &[u8]) -> Option<Part<'_>> {
    let between = between.strip_prefix(b"\r\n")?.strip_suffix(b"\r\n")?;
    let blank = memmem::find(between, b"\r\n\r\n")?;
    let headers = std::str::from_utf8(between.get(..blank)?).ok()?;
    let disposition = headers.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    Some(Part {
        name: parameter(disposition, "name")?,
        filename: parameter(disposition, "filename"),
        data: between.get(blank + 4..)?,
    })
}

/// The parameter `name` of a header's value.
fn parameter<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}
