//! Where a caller's access key stands.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::request::Parts;
use roundhouse_gateway::CallError;
use roundhouse_gateway::access::AccessKey;

use crate::state::App;

/// In a request's extensions: who calls, as another door has found out.
#[derive(Clone)]
pub struct Known(pub Arc<AccessKey>);

/// Who calls. A request may carry several credentials, as SDKs do that are given an old and a new setting: the first that may be used counts.
pub fn identify(app: &App, parts: &Parts, client_ip: IpAddr) -> Result<Arc<AccessKey>, CallError> {
    if let Some(Known(caller)) = parts.extensions.get() {
        return Ok(caller.clone());
    }
    let mut refusal = None;
    for credential in credentials(parts) {
        match app.gateway.identify(Some(&credential), Some(client_ip)) {
            Ok(caller) => return Ok(caller),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    metrics::counter!("roundhouse_unauthenticated_requests_total").increment(1);
    match refusal {
        Some(error) => Err(error),
        None => app.gateway.identify(None, Some(client_ip)),
    }
}

fn credentials(parts: &Parts) -> impl Iterator<Item = Cow<'_, [u8]>> {
    let header = |name: &str| parts.headers.get(name).map(http::HeaderValue::as_bytes);
    let bearer = parts.headers.get(AUTHORIZATION).map(http::HeaderValue::as_bytes).and_then(bearer);
    let query = parts.uri.query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("key="));
    let query = query.map(|key| percent_encoding::percent_decode_str(key).into());
    let headers = [bearer, header("x-api-key"), header("x-goog-api-key"), header("api-key")];
    headers.into_iter().flatten().map(Cow::Borrowed).chain(query)
}

fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = value.split_at_checked(7)?;
    scheme.eq_ignore_ascii_case(b"bearer ").then(|| rest.trim_ascii())
}
