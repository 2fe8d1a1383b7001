//! The events of an answer: counted, passed on whole, and without a key in what a failed stream says.

use std::collections::VecDeque;

use bytes::Bytes;
use roundhouse_llm::Operation;

use super::boundary::Boundary;
use super::reading::Reading;

/// What is known of an answer whose events we understand.
#[derive(Debug)]
pub(crate) struct Events {
    /// Counts and watches.
    pub(crate) reading: Reading,
    /// Whose events the caller gets.
    pub(crate) operation: Operation,
    /// Whether they are server-sent events, so that comments may stand between them.
    pub(crate) server_sent: bool,
    boundary: Boundary,
}

impl Events {
    /// Events for the caller of `operation`.
    pub(crate) fn new(reading: Reading, operation: Operation, server_sent: bool) -> Self {
        Self { reading, operation, server_sent, boundary: Boundary::default() }
    }

    /// Moves what is whole of the events so far into `out`; the rest waits for its end.
    pub(super) fn pass(&mut self, piece: Bytes, out: &mut VecDeque<Bytes>) {
        if self.server_sent {
            self.boundary.pass(piece, out);
        } else if !piece.is_empty() {
            out.push_back(piece);
        }
    }

    /// Moves what is left into `out`. Behind its end an answer that `was_complete` may have broken off unnoticed: half an
    /// event would only trouble the caller.
    pub(super) fn end(&mut self, out: &mut VecDeque<Bytes>, was_complete: bool) {
        if was_complete && !self.boundary.holds_readable() {
            self.boundary.discard();
        } else {
            self.boundary.flush(out);
        }
    }

    /// Forgets what waits for its end.
    pub(super) fn discard(&mut self) {
        self.boundary.discard();
    }

    /// Once the stream has told an error, lets `redacted` clean what stands in `out` from `start` on: whole events, joined,
    /// since the provider may have cut them within the key that it echoes.
    pub(super) fn redact(
        &self,
        out: &mut VecDeque<Bytes>,
        start: usize,
        redacted: impl FnOnce(Bytes) -> Bytes,
    ) {
        if self.reading.failure().is_none() || out.len() <= start {
            return;
        }
        let pieces: Vec<Bytes> = out.drain(start..).collect();
        out.push_back(redacted(pieces.concat().into()));
    }
}

#[cfg(test)]
mod tests {
    use roundhouse_llm::StreamMeter;

    use super::*;

    const KEY: &str = "sk-secret-key";

    /// What a caller gets of `stream`, cut into pieces at `cuts`.
    fn told(stream: &str, cuts: &[usize]) -> String {
        let operation = Operation::ChatCompletions;
        let mut events = Events::new(Reading::Native(StreamMeter::new(operation)), operation, true);
        let mut out = VecDeque::new();
        let redacted = |bytes: Bytes| -> Bytes {
            String::from_utf8(bytes.to_vec()).unwrap().replace(KEY, "****").into()
        };
        let mut start = 0;
        for cut in cuts.iter().copied().chain([stream.len()]) {
            let piece = Bytes::copy_from_slice(&stream.as_bytes()[start..cut]);
            start = cut;
            let piece = events.reading.push(piece);
            let waiting = out.len();
            events.pass(piece, &mut out);
            events.redact(&mut out, waiting, redacted);
        }
        events.reading.finish();
        let waiting = out.len();
        events.end(&mut out, false);
        events.redact(&mut out, waiting, redacted);
        String::from_utf8(out.into_iter().flatten().collect()).unwrap()
    }

    #[test]
    fn a_key_in_an_error_event_is_not_told_wherever_the_event_is_cut() {
        let content = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";
        for end in ["\n\n", "\r\n\r\n", "\n", ""] {
            let error =
                format!("data: {{\"error\":{{\"message\":\"the key {KEY} is bad: \u{4f60}\"}}}}{end}");
            let stream = [content, &error].concat();
            let expected = told(&stream, &[]).replace(KEY, "****");
            assert!(expected.contains("the key **** is bad"), "{expected}");
            for first in 0..=stream.len() {
                for second in (first..=stream.len()).step_by(5) {
                    assert_eq!(told(&stream, &[first, second]), expected, "{end:?} {first} {second}");
                }
            }
        }
    }

    #[test]
    fn a_stream_that_is_well_keeps_its_bytes() {
        let stream =
            format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{KEY}\"}}}}]}}\n\n");
        assert_eq!(told(&stream, &[40]), stream);
    }
}
