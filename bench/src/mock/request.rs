//! What a request asks the mock for.

use std::io;
use std::time::Duration;

use memchr::memmem;

use crate::http1::{self, Body};

/// So much of a body is looked at; the rest is read and forgotten.
const SEEN_BODY_BYTES: usize = 4 << 10;
const MAX_HEAD_BYTES: usize = 64 << 10;

/// What to answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// A chat completion.
    Completion,
    /// A chat completion in events.
    Stream(Pace),
    /// The list of models.
    Models,
    /// What was served so far.
    Counts,
    /// A refusal of the credential.
    Rejection,
    /// A refusal of the path.
    Unknown,
}

/// How many events, and how far apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    /// Events with content.
    pub(super) events: u32,
    /// Time between two of them; zero is as fast as they are taken.
    pub(super) interval: Duration,
}

impl Pace {
    const DEFAULT: Self = Self { events: 20, interval: Duration::ZERO };

    /// Reads `stream-NxMS` out of a model's name.
    fn of(model: &str) -> Option<Self> {
        let (_, numbers) = model.split_once("stream-")?;
        let (events, rest) = numbers.split_once('x')?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let interval = Duration::from_millis(rest[..digits].parse().ok()?);
        Some(Self { events: events.parse().ok()?, interval })
    }
}

/// Reads requests off a connection, one at a time.
#[derive(Debug, Default)]
pub(super) struct RequestReader {
    /// The head and the beginning of the body.
    seen: Vec<u8>,
    head_len: usize,
    body: Option<Body>,
}

impl RequestReader {
    /// Takes in bytes and gives the request when it is whole.
    ///
    /// # Errors
    /// Malformed input, and bytes behind a request: nobody pipelines here.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> io::Result<Option<Wish>> {
        if self.body.is_none() {
            let known = self.seen.len();
            self.seen.extend_from_slice(bytes);
            let Some(head) = http1::request_head(&self.seen)? else {
                return if self.seen.len() > MAX_HEAD_BYTES {
                    Err(refused("a head is too long"))
                } else {
                    Ok(None)
                };
            };
            bytes = &bytes[head.len - known..];
            self.seen.truncate(head.len);
            self.head_len = head.len;
            self.body = Some(head.body);
        }
        let Some(body) = self.body.as_mut() else { return Ok(None) };
        let (seen, most) = (&mut self.seen, self.head_len + SEEN_BODY_BYTES);
        let taken = body.feed(bytes, |content| {
            let room = most.saturating_sub(seen.len()).min(content.len());
            seen.extend_from_slice(&content[..room]);
        })?;
        if taken < bytes.len() {
            return Err(refused("bytes follow a request"));
        }
        if !body.is_done() {
            return Ok(None);
        }
        let wish = wish_of(&self.seen[..self.head_len], &self.seen[self.head_len..]);
        self.seen.clear();
        self.body = None;
        Ok(Some(wish))
    }
}

fn wish_of(head: &[u8], body: &[u8]) -> Wish {
    let path = head.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
    if memmem::find(head, b"Bearer bad-").is_some() {
        Wish::Rejection
    } else if path.ends_with(b"/chat/completions") {
        if is_stream(body) { Wish::Stream(pace_of(body)) } else { Wish::Completion }
    } else if path.ends_with(b"/models") {
        Wish::Models
    } else if path == b"/mock/counts" {
        Wish::Counts
    } else {
        Wish::Unknown
    }
}

fn is_stream(body: &[u8]) -> bool {
    memmem::find(body, br#""stream":true"#).is_some() || memmem::find(body, br#""stream": true"#).is_some()
}

fn pace_of(body: &[u8]) -> Pace {
    let model = memmem::find(body, br#""model":"#).map(|at| &body[at + br#""model":"#.len()..]);
    let name = model.and_then(|rest| rest.split(|byte| *byte == b'"').nth(1));
    name.and_then(|name| Pace::of(str::from_utf8(name).ok()?)).unwrap_or(Pace::DEFAULT)
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(path: &str, headers: &str, body: &str) -> Vec<u8> {
        format!("POST {path} HTTP/1.1\r\nhost: x\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
            .into_bytes()
    }

    #[test]
    fn stream_is_recognised_wherever_it_is_cut() {
        let body = r#"{"messages":[],"model":"mock-stream-600x1000","stream":true}"#;
        let bytes = whole("/v1/chat/completions", "", body);
        let pace = Pace { events: 600, interval: Duration::from_secs(1) };
        for cut in 1..bytes.len() {
            let mut reader = RequestReader::default();
            assert_eq!(reader.feed(&bytes[..cut]).unwrap(), None, "cut at {cut}");
            assert_eq!(reader.feed(&bytes[cut..]).unwrap(), Some(Wish::Stream(pace)), "cut at {cut}");
        }
    }

    #[test]
    fn large_body_is_read_but_not_kept() {
        let mut reader = RequestReader::default();
        let bytes = whole("/v1/chat/completions", "", &"x".repeat(100_000));
        assert_eq!(reader.feed(&bytes).unwrap(), Some(Wish::Completion));
        let (first, rest) = bytes.split_at(50_000);
        assert_eq!(reader.feed(first).unwrap(), None);
        assert!(reader.seen.len() < 5_000);
        assert_eq!(reader.feed(rest).unwrap(), Some(Wish::Completion));
    }

    #[test]
    fn path_and_credential_decide() {
        let wish =
            |path: &str, headers: &str| RequestReader::default().feed(&whole(path, headers, "{}")).unwrap();
        assert_eq!(wish("/v1/chat/completions", "authorization: Bearer bad-1\r\n"), Some(Wish::Rejection));
        assert_eq!(wish("/v1/models", ""), Some(Wish::Models));
        assert_eq!(wish("/mock/counts", ""), Some(Wish::Counts));
        assert_eq!(wish("/else", ""), Some(Wish::Unknown));
    }

    #[test]
    fn pipelined_request_is_refused() {
        let twice = [whole("/v1/models", "", "{}"), whole("/v1/models", "", "{}")].concat();
        assert!(RequestReader::default().feed(&twice).is_err());
    }
}
