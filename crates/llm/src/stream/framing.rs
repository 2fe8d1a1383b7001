//! How the events of a stream are told apart, found out from its first bytes.

use super::Sink;
use super::aws::Messages;
use super::json::Documents;
use super::sse::Events;
use crate::Wire;

/// What server-sent events may begin with where a stream could also be sound.
const SSE_STARTS: [&[u8]; 3] = [b"data:", b"event:", b":"];

/// How the events of a stream are told apart.
#[derive(Debug)]
pub(crate) enum Framing {
    /// Too few bytes have come.
    Unknown {
        /// Those.
        start: Vec<u8>,
        /// What more of them may show.
        expected: Expected,
    },
    /// Server-sent events.
    Events(Events),
    /// JSON documents, alone or in an array: Gemini without `alt=sse`, and errors of servers that do not frame them.
    Documents(Documents),
    /// Amazon's event stream.
    Messages(Messages),
    /// Bytes such as sound.
    Opaque,
}

/// What a stream may be before its first bytes have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Anything but sound.
    Text,
    /// Sound, or events.
    Bytes,
    /// Amazon's event stream, or an error that is not framed.
    Messages,
}

impl Framing {
    /// The framing of a stream in the form of `wire`.
    pub(crate) fn new(wire: Wire) -> Self {
        let expected = match wire {
            Wire::Converse => Expected::Messages,
            _ if wire.may_be_bytes() => Expected::Bytes,
            _ => Expected::Text,
        };
        Self::Unknown { start: Vec::new(), expected }
    }

    /// Takes the next bytes, cut anywhere.
    pub(crate) fn push(&mut self, bytes: &[u8], sink: &mut impl Sink) {
        match self {
            Self::Events(events) => events.push(bytes, sink),
            Self::Documents(documents) => documents.push(bytes, sink),
            Self::Messages(messages) => messages.push(bytes, sink),
            Self::Opaque => {}
            Self::Unknown { start, expected } => {
                start.extend_from_slice(bytes);
                let Some((framing, skip)) = recognise(start, *expected) else {
                    if *expected != Expected::Bytes {
                        // Nothing but blanks, which say nothing later either.
                        start.clear();
                    }
                    return;
                };
                let start = std::mem::take(start);
                *self = framing;
                if matches!(self, Self::Opaque) {
                    sink.opaque();
                }
                self.push(&start[skip..], sink);
            }
        }
    }

    /// Takes note that the bytes have ended.
    pub(crate) fn finish(&mut self, sink: &mut impl Sink) {
        match self {
            Self::Events(events) => events.finish(sink),
            Self::Documents(documents) => documents.finish(sink),
            Self::Messages(messages) => messages.finish(sink),
            Self::Opaque => sink.whole(),
            Self::Unknown { start, expected: Expected::Bytes } if !start.is_empty() => {
                sink.opaque();
                sink.whole();
            }
            Self::Unknown { .. } => {}
        }
    }
}

/// The framing, and how many of the first bytes say nothing; none where more bytes are needed.
fn recognise(start: &[u8], expected: Expected) -> Option<(Framing, usize)> {
    if expected == Expected::Bytes && !start.starts_with(b"{") {
        let fits = |sse: &&[u8]| start.starts_with(sse) || sse.starts_with(start);
        return match SSE_STARTS.iter().find(|sse| fits(sse)) {
            Some(sse) if start.len() < sse.len() => None,
            Some(_) => Some((Framing::Events(Events::default()), 0)),
            None => Some((Framing::Opaque, 0)),
        };
    }
    // A byte order mark and blank lines may come first (https://html.spec.whatwg.org/multipage/server-sent-events.html).
    let skip =
        start.iter().take_while(|byte| byte.is_ascii_whitespace() || b"\xef\xbb\xbf".contains(byte)).count();
    match start.get(skip)? {
        b'{' | b'[' => Some((Framing::Documents(Documents::default()), skip)),
        // Messages of at most 16 MiB begin with a zero, which no text does.
        0 => Some((Framing::Messages(Messages::default()), 0)),
        _ if expected == Expected::Messages => Some((Framing::Messages(Messages::default()), 0)),
        _ => Some((Framing::Events(Events::default()), skip)),
    }
}
