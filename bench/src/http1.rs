//! As much HTTP/1.1 as a mock upstream and a load need: the end of a head, the length of a body, chunks.

use std::io;

use httparse::{EMPTY_HEADER, Header, Status};
use memchr::memchr;

const MAX_HEADERS: usize = 64;

/// A request's or an answer's head.
#[derive(Debug)]
pub(crate) struct Head {
    /// Bytes up to and with the empty line.
    pub(crate) len: usize,
    /// The status of an answer; 0 for a request.
    pub(crate) status: u16,
    /// How its body ends.
    pub(crate) body: Body,
}

/// Reads the head of a request once it is whole.
pub(crate) fn request_head(bytes: &[u8]) -> io::Result<Option<Head>> {
    let mut headers = [EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let Status::Complete(len) = request.parse(bytes).map_err(malformed)? else { return Ok(None) };
    Ok(Some(Head { len, status: 0, body: body_of(request.headers)? }))
}

/// Reads the head of an answer once it is whole.
pub(crate) fn response_head(bytes: &[u8]) -> io::Result<Option<Head>> {
    let mut headers = [EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let Status::Complete(len) = response.parse(bytes).map_err(malformed)? else { return Ok(None) };
    Ok(Some(Head { len, status: response.code.unwrap_or(0), body: body_of(response.headers)? }))
}

fn body_of(headers: &[Header<'_>]) -> io::Result<Body> {
    for header in headers {
        if header.name.eq_ignore_ascii_case("content-length") {
            let length = str::from_utf8(header.value).ok().and_then(|text| text.trim().parse().ok());
            return length.map(Body::Length).ok_or_else(|| malformed("content-length is no number"));
        }
        if header.name.eq_ignore_ascii_case("transfer-encoding") {
            return Ok(Body::Size(0));
        }
    }
    Ok(Body::Length(0))
}

/// Where in a body the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// So many bytes before the end.
    Length(u64),
    /// In a chunk's size line, with the size so far.
    Size(u64),
    /// In what follows the digits of a chunk's size line.
    Extension(u64),
    /// In a chunk, so many bytes before its end.
    Chunk(u64),
    /// Between a chunk's data and the next size line.
    ChunkEnd,
    /// In the trailer, at the beginning of a line or not.
    Trailer(bool),
    /// Behind the end.
    Done,
}

impl Body {
    /// True when nothing more belongs to it.
    pub(crate) fn is_done(self) -> bool {
        matches!(self, Self::Done | Self::Length(0))
    }

    /// Takes what belongs to the body off the beginning of `bytes`, hands the content to `each` and gives the number
    /// of bytes taken.
    pub(crate) fn feed(&mut self, bytes: &[u8], mut each: impl FnMut(&[u8])) -> io::Result<usize> {
        let mut at = 0;
        while at < bytes.len() && !self.is_done() {
            at += self.step(&bytes[at..], &mut each)?;
        }
        Ok(at)
    }

    fn step(&mut self, bytes: &[u8], each: &mut impl FnMut(&[u8])) -> io::Result<usize> {
        let mut taken = 1;
        *self = match *self {
            Self::Length(left) | Self::Chunk(left) => {
                taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                each(&bytes[..taken]);
                let left = left - taken as u64;
                match *self {
                    Self::Length(_) => Self::Length(left),
                    _ if left > 0 => Self::Chunk(left),
                    _ => Self::ChunkEnd,
                }
            }
            Self::Size(size) => match char::from(bytes[0]).to_digit(16) {
                Some(digit) => Self::Size(size.checked_mul(16).ok_or_else(too_large)? + u64::from(digit)),
                None if bytes[0] == b'\n' => after_size(size),
                None => Self::Extension(size),
            },
            Self::Extension(size) => {
                let end = memchr(b'\n', bytes);
                taken = end.map_or(bytes.len(), |end| end + 1);
                end.map_or(Self::Extension(size), |_| after_size(size))
            }
            Self::ChunkEnd if bytes[0] == b'\n' => Self::Size(0),
            Self::ChunkEnd if bytes[0] == b'\r' => Self::ChunkEnd,
            Self::ChunkEnd => return Err(malformed("a chunk is longer than it says")),
            Self::Trailer(true) if bytes[0] == b'\n' => Self::Done,
            Self::Trailer(line_start) => {
                Self::Trailer(bytes[0] == b'\n' || (line_start && bytes[0] == b'\r'))
            }
            Self::Done => Self::Done,
        };
        Ok(taken)
    }
}

fn after_size(size: u64) -> Body {
    if size == 0 { Body::Trailer(true) } else { Body::Chunk(size) }
}

fn too_large() -> io::Error {
    malformed("a chunk is too large")
}

fn malformed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(whole: &[u8], cut: usize) -> (Vec<u8>, usize) {
        let (mut body, mut content, mut taken) = (Body::Size(0), Vec::new(), 0);
        for part in [&whole[..cut], &whole[cut..]] {
            taken += body.feed(part, |bytes| content.extend_from_slice(bytes)).unwrap();
        }
        assert!(body.is_done());
        (content, taken)
    }

    #[test]
    fn chunks_are_read_wherever_they_are_cut() {
        let whole = b"5\r\nhello\r\nb;name=value\r\n, the world\r\n0\r\nx-trailer: 1\r\n\r\n";
        for cut in 0..=whole.len() {
            assert_eq!(read(whole, cut), (b"hello, the world".to_vec(), whole.len()), "cut at {cut}");
        }
    }

    #[test]
    fn what_follows_a_body_is_left() {
        let (mut body, mut content) = (Body::Length(3), Vec::new());
        assert_eq!(body.feed(b"abcdef", |bytes| content.extend_from_slice(bytes)).unwrap(), 3);
        assert_eq!(content, b"abc");
        assert!(body.is_done());
    }

    #[test]
    fn head_is_read_once_it_is_whole() {
        let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello";
        assert!(response_head(&bytes[..20]).unwrap().is_none());
        let head = response_head(bytes).unwrap().unwrap();
        assert_eq!((head.len, head.status, head.body), (bytes.len() - 5, 200, Body::Length(12)));
        let head = request_head(b"POST /x HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n").unwrap().unwrap();
        assert_eq!(head.body, Body::Size(0));
    }

    #[test]
    fn malformed_input_is_refused() {
        assert!(request_head(b"\0\r\n\r\n").is_err());
        assert!(Body::Chunk(1).feed(b"ab", |_| {}).is_err());
        assert!(Body::Size(0).feed(b"fffffffffffffffff\r\n", |_| {}).is_err());
    }
}
