//! Repeated requests as all processes see them.

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName};
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

/// What is known of a request that may be repeated.
#[derive(Debug, PartialEq)]
pub(super) enum Known {
    /// It is under way.
    Underway([u8; 32]),
    /// It was answered.
    Done([u8; 32], StatusCode, HeaderMap, Bytes),
}

/// What stands before the answer's body, in one line of JSON.
#[derive(Serialize, Deserialize)]
struct Head {
    /// The digest of the request's body.
    body: [u8; 32],
    /// None while it is under way.
    status: Option<u16>,
    #[serde(default)]
    headers: Vec<(String, Vec<u8>)>,
    /// Tells one claim from the next.
    #[serde(default)]
    claim: u128,
}

/// A request that is under way; `claim` tells it from every other.
pub(super) fn underway(body: [u8; 32], claim: u128) -> Bytes {
    encode(&Head { body, status: None, headers: Vec::new(), claim }, &[])
}

/// A request that was answered.
pub(super) fn done(body: [u8; 32], status: StatusCode, headers: &HeaderMap, answer: &[u8]) -> Bytes {
    let headers = headers.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect();
    encode(&Head { body, status: Some(status.as_u16()), headers, claim: 0 }, answer)
}

/// Reads either; none where it cannot be read.
pub(super) fn read(bytes: &Bytes) -> Option<Known> {
    let end = memchr::memchr(b'\n', bytes)?;
    let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
    let Some(status) = head.status else { return Some(Known::Underway(head.body)) };
    let mut headers = HeaderMap::new();
    for (name, value) in head.headers {
        headers.append(HeaderName::try_from(name).ok()?, HeaderValue::from_bytes(&value).ok()?);
    }
    Some(Known::Done(head.body, StatusCode::from_u16(status).ok()?, headers, bytes.slice(end + 1..)))
}

fn encode(head: &Head, answer: &[u8]) -> Bytes {
    let mut bytes = serde_json::to_vec(head).unwrap_or_default();
    bytes.push(b'\n');
    bytes.extend_from_slice(answer);
    bytes.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(read(&underway([7; 32], 5)), Some(Known::Underway([7; 32])));
        let headers = HeaderMap::from_iter([(
            http::header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        )]);
        let bytes = done([7; 32], StatusCode::OK, &headers, b"{}\n{}");
        let body = Bytes::from_static(b"{}\n{}");
        assert_eq!(read(&bytes), Some(Known::Done([7; 32], StatusCode::OK, headers, body)));
        assert_eq!(read(&Bytes::from_static(b"odd")), None);
    }
}
