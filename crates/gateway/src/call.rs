//! One client call, understood as far as the gateway must.

mod expected;
mod finder;
mod shape;
mod task;
mod translation;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::header::HeaderMap;
use http::{HeaderValue, Method};
use roundhouse_domain::{RequestId, Timestamp};
use roundhouse_llm::target::Wire;
use roundhouse_llm::{Envelope, Operation, Pieces, Protocol, rules, target as native};

use self::finder::Finder;
pub(crate) use self::finder::unknown_model;
use self::shape::Shape;
use self::translation::Translation;
pub(crate) use self::translation::Unfit;
use crate::access::AccessKey;
use crate::cache::Wish;
use crate::conversion::{Conversion, TaskConversion};
use crate::error::CallError;
use crate::gateway::{Gateway, Pin};
use crate::guardrails::Guards;
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

/// How a target serves what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// As it is.
    Native,
    /// In another dialect.
    Translated,
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
    /// What the caller says of kept answers.
    pub(crate) wish: Wish,
    /// What looks at the request and its answer.
    pub(crate) guards: Guards,
    /// When it was read.
    asked_at: Timestamp,
    body: Bytes,
    shape: Shape,
    translation: Translation,
}

/// A call as one target gets it.
pub(crate) enum Plan {
    /// As it came.
    Native(Outgoing),
    /// In another dialect.
    Content(Outgoing, Conversion),
    /// In a provider's own form of a task, which may take several requests.
    Task(Vec<Outgoing>, TaskConversion),
}

/// A request to an upstream.
pub(crate) struct Outgoing {
    /// The body.
    pub(crate) body: Pieces,
    /// Where to.
    pub(crate) path: Path,
}

/// Where a call goes at its target.
pub(crate) enum Path {
    /// To an operation.
    Wire(Wire),
    /// Below the operation's base.
    Stored(String),
    /// As the caller gave it.
    Native(String),
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
        let wish = Wish::read(&headers);
        headers::keep_callers(&mut headers);
        let guards = Guards::of(&snapshot.guardrails, &caller);
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
            wish,
            guards,
            asked_at: gateway.now(),
            body,
            shape,
            translation: Translation::default(),
        })
    }

    /// The caller's body.
    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    /// The operation, where the body is JSON.
    pub(crate) fn json_operation(&self) -> Option<Operation> {
        self.operation.filter(|_| matches!(self.shape, Shape::Json(_)))
    }

    /// Takes `body` in the place of the caller's: the same but for what texts say.
    pub(crate) fn say(&mut self, body: Bytes, operation: Operation) -> Result<(), CallError> {
        self.shape = Shape::Json(Box::new(Envelope::scan(&body, operation)?));
        self.body = body;
        Ok(())
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

    /// True when `target` can be asked, as it is or in another dialect.
    pub(crate) fn serves(&self, target: &Target) -> bool {
        match &self.way {
            Way::Operation(operation) => service(target, self.upstream_model(target), *operation).is_some(),
            Way::Stored(_) => self.is_native(target, Operation::Responses),
            Way::Native(_) => true,
        }
    }

    /// True when `target` speaks the caller's language.
    fn is_native(&self, target: &Target, operation: Operation) -> bool {
        speaks(target, self.upstream_model(target), operation)
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

    /// What goes out to `target`.
    pub(crate) async fn plan(&self, gateway: &Gateway, target: &Target) -> Result<Plan, Unfit> {
        let native = |path| Ok(Plan::Native(Outgoing { body: self.body_for(target)?, path }));
        match &self.way {
            Way::Operation(operation) if self.is_native(target, *operation) => {
                native(Path::Wire(Wire::native(target.provider.kind, *operation, self.stream)))
            }
            Way::Operation(operation) if operation.generates() || operation.counts() => {
                self.translate(gateway, target, *operation).await
            }
            Way::Operation(operation) => self.task(gateway, target, *operation).await,
            Way::Stored(path) => native(Path::Stored(path.clone())),
            Way::Native(path) => native(Path::Native(path.clone())),
        }
    }

    /// The body for `target`: the caller's bytes, but for the model's name and the configured rules.
    fn body_for(&self, target: &Target) -> Result<Pieces, CallError> {
        let model = self.upstream_model(target);
        match (&self.way, &self.shape) {
            (Way::Operation(operation), Shape::Json(_)) if rewrites_body(target, *operation) => {
                let changed = Bytes::from(self.apply_rules(target, Some(*operation))?);
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
                Ok(Bytes::from(self.apply_rules(target, None)?).into())
            }
            _ => Ok(self.body.clone().into()),
        }
    }

    /// The body after what the provider wants otherwise in this operation, and after the operator's rules.
    fn apply_rules(&self, target: &Target, operation: Option<Operation>) -> Result<Vec<u8>, CallError> {
        let own = operation.and_then(|operation| native::own_fields(target.provider.kind, operation));
        Ok(rules::apply(&[&own.unwrap_or_default(), &target.provider.body, &target.body], &self.body)?)
    }
}

/// How `target` serves an operation of a model that it calls `model`; none where it cannot.
pub(crate) fn service(target: &Target, model: &str, operation: Operation) -> Option<Service> {
    if speaks(target, model, operation) {
        Some(Service::Native)
    } else {
        translation::is_translatable(target, model, operation).then_some(Service::Translated)
    }
}

/// True when `target` speaks the operation's language.
fn speaks(target: &Target, model: &str, operation: Operation) -> bool {
    let provider = &target.provider;
    native::native(provider.kind, provider.dialects, model, operation)
}

fn rewrites_body(target: &Target, operation: Operation) -> bool {
    target.rewrites_body() || native::own_fields(target.provider.kind, operation).is_some()
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
