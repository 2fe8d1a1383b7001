//! Where server-sent events end, so that only whole ones are passed on and an error event never lands inside another one.

use std::collections::VecDeque;

use bytes::Bytes;
use memchr::memrchr;

/// Bytes held back at the most; what never ends is passed on as it comes.
const HELD_BYTES: usize = 1 << 20;

/// Holds back the beginning of an event until its end has come.
#[derive(Debug, Default)]
pub(super) struct Boundary {
    held: Vec<Bytes>,
    held_bytes: usize,
    /// The last bytes before the next piece, newest last.
    tail: [u8; 3],
}

impl Boundary {
    /// Moves whole events into `out`; copies nothing.
    pub(super) fn pass(&mut self, piece: Bytes, out: &mut VecDeque<Bytes>) {
        if piece.is_empty() {
            return;
        }
        let end = self.last_event_end(&piece);
        self.remember(&piece);
        match end {
            Some(end) => {
                self.release(out);
                let mut whole = piece;
                let rest = whole.split_off(end);
                out.push_back(whole);
                self.hold(rest, out);
            }
            None => self.hold(piece, out),
        }
    }

    /// True when what is held could be read, had its end come.
    pub(super) fn holds_readable(&self) -> bool {
        let held = self.held.concat();
        let lines = held.split(|byte| *byte == b'\n').filter_map(|line| line.strip_prefix(b"data:"));
        let data = lines.collect::<Vec<_>>().join(&b'\n');
        data.trim_ascii() == b"[DONE]" || serde_json::from_slice::<serde::de::IgnoredAny>(&data).is_ok()
    }

    /// Passes on what is held, since the stream has ended well, with the blank line that it lacks: readers drop an event
    /// without one.
    pub(super) fn flush(&mut self, out: &mut VecDeque<Bytes>) {
        if self.held.iter().any(|piece| !piece.trim_ascii().is_empty()) {
            self.held.push(Bytes::from_static(b"\n\n"));
        }
        self.release(out);
    }

    fn release(&mut self, out: &mut VecDeque<Bytes>) {
        out.extend(self.held.drain(..));
        self.held_bytes = 0;
    }

    /// Forgets what is held: the event will never be whole.
    pub(super) fn discard(&mut self) {
        self.held.clear();
        self.held_bytes = 0;
    }

    fn hold(&mut self, piece: Bytes, out: &mut VecDeque<Bytes>) {
        if piece.is_empty() {
            return;
        }
        self.held_bytes += piece.len();
        self.held.push(piece);
        if self.held_bytes > HELD_BYTES {
            self.release(out);
        }
    }

    fn remember(&mut self, piece: &[u8]) {
        for byte in &piece[piece.len().saturating_sub(3)..] {
            self.tail = [self.tail[1], self.tail[2], *byte];
        }
    }

    /// The place behind the last blank line that ends in `piece`: LF LF or CR LF CR LF (or LF CR LF).
    fn last_event_end(&self, piece: &[u8]) -> Option<usize> {
        let at = |place: usize, back: usize| match place.checked_sub(back) {
            Some(index) => piece[index],
            None => self.tail[3 - (back - place)],
        };
        let mut search = piece.len();
        while let Some(newline) = memrchr(b'\n', &piece[..search]) {
            let before = at(newline, 1);
            if before == b'\n' || (before == b'\r' && at(newline, 2) == b'\n') {
                return Some(newline + 1);
            }
            search = newline;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(stream: &str, cuts: &[usize]) -> (String, String) {
        let mut boundary = Boundary::default();
        let mut out = VecDeque::new();
        let mut start = 0;
        for cut in cuts.iter().copied().chain([stream.len()]) {
            boundary.pass(Bytes::copy_from_slice(&stream.as_bytes()[start..cut]), &mut out);
            start = cut;
        }
        let text = |pieces: &mut dyn Iterator<Item = Bytes>| {
            String::from_utf8(pieces.flat_map(|piece| piece.to_vec()).collect()).unwrap()
        };
        (text(&mut out.into_iter()), text(&mut boundary.held.into_iter()))
    }

    #[test]
    fn wherever_the_cut_only_whole_events_pass_and_no_byte_is_lost() {
        for stream in
            ["data: a\n\ndata: b\n\nda", "data: a\r\n\r\ndata: b\r\n\r\nda", ": c\n\n\nevent: x\ndata: y\n\n"]
        {
            let (whole, rest) = passed(stream, &[]);
            assert!(whole.ends_with('\n'), "{whole:?}");
            for cut in 0..=stream.len() {
                for second in cut..=stream.len() {
                    assert_eq!(
                        passed(stream, &[cut, second]),
                        (whole.clone(), rest.clone()),
                        "{stream:?} {cut} {second}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_beginning_of_an_event_waits() {
        assert_eq!(passed("data: a\n\ndata: b\n", &[]), ("data: a\n\n".into(), "data: b\n".into()));
    }

    #[test]
    fn what_never_ends_is_passed_on_in_the_end() {
        let mut boundary = Boundary::default();
        let mut out = VecDeque::new();
        for _ in 0..20 {
            boundary.pass(Bytes::from(vec![b'x'; 100_000]), &mut out);
        }
        assert!(out.iter().map(Bytes::len).sum::<usize>() > HELD_BYTES);
        assert!(boundary.held_bytes <= HELD_BYTES);
    }
}
