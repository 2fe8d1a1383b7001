//! Building and sending an upstream request.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, HOST, HeaderMap};
use http::uri::{Authority, PathAndQuery};
use http::{HeaderValue, Request, Response, Uri};
use roundhouse_domain::ErrorKind;
use roundhouse_domain::error::chain;
use roundhouse_llm::target::{default_headers, other_host};
use roundhouse_llm::{Operation, UpstreamError};

use super::{Failed, Got, Stop};
use crate::auth::{Refused, Signer};
use crate::call::{Outgoing, Path, Prepared};
use crate::conversion::Edges;
use crate::demo::{self, DemoRequest};
use crate::endpoint::Endpoint;
use crate::error::CallError;
use crate::failure::Sign;
use crate::gateway::Gateway;
use crate::headers::{self, Values};
use crate::selection::Choice;
use crate::upstream::{Client, RequestBody, UpstreamBody};

/// `EMFILE` and `ENFILE` of Linux and macOS: no file descriptor for this process, or for the whole machine.
const OUT_OF_FILES: [i32; 2] = [24, 23];

/// When a caller may try again after we ran out of file descriptors.
const SHORTAGE_PAUSE: Duration = Duration::from_secs(1);

/// Sends a request of the call to its choice; `edges` are there where it is converted. What providers must not say in our name
/// is off the answer.
pub(super) async fn send(
    gateway: &Gateway,
    call: &Prepared,
    choice: &Choice,
    outgoing: Outgoing,
    edges: Option<&Edges>,
) -> Result<Response<UpstreamBody>, Stop> {
    let mut response = exchange(gateway, call, choice, outgoing, edges).await?;
    headers::keep_providers(response.headers_mut());
    Ok(response)
}

async fn exchange(
    gateway: &Gateway,
    call: &Prepared,
    choice: &Choice,
    Outgoing { body, path }: Outgoing,
    edges: Option<&Edges>,
) -> Result<Response<UpstreamBody>, Stop> {
    let provider = &choice.target.provider;
    let Some(client) = provider.client_of(choice.key.as_deref()) else {
        return Ok(answer_from_inside(gateway, call, choice, &body.into_bytes()).await);
    };
    let Some(endpoint) = provider.endpoints.next(gateway.now()) else {
        return Err(Failed::unanswered(Sign::Transport, "the provider has no address").into());
    };
    let now = gateway.now();
    let signer =
        provider.auth.signer(choice.key.as_deref(), client, now).await.map_err(|why| refused(&why))?;
    let whole = if signer.reads_body() { body.clone().into_bytes() } else { Bytes::new() };
    let mut request = Request::new(RequestBody::pieces(body));
    *request.method_mut() = call.method.clone();
    *request.uri_mut() = address(call, choice, endpoint, &signer, (&path, edges.is_some()))?;
    *request.headers_mut() = own_headers(gateway, call, choice, edges);
    signer.sign(provider.kind, &mut request, &whole, now).map_err(|why| refused(&why))?;
    ask(gateway, client, endpoint, request).await
}

/// An attempt for which there is no credential.
fn refused(why: &Refused) -> Got {
    let error = UpstreamError { message: why.message.to_string(), ..UpstreamError::default() };
    Got::Failed(Box::new(Failed {
        sign: why.sign,
        status: None,
        error: Some(error),
        retry_after: why.retry_after,
        answer: None,
    }))
}

async fn ask(
    gateway: &Gateway,
    client: &Client,
    endpoint: &Endpoint,
    request: Request<RequestBody>,
) -> Result<Response<UpstreamBody>, Stop> {
    let error = match client.request(request).await {
        Ok(response) => return Ok(response.map(UpstreamBody::Network)),
        Err(error) => error,
    };
    if is_our_shortage(&error) {
        let message =
            "this gateway has no file descriptor left for another connection; raise its limit of open files";
        let error = CallError::new(ErrorKind::Unavailable, "out_of_files", message);
        return Err(error.after(Some(SHORTAGE_PAUSE)).into());
    }
    if error.is_connect() {
        endpoint.failed(gateway.now());
    }
    Err(Failed::unanswered(Sign::Transport, chain(&error)).into())
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

/// The address of `path`; the caller's query means nothing in another dialect, and stays behind where it `is_converted`.
fn address(
    call: &Prepared,
    choice: &Choice,
    endpoint: &Endpoint,
    signer: &Signer<'_>,
    (path, is_converted): (&Path, bool),
) -> Result<Uri, CallError> {
    let provider = &choice.target.provider;
    let query = call.query.as_deref().filter(|_| !is_converted);
    let host = match path {
        Path::Wire(wire) => other_host(*wire, endpoint.authority.host()),
        Path::Stored(_) | Path::Native(_) => None,
    };
    let path = match path {
        Path::Wire(wire) => {
            let api = provider.api(&endpoint.base_path, signer.project(provider.project.as_deref()));
            api.path_and_query(*wire, call.upstream_model(&choice.target), query)
        }
        Path::Stored(path) => with_query(format!("{}{path}", endpoint.base_path), query),
        Path::Native(path) => with_query(native_path(&endpoint.base_path, path), query),
    };
    let unfit = || {
        CallError::new(
            ErrorKind::Invalid,
            "invalid_path",
            "the path or query has characters that URLs cannot carry",
        )
    };
    let path_and_query = PathAndQuery::try_from(path.as_str()).map_err(|_| unfit())?;
    Uri::builder()
        .scheme(endpoint.scheme.clone())
        .authority(host.map_or_else(|| endpoint.authority.clone(), Authority::from_static))
        .path_and_query(path_and_query)
        .build()
        .map_err(|_| unfit())
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

/// The caller's headers, as far as they mean something there, with what the operator's rules do to them.
fn own_headers(gateway: &Gateway, call: &Prepared, choice: &Choice, edges: Option<&Edges>) -> HeaderMap {
    let caller =
        edges.map_or(Cow::Borrowed(&call.headers), |edges| Cow::Owned(edges.fit_headers(&call.headers)));
    let provider = &choice.target.provider;
    let mut headers = provider.headers.apply(
        &caller,
        &Values {
            client_ip: call.client_ip,
            provider: &provider.name,
            model: call.upstream_model(&choice.target),
            access_key: &call.caller.name,
            api_key: choice.key.as_ref().map(|key| key.secret()),
            request_id: call.id,
            now: gateway.now(),
        },
    );
    for (name, value) in default_headers(provider.kind) {
        headers.entry(*name).or_insert(HeaderValue::from_static(value));
    }
    // What is inspected on its way must be readable.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.remove(HOST);
    headers
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
