//! The upstream calls of a request as one text: they are only ever read with their request.
//!
//! Nearly every request is answered by its first attempt. Such an attempt is told by the request's own columns and four
//! numbers, which makes the row half as long; every other story is JSON.

use std::borrow::Cow;
use std::sync::Arc;

use roundhouse_domain::{AttemptRecord, KeyHash};
use serde::{Deserialize, Serialize};

/// An attempt as stored; what is absent or zero is left out.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    #[serde(borrow)]
    provider: Cow<'a, str>,
    #[serde(borrow)]
    model: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<KeyText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(borrow)]
    verdict: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    error: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "is_zero")]
    started_ms: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_byte_ms: Option<u32>,
    duration_ms: u32,
}

/// A key's hash in hexadecimal digits.
struct KeyText(KeyHash);

impl Serialize for KeyText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut digits = [0; 32];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0.0) {
            pair[0] = HEX[usize::from(byte >> 4)];
            pair[1] = HEX[usize::from(byte & 15)];
        }
        serializer.serialize_str(std::str::from_utf8(&digits).unwrap_or_default())
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

impl<'de> Deserialize<'de> for KeyText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("expected 32 hexadecimal digits");
        let number = u128::from_str_radix(&text, 16).map_err(|_| wrong())?;
        if text.len() == 32 { Ok(Self(KeyHash(number.to_be_bytes()))) } else { Err(wrong()) }
    }
}

/// What the request's own columns say of its last attempt.
pub(super) struct Last {
    pub(super) provider: Option<Arc<str>>,
    pub(super) model: Option<String>,
    pub(super) key_hash: Option<KeyHash>,
}

/// Writes attempts.
pub(super) fn write(attempts: &[AttemptRecord]) -> String {
    if let [only] = attempts
        && let (Some(status), None, "ok") = (only.status, &only.error, &*only.verdict)
    {
        let first_byte = only.first_byte_ms.map_or_else(String::new, |millis| millis.to_string());
        return format!("{status},{},{first_byte},{}", only.started_ms, only.duration_ms);
    }
    let stored: Vec<_> = attempts.iter().map(stored).collect();
    // Texts and numbers always have a JSON form.
    serde_json::to_string(&stored).unwrap_or_default()
}

/// Reads what [`write`] writes; none for anything else.
pub(super) fn read(text: &str, last: Last) -> Option<Vec<AttemptRecord>> {
    if !text.starts_with('[') {
        return Some(vec![only(text, last)?]);
    }
    let stored: Vec<Stored<'_>> = serde_json::from_str(text).ok()?;
    Some(stored.into_iter().map(record).collect())
}

fn only(text: &str, last: Last) -> Option<AttemptRecord> {
    let mut numbers = text.split(',');
    let mut next = || numbers.next();
    let (status, started, first_byte, duration) = (next()?, next()?, next()?, next()?);
    Some(AttemptRecord {
        provider: last.provider?,
        model: last.model?.into(),
        key_hash: last.key_hash,
        status: Some(status.parse().ok()?),
        verdict: Cow::Borrowed("ok"),
        error: None,
        started_ms: started.parse().ok()?,
        first_byte_ms: if first_byte.is_empty() { None } else { Some(first_byte.parse().ok()?) },
        duration_ms: duration.parse().ok()?,
        cost: None,
    })
}

fn stored(attempt: &AttemptRecord) -> Stored<'_> {
    Stored {
        provider: Cow::Borrowed(&attempt.provider),
        model: Cow::Borrowed(&attempt.model),
        key: attempt.key_hash.map(KeyText),
        status: attempt.status,
        verdict: Cow::Borrowed(&attempt.verdict),
        error: attempt.error.as_deref().map(Cow::Borrowed),
        started_ms: attempt.started_ms,
        first_byte_ms: attempt.first_byte_ms,
        duration_ms: attempt.duration_ms,
    }
}

fn record(stored: Stored<'_>) -> AttemptRecord {
    AttemptRecord {
        provider: Arc::from(stored.provider),
        model: Arc::from(stored.model),
        key_hash: stored.key.map(|key| key.0),
        status: stored.status,
        verdict: Cow::Owned(stored.verdict.into_owned()),
        error: stored.error.map(Arc::from),
        started_ms: stored.started_ms,
        first_byte_ms: stored.first_byte_ms,
        duration_ms: stored.duration_ms,
        cost: None,
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}
