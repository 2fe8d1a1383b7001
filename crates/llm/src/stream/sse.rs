//! Server-sent events: <https://html.spec.whatwg.org/multipage/server-sent-events.html>, 2026-11.

use memchr::memchr2;

use super::{MAX_EVENT_BYTES, Sink, reset};

/// What is passed over because the event is too large to be kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Passing {
    #[default]
    Nothing,
    /// The rest of the present line, and then of the event.
    Line,
    /// The further lines of the event.
    Event,
}

/// Tells events apart, whatever the line ends and wherever the bytes are cut.
#[derive(Debug, Default)]
pub(crate) struct Events {
    /// The start of a line whose end has not come.
    partial: Vec<u8>,
    name: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    passing: Passing,
    /// A carriage return ended the last line: a line feed that follows belongs to it.
    after_return: bool,
}

impl Events {
    pub(super) fn push(&mut self, mut bytes: &[u8], sink: &mut impl Sink) {
        if self.after_return && !bytes.is_empty() {
            self.after_return = false;
            bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        while let Some(end) = memchr2(b'\n', b'\r', bytes) {
            let (line, rest) = (&bytes[..end], &bytes[end + 1..]);
            self.whole_line(line, sink);
            self.after_return = bytes[end] == b'\r' && rest.is_empty();
            bytes = if bytes[end] == b'\r' { rest.strip_prefix(b"\n").unwrap_or(rest) } else { rest };
        }
        self.keep(bytes, sink);
    }

    /// Reads what has come of the last event, though its end has not.
    pub(super) fn finish(&mut self, sink: &mut impl Sink) {
        if !self.partial.is_empty() {
            self.whole_line(b"", sink);
        }
        self.dispatch(sink);
    }

    fn keep(&mut self, bytes: &[u8], sink: &mut impl Sink) {
        if self.has_room(self.partial.len() + bytes.len(), sink) {
            self.partial.extend_from_slice(bytes);
        } else if !bytes.is_empty() {
            self.partial = Vec::new();
            self.passing = Passing::Line;
        }
    }

    fn has_room(&mut self, more: usize, sink: &mut impl Sink) -> bool {
        if self.passing == Passing::Nothing && self.data.len() + more > MAX_EVENT_BYTES {
            self.passing = Passing::Event;
            self.data = Vec::new();
            sink.opaque();
        }
        self.passing == Passing::Nothing
    }

    fn whole_line(&mut self, line: &[u8], sink: &mut impl Sink) {
        if self.passing == Passing::Line {
            self.passing = Passing::Event;
            return;
        }
        if self.partial.is_empty() {
            return self.line(line, sink);
        }
        self.partial.extend_from_slice(line);
        let mut partial = std::mem::take(&mut self.partial);
        self.line(&partial, sink);
        reset(&mut partial);
        self.partial = partial;
    }

    fn line(&mut self, line: &[u8], sink: &mut impl Sink) {
        if line.is_empty() {
            return self.dispatch(sink);
        }
        if let Some(value) = field(line, b"data") {
            if self.has_data && self.passing == Passing::Nothing {
                self.data.push(b'\n');
            }
            self.has_data = true;
            if self.has_room(value.len(), sink) {
                self.data.extend_from_slice(value);
            }
        } else if let Some(value) = field(line, b"event") {
            self.name.clear();
            self.name.extend_from_slice(value);
        }
    }

    fn dispatch(&mut self, sink: &mut impl Sink) {
        if self.has_data && self.passing == Passing::Nothing {
            sink.event(&self.name, &self.data);
        }
        self.name.clear();
        reset(&mut self.data);
        self.has_data = false;
        self.passing = Passing::Nothing;
    }
}

/// The value of a line that sets `name`; one space after the colon does not belong to it.
fn field<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let rest = line.strip_prefix(name)?;
    if rest.is_empty() {
        return Some(rest);
    }
    let value = rest.strip_prefix(b":")?;
    Some(value.strip_prefix(b" ").unwrap_or(value))
}
