//! One kept answer.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName};
use http::{HeaderValue, StatusCode};
use roundhouse_domain::Timestamp;
use serde::{Deserialize, Serialize};

/// The headers that say something of the answer itself; all others are of the call that got it.
static HEADERS: [HeaderName; 3] = [
    CONTENT_TYPE,
    HeaderName::from_static("x-roundhouse-provider"),
    HeaderName::from_static("x-roundhouse-warnings"),
];

/// Bytes that an entry takes besides its body, roughly.
const OVERHEAD: u64 = 512;

/// A complete answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    /// Its status, a success.
    pub(crate) status: StatusCode,
    /// What is told of it.
    pub(crate) headers: HeaderMap,
    /// Its bytes; of a stream, all its events.
    pub(crate) body: Bytes,
    /// When it was asked for.
    pub(crate) at: Timestamp,
    /// How long it is kept.
    pub(crate) ttl: Duration,
}

/// What stands before the body where an answer is kept as bytes.
#[derive(Serialize, Deserialize)]
struct Head {
    status: u16,
    headers: Vec<(String, String)>,
    at_ms: i64,
    ttl_ms: u64,
}

impl Kept {
    /// Bytes that it takes.
    pub(super) fn bytes(&self) -> u64 {
        self.body.len() as u64 + OVERHEAD
    }

    /// The answer as bytes: one line of JSON, and the body.
    pub(super) fn encode(&self) -> Bytes {
        let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let head = Head {
            status: self.status.as_u16(),
            headers: self.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            at_ms: self.at.as_millis(),
            ttl_ms: u64::try_from(self.ttl.as_millis()).unwrap_or(u64::MAX),
        };
        let mut bytes = serde_json::to_vec(&head).unwrap_or_default();
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.body);
        bytes.into()
    }

    /// Reads what [`Self::encode`] wrote; none where it cannot be read.
    pub(super) fn decode(bytes: &Bytes) -> Option<Self> {
        let end = memchr::memchr(b'\n', bytes)?;
        let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
        let mut headers = HeaderMap::new();
        for (name, value) in head.headers {
            headers.append(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?);
        }
        Some(Self {
            status: StatusCode::from_u16(head.status).ok()?,
            headers,
            body: bytes.slice(end + 1..),
            at: Timestamp::from_millis(head.at_ms),
            ttl: Duration::from_millis(head.ttl_ms),
        })
    }
}

/// The headers of an answer that are kept with it.
pub(super) fn told(headers: &HeaderMap) -> HeaderMap {
    let named = HEADERS.iter().flat_map(|name| headers.get_all(name).iter().map(move |value| (name, value)));
    named.map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_survives_being_written_as_bytes() {
        let headers = HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
            (HeaderName::from_static("x-roundhouse-provider"), HeaderValue::from_static("up")),
        ]);
        let kept = Kept {
            status: StatusCode::OK,
            headers,
            body: Bytes::from_static(b"data: a\n\ndata: b\n\n"),
            at: Timestamp::from_millis(7),
            ttl: Duration::from_secs(3),
        };
        assert_eq!(Kept::decode(&kept.encode()), Some(kept));
        assert_eq!(Kept::decode(&Bytes::from_static(b"{\"status\":\"x\"}\nbody")), None);
    }

    #[test]
    fn what_a_provider_says_of_one_call_is_not_kept() {
        let headers = HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (HeaderName::from_static("x-ratelimit-remaining-requests"), HeaderValue::from_static("3")),
        ]);
        assert_eq!(told(&headers).keys().collect::<Vec<_>>(), [CONTENT_TYPE]);
    }
}
