//! A scanner that checks JSON (RFC 8259) while it goes over it, and builds nothing.

mod lenient;
mod number;
mod text;

pub(crate) use text::Text;

use crate::BodyError;

/// How deep objects and arrays may nest; far above what any request has, far below what a stack bears.
const MAX_DEPTH: u8 = 128;

/// The scan went wrong; the scanner knows why.
#[derive(Debug)]
pub(crate) struct Stop;

/// The outcome of one step of a scan.
pub(crate) type Step<T> = Result<T, Stop>;

/// A position in a text that should be JSON.
pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u8,
    fault: Option<Fault>,
}

struct Fault {
    at: usize,
    what: &'static str,
    field: Option<&'static str>,
}

/// Adds what a document seldom has twice: room for one takes less than what a vector begins with.
pub(crate) fn push<T>(list: &mut Vec<T>, item: T) {
    if list.is_empty() {
        list.reserve_exact(1);
    }
    list.push(item);
}

impl<'a> Scanner<'a> {
    /// Begins at the start of `bytes`, which are UTF-8.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, depth: 0, fault: None }
    }

    /// Where the scan stands.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The next byte that is not white space; the scan stands before it.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        while let Some(&byte) = self.bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    /// Goes over an object; `member` gets each key with the scan before its value, and must go over that.
    pub(crate) fn members(&mut self, mut member: impl FnMut(&mut Self, Text<'a>) -> Step<()>) -> Step<()> {
        self.open(b'{', "expected an object")?;
        if self.peek() == Some(b'}') {
            return self.close();
        }
        loop {
            if self.peek() != Some(b'"') {
                return self.stop("expected a name in double quotes");
            }
            let key = self.string()?;
            if self.peek() != Some(b':') {
                return self.stop("expected a colon");
            }
            self.at += 1;
            member(self, key)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => return self.close(),
                _ => return self.stop("expected a comma or the end of the object"),
            }
        }
    }

    /// Goes over an array; `item` gets the scan before each value, and must go over that.
    pub(crate) fn items(&mut self, mut item: impl FnMut(&mut Self) -> Step<()>) -> Step<()> {
        self.open(b'[', "expected an array")?;
        if self.peek() == Some(b']') {
            return self.close();
        }
        loop {
            item(self)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => return self.close(),
                _ => return self.stop("expected a comma or the end of the array"),
            }
        }
    }

    /// Goes over any value.
    pub(crate) fn skip(&mut self) -> Step<()> {
        match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(b'{') => self.members(|scanner, _| scanner.skip()),
            Some(b'[') => self.items(Self::skip),
            Some(b't') => self.literal(b"true"),
            Some(b'f') => self.literal(b"false"),
            Some(b'n') => self.literal(b"null"),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.stop("expected a value"),
            None => self.stop("the text ends where a value should be"),
        }
    }

    /// Goes over any value, and returns it as it stands.
    pub(crate) fn raw(&mut self) -> Step<&'a [u8]> {
        self.peek();
        let start = self.at;
        self.skip()?;
        Ok(&self.bytes[start..self.at])
    }

    /// Checks that nothing but white space follows.
    pub(crate) fn end(&mut self) -> Step<()> {
        if self.peek().is_some() { self.stop("expected nothing after the object") } else { Ok(()) }
    }

    /// Ends the scan for something wrong at the present place.
    pub(crate) fn stop<T>(&mut self, what: &'static str) -> Step<T> {
        self.fault = Some(Fault { at: self.at, what, field: None });
        Err(Stop)
    }

    /// Ends the scan for a field that has a wrong value.
    pub(crate) fn refuse<T>(&mut self, field: &'static str, what: &'static str) -> Step<T> {
        self.fault = Some(Fault { at: self.at, what, field: Some(field) });
        Err(Stop)
    }

    /// What went wrong, in words for the caller.
    pub(crate) fn error(&self) -> BodyError {
        let Some(fault) = &self.fault else { return BodyError::new("the body is not valid JSON") };
        let place = place(self.bytes, fault.at);
        match fault.field {
            Some(field) => BodyError::field(field, format!("{} ({place})", fault.what)),
            None => BodyError::new(format!("the body is not valid JSON: {} ({place})", fault.what)),
        }
    }

    fn open(&mut self, bracket: u8, otherwise: &'static str) -> Step<()> {
        if self.peek() != Some(bracket) {
            return self.stop(otherwise);
        }
        if self.depth == MAX_DEPTH {
            return self.stop("objects and arrays are nested more than 128 deep");
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    #[allow(clippy::unnecessary_wraps, reason = "it ends functions that return a step")]
    fn close(&mut self) -> Step<()> {
        self.depth -= 1;
        self.at += 1;
        Ok(())
    }

    fn literal(&mut self, word: &[u8]) -> Step<()> {
        if !self.bytes[self.at..].starts_with(word) {
            return self.stop("expected a value");
        }
        self.at += word.len();
        Ok(())
    }
}

/// Names a place in a text: line and column count from 1, columns in bytes.
pub(crate) fn place(bytes: &[u8], at: usize) -> String {
    let before = &bytes[..at.min(bytes.len())];
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let column = before.len() - memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1) + 1;
    format!("line {line} column {column}, byte {at}")
}
