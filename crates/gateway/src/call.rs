//! One client call, understood as far as the gateway must.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap};
use http::{HeaderValue, Method};
use roundhouse_domain::spec::ProviderKind;
use roundhouse_domain::{ErrorKind, RequestId};
use roundhouse_llm::{Envelope, FormEnvelope, Operation, Pieces, Protocol, rules, target as native};

use crate::access::AccessKey;
use crate::error::CallError;
use crate::gateway::{Gateway, Pin};
use crate::headers;
use crate::route::Route;
use crate::selection::Rule;
use crate::snapshot::Snapshot;
use crate::target::Target;

/// A client call as it arrived.
#[derive(Debug)]
pub struct Call {
    /// What is asked for.
    pub ask: Ask,
    /// The method.
    pub method: Method,
    /// The caller's headers.
    pub headers: HeaderMap,
    /// The caller's query, without `?`.
    pub query: Option<String>,
    /// The whole body.
    pub body: Bytes,
}

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A model's work.
    Model {
        /// Which.
        operation: Operation,
        /// The model, where the path names it.
        model: Option<String>,
    },
    /// A stored response, by its id; whichever method.
    Stored {
        /// The response's id.
        id: String,
        /// What follows the id in the path, with its slash.
        rest: String,
    },
    /// A provider's own path.
    Native {
        /// The pool or provider.
        route: String,
        /// The path there, with its slash.
        path: String,
    },
}

impl Ask {
    /// A short stable name for logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Model { operation, .. } => operation.name(),
            Self::Stored { .. } => "responses.stored",
            Self::Native { .. } => "proxy",
        }
    }

    /// In whose language errors are told.
    pub fn protocol(&self) -> Protocol {
        match self {
            Self::Model { operation, .. } => operation.protocol(),
            Self::Stored { .. } => Protocol::Openai,
            Self::Native { path, .. } => native_operation(path).map_or(Protocol::Openai, Operation::protocol),
        }
    }
}

/// A call, read and resolved.
pub(crate) struct Prepared {
    pub(crate) id: RequestId,
    pub(crate) caller: Arc<AccessKey>,
    pub(crate) client_ip: Option<IpAddr>,
    pub(crate) began: Instant,
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) route: Arc<Route>,
    pub(crate) protocol: Protocol,
    pub(crate) operation: Option<Operation>,
    pub(crate) public_model: Arc<str>,
    pub(crate) stream: bool,
    pub(crate) affinity: Option<u64>,
    pub(crate) pin: Option<Pin>,
    pub(crate) way: Way,
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) query: Option<String>,
    body: Bytes,
    shape: Shape,
}

/// How the upstream's path is found.
pub(crate) enum Way {
    /// From the operation.
    Operation(Operation),
    /// As the caller gave it, relative to the operation's base.
    Stored(String),
    /// As the caller gave it.
    Native(String),
}

enum Shape {
    Json(Box<Envelope>),
    Form(Box<FormEnvelope>),
    Opaque,
}

impl Prepared {
    /// Reads `call` and finds its route.
    pub(crate) fn new(
        gateway: &Gateway,
        caller: Arc<AccessKey>,
        id: RequestId,
        client_ip: Option<IpAddr>,
        began: Instant,
        call: Call,
    ) -> Result<Self, CallError> {
        let Call { ask, method, mut headers, query, body } = call;
        let snapshot = gateway.snapshot_full();
        let operation = match &ask {
            Ask::Model { operation, .. } => Some(*operation),
            Ask::Stored { .. } => None,
            Ask::Native { path, .. } => native_operation(path),
        };
        let shape = Shape::read(&ask, operation, &headers, &body)?;
        let public_model: Arc<str> = match &ask {
            Ask::Model { model: Some(model), .. } => model.as_str().into(),
            _ => shape.model().unwrap_or_default().into(),
        };
        let affinity_text = headers.get("x-session-id").and_then(|value| value.to_str().ok());
        let affinity = affinity_text.or_else(|| shape.affinity()).filter(|_| snapshot.settings.affinity);
        let affinity = affinity.map(|text| gateway.hasher().affinity(text));
        let (route, pin) =
            Finder { gateway, snapshot: &snapshot, caller: &caller }.find(&ask, &public_model, &shape)?;
        headers::keep_callers(&mut headers);
        let stream = match operation {
            Some(Operation::StreamGenerateContent) => true,
            _ => shape.stream() || accepts_events(&headers),
        };
        Ok(Self {
            id,
            caller,
            client_ip,
            began,
            snapshot,
            route,
            protocol: ask.protocol(),
            operation,
            public_model,
            stream,
            affinity,
            pin,
            way: match ask {
                Ask::Model { operation, .. } => Way::Operation(operation),
                Ask::Stored { id, rest } => Way::Stored(format!("/responses/{id}{rest}")),
                Ask::Native { path, .. } => Way::Native(path),
            },
            method,
            headers,
            query,
            body,
            shape,
        })
    }

    /// True when the answer is a stream of server-sent events, which comments may keep alive.
    pub(crate) fn is_event_stream(&self) -> bool {
        match self.operation {
            Some(Operation::StreamGenerateContent) => {
                self.query.as_deref().is_some_and(|query| query.split('&').any(|pair| pair == "alt=sse"))
            }
            Some(operation) => self.stream && operation.generates(),
            None => false,
        }
    }

    /// True when `kind` can be asked.
    pub(crate) fn serves(&self, kind: ProviderKind) -> bool {
        match &self.way {
            Way::Operation(operation) => native::serves(kind, *operation),
            Way::Stored(_) => native::serves(kind, Operation::Responses),
            Way::Native(_) => true,
        }
    }

    /// What the caller's rules are asked.
    pub(crate) fn rule(&self) -> Rule<'_> {
        match &self.way {
            Way::Operation(_) => Rule::Model(&self.public_model),
            Way::Stored(_) if self.pin.is_some() => Rule::Own,
            Way::Stored(_) | Way::Native(_) => Rule::Anything,
        }
    }

    /// What the upstream is to call the model.
    pub(crate) fn upstream_model<'a>(&'a self, target: &'a Target) -> &'a str {
        if target.model.is_empty() { &self.public_model } else { &target.model }
    }

    /// The body for `target`: the caller's bytes, but for the model's name and the configured rules.
    pub(crate) fn body_for(&self, target: &Target) -> Result<Pieces, CallError> {
        let model = self.upstream_model(target);
        match (&self.way, &self.shape) {
            (Way::Operation(operation), Shape::Json(_)) if target.rewrites_body() => {
                let changed = Bytes::from(self.apply_rules(target)?);
                if !native::model_in_body(*operation, target.provider.kind) {
                    return Ok(changed.into());
                }
                Ok(Envelope::scan(&changed, *operation)?.with_model(&changed, model))
            }
            (Way::Operation(operation), Shape::Json(envelope)) => {
                let is_named = native::model_in_body(*operation, target.provider.kind);
                Ok(if is_named { envelope.with_model(&self.body, model) } else { self.body.clone().into() })
            }
            (Way::Operation(_), Shape::Form(form)) => Ok(form.with_model(&self.body, model)),
            (_, Shape::Json(_)) if target.rewrites_body() => {
                Ok(Bytes::from(self.apply_rules(target)?).into())
            }
            _ => Ok(self.body.clone().into()),
        }
    }

    fn apply_rules(&self, target: &Target) -> Result<Vec<u8>, CallError> {
        Ok(rules::apply(&[&target.provider.body, &target.body], &self.body)?)
    }
}

impl Shape {
    fn read(
        ask: &Ask,
        operation: Option<Operation>,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Self, CallError> {
        match (ask, operation) {
            (Ask::Model { .. }, Some(operation)) if operation.is_multipart() => {
                let content_type =
                    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
                Ok(Self::Form(Box::new(FormEnvelope::scan(content_type, body)?)))
            }
            (Ask::Model { model, .. }, Some(operation)) => {
                let envelope = Envelope::scan(body, operation)?;
                if model.is_none() && envelope.model().is_none_or(str::is_empty) {
                    let mut error =
                        CallError::new(ErrorKind::Invalid, "missing_model", "the field `model` is missing");
                    error.param = Some("model".to_owned());
                    return Err(error);
                }
                Ok(Self::Json(Box::new(envelope)))
            }
            // A native path's body is the upstream's to judge: it is only read where it can be.
            (Ask::Native { .. }, _) if is_json(headers) => {
                let operation = operation.unwrap_or(Operation::ChatCompletions);
                Ok(Envelope::scan(body, operation)
                    .map_or(Self::Opaque, |envelope| Self::Json(Box::new(envelope))))
            }
            _ => Ok(Self::Opaque),
        }
    }

    fn model(&self) -> Option<&str> {
        match self {
            Self::Json(envelope) => envelope.model(),
            Self::Form(form) => form.model(),
            Self::Opaque => None,
        }
    }

    fn stream(&self) -> bool {
        match self {
            Self::Json(envelope) => envelope.stream(),
            Self::Form(form) => form.stream(),
            Self::Opaque => false,
        }
    }

    fn affinity(&self) -> Option<&str> {
        match self {
            Self::Json(envelope) => envelope.affinity(),
            _ => None,
        }
    }

    fn previous_response_id(&self) -> Option<&str> {
        match self {
            Self::Json(envelope) => envelope.previous_response_id(),
            _ => None,
        }
    }
}

/// Finds the route of what is asked for.
struct Finder<'a> {
    gateway: &'a Gateway,
    snapshot: &'a Snapshot,
    caller: &'a AccessKey,
}

impl Finder<'_> {
    fn find(&self, ask: &Ask, model: &str, shape: &Shape) -> Result<(Arc<Route>, Option<Pin>), CallError> {
        match ask {
            Ask::Model { .. } => {
                let pin = shape.previous_response_id().map(|id| self.pin(id)).transpose()?.flatten();
                let route = self.snapshot.route(model).cloned().ok_or_else(|| unknown_model(model))?;
                Ok((route, pin))
            }
            Ask::Stored { id, .. } => {
                let pin = self.pin(id)?;
                let route = pin.as_ref().and_then(|pin| self.snapshot.native.get(&pin.provider));
                let route = route.or(self.snapshot.stored.as_ref()).cloned();
                Ok((route.ok_or_else(|| unknown_response(id))?, pin))
            }
            Ask::Native { route, .. } => {
                let missing = || {
                    let message = format!("there is no pool or provider named {route:?} here");
                    CallError::new(ErrorKind::NotFound, "unknown_pool", message)
                };
                Ok((self.snapshot.native.get(route.as_str()).cloned().ok_or_else(missing)?, None))
            }
        }
    }

    /// Where a response is stored, if that is known; somebody else's does not exist.
    fn pin(&self, id: &str) -> Result<Option<Pin>, CallError> {
        match self.gateway.pinned(id) {
            Some(pin) if pin.owner != self.caller.name => Err(unknown_response(id)),
            pin => Ok(pin),
        }
    }
}

fn unknown_response(id: &str) -> CallError {
    let shown: String = id.chars().take(100).collect();
    CallError::new(
        ErrorKind::NotFound,
        "response_not_found",
        format!("there is no stored response {shown:?} here"),
    )
}

pub(crate) fn unknown_model(model: &str) -> CallError {
    let shown: String = model.chars().take(200).collect();
    let message = format!("the model {shown:?} is not served here; GET /v1/models lists those that are");
    let mut error = CallError::new(ErrorKind::NotFound, "model_not_found", message);
    error.param = Some("model".to_owned());
    error
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.to_ascii_lowercase().starts_with("application/json"))
}

fn accepts_events(headers: &HeaderMap) -> bool {
    headers.get(http::header::ACCEPT) == Some(&HeaderValue::from_static("text/event-stream"))
}

/// The operation that a provider's own path stands for, by its end.
fn native_operation(path: &str) -> Option<Operation> {
    let ends = [
        ("/chat/completions", Operation::ChatCompletions),
        ("/completions", Operation::Completions),
        ("/responses", Operation::Responses),
        ("/messages", Operation::Messages),
        ("/messages/count_tokens", Operation::CountTokens),
        ("/embeddings", Operation::Embeddings),
        (":generateContent", Operation::GenerateContent),
        (":streamGenerateContent", Operation::StreamGenerateContent),
        (":countTokens", Operation::GeminiCountTokens),
        (":embedContent", Operation::EmbedContent),
        (":batchEmbedContents", Operation::BatchEmbedContents),
    ];
    ends.into_iter().find(|(end, _)| path.ends_with(end)).map(|(_, operation)| operation)
}
