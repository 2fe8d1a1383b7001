//! Captured bodies: masked, compressed, and kept for a time.

use std::sync::Arc;

use regex::Regex;
use roundhouse_domain::{AuditId, Author, RequestId, UserId};
use roundhouse_storage::request_bodies::{self, Bodies, Body, Compressed};
use roundhouse_storage::{StorageError, audit, users};

use crate::control::Control;
use crate::recorder::Recorder;

/// What looks like a credential: of `OpenAI` and its likes, Google, Amazon, GitHub, and whatever stands behind `Bearer`.
const CREDENTIALS: &str = r"(?x)
    \b(?:sk|rk|pk|rh|gsk|xai|tvly|hf)[-_][A-Za-z0-9_-]{16,}
    | \bAIza[0-9A-Za-z_-]{30,}
    | \b(?:AKIA|ASIA)[0-9A-Z]{16}\b
    | \bgh[pousr]_[A-Za-z0-9]{30,}
    | \b[Bb]earer\s+[A-Za-z0-9._~+/-]{16,}=*";

const MASK: &str = "[redacted]";

/// Takes out of bodies what nobody is to read.
#[derive(Clone, Debug)]
pub struct Redactor(Arc<[Regex]>);

impl Redactor {
    /// One for credentials and for what `patterns` say; those that are no regular expressions were refused with the settings.
    pub fn new(patterns: &[String]) -> Self {
        let patterns = [CREDENTIALS].into_iter().chain(patterns.iter().map(String::as_str));
        Self(patterns.filter_map(|pattern| Regex::new(pattern).ok()).collect())
    }

    /// `bytes` without it; what is not text stays as it is.
    pub fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        let mut text = match String::from_utf8(bytes) {
            Ok(text) => text,
            // A body that was cut within a character is text all the same.
            Err(error) if error.utf8_error().error_len().is_none() => {
                String::from_utf8_lossy(error.as_bytes()).into_owned()
            }
            Err(error) => return error.into_bytes(),
        };
        for pattern in &*self.0 {
            if let std::borrow::Cow::Owned(clean) = pattern.replace_all(&text, MASK) {
                text = clean;
            }
        }
        text.into_bytes()
    }
}

impl Control {
    /// The captured bodies of a request for `reader`, whose look is written into the audit log; none where there are none.
    pub async fn read_bodies(&self, reader: UserId, id: RequestId) -> Result<Option<Bodies>, StorageError> {
        let Some(bodies) = request_bodies::get(self.database().reader(), id).await? else { return Ok(None) };
        let user = users::get(self.database().reader(), reader).await?;
        let entry = audit::Entry {
            id: self.inner().parts.ids.next::<AuditId>(),
            at: self.now(),
            author: Author::user(reader, user.map(|user| user.email).unwrap_or_default()),
            action: "requests.read_bodies".to_owned(),
            object_kind: "request".to_owned(),
            object_id: id.to_string(),
            object_name: id.to_string(),
            detail: serde_json::Value::Null,
        };
        let transaction = self.database().write().await?;
        audit::insert(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(Some(bodies))
    }
}

/// Bodies written in one transaction.
pub(crate) const AT_ONCE: usize = 50;

/// Takes waiting bodies, masks and compresses them.
pub(crate) async fn prepare(recorder: &Recorder, redactor: &Redactor) -> Vec<Compressed> {
    let waiting = recorder.take_bodies(AT_ONCE);
    if waiting.is_empty() {
        return Vec::new();
    }
    let redactor = redactor.clone();
    let work = move || {
        let body = |(bytes, is_cut)| Body { bytes: redactor.redact(bytes), is_cut };
        let compressed = waiting.into_iter().map(|captured| {
            Compressed::new(&Bodies {
                id: captured.id,
                captured_at: captured.at,
                request: captured.request.map(body),
                response: captured.response.map(body),
            })
        });
        compressed.filter_map(Result::ok).collect()
    };
    // Half a millisecond of work and more leaves the async threads; a panic there would lose bodies, not records.
    tokio::task::spawn_blocking(work).await.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(patterns: &[&str], text: &str) -> String {
        let patterns: Vec<String> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        String::from_utf8(Redactor::new(&patterns).redact(text.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn credentials_are_masked_without_being_asked() {
        for secret in [
            "sk-proj-abcdefghijklmnop1234",
            "AIzaSyA1234567890abcdefghijklmnopqrstuv",
            "AKIAIOSFODNN7EXAMPLE",
            "Bearer abcdefghijklmnop.qrst",
            "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        ] {
            let text = format!("{{\"content\":\"my key is {secret}, keep it\"}}");
            assert_eq!(redacted(&[], &text), "{\"content\":\"my key is [redacted], keep it\"}");
        }
        assert_eq!(redacted(&[], "a task-list of risk-free ideas"), "a task-list of risk-free ideas");
    }

    #[test]
    fn what_operators_name_is_masked_too() {
        assert_eq!(redacted(&[r"\d{17}[\dX]"], "身份证 11010519491231002X 。"), "身份证 [redacted] 。");
    }

    #[test]
    fn bytes_that_are_no_text_stay_as_they_are() {
        let bytes = vec![0xff, 0xfe, 0, 1];
        assert_eq!(Redactor::new(&[]).redact(bytes.clone()), bytes);
    }
}
