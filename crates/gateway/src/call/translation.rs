//! A call for targets that do not speak the caller's dialect.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderValue, Response};
use parking_lot::Mutex;
use roundhouse_domain::spec::{BodyRules, Family, Lossy};
use roundhouse_llm::catalogue::Facts;
use roundhouse_llm::convert::{self, Caller, Fetched, Form, Names, Stamp, Written};
use roundhouse_llm::dialect::{Dialect, Target as Upstream};
use roundhouse_llm::generation::{Losses, Unsupported};
use roundhouse_llm::tasks::{Form as TaskForm, Task};
use roundhouse_llm::{BodyError, Operation, profile, rules, target as native};
use serde_json::Value;

use super::{Outgoing, Path, Plan, Prepared, Way};
use crate::conversion::{self, Conversion};
use crate::error::CallError;
use crate::fetch::{FetchError, Fetcher};
use crate::gateway::Gateway;
use crate::target::Target;

/// Files of one request that are read at the same time.
const FETCHED_AT_ONCE: usize = 4;

/// The caller's request as conversions see it, read when the first target needs it.
#[derive(Debug, Default)]
pub(super) struct Translation {
    caller: OnceLock<Result<Caller, BodyError>>,
    pub(super) task: OnceLock<Result<Arc<Task>, BodyError>>,
    fetched: Mutex<Vec<Arc<Fetched>>>,
}

/// Why a call cannot be put to a target.
pub(crate) enum Unfit {
    /// The caller's request is wrong, whoever is asked.
    Call(CallError),
    /// This target cannot be told what is asked.
    Target(Unsupported),
}

impl From<CallError> for Unfit {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl From<BodyError> for Unfit {
    fn from(error: BodyError) -> Self {
        Self::Call(error.into())
    }
}

impl From<Unsupported> for Unfit {
    fn from(unsupported: Unsupported) -> Self {
        Self::Target(unsupported)
    }
}

/// True when an operation can be said in a dialect of `target`, which calls the model `model`.
pub(super) fn is_translatable(target: &Target, model: &str, operation: Operation) -> bool {
    let (kind, dialects) = (target.provider.kind, target.provider.dialects);
    if operation.generates() {
        !matches!(kind.family(), Family::Voyage | Family::Jina)
    } else if operation.counts() {
        convert::counting(kind, dialects, model).is_some()
    } else {
        TaskForm::of(operation, kind, model).is_some()
    }
}

impl Prepared {
    /// The answer to a call that counts tokens where no provider does; none for other calls.
    pub(crate) fn estimate(&self) -> Option<Result<Response<Bytes>, CallError>> {
        let Way::Operation(operation) = &self.way else { return None };
        operation.counts().then(|| {
            let mut response = Response::new(self.caller(*operation)?.estimate().into());
            conversion::label(response.headers_mut(), "application/json", &estimated());
            response.headers_mut().insert("x-roundhouse-attempts", HeaderValue::from(0));
            Ok(response)
        })
    }

    /// The call in the dialect of `target`.
    pub(super) async fn translate(
        &self,
        gateway: &Gateway,
        target: &Target,
        operation: Operation,
    ) -> Result<Plan, Unfit> {
        let provider = &target.provider;
        let model = self.upstream_model(target);
        let facts = self.facts(target);
        let upstream = Upstream {
            family: provider.kind.family(),
            model,
            profile: profile::named(provider.kind.as_str()),
            facts: &facts,
        };
        let caller = self.caller(operation)?;
        let (kind, dialects, counts) = (provider.kind, provider.dialects, operation.counts());
        let dialect = if counts {
            convert::counting(kind, dialects, model)
        } else {
            convert::outbound(kind, dialects, model, &facts, caller.request())
        };
        let dialect =
            dialect.ok_or_else(|| Unsupported::new("model", "this model's provider generates no content"))?;
        let written = self.written(gateway, caller, dialect, &upstream).await?;
        let asked = caller.asked().clone();
        let (wire, as_messages) = if counts {
            (convert::count_wire(dialect), Operation::CountTokens)
        } else {
            (convert::wire(kind, dialect, asked.stream), Operation::Messages)
        };
        let asked_in = (dialect == Dialect::Messages).then_some(as_messages);
        let body = self.finished(target, asked_in, written.body.into())?.into();
        let form = Form { dialect, has_think_tags: upstream.profile.has_think_tags, counts };
        let conversion = Conversion::new(form, asked, written.names, written.losses);
        Ok(Plan::Content(Outgoing { body, path: Path::Wire(wire) }, conversion))
    }

    async fn written(
        &self,
        gateway: &Gateway,
        caller: &Caller,
        dialect: Dialect,
        upstream: &Upstream<'_>,
    ) -> Result<Written, Unfit> {
        let urls = caller.urls_to_fetch(dialect, upstream);
        let written = if urls.is_empty() {
            caller.write(dialect, upstream)?
        } else {
            let fetched = self.fetch(gateway, &urls).await?;
            caller.with_fetched(&fetched).write(dialect, upstream)?
        };
        self.allow(&written.losses)?;
        Ok(written)
    }

    /// How an answer that is in another dialect than the caller's comes back; none where it is not.
    pub(crate) fn foreign<'a>(&self, answer: impl IntoIterator<Item = &'a [u8]>) -> Option<Conversion> {
        let Way::Operation(operation) = self.way else { return None };
        let own = convert::dialect_of(operation)?;
        let dialect = convert::recognised(answer).filter(|dialect| *dialect != own)?;
        let asked = self.caller(operation).ok()?.asked().clone();
        Some(Conversion::new(dialect.into(), asked, Names::default(), Losses::default()))
    }

    /// What is known of the model; of one that only the request names it is looked up now.
    fn facts(&self, target: &Target) -> Arc<Facts> {
        if target.model.is_empty() {
            return self.snapshot.catalogue.facts(&[&self.public_model], target.provider.seller());
        }
        target.facts.clone()
    }

    fn caller(&self, operation: Operation) -> Result<&Caller, BodyError> {
        let read = self.translation.caller.get_or_init(|| {
            let is_array = self.stream && !self.is_event_stream();
            Caller::read(operation, Some(&self.public_model), is_array, &self.named_body(), self.stamp())
        });
        read.as_ref().map_err(Clone::clone)
    }

    /// The caller's body with the model in it, which a path may have named instead.
    pub(super) fn named_body(&self) -> Bytes {
        self.shape.with_model(&self.body, &self.public_model).into_bytes()
    }

    /// What answers tell where the provider tells nothing.
    pub(super) fn stamp(&self) -> Stamp {
        Stamp { id: self.id.0.simple().to_string(), created: self.asked_at.as_millis() / 1000 }
    }

    /// The body after what its host wants otherwise in an operation of ours, and after the operator's rules.
    pub(super) fn finished(
        &self,
        target: &Target,
        asked_in: Option<Operation>,
        body: Bytes,
    ) -> Result<Bytes, BodyError> {
        let own = asked_in.and_then(|operation| native::own_fields(target.provider.kind, operation));
        if own.is_none() && !target.rewrites_body() {
            return Ok(body);
        }
        let mut own = own.unwrap_or_default();
        if target.provider.kind.family() == Family::Bedrock && asked_in == Some(Operation::Messages) {
            add_betas(&mut own, &self.headers);
        }
        rules::apply(&[&own, &target.provider.body, &target.body], &body).map(Bytes::from)
    }

    /// The files at `urls`: each that was read stays for the next target, and some are read at the same time.
    pub(super) async fn fetch(
        &self,
        gateway: &Gateway,
        urls: &[String],
    ) -> Result<Vec<Arc<Fetched>>, Unsupported> {
        let limits = &self.snapshot.settings.fetch;
        let refused = |why: String| {
            Unsupported::new("url", format!("the provider needs the files themselves, and {why}"))
        };
        if urls.len() > limits.max_files as usize {
            return Err(refused(format!("at most {} of them are read for one request", limits.max_files)));
        }
        let fetcher = gateway.fetcher(&self.snapshot).map_err(|error| refused(error.to_string()))?;
        let known = self.translation.fetched.lock().clone();
        let missing = urls.iter().filter(|url| !known.iter().any(|fetched| fetched.url == **url));
        let reading: Vec<_> = missing.map(|url| read(fetcher.clone(), url.clone())).collect();
        let mut reading = stream::iter(reading).buffer_unordered(FETCHED_AT_ONCE);
        while let Some(read) = reading.next().await {
            let read = read.map_err(|error| refused(error.to_string()))?;
            let mut all = self.translation.fetched.lock();
            all.push(Arc::new(read));
            // Base64 makes four bytes of three.
            let bytes: usize = all.iter().map(|fetched| fetched.data.len() / 4 * 3).sum();
            if bytes as u64 > limits.max_total_bytes {
                return Err(refused(format!(
                    "together they are larger than {} bytes",
                    limits.max_total_bytes
                )));
            }
        }
        Ok(self.translation.fetched.lock().clone())
    }

    /// Refuses losses where the route allows none.
    pub(super) fn allow(&self, losses: &Losses) -> Result<(), Unsupported> {
        let lossy = self.route.lossy.unwrap_or(self.snapshot.settings.lossy);
        losses.refusal().filter(|_| lossy == Lossy::Refuse).map_or(Ok(()), Err)
    }
}

/// What is said of a count that nobody made.
fn estimated() -> Losses {
    let mut losses = Losses::default();
    losses.note("input_tokens", "estimated");
    losses
}

/// Claude on Bedrock reads from the body which betas are wanted.
/// Source: <https://docs.claude.com/en/api/claude-on-amazon-bedrock>, 2026-11.
fn add_betas(rules: &mut BodyRules, headers: &HeaderMap) {
    let values = headers.get_all("anthropic-beta").iter().filter_map(|value| value.to_str().ok());
    let betas = values.flat_map(|value| value.split(',')).map(str::trim).filter(|beta| !beta.is_empty());
    let betas: Vec<Value> = betas.map(Value::from).collect();
    if !betas.is_empty() {
        rules.set.insert("anthropic_beta".to_owned(), betas.into());
    }
}

/// Owns what it needs: the compiler cannot tell that futures which borrow from a list can change threads.
async fn read(fetcher: Fetcher, url: String) -> Result<Fetched, FetchError> {
    fetcher.get(&url).await
}
