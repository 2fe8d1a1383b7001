//! Server-sent events, counted as they pass.

use memchr::memmem;

use crate::stamp;

/// Counts events whose bytes may be cut anywhere.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct EventCounter {
    ends_with_newline: bool,
}

impl EventCounter {
    /// Takes in bytes, gives the number of events that end in them, and hands each whole stamp in them to `each`.
    pub(super) fn feed(&mut self, bytes: &[u8], mut each: impl FnMut(u64)) -> u64 {
        let mut rest = bytes;
        let mut events = 0;
        if self.ends_with_newline && rest.first() == Some(&b'\n') {
            rest = &rest[1..];
            events += 1;
        }
        while let Some(end) = memmem::find(rest, b"\n\n") {
            if let Some(due_ns) = stamp::read(&rest[..end]) {
                each(due_ns);
            }
            rest = &rest[end + 2..];
            events += 1;
        }
        self.ends_with_newline = rest.last() == Some(&b'\n');
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_counted_wherever_they_are_cut() {
        let bytes = b"data: {\"content\":\"0000000000000007\"}\n\ndata: x\n\ndata: [DONE]\n\n";
        for cut in 0..=bytes.len() {
            let mut counter = EventCounter::default();
            let events = counter.feed(&bytes[..cut], |_| {}) + counter.feed(&bytes[cut..], |_| {});
            assert_eq!(events, 3, "cut at {cut}");
        }
    }

    #[test]
    fn stamps_are_handed_on() {
        let mut stamps = Vec::new();
        EventCounter::default()
            .feed(b"data: {\"content\":\"0000000000000007\"}\n\n", |due_ns| stamps.push(due_ns));
        assert_eq!(stamps, [7_000]);
    }
}
