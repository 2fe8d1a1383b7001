//! Asking whether a provider is up, at each of its addresses.

use std::sync::Arc;
use std::time::Instant;

use futures_util::future::join_all;
use roundhouse_domain::CheckOutcome;
use roundhouse_domain::secret::redact;
use roundhouse_llm::{UpstreamError, errors, probe};

use crate::auth::Refused;
use crate::endpoint::Endpoint;
use crate::failure::{self, Failure, Sign, Verdict};
use crate::gateway::Gateway;
use crate::key::ProviderKey;
use crate::key_usage::KeyPermit;
use crate::probe::{Asked, ask};
use crate::provider::Provider;

/// What one address of a provider has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The address: scheme, host and path.
    pub address: String,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// Until the whole answer was there, in milliseconds.
    pub latency_ms: u32,
    /// What is wrong, where something is.
    pub error: Option<Arc<str>>,
}

impl Gateway {
    /// Asks a provider at each of its addresses for its models, or for as little as can be from `probes.model`.
    pub async fn check(&self, provider: &Provider) -> Vec<Check> {
        join_all(provider.endpoints.all_in_use().map(|endpoint| self.check_at(provider, endpoint))).await
    }

    async fn check_at(&self, provider: &Provider, endpoint: &Endpoint) -> Check {
        let begun = Instant::now();
        let (outcome, error) = self.look(provider, endpoint).await;
        let latency_ms = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
        Check { address: address(endpoint), outcome, latency_ms, error }
    }

    async fn look(&self, provider: &Provider, endpoint: &Endpoint) -> (CheckOutcome, Option<Arc<str>>) {
        let now = self.now();
        let mut permit = provider.keys.pick(now, &[], None);
        permit.iter_mut().for_each(KeyPermit::sent);
        let key = permit.as_ref().map(|permit| &**permit.key());
        if key.is_none() && !provider.keyless {
            return (CheckOutcome::Doubtful, Some("no key works at the moment".into()));
        }
        let model = provider.probes.model.as_deref();
        let asking = ask(provider, endpoint, key, now, |signer| {
            let project = signer.project(provider.project.as_deref());
            let probe = probe::probe(&provider.api(&endpoint.base_path, project), model);
            Asked { method: probe.method, path: probe.path_and_query, body: probe.body }
        });
        match tokio::time::timeout(provider.probes.timeout, asking).await {
            Err(_) => (CheckOutcome::Failed, Some("no answer in time".into())),
            Ok(Err(why)) => without_answer(&why, key),
            Ok(Ok((status, _))) if (200..300).contains(&status) => (CheckOutcome::Works, None),
            // A server without a list of models has let the key pass, and is there to say so.
            Ok(Ok((404 | 405 | 410, _))) if model.is_none() => (CheckOutcome::Works, None),
            Ok(Ok((status, body))) => {
                let error = errors::read_error(status, None, &body);
                judged(Sign::Status(status), &error, &format!("{status}: {}", error.message), key)
            }
        }
    }
}

/// The address, without a name or password that may stand in it.
fn address(endpoint: &Endpoint) -> String {
    let port = endpoint.authority.port().map_or_else(String::new, |port| format!(":{port}"));
    format!("{}://{}{port}{}", endpoint.scheme, endpoint.authority.host(), endpoint.base_path)
}

fn without_answer(why: &Refused, key: Option<&ProviderKey>) -> (CheckOutcome, Option<Arc<str>>) {
    let error = UpstreamError { message: why.message.to_string(), ..UpstreamError::default() };
    judged(why.sign, &error, &why.message, key)
}

/// What a failure says of the provider rather than of the key or the question.
fn judged(
    sign: Sign,
    error: &UpstreamError,
    said: &str,
    key: Option<&ProviderKey>,
) -> (CheckOutcome, Option<Arc<str>>) {
    let said: Arc<str> = key.map_or_else(|| said.to_owned(), |key| redact(said, key.secret())).into();
    let failure = Failure { sign, error: Some(error), retry_after: None };
    match failure::judge(&failure, &[]) {
        // Whoever dislikes the question has understood it.
        Verdict::CallerFault | Verdict::Unfit => (CheckOutcome::Works, None),
        Verdict::ProviderFault => (CheckOutcome::Failed, Some(said)),
        _ => (CheckOutcome::Doubtful, Some(said)),
    }
}
