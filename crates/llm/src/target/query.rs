//! Queries and percent-encoding.

use std::borrow::Cow;
use std::fmt::Write;

/// `text` as one segment of a path, or one value of a query (RFC 3986 section 3.3; `&`, `=` and `+` are encoded as well,
/// since in a query they mean something).
pub(crate) fn encode(text: &str) -> Cow<'_, str> {
    encode_but(text, is_plain)
}

/// `text` with all but the unreserved characters of RFC 3986 encoded, as AWS has it in paths
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>, 2026-11).
pub(crate) fn encode_strictly(text: &str) -> Cow<'_, str> {
    encode_but(text, is_unreserved)
}

fn encode_but(text: &str, is_kept: fn(u8) -> bool) -> Cow<'_, str> {
    if text.bytes().all(is_kept) {
        return Cow::Borrowed(text);
    }
    let mut encoded = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        if is_kept(byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    Cow::Owned(encoded)
}

/// The caller's query without its credential and, where ours replaces it, without `api-version`.
pub(super) fn client_query(query: Option<&str>, replaces_version: bool) -> String {
    let is_kept = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        !name.is_empty() && name != "key" && !(replaces_version && name == "api-version")
    };
    query.unwrap_or_default().split('&').filter(is_kept).collect::<Vec<_>>().join("&")
}

pub(super) fn with_query(path: String, api_version: Option<&str>, rest: String) -> String {
    let version = api_version.map(|version| format!("api-version={}", encode(version)));
    let query = [version.unwrap_or_default(), rest];
    let query: Vec<&str> = query.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

fn is_plain(byte: u8) -> bool {
    is_unreserved(byte) || matches!(byte, b':' | b'@' | b',')
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}
