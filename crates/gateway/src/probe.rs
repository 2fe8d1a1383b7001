//! Asking providers on our own account: does this key work, which models are there.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt, Limited};
use roundhouse_domain::secret::redact;
use roundhouse_domain::{KeyStatus, Timestamp};
use roundhouse_llm::target::default_headers;
use roundhouse_llm::{UpstreamError, errors, models, probe};
use tokio::sync::mpsc;

use crate::auth::{Refused, Signer};
use crate::endpoint::Endpoint;
use crate::failure::{self, Failure, Sign, Verdict};
use crate::gateway::Gateway;
use crate::key::ProviderKey;
use crate::key_usage::KeyPermit;
use crate::provider::Provider;
use crate::sink::Suspect;
use crate::upstream::RequestBody;

/// How often invalid keys are looked through for those whose probe is due.
const ROUND: Duration = Duration::from_secs(15);

/// Suspects probed at the same time.
const SUSPECTS_AT_ONCE: usize = 16;

/// Bytes of a model list at the most; the longest known (`OpenRouter`'s) is under one megabyte.
const LIST_BYTES: usize = 16 << 20;

/// Keys that are refused before a provider's list is given up for now.
const LIST_KEYS: usize = 3;

/// Pages of a model list at the most.
const LIST_PAGES: usize = 50;

/// What a probe says of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeResult {
    /// It works.
    Works,
    /// The provider refuses it, with these words.
    Refused(Arc<str>),
    /// It could not be found out: the provider cannot be reached, limits it, or fails.
    Unclear(Arc<str>),
}

/// What a person is told who asks for a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// What it says of the key.
    pub result: ProbeResult,
    /// The status of the provider's answer, where there was one.
    pub status: Option<u16>,
    /// How long it took.
    pub latency: Duration,
}

impl Gateway {
    /// Probes suspects as they come and invalid keys as they are due, until the queue closes.
    pub async fn run_probes(self, mut suspects: mpsc::Receiver<Suspect>) {
        let mut round = tokio::time::interval(ROUND);
        round.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut batch = Vec::new();
        loop {
            tokio::select! {
                count = suspects.recv_many(&mut batch, SUSPECTS_AT_ONCE) => {
                    if count == 0 {
                        return;
                    }
                    stream::iter(batch.drain(..)).for_each_concurrent(None, |suspect| self.confirm(suspect)).await;
                }
                _ = round.tick() => self.probe_invalid().await,
            }
        }
    }

    /// Confirms or clears a suspicion: one probe decides.
    async fn confirm(&self, suspect: Suspect) {
        let snapshot = self.snapshot_full();
        let Some(provider) = snapshot.providers.get(&suspect.provider) else { return };
        let Some(key) = provider.keys.find(suspect.key) else { return };
        match self.probe(provider, key).await {
            ProbeResult::Works => {
                let now = self.now();
                self.key_changed(provider, key, key.reinstated(&provider.key_policy, now));
                provider.keys.revive(key.hash(), now);
            }
            ProbeResult::Refused(error) => {
                tracing::warn!(provider = %provider.name, key = %key.secret().masked(), %error, "provider key is invalid");
                self.key_changed(provider, key, key.refused(self.now(), Some(error)));
            }
            ProbeResult::Unclear(error) => {
                let changed = key.failed(&provider.key_policy, self.now(), Some(error));
                self.key_changed(provider, key, changed);
            }
        }
    }

    /// Probes every invalid key whose probe is due.
    async fn probe_invalid(&self) {
        let snapshot = self.snapshot_full();
        for provider in snapshot.providers.values().filter(|provider| !provider.probes.interval.is_zero()) {
            let now = self.now();
            let due = provider.keys.keys().iter().filter(|key| {
                !key.is_usable(now) && key.rests_until(now).is_none() && {
                    let state = key.state(now);
                    state.status == KeyStatus::Invalid
                        && now.since(state.changed_at) >= provider.probes.interval
                }
            });
            let due: Vec<_> = due.cloned().collect();
            let probing = |key: Arc<ProviderKey>| async move { self.reconsider(provider, &key).await };
            stream::iter(due).for_each_concurrent(provider.probes.concurrency, probing).await;
        }
    }

    async fn reconsider(&self, provider: &Provider, key: &ProviderKey) {
        match self.probe(provider, key).await {
            ProbeResult::Works => {
                tracing::info!(provider = %provider.name, key = %key.secret().masked(), "provider key works again");
                self.restore_key(provider, key);
            }
            ProbeResult::Refused(error) | ProbeResult::Unclear(error) => {
                self.key_changed(provider, key, key.still_invalid(self.now(), error));
            }
        }
    }

    /// Probes a key for a person: one that works is active again, one that is refused is set aside at once.
    pub async fn test_key(&self, provider: &Provider, key: &ProviderKey) -> Tested {
        let began = Instant::now();
        let (result, status) = self.probe_in_detail(provider, key).await;
        match &result {
            ProbeResult::Works => {
                self.restore_key(provider, key);
            }
            ProbeResult::Refused(error) => {
                self.key_changed(provider, key, key.refused(self.now(), Some(error.clone())));
            }
            ProbeResult::Unclear(_) => {}
        }
        Tested { result, status, latency: began.elapsed() }
    }

    /// Asks the provider whether `key` works, with the cheapest request that tells.
    pub async fn probe(&self, provider: &Provider, key: &ProviderKey) -> ProbeResult {
        self.probe_in_detail(provider, key).await.0
    }

    async fn probe_in_detail(&self, provider: &Provider, key: &ProviderKey) -> (ProbeResult, Option<u16>) {
        let Some(endpoint) = provider.endpoints.next(self.now()) else {
            return (ProbeResult::Unclear("the provider has no address".into()), None);
        };
        let model = provider.probes.model.as_deref();
        let asking = ask(provider, endpoint, Some(key), self.now(), |signer| {
            let project = signer.project(provider.project.as_deref());
            let probe = probe::probe(&provider.api(&endpoint.base_path, project), model);
            Asked { method: probe.method, path: probe.path_and_query, body: probe.body }
        });
        let answered = match tokio::time::timeout(provider.probes.timeout, asking).await {
            Ok(Ok(answered)) => answered,
            Ok(Err(why)) => return (without_answer(&why, key), None),
            Err(_) => return (ProbeResult::Unclear("no answer in time".into()), None),
        };
        let (status, body) = answered;
        if (200..300).contains(&status) {
            return (ProbeResult::Works, Some(status));
        }
        let error = errors::read_error(status, None, &body);
        let said: Arc<str> = redact(&error.message, key.secret()).into();
        let failure = Failure { sign: Sign::Status(status), error: Some(&error), retry_after: None };
        let result = match failure::judge(&failure, &[]) {
            Verdict::CredentialRefused | Verdict::Forbidden => ProbeResult::Refused(said),
            // A server without a model list, or one that dislikes the probe's body, has let the key pass.
            Verdict::ModelMissing | Verdict::CallerFault => ProbeResult::Works,
            _ => ProbeResult::Unclear(said),
        };
        (result, Some(status))
    }

    /// Asks a provider for the models it offers, page by page; with another key where the provider refuses one.
    pub async fn list_models(&self, provider: &Provider) -> Result<Listing, String> {
        if !provider.kind.lists_models() {
            return Err(format!("a provider of the kind {} cannot be asked for its models", provider.kind));
        }
        let mut tried = Vec::new();
        loop {
            let mut permit = provider.keys.pick(self.now(), &tried, None);
            if permit.is_none() && !provider.keyless {
                return Err("the provider has no usable key".to_owned());
            }
            permit.iter_mut().for_each(KeyPermit::sent);
            let key = permit.as_ref().map(KeyPermit::key);
            match self.list_with(provider, key.map(|key| &**key)).await {
                Err((401 | 403 | 429, _))
                    if tried.len() < LIST_KEYS && provider.keys.keys().len() > tried.len() + 1 =>
                {
                    tried.extend(key.map(|key| key.hash()));
                }
                Err((_, error)) => return Err(error),
                Ok(listing) => return Ok(listing),
            }
        }
    }

    /// Reads the whole list with one key; the status that stood against it, 0 where there was none, and what was said.
    async fn list_with(
        &self,
        provider: &Provider,
        key: Option<&ProviderKey>,
    ) -> Result<Listing, (u16, String)> {
        let nothing = |error: &str| (0, error.to_owned());
        let endpoint =
            provider.endpoints.next(self.now()).ok_or_else(|| nothing("the provider has no address"))?;
        let mut listing = Listing { models: Vec::new(), complete: false };
        let mut page: Option<String> = None;
        for _ in 0..LIST_PAGES {
            let asking = ask(provider, endpoint, key, self.now(), |_| Asked {
                method: Method::GET,
                path: models::list_path(provider.kind, &endpoint.base_path, page.as_deref()),
                body: None,
            });
            let asking = tokio::time::timeout(provider.probes.timeout, asking);
            let answered = asking.await.map_err(|_| nothing("no answer in time"))?;
            let (status, body) = answered.map_err(|why| nothing(&why.message))?;
            if !(200..300).contains(&status) {
                let said = errors::read_error(status, None, &body).message;
                let said = key.map_or_else(|| said.clone(), |key| redact(&said, key.secret()));
                return Err((status, format!("it answered {status}: {said}")));
            }
            let (models, next) =
                models::parse_list(provider.kind, &body).map_err(|error| (0, error.message))?;
            listing.models.extend(models);
            // A page that leads to itself would never end.
            if next.is_none() || next == page {
                listing.complete = next.is_none();
                break;
            }
            page = next;
        }
        Ok(listing)
    }
}

/// The models that a provider offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The models.
    pub models: Vec<models::Offered>,
    /// Whether the list was read to its end.
    pub complete: bool,
}

/// What to say of a key whose provider did not answer, or that could not be used.
fn without_answer(why: &Refused, key: &ProviderKey) -> ProbeResult {
    let said: Arc<str> = redact(&why.message, key.secret()).into();
    let error = UpstreamError { message: said.to_string(), ..UpstreamError::default() };
    let failure = Failure { sign: why.sign, error: Some(&error), retry_after: why.retry_after };
    match failure::judge(&failure, &[]) {
        Verdict::CredentialRefused | Verdict::Forbidden => ProbeResult::Refused(said),
        _ => ProbeResult::Unclear(said),
    }
}

pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Option<Bytes>,
}

/// Asks for what `asked` makes of the credential that `key` gives.
pub(crate) async fn ask(
    provider: &Provider,
    endpoint: &Endpoint,
    key: Option<&ProviderKey>,
    now: Timestamp,
    asked: impl FnOnce(&Signer<'_>) -> Asked,
) -> Result<(u16, Bytes), Refused> {
    let Some(client) = provider.client_of(key) else { return Ok((200, Bytes::new())) };
    let signer = provider.auth.signer(key, client, now).await?;
    let Asked { method, path, body } = asked(&signer);
    let body = body.unwrap_or_default();
    let uri = Uri::builder()
        .scheme(endpoint.scheme.clone())
        .authority(endpoint.authority.clone())
        .path_and_query(path)
        .build()
        .map_err(|error| broken(&error))?;
    let mut request = Request::new(RequestBody::whole(body.clone()));
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in default_headers(provider.kind) {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    signer.sign(provider.kind, &mut request, &body, now)?;
    let response = client.request(request).await.map_err(|error| broken(&error))?;
    let status = response.status().as_u16();
    let body =
        Limited::new(response.into_body(), LIST_BYTES).collect().await.map_err(|error| broken(&*error))?;
    Ok((status, body.to_bytes()))
}

fn broken(error: &dyn std::error::Error) -> Refused {
    Refused { sign: Sign::Transport, message: error.to_string().into(), retry_after: None }
}
