//! The interface: files that `npm run build` made, compressed by it, and one page for every address of the interface.

use std::borrow::Cow;
use std::io::Read;

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use flate2::read::GzDecoder;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HeaderMap, IF_NONE_MATCH, VARY,
};
use http::{Method, StatusCode};
use rust_embed::{EmbeddedFile, RustEmbed};

/// Compressed files, and the page that loads them.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[include = "index.html"]
#[include = "*.br"]
#[include = "*.gz"]
struct Files;

/// Where the page wants the answer's nonce.
const NONCE: &str = "{{nonce}}";

/// Paths that are never a page: a mistyped one is told so in the caller's language.
const NOT_PAGES: [&str; 9] =
    ["/api/", "/v1/", "/v1beta/", "/openai/", "/anthropic/", "/gemini/", "/proxy/", "/admin/", "/assets/"];

/// The file, or for a browser the page, at the request's path; none where there is neither.
pub fn answer(request: &Request) -> Option<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let path = request.uri().path();
    file(path.trim_start_matches('/'), request.headers()).or_else(|| page(path, request.headers()))
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let (encoding, file) = encoded(path, headers)?;
    let tag = format!("\"{}\"", BASE64_STANDARD_NO_PAD.encode(&file.metadata.sha256_hash()[..12]));
    // Names below /assets carry a hash of what is in them.
    let keep =
        if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "public, no-cache" };
    let known = headers.get(IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let kind = mime(path);
    let head = [(ETAG, tag), (CACHE_CONTROL, keep.to_owned()), (VARY, "accept-encoding".to_owned())];
    if known {
        return Some((StatusCode::NOT_MODIFIED, head).into_response());
    }
    let mut response = (head, [(CONTENT_TYPE, kind)]).into_response();
    *response.body_mut() = match encoding {
        Some(encoding) => {
            response.headers_mut().insert(CONTENT_ENCODING, http::HeaderValue::from_static(encoding));
            body(file.data)
        }
        None => body(Cow::Owned(unpacked(&file.data)?)),
    };
    Some(response)
}

/// The smallest form that the client takes; one that takes none gets the plain bytes.
fn encoded(path: &str, headers: &HeaderMap) -> Option<(Option<&'static str>, EmbeddedFile)> {
    let takes = |name: &str| {
        let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        let mut names = values.flat_map(|value| value.split(','));
        names.any(|part| {
            let (offered, rest) = part.split_once(';').unwrap_or((part, ""));
            offered.trim().eq_ignore_ascii_case(name)
                && !matches!(rest.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    if takes("br")
        && let Some(file) = Files::get(&format!("{path}.br"))
    {
        return Some((Some("br"), file));
    }
    let file = Files::get(&format!("{path}.gz"))?;
    Some((takes("gzip").then_some("gzip"), file))
}

fn unpacked(data: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    GzDecoder::new(data).read_to_end(&mut plain).ok()?;
    Some(plain)
}

fn body(data: Cow<'static, [u8]>) -> Body {
    match data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

/// The types of the files that the interface is made of.
fn mime(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

fn page(path: &str, headers: &HeaderMap) -> Option<Response> {
    let for_people = headers.get(ACCEPT)?.to_str().is_ok_and(|accept| accept.contains("text/html"));
    if !for_people || NOT_PAGES.iter().any(|prefix| path.starts_with(prefix)) {
        return None;
    }
    let index = Files::get("index.html")?;
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    let nonce = BASE64_STANDARD_NO_PAD.encode(bytes);
    let html = std::str::from_utf8(&index.data).ok()?.replace(NONCE, &nonce);
    let head = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (CONTENT_SECURITY_POLICY, policy(&nonce)),
    ];
    Some((head, html).into_response())
}

/// Nothing from elsewhere, no script but our files. Overlays lock the page's scrolling with a style element: it carries the nonce.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: Method, path: &str, accept: &str) -> Request {
        let request = Request::builder().method(method).uri(path).header(ACCEPT, accept);
        request.body(Body::empty()).unwrap_or_default()
    }

    #[test]
    fn callers_of_the_api_never_get_a_page() {
        for path in ["/api/v1/nothing", "/v1/nothing", "/proxy/nothing/here", "/assets/old.js"] {
            assert!(answer(&asked(Method::GET, path, "text/html")).is_none(), "{path}");
        }
        assert!(answer(&asked(Method::POST, "/providers", "text/html")).is_none());
        assert!(answer(&asked(Method::GET, "/providers", "application/json")).is_none());
    }

    #[test]
    fn the_policy_allows_no_script_but_our_files() {
        let policy = policy("abc");
        assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"));
    }
}
