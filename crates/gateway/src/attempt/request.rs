//! Building and sending an upstream request.

use std::time::Duration;

use http::header::{ACCEPT_ENCODING, AUTHORIZATION, HOST, HeaderMap, HeaderName};
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Response, Uri};
use roundhouse_domain::error::chain;
use roundhouse_domain::spec::ProviderKind;
use roundhouse_domain::{ErrorKind, Secret};
use roundhouse_llm::Operation;
use roundhouse_llm::target::{self as native, Credential};

use super::{Failed, Got};
use crate::call::{Prepared, Way};
use crate::demo::{self, DemoRequest};
use crate::endpoint::Endpoint;
use crate::error::CallError;
use crate::failure::Sign;
use crate::gateway::Gateway;
use crate::headers::Values;
use crate::provider::Provider;
use crate::selection::Choice;
use crate::upstream::{Client, RequestBody, UpstreamBody};

/// `EMFILE` and `ENFILE` of Linux and macOS: no file descriptor for this process, or for the whole machine.
const OUT_OF_FILES: [i32; 2] = [24, 23];

/// When a caller may try again after we ran out of file descriptors.
const SHORTAGE_PAUSE: Duration = Duration::from_secs(1);

/// Sends the call to its choice. The outer error is the caller's own; the inner one is an attempt that failed.
pub(super) async fn send(
    gateway: &Gateway,
    call: &Prepared,
    choice: &Choice,
) -> Result<Result<Response<UpstreamBody>, Got>, CallError> {
    let provider = &choice.target.provider;
    let body = call.body_for(&choice.target)?;
    let Some(client) = &provider.client else {
        return Ok(Ok(answer_from_inside(gateway, call, choice, &body.into_bytes()).await));
    };
    let Some(endpoint) = provider.endpoints.next(gateway.now()) else {
        return Ok(Err(Failed::unanswered(Sign::Transport, "the provider has no address")));
    };
    let (path, uri) = address(call, choice, endpoint)?;
    let mut request = Request::new(RequestBody::pieces(body));
    *request.method_mut() = call.method.clone();
    *request.uri_mut() = uri;
    *request.headers_mut() = headers(gateway, call, choice, &path);
    exchange(gateway, client, endpoint, request).await
}

async fn exchange(
    gateway: &Gateway,
    client: &Client,
    endpoint: &Endpoint,
    request: Request<RequestBody>,
) -> Result<Result<Response<UpstreamBody>, Got>, CallError> {
    let error = match client.request(request).await {
        Ok(response) => return Ok(Ok(response.map(UpstreamBody::Network))),
        Err(error) => error,
    };
    if is_our_shortage(&error) {
        let message =
            "this gateway has no file descriptor left for another connection; raise its limit of open files";
        return Err(
            CallError::new(ErrorKind::Unavailable, "out_of_files", message).after(Some(SHORTAGE_PAUSE))
        );
    }
    if error.is_connect() {
        endpoint.failed(gateway.now());
    }
    Ok(Err(Failed::unanswered(Sign::Transport, chain(&error))))
}

/// True when it was not the provider that failed, but this process that ran out of file descriptors.
fn is_our_shortage(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<std::io::Error>()
            && error.raw_os_error().is_some_and(|code| OUT_OF_FILES.contains(&code))
        {
            return true;
        }
        cause = error.source();
    }
    false
}

async fn answer_from_inside(
    gateway: &Gateway,
    call: &Prepared,
    choice: &Choice,
    body: &[u8],
) -> Response<UpstreamBody> {
    let content_type = call.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let answer = demo::answer(&DemoRequest {
        operation: call.operation.unwrap_or(Operation::ChatCompletions),
        model: call.upstream_model(&choice.target),
        query: call.query.as_deref(),
        body,
        content_type,
        now: gateway.now(),
    });
    demo::respond(answer).await.map(UpstreamBody::Demo)
}

fn address(call: &Prepared, choice: &Choice, endpoint: &Endpoint) -> Result<(String, Uri), CallError> {
    let provider = &choice.target.provider;
    let query = call.query.as_deref();
    let path = match &call.way {
        Way::Operation(operation) => native::path_and_query(
            provider.kind,
            &endpoint.base_path,
            *operation,
            call.upstream_model(&choice.target),
            provider.api_version.as_deref(),
            query,
        ),
        Way::Stored(path) => with_query(format!("{}{path}", endpoint.base_path), query),
        Way::Native(path) => with_query(native_path(&endpoint.base_path, path), query),
    };
    let unfit = || {
        CallError::new(
            ErrorKind::Invalid,
            "invalid_path",
            "the path or query has characters that URLs cannot carry",
        )
    };
    let path_and_query = PathAndQuery::try_from(path.as_str()).map_err(|_| unfit())?;
    let uri = Uri::builder()
        .scheme(endpoint.scheme.clone())
        .authority(endpoint.authority.clone())
        .path_and_query(path_and_query)
        .build()
        .map_err(|_| unfit())?;
    Ok((path, uri))
}

/// A native path below the base path; a base that the caller's path repeats (`/v1`) stands once.
fn native_path(base: &str, path: &str) -> String {
    let repeated = path.strip_prefix(base).is_some_and(|rest| rest.starts_with('/'));
    if repeated { path.to_owned() } else { format!("{base}{path}") }
}

/// The path with the caller's query, less a credential in it.
fn with_query(path: String, query: Option<&str>) -> String {
    let pairs: Vec<&str> = query
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("key="))
        .collect();
    if pairs.is_empty() { path } else { format!("{path}?{}", pairs.join("&")) }
}

fn headers(gateway: &Gateway, call: &Prepared, choice: &Choice, path: &str) -> HeaderMap {
    let provider = &choice.target.provider;
    let key = choice.key.as_ref().map(|key| key.secret());
    let mut headers = provider.headers.apply(
        &call.headers,
        &Values {
            client_ip: call.client_ip,
            provider: &provider.name,
            model: call.upstream_model(&choice.target),
            access_key: &call.caller.name,
            api_key: key,
            request_id: call.id,
            now: gateway.now(),
        },
    );
    for (name, value) in native::default_headers(provider.kind) {
        headers.entry(*name).or_insert(HeaderValue::from_static(value));
    }
    // What is inspected on its way must be readable.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.remove(HOST);
    if let Some((name, value)) = key.and_then(|key| credential(provider, path, key)) {
        headers.insert(name, value);
    }
    headers
}

fn credential(provider: &Provider, path: &str, key: &Secret) -> Option<(HeaderName, HeaderValue)> {
    if provider.kind == ProviderKind::Demo {
        return None;
    }
    let (name, value) = match native::credential(provider.kind, path) {
        Credential::Bearer => (AUTHORIZATION, HeaderValue::try_from(["Bearer ", key.expose()].concat())),
        Credential::Header(name) => (HeaderName::from_static(name), HeaderValue::from_str(key.expose())),
    };
    let mut value = value.ok()?;
    value.set_sensitive(true);
    Some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_that_the_native_path_repeats_stands_once() {
        assert_eq!(native_path("/v1", "/v1/chat/completions"), "/v1/chat/completions");
        assert_eq!(native_path("/v1", "/chat/completions"), "/v1/chat/completions");
        assert_eq!(native_path("", "/v1/messages"), "/v1/messages");
        assert_eq!(native_path("/v1", "/v1beta/models"), "/v1/v1beta/models");
    }

    #[test]
    fn credentials_leave_the_query() {
        assert_eq!(with_query("/v1".into(), Some("key=abc&alt=sse")), "/v1?alt=sse");
        assert_eq!(with_query("/v1".into(), Some("key=abc")), "/v1");
    }
}
