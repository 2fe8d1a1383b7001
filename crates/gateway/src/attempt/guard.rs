//! What an attempt owes: its place among the requests under way, and a report to breaker and key, whatever happens.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;
use roundhouse_domain::secret::redact;

use crate::failure::Verdict;
use crate::gateway::{Gateway, Pin};
use crate::key::ProviderKey;
use crate::key_usage::KeyPermit;
use crate::target::Target;

/// How long a refused key is kept out of use while its probe is under way.
const SUSPENDED_FOR: Duration = Duration::from_mins(1);

/// An attempt under way.
#[derive(Debug)]
pub(crate) struct AttemptGuard {
    gateway: Gateway,
    target: Arc<Target>,
    permit: Option<KeyPermit>,
    began: Instant,
    reported: bool,
}

impl AttemptGuard {
    /// Takes the attempt's place; `permit` is that among its key's requests.
    pub(crate) fn new(gateway: Gateway, target: Arc<Target>, mut permit: Option<KeyPermit>) -> Self {
        permit.iter_mut().for_each(KeyPermit::sent);
        target.health.in_flight.fetch_add(1, Ordering::Relaxed);
        Self { gateway, target, permit, began: Instant::now(), reported: false }
    }

    fn key(&self) -> Option<&Arc<ProviderKey>> {
        self.permit.as_ref().map(KeyPermit::key)
    }

    /// Reports that the answer began: the target works, and so does the key.
    pub(crate) fn began_to_answer(&mut self) {
        let latency = self.began.elapsed();
        self.target.health.observe_latency(latency);
        self.target.health.metrics.succeeded(latency);
        self.succeeded();
    }

    /// Reports that all went well.
    pub(crate) fn succeeded(&mut self) {
        self.reported = true;
        self.target.health.breaker.succeeded();
        if let Some(key) = self.key() {
            let changed = key.succeeded(&self.target.provider.key_policy, self.gateway.now());
            self.gateway.key_changed(&self.target.provider, key, changed);
        }
    }

    /// Reports that a started answer broke off.
    pub(crate) fn broke(&mut self) {
        self.target.health.metrics.failed("broken");
        self.provider_failed();
    }

    /// Reports a failure, and does to key and breaker what its verdict says.
    pub(crate) fn failed(&mut self, verdict: Verdict, error: Option<Arc<str>>) {
        // Nobody was asked: that says nothing of the target.
        if verdict == Verdict::Unfit {
            self.permit.iter_mut().for_each(KeyPermit::not_sent);
            return;
        }
        self.target.health.metrics.failed(verdict.name());
        if verdict == Verdict::ProviderFault {
            return self.provider_failed();
        }
        self.reported = true;
        self.target.health.breaker.succeeded();
        let Some(key) = self.key() else { return };
        let (policy, now) = (&self.target.provider.key_policy, self.gateway.now());
        let changed = match verdict {
            Verdict::RateLimited(advice) => key.rate_limited(advice, policy, now, error),
            Verdict::QuotaExhausted => key.quota_exhausted(policy, now, error),
            Verdict::CredentialRefused if self.gateway.suspect(&self.target.provider, key.hash()) => {
                key.suspended(SUSPENDED_FOR, now, error)
            }
            Verdict::CredentialRefused | Verdict::Forbidden => key.failed(policy, now, error),
            Verdict::CallerFault | Verdict::ModelMissing | Verdict::Unfit | Verdict::ProviderFault => None,
        };
        self.gateway.key_changed(&self.target.provider, key, changed);
    }

    /// Remembers where a response is stored, and whose it is.
    pub(crate) fn answered(&self, response_id: Option<&str>, owner: &Arc<str>) {
        if let Some(id) = response_id {
            let key = self.key().map(|key| key.hash());
            let pin = Pin { provider: self.target.provider.name.clone(), key, owner: owner.clone() };
            self.gateway.pin(id, pin);
        }
    }

    /// A text of the provider without the key it may echo.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.key().map_or_else(|| text.to_owned(), |key| redact(text, key.secret()))
    }

    /// Bytes of the provider without the key they may echo; the same bytes where they do not.
    pub(crate) fn redacted(&self, bytes: Bytes) -> Bytes {
        let Ok(text) = std::str::from_utf8(&bytes) else { return bytes };
        let clean = self.redact(text);
        if clean == text { bytes } else { clean.into() }
    }

    fn provider_failed(&mut self) {
        self.reported = true;
        let spec = &self.gateway.snapshot().settings.breaker;
        self.target.health.breaker.failed(spec, self.gateway.now());
    }
}

impl Drop for AttemptGuard {
    fn drop(&mut self) {
        self.target.health.in_flight.fetch_sub(1, Ordering::Relaxed);
        if !self.reported {
            self.target.health.breaker.gave_up();
        }
    }
}
