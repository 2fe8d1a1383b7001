//! JSON documents one after the other, alone or in an array, as Gemini streams them without `alt=sse`.

use memchr::{memchr2, memchr3};

use super::{MAX_EVENT_BYTES, Sink, reset};

/// Tells documents apart by their braces.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    /// What has come of a document whose end has not.
    partial: Vec<u8>,
    depth: usize,
    in_string: bool,
    /// The last byte was a backslash in a string.
    is_escaped: bool,
    /// The document is too large to be kept: what is left of it is passed over.
    is_oversized: bool,
}

impl Documents {
    pub(super) fn push(&mut self, mut bytes: &[u8], sink: &mut impl Sink) {
        while let Some(end) = self.document_end(bytes) {
            let (document, rest) = bytes.split_at(end);
            self.keep(document, sink);
            if !std::mem::take(&mut self.is_oversized) {
                sink.event(b"", &self.partial);
            }
            reset(&mut self.partial);
            bytes = rest;
        }
        self.keep(bytes, sink);
    }

    /// Reads what has come of the last document, though its end has not.
    pub(super) fn finish(&mut self, sink: &mut impl Sink) {
        if self.depth > 0 && !self.is_oversized {
            sink.event(b"", &self.partial);
        }
        reset(&mut self.partial);
    }

    /// Where the present document ends in `bytes`; the state moves on to there.
    fn document_end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = usize::from(self.is_escaped);
        self.is_escaped &= bytes.is_empty();
        while at < bytes.len() {
            at = if self.in_string { self.string_end(bytes, at)? } else { self.next_mark(bytes, at)? };
            if self.depth == 0 && bytes.get(at - 1) == Some(&b'}') && !self.in_string {
                return Some(at);
            }
        }
        None
    }

    /// Goes on to after the next quote or brace outside of strings.
    fn next_mark(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let at = from + memchr3(b'"', b'{', b'}', &bytes[from..])?;
        match bytes[at] {
            b'"' => self.in_string = true,
            b'{' => self.depth += 1,
            _ => self.depth = self.depth.saturating_sub(1),
        }
        Some(at + 1)
    }

    /// Goes on to after the end of a string, or of an escape in it.
    fn string_end(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let at = from + memchr2(b'"', b'\\', &bytes[from..])?;
        if bytes[at] == b'"' {
            self.in_string = false;
            return Some(at + 1);
        }
        self.is_escaped = at + 1 == bytes.len();
        Some(at + 2)
    }

    fn keep(&mut self, bytes: &[u8], sink: &mut impl Sink) {
        // What stands between documents, such as commas, is nobody's.
        let bytes = if self.partial.is_empty() && !self.is_oversized { from_brace(bytes) } else { bytes };
        if !self.is_oversized && self.partial.len() + bytes.len() > MAX_EVENT_BYTES {
            self.is_oversized = true;
            self.partial = Vec::new();
            sink.opaque();
        }
        if !self.is_oversized {
            self.partial.extend_from_slice(bytes);
        }
    }
}

fn from_brace(bytes: &[u8]) -> &[u8] {
    memchr::memchr(b'{', bytes).map_or(&[], |start| &bytes[start..])
}
