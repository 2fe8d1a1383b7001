//! The data plane over HTTP: who calls, for what, with which body.

mod credential;
mod models;
mod place;

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::header::HeaderMap;
use http::request::Parts;
use http::{HeaderValue, Request, Response};
use http_body::Body;
use roundhouse_domain::{ErrorKind, RequestId};
use roundhouse_gateway::access::AccessKey;
use roundhouse_gateway::call::{Ask, Call};
use roundhouse_gateway::{AnswerBody, CallError};
use roundhouse_llm::Protocol;

pub use self::credential::Known;
pub use self::place::{Place, place};
use crate::state::App;
use crate::trace;

/// Headers that only Google's clients send.
const GOOGLES: [&str; 2] = ["x-goog-api-key", "x-goog-api-client"];

/// Answers a request at one of the data plane's places.
pub async fn answer<B>(
    app: &App,
    place: Place,
    request: Request<B>,
    client_ip: IpAddr,
) -> Response<AnswerBody>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    let id = app.gateway.next_id();
    let (parts, body) = request.into_parts();
    let protocol = place.protocol(&parts.headers);
    if let Err(error) = check_head(app, &parts) {
        return refusal(&error, protocol, id);
    }
    let caller = match credential::identify(app, &parts, client_ip) {
        Ok(caller) => caller,
        Err(error) => return refusal(&error, protocol, id),
    };
    let answered = match place {
        Place::Ask(ask) => call(app, ask, parts, body, (caller.clone(), client_ip, id)).await,
        Place::Models { .. } => Ok(models::list(app, protocol, &caller)),
        Place::Model { id: model, .. } => models::one(app, protocol, &model, &caller),
    };
    answered.unwrap_or_else(|error| {
        let mut response = refusal(&error, protocol, id);
        app.gateway.tell_limits(&caller, protocol, response.headers_mut());
        response
    })
}

fn refusal(error: &CallError, protocol: Protocol, id: RequestId) -> Response<AnswerBody> {
    let mut response = error.render(protocol, id).map(AnswerBody::whole);
    tag(response.headers_mut(), id);
    response
}

async fn call<B>(
    app: &App,
    ask: Ask,
    parts: Parts,
    body: B,
    (caller, client_ip, id): (Arc<AccessKey>, IpAddr, RequestId),
) -> Result<Response<AnswerBody>, CallError>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    let span = trace::request(&ask, &parts.headers, id);
    let settlement = app.gateway.enter(caller, id, Some(client_ip), span)?;
    let limit = app.gateway.snapshot().settings.max_request_body_bytes;
    let body = match crate::body::read(body, limit, app.clients.body_timeout).await {
        Ok(body) => body,
        Err(error) => {
            settlement.refuse(&ask, &error);
            return Err(error);
        }
    };
    let query = parts.uri.query().map(str::to_owned);
    let call = Call { ask, method: parts.method, headers: parts.headers, query, body };
    Ok(app.gateway.call(settlement, call).await)
}

/// Refuses heads that are larger than allowed: the parser's own limit only cuts the connection.
fn check_head(app: &App, parts: &Parts) -> Result<(), CallError> {
    let limit = app.clients.max_header_bytes;
    let lengths = parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    let size = parts.uri.path_and_query().map_or(0, |path| path.as_str().len()) + lengths.sum::<usize>();
    if size > limit {
        let message = format!("the request's headers take {size} bytes; {limit} are allowed here");
        return Err(CallError::new(ErrorKind::TooLarge, "headers_too_large", message));
    }
    Ok(())
}

fn tag(headers: &mut HeaderMap, id: RequestId) {
    if let Ok(value) = HeaderValue::try_from(id.to_string()) {
        headers.insert("x-request-id", value);
    }
}

impl Place {
    /// In whose language the place is.
    fn protocol(&self, headers: &HeaderMap) -> Protocol {
        match self {
            Self::Ask(ask) => ask.protocol(),
            Self::Models { protocol } | Self::Model { protocol, .. } => match protocol {
                Protocol::Openai if headers.contains_key("anthropic-version") => Protocol::Anthropic,
                // Google's SDKs ask below `/v1` too (google-genai 3.4).
                Protocol::Openai if GOOGLES.iter().any(|name| headers.contains_key(*name)) => {
                    Protocol::Gemini
                }
                other => *other,
            },
        }
    }
}
