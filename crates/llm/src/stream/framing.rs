//! How the events of a stream are told apart, found out from its first bytes.

use super::Sink;
use super::json::Documents;
use super::sse::Events;
use crate::Operation;

/// What server-sent events may begin with where a stream could also be sound.
const SSE_STARTS: [&[u8]; 3] = [b"data:", b"event:", b":"];

#[derive(Debug)]
pub(super) enum Framing {
    /// Too few bytes have come; sound is possible where the flag says so.
    Unknown { start: Vec<u8>, may_be_bytes: bool },
    /// Server-sent events.
    Events(Events),
    /// JSON documents, alone or in an array: Gemini without `alt=sse`, and errors of servers that do not frame them.
    Documents(Documents),
    /// Bytes such as sound.
    Opaque,
}

impl Framing {
    pub(super) fn new(op: Operation) -> Self {
        let may_be_bytes =
            matches!(op, Operation::Speech | Operation::Transcriptions | Operation::Translations);
        Self::Unknown { start: Vec::new(), may_be_bytes }
    }

    pub(super) fn push(&mut self, bytes: &[u8], sink: &mut impl Sink) {
        match self {
            Self::Events(events) => events.push(bytes, sink),
            Self::Documents(documents) => documents.push(bytes, sink),
            Self::Opaque => {}
            Self::Unknown { start, may_be_bytes } => {
                start.extend_from_slice(bytes);
                let Some((framing, skip)) = recognise(start, *may_be_bytes) else {
                    if !*may_be_bytes {
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

    pub(super) fn finish(&mut self, sink: &mut impl Sink) {
        match self {
            Self::Events(events) => events.finish(sink),
            Self::Documents(documents) => documents.finish(sink),
            Self::Opaque => sink.whole(),
            Self::Unknown { start, may_be_bytes: true } if !start.is_empty() => {
                sink.opaque();
                sink.whole();
            }
            Self::Unknown { .. } => {}
        }
    }
}

/// The framing, and how many of the first bytes say nothing; none where more bytes are needed.
fn recognise(start: &[u8], may_be_bytes: bool) -> Option<(Framing, usize)> {
    if may_be_bytes && !start.starts_with(b"{") {
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
        _ => Some((Framing::Events(Events::default()), skip)),
    }
}
