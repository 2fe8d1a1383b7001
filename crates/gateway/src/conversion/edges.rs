//! What changes beside the body of a call that is converted: headers, and errors.

use bytes::Bytes;
use http::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, TRANSFER_ENCODING,
};
use http::response::Parts;
use http::{HeaderValue, StatusCode};
use roundhouse_domain::RequestId;
use roundhouse_llm::errors::{self, ErrorShape};
use roundhouse_llm::generation::Losses;
use roundhouse_llm::{Protocol, UpstreamError};

/// What a conversion dropped or changed, for the caller to know.
const WARNINGS: HeaderName = HeaderName::from_static("x-roundhouse-warnings");

/// What the headers begin with that only one dialect's servers understand.
const DIALECT_HEADERS: [&str; 4] = ["anthropic-", "openai-", "x-goog-", "x-stainless-"];

/// The most that the header of warnings holds, in bytes: proxies refuse large heads.
const MAX_WARNING_BYTES: usize = 2_048;

/// What changes beside the body of a call that is converted.
#[derive(Debug)]
pub(crate) struct Edges {
    /// Prefixes of headers that the provider's dialect has too.
    own_headers: &'static [&'static str],
    accept: &'static str,
    losses: Losses,
}

impl Edges {
    /// The edges of a call that loses `losses`; of [`DIALECT_HEADERS`], `own_headers` go out.
    pub(crate) fn new(own_headers: &'static [&'static str], accept: &'static str, losses: Losses) -> Self {
        Self { own_headers, accept, losses }
    }

    /// The caller's headers as they fit the dialect that the request goes out in: what speaks of the caller's stays behind.
    pub(crate) fn fit_headers(&self, caller: &HeaderMap) -> HeaderMap {
        let mut headers = caller.clone();
        let foreign = |name: &str| {
            DIALECT_HEADERS
                .iter()
                .any(|prefix| name.starts_with(prefix) && !self.own_headers.contains(prefix))
        };
        let names: Vec<_> = headers.keys().filter(|name| foreign(name.as_str())).cloned().collect();
        for name in names {
            headers.remove(name);
        }
        headers.insert(ACCEPT, HeaderValue::from_static(self.accept));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers
    }

    /// The head of a converted answer: the provider's, but for what described its body.
    pub(crate) fn head(&self, mut parts: Parts, content_type: &'static str) -> Parts {
        for name in [CONTENT_LENGTH, CONTENT_ENCODING, TRANSFER_ENCODING] {
            parts.headers.remove(name);
        }
        label(&mut parts.headers, content_type, &self.losses);
        parts
    }

    /// A provider's error in the caller's form, with the provider's status.
    pub(crate) fn error(
        &self,
        mut parts: Parts,
        error: &UpstreamError,
        protocol: Protocol,
        id: RequestId,
    ) -> (Parts, Bytes) {
        let code = error.code.as_deref().or(error.kind.as_deref()).unwrap_or("provider_error");
        let shape = ErrorShape {
            status: parts.status.as_u16(),
            code,
            message: &error.message,
            param: None,
            request_id: &id.to_string(),
        };
        let body = errors::render(protocol, &shape);
        if parts.status.is_success() {
            parts.status = StatusCode::BAD_GATEWAY;
        }
        (self.head(parts, "application/json"), body)
    }
}

/// Says what a body of ours is, and what was lost on the way to it.
pub(crate) fn label(headers: &mut HeaderMap, content_type: &'static str, losses: &Losses) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(warnings) = warnings(losses) {
        headers.insert(WARNINGS, warnings);
    }
}

/// The losses as one header: `field: why; field: why`.
fn warnings(losses: &Losses) -> Option<HeaderValue> {
    let mut text = String::new();
    for (field, why) in losses.iter() {
        let more = if text.is_empty() { "" } else { "; " };
        if text.len() + more.len() + field.len() + why.len() + 2 > MAX_WARNING_BYTES {
            text.push_str("; and more");
            break;
        }
        text.extend([more, field, ": ", why]);
    }
    let plain = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
    if text.is_empty() {
        None
    } else {
        HeaderValue::from_str(&text.chars().map(plain).collect::<String>()).ok()
    }
}
